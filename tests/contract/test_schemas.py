"""Every schema is sound, its examples fit it, and so does everything that the flow publishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from stream_app import app
from stream_app.core.hops import DEAD_LETTER, RAW, Output
from stream_app.core.places import Gazetteer
from stream_app.core.stream import Clock, Flow
from stream_app.service.topics import TOPICS
from stream_app.settings import Settings
from tests import builders

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


@pytest.fixture(scope="module")
def published(gazetteer: Gazetteer) -> list[Output]:
    return list(_flow_of_seeds())


def _flow_of_seeds() -> Iterator[Output]:
    flow = Flow(app.build_hops(Settings()))
    clock = Clock()
    for line in (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines():
        for outcome in flow.feed(builders.record(line, clock.received_ms(None))):
            if isinstance(outcome, Output):
                yield outcome


@pytest.mark.parametrize("topic", sorted(set(SCHEMAS) - {RAW}))
def test_what_is_published_fits_its_schema(published: list[Output], topic: str) -> None:
    values = [json.loads(output.value) for output in published if output.topic == topic and output.value is not None]
    assert values
    for value in values:
        validator(topic).validate(value)


def test_the_seeds_on_disk_are_what_the_script_makes() -> None:
    namespace: dict[str, Any] = {"__name__": "make_seeds", "__file__": str(ROOT / "scripts" / "make_seeds.py")}
    exec((ROOT / "scripts" / "make_seeds.py").read_text(encoding="utf-8"), namespace)
    for path, content in namespace["files"]().items():
        assert path.read_bytes() == content
