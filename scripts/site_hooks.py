"""What mkdocs.yml asks for while the pages are built: the list of decisions, and the AsyncAPI document for people."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "schemas"
DECISIONS = "adr/index.md"
ASYNCAPI = "asyncapi.md"
MS_OF_A_DAY = 86_400_000

Node = dict[str, Any]


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """A page with what stands in no Markdown file: a line for each decision, a part for each topic."""
    path = page.file.src_uri
    if path == DECISIONS:
        folder = Path(config["docs_dir"]) / "adr"
        return "\n".join([markdown, *(f"- [{_title(path)}]({path.name})" for path in sorted(folder.glob("0*.md")))])
    if path == ASYNCAPI:
        return "\n".join([markdown, *rendered(yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text(encoding="utf-8")))])
    return markdown


def on_post_build(config: Any, **_: Any) -> None:
    """Beside the pages lie the document and the schemas that it names."""
    target = Path(config["site_dir"]) / "schemas"
    target.mkdir(exist_ok=True)
    for path in [SCHEMAS / "asyncapi.yaml", *SCHEMAS.glob("*-*.json")]:
        shutil.copy(path, target)


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")


def rendered(document: Node) -> Iterator[str]:
    """An AsyncAPI 3 document as Markdown: its servers, then each channel with its key, headers and an example."""
    info = document["info"]
    yield '\n<a href="../schemas/asyncapi.yaml" download>asyncapi.yaml</a>, beside the schemas that it names.'
    yield f"\n**{info['title']} {info['version']}** ({info['license']['name']}). {info['description']}\n"
    for name, server in document["servers"].items():
        yield f"Server `{name}`: {server['protocol']}, `{server['host']}`. {server['description']}\n"
    for name, channel in document["channels"].items():
        yield from _channel(document, name, channel)
    yield "## Headers\n"
    for name, headers in document["components"]["schemas"].items():
        yield from _headers(name, headers)


def _channel(document: Node, name: str, channel: Node) -> Iterator[str]:
    kafka = channel["bindings"]["kafka"]
    settings = kafka["topicConfiguration"]
    here = {"$ref": f"#/channels/{name}"}
    operation, does = next(
        (key, one["action"]) for key, one in document["operations"].items() if one["channel"] == here
    )
    yield f"## {channel['address']}\n"
    yield f"{channel['description']}\n"
    yield "| | |\n|---|---|"
    yield f"| operation | `{operation}`: stream-app {'reads' if does == 'receive' else 'publishes'} |"
    yield f"| partitions, replicas | {kafka['partitions']}, {kafka['replicas']} |"
    yield f"| kept | {_kept(settings)} |"
    yield f"| largest record | {settings['max.message.bytes']:,} bytes |"
    for reference in channel["messages"].values():
        yield from _message(_resolved(document, reference))


def _kept(settings: Node) -> str:
    days = settings.get("retention.ms", 0) / MS_OF_A_DAY
    return ", ".join(settings["cleanup.policy"]) + (f" after {days:g} days" if days else "")


def _message(message: Node) -> Iterator[str]:
    headers = message["headers"]["$ref"].rpartition("/")[2]
    yield f"| key | {message['bindings']['kafka']['key']['description']} |"
    yield f"| headers | [{headers}](#{headers.lower()}) |"
    payload = message["payload"]
    if "schema" in payload:
        schema = payload["schema"]["$ref"].removeprefix("./")
        topic = schema.removesuffix("-1.json")
        described = f"\n## {topic}\n" in (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
        fields = f", [field by field](events.md#{topic.replace('.', '')})" if described else ""
        yield f"| value | {message['title']}: `{schema}`{fields} |"
    else:
        yield f"| value | {message['title']}: {payload['description']} |"
    for example in message.get("examples", ()):
        yield "\nAn example:\n"
        for part, title in (("headers", "headers"), ("payload", "value")):
            if part in example:
                yield f'```json title="{title}"\n{_json(example[part])}\n```\n'
    yield ""


def _headers(name: str, headers: Node) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{headers['description']}\n"
    for reference in headers.get("allOf", ()):
        other = reference["$ref"].rpartition("/")[2]
        yield f"Those of [{other}](#{other.lower()}), and:\n"
    yield "| header | meaning | |\n|---|---|---|"
    for header, about in headers["properties"].items():
        told = "always" if header in headers.get("required", ()) else "may be absent"
        members = ", ".join(f"`{member}`" for member in about.get("enum", ()))
        yield f"| `{header}` | {about['description']}{' One of ' + members + '.' if members else ''} | {told} |"
    yield ""


def _resolved(document: Node, reference: Node) -> Node:
    """What a reference within the document points to."""
    found = document
    for step in reference["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
