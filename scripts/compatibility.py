"""What in the schemas would break those who build on the last release; `make contract-test` runs it.

`schemas/released/<version>/` holds the schemas as they were released, without examples. Of what we publish, a field may
not go, become optional, nullable or of another type, and a list may not get a member unless it says what to take an
unknown one for. Of what we read (`articles.raw`), nothing that was taken before may be refused. What breaks takes a new
major version of its schema (`articles.enriched/2`), published beside the old one for a time. Breaks that a release
before 1.0 has made are listed in `breaks.json` beside the schemas that they break, and told in the changelog.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RELEASED = ROOT / "schemas" / "released"
READ = "articles.raw-1.json"
TIGHTER_IF_LESS = ("maxLength", "maxItems", "maximum")
TIGHTER_IF_MORE = ("minLength", "minItems", "minimum")

Schema = Mapping[str, Any]


def last_release() -> Path:
    """The folder of the newest version there is."""
    return max(RELEASED.iterdir(), key=lambda path: tuple(map(int, path.name.split("."))))


def breaks(old: Schema, new: Schema, *, read: bool = False) -> list[str]:
    """What whoever knows `old` cannot take of `new`, in words; `read`: it is what we take, not what we give.

    >>> breaks({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
    ...        {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]})
    ['.a is gone']
    """
    if read:
        return list(_refused(_flat(old, old), _flat(new, new), ""))
    return list(_broken(_flat(old, old), _flat(new, new), ""))


def _flat(schema: Schema, root: Schema) -> dict[str, Any]:
    """The schema with its references filled in, `anyOf` of one thing and null as that thing or null."""
    if "$ref" in schema:
        named = root["$defs"][schema["$ref"].rpartition("/")[2]]
        return _flat({**named, **{key: value for key, value in schema.items() if key != "$ref"}}, root)
    options = [_flat(option, root) for option in schema.get("anyOf", ())]
    rest = [option for option in options if option.get("type") != "null"]
    if len(rest) == 1:
        flat = {**rest[0], "nullable": len(options) > 1}
    else:
        flat = {**schema, "anyOf": rest, "nullable": len(options) > len(rest)} if options else dict(schema)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        flat |= {"type": sorted(set(kinds) - {"null"}), "nullable": "null" in kinds}
    if None in flat.get("enum", ()):
        flat |= {"enum": [member for member in flat["enum"] if member is not None], "nullable": True}
    for key in ("items", "additionalProperties", "propertyNames"):
        if isinstance(flat.get(key), dict):
            flat[key] = _flat(flat[key], root)
    if "properties" in flat:
        flat["properties"] = {name: _flat(inner, root) for name, inner in flat["properties"].items()}
    return flat


def _types(schema: Schema) -> set[str]:
    found = schema.get("type", "string" if "enum" in schema or "const" in schema else ())
    types = {found} if isinstance(found, str) else set(found)
    return types | {kind for option in schema.get("anyOf", ()) for kind in _types(option)}


def _broken(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, now = _types(old), _types(new)
    if before and not (now and now <= before | ({"integer"} if "number" in before else set())):
        yield f"{at or '.'} was {_words(before)} and is {_words(now)}"
        return
    if new.get("nullable") and not old.get("nullable"):
        yield f"{at or '.'} may be null now"
    if "const" in old and old["const"] != new.get("const"):
        yield f"{at} is no longer {old['const']}"
    if "enum" in old and "x-unknown-member" not in new:
        yield from (
            f"{at} may be {member} now" for member in new.get("enum", ["anything"]) if member not in old["enum"]
        )
    for name, inner in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{at}.{name} is gone"
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield f"{at}.{name} may be absent now"
        yield from _broken(inner, new["properties"][name], f"{at}.{name}")
    for key, sign in (("items", "[]"), ("additionalProperties", ".*")):
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            yield from _broken(old[key], new[key], at + sign)


def _refused(old: Schema, new: Schema, at: str) -> Iterator[str]:
    if missing := _types(old) - _types(new):
        yield f"{at or '.'} may no longer be {_words(missing)}"
    if old.get("nullable") and not new.get("nullable"):
        yield f"{at} may no longer be null"
    yield from (f"{at}.{name} is needed now" for name in new.get("required", ()) if name not in old.get("required", ()))
    for key in TIGHTER_IF_LESS:
        if key in new and new[key] < old.get(key, float("inf")):
            yield f"{at} has {key} {new[key]} now"
    for key in TIGHTER_IF_MORE:
        if key in new and new[key] > old.get(key, 0):
            yield f"{at} has {key} {new[key]} now"
    if new.get("pattern") != old.get("pattern") and "pattern" in new:
        yield f"{at} has another pattern now"
    for name, inner in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            yield from _refused(inner, new["properties"][name], f"{at}.{name}")


def _words(types: set[str]) -> str:
    return " or ".join(sorted(types)) or "anything"


def all_breaks(released: Path) -> dict[str, list[str]]:
    """What the schemas of today break of a release, by file; files without a break are left out."""
    found: dict[str, list[str]] = {}
    for path in sorted(released.glob("*-[0-9]*.json")):
        now = ROOT / "schemas" / path.name
        if not now.exists():
            found[path.name] = ["the schema is gone"]
            continue
        old, new = (json.loads(one.read_text(encoding="utf-8")) for one in (path, now))
        if broken := breaks(old, new, read=path.name == READ):
            found[path.name] = broken
    return found


def unannounced(released: Path) -> dict[str, list[str]]:
    """The same without what `breaks.json` beside the released schemas lists."""
    listed = released / "breaks.json"
    known = json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else {}
    found = {
        name: [one for one in broken if one not in known.get(name, ())] for name, broken in all_breaks(released).items()
    }
    return {name: broken for name, broken in found.items() if broken}


def main() -> int:
    released = last_release()
    broken = unannounced(released)
    for name, lines in broken.items():
        for line in lines:
            print(f"{name}: {line}", file=sys.stderr)
    print(f"{len(broken)} schemas break what {released.name} promised")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
