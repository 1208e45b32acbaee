"""Bytes to articles: what is accepted, what is derived, and the reason for every refusal."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest

from stream_app.core import wire
from stream_app.core.poison import PoisonError
from tests import builders

EVENT = {"specversion": "1.0", "type": "news.article", "source": "/desk", "id": "7", "time": "2024-03-01T10:00:00Z"}
ARTICLE = {"id": "a", "text": "Two died."}

POISON = {
    "no value": (b"", "empty"),
    "cut off": (b'{"text": "A story that ends in the mid', "not_json"),
    "an array": (b"[1, 2]", "not_object"),
    "a number": (b"3", "not_object"),
    "no text": (b'{"id": "a"}', "no_text"),
    "null text": (b'{"id": "a", "text": null}', "no_text"),
    "blank text": (b'{"text": " \\n "}', "no_text"),
    "a number for text": (b'{"text": 42}', "wrong_type"),
    "a list for a title": (b'{"text": "x", "title": []}', "wrong_type"),
    "a string for metadata": (b'{"text": "x", "metadata": "y"}', "wrong_type"),
    "a number for an id": (b'{"text": "x", "id": 7}', "wrong_type"),
    "an empty id": (b'{"text": "x", "id": ""}', "bad_id"),
    "an id of 513 characters": (orjson.dumps({"text": "x", "id": "i" * 513}), "bad_id"),
    "a list for a time": (b'{"text": "x", "published_at": [2022, 2, 28]}', "wrong_type"),
    "yes for a time": (b'{"text": "x", "published_at": true}', "wrong_type"),
    "a word for a time": (b'{"text": "x", "published_at": "yesterday"}', "bad_time"),
    "a day that may be two": (b'{"text": "x", "published_at": "03/04/2024"}', "bad_time"),
    "a day that is not": (b'{"text": "x", "published_at": "2022-02-30T17:00:00Z"}', "bad_time"),
    "the year one, as programs write no time": (b'{"text": "x", "published_at": "0001-01-01T00:00:00Z"}', "bad_time"),
    "the last day of the calendar": (b'{"text": "x", "published_at": "9999-12-31T23:59:59.9999999Z"}', "bad_time"),
    "a title as long as a story": (orjson.dumps({"text": "x", "title": "t" * 10_001}), "too_long"),
    "a source of 513 characters": (orjson.dumps({"text": "x", "source": "s" * 513}), "too_long"),
    "a url of 4,097 characters": (orjson.dumps({"text": "x", "url": "u" * 4097}), "too_long"),
    "a language that is no code": (orjson.dumps({"text": "x", "language": "l" * 101}), "too_long"),
    "a time before year one": (b'{"text": "x", "published_at": "0001-01-01T00:00:00+14:00"}', "bad_time"),
    "latin-1": ('{"text": "Orléans"}'.encode("latin-1"), "not_utf8"),
    "an encoded surrogate": (b'{"text": "\xed\xa0\x80"}', "not_utf8"),
    "a lone surrogate": (b'{"text": "\\ud83d"}', "lone_surrogate"),
    "a low surrogate first": (b'{"text": "\\ude00\\ud83d"}', "lone_surrogate"),
    "deep nesting": (b'{"text": "x", "a": ' + b"[" * 100 + b"]" * 100 + b"}", "too_deep"),
    "bottomless nesting": (b"[" * 1400, "too_deep"),
    "an event without an article": (
        b'{"specversion": "1.0", "type": "t", "source": "s", "id": "1", "data": [1]}',
        "not_object",
    ),
    "an event whose base64 is none": (
        b'{"specversion": "1.0", "type": "t", "source": "s", "id": "1", "data_base64": "%%"}',
        "not_json",
    ),
    "an event within an event": (orjson.dumps({**EVENT, "data": {**EVENT, "data": {"text": "x"}}}), "no_text"),
    "a framed record that is not JSON": (bytes(5) + b"\x02\x06abc", "not_json"),
    "an article over the limit": (builders.raw(text="x" * 20_000), "too_large"),
}


@pytest.mark.parametrize(("value", "reason"), POISON.values(), ids=POISON.keys())
def test_bad_input_is_refused_with_its_reason(value: bytes, reason: str) -> None:
    with pytest.raises(PoisonError) as refused:
        wire.decode_article(value, wire.Limits(20_000))
    assert refused.value.reason == reason


def test_brackets_in_a_string_that_never_ends_are_no_nesting() -> None:
    with pytest.raises(PoisonError) as refused:
        wire.decode_article(b'{"text": "' + b"[" * 100 + b"\\")
    assert refused.value.reason == "not_json"


def test_unknown_fields_are_passed_through_in_metadata() -> None:
    article = wire.decode_article(builders.raw(author="N. N.", metadata={"desk": 3}))
    assert article.metadata == {"author": "N. N.", "desk": 3}


def test_the_producers_metadata_wins_over_an_unknown_field_of_the_same_name() -> None:
    assert wire.decode_article(builders.raw(desk=1, metadata={"desk": 3})).metadata == {"desk": 3}


def test_times_come_out_in_utc() -> None:
    assert wire.decode_article(builders.raw(published_at="2022-02-28t19:00:00.5+02:00")).published_at == (
        "2022-02-28T17:00:00.500000Z"
    )


def test_an_absent_id_comes_from_the_url_before_the_content() -> None:
    first = wire.decode_article(b'{"text": "x", "url": "https://a.example/1"}')
    second = wire.decode_article(b'{"text": "y", "url": "https://a.example/1"}')
    assert first.id == second.id
    assert first.id.startswith("url-")


def test_an_absent_id_without_url_comes_from_the_content() -> None:
    assert wire.decode_article(b'{"text": "x"}').id == wire.decode_article(b'{"text": "x"}').id
    assert wire.decode_article(b'{"text": "x"}').id != wire.decode_article(b'{"text": "y"}').id


def test_an_empty_optional_string_counts_as_absent() -> None:
    assert wire.decode_article(builders.raw(title="")).title is None


def test_an_article_survives_the_internal_topics_unchanged() -> None:
    article = wire.decode_article(builders.raw(author="N. N.", published_at="2022-02-28T17:00:00Z"))
    assert wire.article_of(orjson.loads(wire.encode(article))) == article


@pytest.mark.parametrize("value", [None, b"", b"[]", b"{", b'{"article": 1}'])
def test_a_stranger_on_an_internal_topic_is_poison(value: bytes | None) -> None:
    with pytest.raises(PoisonError) as refused:
        wire.decode_record(value, "article", "signature")
    assert refused.value.reason == "bad_record"


def test_an_internal_article_with_a_strange_field_is_poison() -> None:
    with pytest.raises(PoisonError) as refused:
        wire.article_of({"id": "a", "text": "x", "body": "y"})
    assert refused.value.reason == "bad_record"


@pytest.mark.parametrize(
    "wrapped",
    [
        {"data": ARTICLE, "datacontenttype": "application/json"},
        {"data": orjson.dumps(ARTICLE).decode()},
        {"data_base64": base64.b64encode(orjson.dumps(ARTICLE)).decode()},
        {"data_base64": base64.b64encode(bytes(5) + orjson.dumps(ARTICLE)).decode()},
    ],
    ids=["object", "text", "base64", "framed"],
)
def test_a_cloud_event_gives_the_article_that_it_carries(wrapped: dict[str, Any]) -> None:
    article = wire.decode_article(orjson.dumps({**EVENT, **wrapped}))
    assert (article.id, article.text) == ("a", "Two died.")
    assert article.metadata == {
        "ce_id": "7", "ce_source": "/desk", "ce_type": "news.article", "ce_time": "2024-03-01T10:00:00Z"
    }  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [{"data": {"text": "Other words."}}, {**EVENT, "data": {"text": "Other words."}}, {"specversion": "1.0"}],
    ids=["a field called data", "an event's fields beside a text", "a version alone"],
)
def test_an_article_is_no_envelope_for_the_names_of_its_fields(fields: dict[str, Any]) -> None:
    assert wire.decode_article(builders.raw(**fields)).text == "Two people died."


@pytest.mark.parametrize("before", [b"\x00\x00\x00\x01\x02", b"\x00\x7b\x22\x7d\x5d", b"\xef\xbb\xbf"])
def test_framing_and_a_byte_order_mark_are_taken_off(before: bytes) -> None:
    assert wire.decode_article(before + builders.raw()) == wire.decode_article(builders.raw())
