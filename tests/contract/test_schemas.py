"""Every schema is sound, its examples fit it, and so does everything that the flow publishes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from scripts import compatibility, make_events, make_release
from stream_app.core import events
from stream_app.core.hops import DEAD_LETTER, RAW
from stream_app.core.places import Gazetteer
from stream_app.service.topics import TOPICS

ROOT = Path(__file__).parents[2]
SCHEMAS: dict[str, dict[str, Any]] = {
    path.stem.removesuffix("-1"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "schemas").glob("*-1.json"))
}


def validator(topic: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[topic], format_checker=FormatChecker())


def test_every_topic_with_json_values_has_a_schema() -> None:
    assert set(SCHEMAS) == {spec.name for spec in TOPICS} - {DEAD_LETTER}


@pytest.mark.parametrize("topic", SCHEMAS)
def test_the_schema_is_sound_and_its_examples_fit(topic: str) -> None:
    schema = SCHEMAS[topic]
    Draft202012Validator.check_schema(schema)
    assert schema["examples"]
    for example in schema["examples"]:
        validator(topic).validate(example)


def parts(schema: Any, at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema within a schema, examples aside, and where it stands."""
    if isinstance(schema, dict):
        yield at, schema
        for name, inner in schema.items():
            if name in {"properties", "$defs"}:
                for field, described in inner.items():
                    yield from parts(described, f"{at}.{field}")
            elif name != "examples":
                yield from parts(inner, f"{at}/{name}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from parts(inner, at)


@pytest.mark.parametrize("topic", SCHEMAS)
def test_every_field_has_a_description_and_every_list_says_what_to_take_an_unknown_member_for(topic: str) -> None:
    for at, schema in parts(SCHEMAS[topic], topic):
        for field, described in schema.get("properties", {}).items():
            assert described.get("description"), f"{at}.{field}"
        assert "enum" not in schema or schema.get("x-unknown-member"), at


@pytest.mark.parametrize("topic", SCHEMAS)
def test_no_schema_refuses_a_field_that_a_later_version_may_add(topic: str) -> None:
    assert [at for at, schema in parts(SCHEMAS[topic], topic) if schema.get("additionalProperties") is False] == []


@pytest.mark.parametrize("topic", SCHEMAS)
def test_numbers_of_people_and_places_of_words_have_a_unit(topic: str) -> None:
    for at, schema in parts(SCHEMAS[topic], topic):
        for field in {"low", "high", "start", "end", "lat", "lon"} & schema.get("properties", {}).keys():
            assert "x-unit" in schema["properties"][field], f"{at}.{field}"


def test_lists_in_the_schemas_are_those_of_the_code() -> None:
    shared = make_events.definitions()
    for name in (
        "Kind",
        "Qualifier",
        "Assertion",
        "VictimClass",
        "CauseKind",
        "PlaceType",
        "Unresolved",
        "RejectReason",
    ):
        assert tuple(shared[name]["enum"]) == get_args(getattr(events, name)), name


def test_models_types_and_pages_are_what_the_schemas_make() -> None:
    drifted = [path.name for path, text in make_events.files().items() if path.read_text(encoding="utf-8") != text]
    assert not drifted, "run make docs"


def test_nothing_breaks_those_who_build_on_the_last_release() -> None:
    assert compatibility.unannounced(compatibility.last_release()) == {}


def test_what_a_release_keeps_is_what_the_next_is_compared_with(tmp_path: Path) -> None:
    make_release.keep_schemas(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{topic}-1.json" for topic in make_events.MODELS}
    assert compatibility.all_breaks(tmp_path) == {}


STRING, NUMBER = {"type": "string"}, {"type": "number"}
OLD = {"type": "object", "properties": {"a": STRING, "b": NUMBER}, "required": ["a", "b"]}


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"a": STRING, "b": {"type": "integer"}, "c": STRING}, []),
        ({"a": STRING}, [".b is gone"]),
        ({"a": {"type": ["string", "null"]}, "b": NUMBER}, [".a may be null now"]),
        ({"a": NUMBER, "b": NUMBER}, [".a was string and is number"]),
        ({"a": {"$ref": "#/$defs/A"}, "b": NUMBER}, []),
        ({"a": {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]}, "b": NUMBER}, [".a may be null now"]),
    ],
)
def test_what_breaks_a_consumer_is_found(new: dict[str, Any], told: list[str]) -> None:
    schema = {"type": "object", "properties": new, "required": list(new), "$defs": {"A": STRING}}
    assert compatibility.breaks(OLD, schema) == told


def test_a_field_that_becomes_optional_or_a_list_that_grows_without_a_word_breaks() -> None:
    assert compatibility.breaks(OLD, {**OLD, "required": ["a"]}) == [".b may be absent now"]
    one, two = ({"type": "string", "enum": list(members)} for members in ("a", "ab"))
    assert compatibility.breaks(one, two) == [" may be b now"]
    assert compatibility.breaks(one, {**two, "x-unknown-member": "a"}) == []


def test_what_refuses_a_producer_is_found() -> None:
    new = {
        **OLD,
        "properties": {"a": {**STRING, "maxLength": 5}, "b": NUMBER, "c": STRING},
        "required": ["a", "b", "c"],
    }
    assert compatibility.breaks(OLD, new, read=True) == [".c is needed now", ".a has maxLength 5 now"]
    assert compatibility.breaks(new, OLD, read=True) == []


@pytest.fixture(scope="module")
def published(gazetteer: Gazetteer) -> dict[str, list[Any]]:
    return make_events.published()


@pytest.mark.parametrize("topic", sorted(set(SCHEMAS) - {RAW}))
def test_what_is_published_fits_its_schema(published: dict[str, list[Any]], topic: str) -> None:
    assert published[topic]
    for value in published[topic]:
        validator(topic).validate(value)


@pytest.mark.parametrize("topic", sorted(set(SCHEMAS) - {RAW}))
def test_every_published_field_is_in_its_schema_and_in_an_example(published: dict[str, list[Any]], topic: str) -> None:
    told = {path for value in published[topic] for path in make_events.fields(value)}
    told = {path for path in told if ".metadata." not in path}  # is the producer's own
    assert told - set(described_by(SCHEMAS[topic], SCHEMAS[topic])) == set()
    shown = {path for example in SCHEMAS[topic]["examples"] for path in make_events.fields(example)}
    assert told - shown == set(), "run python -m scripts.make_events --examples"


def described_by(schema: Mapping[str, Any], root: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Every field that a schema describes, in the form of `make_events.fields`."""
    if "$ref" in schema:
        yield from described_by(root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
        return
    for option in schema.get("anyOf", ()):
        yield from described_by(option, root, at)
    for field, inner in schema.get("properties", {}).items():
        yield f"{at}.{field}"
        yield from described_by(inner, root, f"{at}.{field}")
    if isinstance(schema.get("additionalProperties"), dict):
        yield f"{at}.*"
        yield from described_by(schema["additionalProperties"], root, f"{at}.*")
    if "items" in schema:
        yield from described_by(schema["items"], root, f"{at}[]")


def test_the_seeds_on_disk_are_what_the_script_makes() -> None:
    namespace: dict[str, Any] = {"__name__": "make_seeds", "__file__": str(ROOT / "scripts" / "make_seeds.py")}
    exec((ROOT / "scripts" / "make_seeds.py").read_text(encoding="utf-8"), namespace)
    for path, content in namespace["files"]().items():
        assert path.read_bytes() == content
