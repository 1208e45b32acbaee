"""Bytes to articles: what is accepted, what is derived, and the reason for every refusal."""

from __future__ import annotations

import orjson
import pytest

from stream_app.core import wire
from stream_app.core.poison import PoisonError
from tests import builders

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
    "a number for a time": (b'{"text": "x", "published_at": 1646114400}', "wrong_type"),
    "a word for a time": (b'{"text": "x", "published_at": "yesterday"}', "bad_time"),
    "a time without zone": (b'{"text": "x", "published_at": "2022-02-28T17:00:00"}', "bad_time"),
    "a day that is not": (b'{"text": "x", "published_at": "2022-02-30T17:00:00Z"}', "bad_time"),
    "a time before year one": (b'{"text": "x", "published_at": "0001-01-01T00:00:00+14:00"}', "bad_time"),
    "latin-1": ('{"text": "Orléans"}'.encode("latin-1"), "not_utf8"),
    "an encoded surrogate": (b'{"text": "\xed\xa0\x80"}', "not_utf8"),
    "a lone surrogate": (b'{"text": "\\ud83d"}', "lone_surrogate"),
    "a low surrogate first": (b'{"text": "\\ude00\\ud83d"}', "lone_surrogate"),
    "deep nesting": (b'{"text": "x", "a": ' + b"[" * 100 + b"]" * 100 + b"}", "too_deep"),
    "bottomless nesting": (b"[" * 1400, "too_deep"),
    "an article over the limit": (builders.raw(text="x" * 2000), "too_large"),
}


@pytest.mark.parametrize(("value", "reason"), POISON.values(), ids=POISON.keys())
def test_bad_input_is_refused_with_its_reason(value: bytes, reason: str) -> None:
    with pytest.raises(PoisonError) as refused:
        wire.decode_article(value, wire.Limits(1500))
    assert refused.value.reason == reason


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
