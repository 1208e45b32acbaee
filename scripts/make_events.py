"""Write what follows from schemas/: the models of stream-app-events, TypeScript types, docs/events.md, asyncapi.yaml.

Run by `make docs` after changing a schema; a test fails when a file has drifted. With `--examples` the examples in the
schemas are taken anew from what the seeds make: few events that together have every field that is published.
"""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from scripts import make_asyncapi
from stream_app.core.events import Kind, VictimClass

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "schemas"
PACKAGE = ROOT / "packages" / "stream-app-events"
MODELS = {
    "articles.raw": "RawArticle",
    "articles.enriched": "EnrichedArticle",
    "articles.duplicates": "DuplicateArticle",
    "casualties.figures": "CasualtyFigure",
    "incidents.tolls": "IncidentToll",
    "incidents.members": "IncidentMember",
    "incidents.revisions": "TollRevision",
}
"""The topics that others read or write, and what a value of each is called; the other topics are ours alone."""
REFERENCE = "#/$defs/"

Schema = Mapping[str, Any]
NO_SEEDS = (
    b"""{"id": "post-7", "source": "lake-post.example", "language": "en", "published_at": "2022-03-05T08:00:00Z",
    "text": "LAGOS, March 5 - Two people died on Friday when a bus overturned near Ibadan, police said."}""",
    b"""{"id": "ferry", "source": "harbour-post.example", "published_at": "2022-03-05T09:00:00Z",
    "metadata": {"withdrawn": true}}""",
)
"""An article that says its language, and one that its source takes back."""
MAP_KEYS = frozenset(get_args(Kind) + get_args(VictimClass))
"""What the keys of maps in events are: one is as good as another."""


def load(topic: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{topic}-1.json").read_text(encoding="utf-8"))
    return found


def definitions() -> dict[str, Schema]:
    """What the schemas share, by name, in the order in which one needs the other; one name, one meaning."""
    found: dict[str, Schema] = {}
    for topic in MODELS:
        for name, schema in load(topic).get("$defs", {}).items():
            if found.setdefault(name, schema) != schema:
                message = f"{topic}: $defs/{name} is not what another schema says; make them equal"
                raise SystemExit(message)
    ordered: dict[str, Schema] = {}
    for name in sorted(found):
        _with_needed(name, found, ordered)
    return ordered


def _with_needed(name: str, found: Mapping[str, Schema], ordered: dict[str, Schema]) -> None:
    for needed in _references(found[name]):
        if needed not in ordered and needed != name:
            _with_needed(needed, found, ordered)
    ordered.setdefault(name, found[name])


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if schema.get("$ref", "").startswith(REFERENCE):
            yield schema["$ref"].removeprefix(REFERENCE)
        for inner in schema.values():
            yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)


@dataclass(frozen=True)
class Dialect:
    """How a language writes types."""

    scalars: Mapping[str, str]
    literals: Callable[[Sequence[str]], str]
    array: Callable[[str], str]
    map: Callable[[str, str], str]
    anything: str

    def of(self, schema: Schema) -> str:
        """The type of what a schema describes."""
        if "$ref" in schema:
            return str(schema["$ref"]).removeprefix(REFERENCE)
        options = schema.get("anyOf") or _by_type(schema)
        if options:
            return " | ".join(map(self.of, options))
        if "const" in schema or "enum" in schema:
            return self.literals(schema.get("enum") or [schema["const"]])
        return self._of_type(schema)

    def _of_type(self, schema: Schema) -> str:
        if schema["type"] == "array":
            return self.array(self.of(schema["items"]))
        if isinstance(schema.get("additionalProperties"), dict):
            return self.map(self.of(schema["propertyNames"]), self.of(schema["additionalProperties"]))
        return self.anything if schema["type"] == "object" else self.scalars[schema["type"]]


def _by_type(schema: Schema) -> list[Schema]:
    return [{**schema, "type": name} for name in schema["type"]] if isinstance(schema.get("type"), list) else []


def _quoted(members: Iterable[str]) -> str:
    return ", ".join(json.dumps(member) for member in members)


PYTHON = Dialect(
    {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"},
    lambda members: f"Literal[{_quoted(members)}]",
    lambda inner: f"list[{inner}]",
    lambda key, inner: f"dict[{key}, {inner}]",
    "dict[str, Any]",
)
TYPESCRIPT = Dialect(
    {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"},
    lambda members: " | ".join(map(json.dumps, members)),
    lambda inner: f"({inner})[]" if " " in inner else f"{inner}[]",
    lambda key, inner: f"Partial<Record<{key}, {inner}>>",
    "Record<string, unknown>",
)
PYTHON_HEAD = '''"""What the topics hold, as types; made from schemas/ by scripts/make_events.py, do not edit.

Values are the plain dicts that `json.loads` gives, so a field that a later version adds is there, too.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict'''
TYPESCRIPT_HEAD = """// What the topics hold; made from schemas/ by scripts/make_events.py, do not edit.
// A later version may add fields: ignore those that you do not know."""


def python_models() -> str:
    parts = [PYTHON_HEAD]
    parts += [_python_definition(name, schema) for name, schema in definitions().items()]
    parts += [_python_definition(name, load(topic)) for topic, name in MODELS.items()]
    return "\n\n".join(parts) + "\n"


def _python_definition(name: str, schema: Schema) -> str:
    if "properties" in schema:
        return "\n" + _python_class(name, schema)
    alias = PYTHON.of(schema)
    unquoted = alias if "[" not in alias or alias.startswith(("Literal", "dict")) else f'"{alias}"'
    return f"{name} = {unquoted}\n{_docstring(_meaning(schema), '')}"


def _python_class(name: str, schema: Schema) -> str:
    lines = [f"class {name}(TypedDict):", _docstring(schema.get("title") or schema["description"], "    ")]
    for field, inner in schema["properties"].items():
        kind = PYTHON.of(inner)
        kind = kind if field in schema["required"] else f"NotRequired[{kind}]"
        lines += ["", f"    {field}: {kind}", _docstring(_meaning(inner), "    ")]
    return "\n".join(lines)


def _meaning(schema: Schema) -> str:
    """The description, with the unit and with what to do with members of a list that come later."""
    unit = f" In {schema['x-unit']}." if "x-unit" in schema and schema["x-unit"] not in schema["description"] else ""
    unknown = schema.get("x-unknown-member")
    return f"{schema['description']}{unit}{f' Take an unknown member for: {unknown}.' if unknown else ''}"


def _docstring(text: str, indent: str) -> str:
    text = f"{text.rstrip('.')}.".replace("..", ".").replace("\\", "\\\\")
    if len(text) + len(indent) <= 110:
        return f'{indent}"""{text}"""'
    first, _, rest = text.partition(". ") if ". " in text else text.partition(": ")
    if not rest or len(first) > 105:
        first, rest = "See below", text
    wrapped = textwrap.fill(rest, 116, initial_indent=indent, subsequent_indent=indent)
    return f'{indent}"""{first.rstrip(".")}.\n\n{wrapped}\n{indent}"""'


def typescript() -> str:
    parts = [TYPESCRIPT_HEAD]
    parts += [_typescript_definition(name, schema) for name, schema in definitions().items()]
    parts += [_typescript_definition(name, load(topic)) for topic, name in MODELS.items()]
    topics = "\n".join(f"  {json.dumps(topic)}: {name};" for topic, name in MODELS.items())
    parts.append(
        f"/** The value of each topic, by its name without prefix. */\nexport interface Topics {{\n{topics}\n}}"
    )
    return "\n\n".join(parts) + "\n"


def _typescript_definition(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"/** {_meaning(schema)} */\nexport type {name} = {TYPESCRIPT.of(schema)};"
    lines = [f"/** {schema.get('title') or schema['description']} */", f"export interface {name} {{"]
    for field, inner in schema["properties"].items():
        optional = "" if field in schema["required"] else "?"
        lines += [f"  /** {_meaning(inner)} */", f"  {field}{optional}: {TYPESCRIPT.of(inner)};"]
    return "\n".join([*lines, "}"])


HEAD = """# Every event, field by field

Made from `schemas/` by `scripts/make_events.py`; do not edit. How to read the topics: [consumers.md](consumers.md); how
to send articles: [producers.md](producers.md). Examples of whole events stand in the schemas.

- Consumers ignore fields that they do not know: a minor version may add some.
- Lists of members are closed. A minor version may add a member; the list says what to take an unknown one for.
- A field that goes, or means something else, makes a new major version, published beside the old one for a time.
"""


def page() -> str:
    parts = [HEAD]
    for topic in MODELS:
        schema = load(topic)
        parts.append(
            f"## {topic}\n\n{schema['title']}. {schema['description']}\n\n{_table(schema, schema['examples'])}"
        )
    parts.append("## Parts\n")
    shared = definitions()
    for name, schema in shared.items():
        parts.append(f"### {name}\n\n{_part(schema)}")
    return "\n".join(parts)


def _part(schema: Schema) -> str:
    if "properties" in schema:
        return f"{schema['description']}\n\n{_table(schema, [])}"
    members = f" One of {', '.join(f'`{member}`' for member in schema['enum'])}." if "enum" in schema else ""
    unknown = f" Take an unknown member for: {schema['x-unknown-member']}." if "enum" in schema else ""
    kind = "" if "enum" in schema else f" {_kind(schema)}."
    return f"{schema['description']}{members}{unknown}{kind}\n"


def _table(schema: Schema, examples: Iterable[Any]) -> str:
    examples = list(examples)
    shown = bool(examples)
    rows = ["| field | type | meaning |" + (" example |" if shown else ""), "|---|---|---|" + ("---|" if shown else "")]
    for field, inner in schema["properties"].items():
        unit = f" ({inner['x-unit']})" if "x-unit" in inner else ""
        absent = "" if field in schema["required"] else ", may be absent"
        row = f"| `{field}` | {_kind(inner)}{unit}{absent} | {_cell(inner['description'])} |"
        rows.append(row + (f" {_example(field, examples)} |" if shown else ""))
    return "\n".join(rows) + "\n"


MARKDOWN = Dialect(
    {name: name for name in ("string", "integer", "number", "boolean", "null")},
    lambda members: ", ".join(f"`{member}`" for member in members),
    lambda inner: f"list of {inner}",
    lambda key, inner: f"map from {key} to {inner}",
    "object",
)


def _kind(schema: Schema) -> str:
    """The type in words, with links to the parts."""
    kind = " or ".join(MARKDOWN.of(schema).split(" | "))
    kind = re.sub(r"\b[A-Z]\w+", lambda name: f"[{name[0]}](#{name[0].lower()})", kind) if "`" not in kind else kind
    return f"{kind}, {schema['format']}" if "format" in schema else kind


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _example(field: str, examples: Iterable[Any]) -> str:
    values = [example[field] for example in examples if field in example]
    value = next((value for value in values if value not in (None, [], {})), values[0] if values else None)
    written = json.dumps(value, ensure_ascii=False)
    return f"`{_cell(written if len(written) <= 60 else written[:57] + '...')}`" if values else ""


def fields(value: Any, at: str = "") -> Iterator[str]:
    """Every field in an event: where it stands, the key of a map as `*`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            path = f"{at}.{'*' if name in MAP_KEYS else name}"
            yield path
            yield from fields(inner, path)
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, f"{at}[]")


def published() -> dict[str, list[Any]]:
    """What the flow makes of the seeds and of what no seed is, by topic."""
    from stream_app.core.flow.stream import Clock, Flow  # noqa: PLC0415
    from stream_app.core.hops import Output, Record  # noqa: PLC0415
    from stream_app.hops import build_hops  # noqa: PLC0415  # loads the taggers
    from stream_app.settings import Settings  # noqa: PLC0415

    flow, found = Flow(build_hops(Settings())), dict[str, list[Any]]()
    clock = Clock()
    for line in [*(ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines(), *NO_SEEDS]:
        for outcome in flow.feed(Record(None, line, clock.received_ms(_told(line)))):
            if isinstance(outcome, Output) and outcome.value is not None:
                found.setdefault(outcome.topic, []).append(json.loads(outcome.value))
    return found


def _told(line: bytes) -> str | None:
    """When a seed says it was published; the bad ones say nothing."""
    try:
        return str(datetime.fromisoformat(json.loads(line)["published_at"]).isoformat())
    except (ValueError, TypeError, KeyError):
        return None


def examples_of(events: Iterable[Any]) -> list[Any]:
    """Few events that together have every field that any of them has, short ones rather than long ones."""
    left = sorted(events, key=lambda event: (len(json.dumps(event)), json.dumps(event)))
    wanted = {path for event in left for path in fields(event)}
    chosen: list[Any] = []
    while wanted:
        best = max(left, key=lambda event: len(wanted.intersection(fields(event))) / len(json.dumps(event)))
        wanted.difference_update(fields(best))
        chosen.append(best)
    return chosen


def write_examples() -> None:
    found = published()
    for path in sorted(SCHEMAS.glob("*-1.json")):
        topic = path.stem.removesuffix("-1")
        schema = json.loads(path.read_text(encoding="utf-8"))
        schema["examples"] = examples_of(found[topic]) if found.get(topic) else schema["examples"]
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def files() -> dict[Path, str]:
    """Every file that follows from the schemas, and what it should hold."""
    return {
        PACKAGE / "stream_app_events" / "models.py": python_models(),
        PACKAGE / "js" / "events.d.ts": typescript(),
        ROOT / "docs" / "events.md": page(),
        SCHEMAS / "asyncapi.yaml": make_asyncapi.written(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", action="store_true", help="take the examples anew from the seeds")
    if parser.parse_args().examples:
        write_examples()
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
