"""What the evaluation counts, on gold small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from stream_app.core.evaluation import casualties, duplicates, incidents, places


def mention(start: int, end: int, **more: Any) -> dict[str, Any]:
    base = {"kind": "killed", "min": 3, "max": 3, "form": "exact", "asserted": True, "optional": False}
    return {"start": start, "end": end, **base, **more}


def figure(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "kind": "killed", "low": 3, "high": 3, "assertion": "actual", **more}


def value_of(mentions: list[dict[str, Any]], figures: list[dict[str, Any]]) -> Any:
    return casualties.evaluate([{"id": "a", "mentions": mentions}], {"a": {"casualties": figures}})


def test_a_mention_is_found_when_kind_span_and_range_agree() -> None:
    assert value_of([mention(0, 5)], [figure(3, 9)])["value"]["f1"] == 1.0


@pytest.mark.parametrize("wrong", [{"kind": "injured"}, {"low": 4}, {"high": 9}, {"assertion": "forecast"}])
def test_a_figure_that_differs_is_not_found(wrong: dict[str, Any]) -> None:
    assert value_of([mention(0, 5)], [figure(0, 5, **wrong)])["value"]["f1"] == 0.0


def test_one_figure_cannot_be_two_mentions() -> None:
    assert value_of([mention(0, 5), mention(2, 8)], [figure(0, 8)])["value"] == {"p": 1.0, "r": 0.5, "f1": 0.6667}


def test_an_optional_mention_is_neither_required_nor_punished() -> None:
    result = value_of([mention(0, 5, optional=True)], [figure(0, 5)])
    assert (result["negatives"], result["false_alarms"]) == (1, 0)


def test_a_figure_where_none_is_asserted_is_a_false_alarm() -> None:
    assert value_of([mention(0, 5, asserted=False)], [figure(0, 5)])["false_alarms"] == 1


def test_vague_words_may_differ_by_two() -> None:
    wanted = mention(0, 5, form="vague", min=24, max=None)
    assert value_of([wanted], [figure(0, 5, low=12, high=None)])["value"]["f1"] == 1.0
    assert value_of([wanted], [figure(0, 5, low=11, high=None)])["value"]["f1"] == 0.0


def test_a_toll_is_exact_within_the_gold_range_and_absent_is_zero() -> None:
    gold = [
        {"id": "a", "gold": {"killed": {"min": 1, "max": 2}, "injured": {"min": 0, "max": 0}}},
        {"id": "b", "gold": {"killed": {"min": 1, "max": None}, "injured": None}},
    ]
    tolls = {"a": {"toll": {"killed": {"low": 3, "high": 3}}}, "b": {"toll": {"killed": {"low": 9, "high": 9}}}}
    assert casualties.evaluate(gold, tolls) == {"killed": {"n": 2, "exact": 0.5}, "injured": {"n": 1, "exact": 1.0}}


def toponym(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "lat": 50.0, "lon": 36.0, **more}


def test_places_count_span_and_distance() -> None:
    gold = [{"id": "a", "toponyms": [toponym(0, 5), toponym(9, 12), toponym(20, 25, subtype="Demonym")]}]
    found = [
        {**toponym(0, 5), "confidence": 0.9, "type": "place"},
        {**toponym(9, 12, lat=0.0), "confidence": 0.9, "type": "place"},
        {**toponym(20, 25), "confidence": 0.9, "type": "demonym"},
        {**toponym(30, 33), "confidence": 0.9, "type": "place"},
    ]
    result = places.evaluate(gold, {"a": {"places": found}})
    assert result["span"] == {"p": 0.6667, "r": 1.0, "f1": 0.8}
    assert result["acc161"] == 0.5
    assert result["e2e"] == {"p": 0.3333, "r": 0.5, "f1": 0.4}
    assert result["calibration_error"] == 0.4


def test_a_country_is_credited_for_a_distant_gold_point() -> None:
    gold = [{"id": "a", "toponyms": [toponym(0, 5)]}]
    found = [{**toponym(0, 5, lat=60.0), "feature_code": "PCLI", "type": "place"}]
    result = places.evaluate(gold, {"a": {"places": found}})
    assert (result["acc161"], result["acc161_country"]) == (0.0, 1.0)


def verdict(kind: str, of: str | None, cluster: str) -> dict[str, Any]:
    return {"verdict": kind, "of": of, "cluster_id": cluster}


def test_pairs_weigh_what_they_stand_for() -> None:
    pairs = [
        {"a": "1", "b": "2", "label": "D", "weight": 3},
        {"a": "1", "b": "3", "label": "R", "weight": 1},
        {"a": "1", "b": "4", "label": "N", "weight": 1},
    ]
    verdicts = {"1": verdict("unique", None, "c"), "2": verdict("near", "1", "c"), "3": verdict("unique", None, "d"),
                "4": verdict("near", "1", "c")}  # fmt: skip
    result = duplicates.evaluate_pairs(pairs, verdicts)
    assert (result["p"], result["r"], result["copy_kept"]) == (0.75, 0.75, 1.0)


def test_a_template_story_must_not_be_linked() -> None:
    gold = [
        {"id": "1", "cluster": "c", "type": "base"},
        {"id": "2", "cluster": "c", "type": "rev_num"},
        {"id": "3", "cluster": "d", "type": "template"},
    ]
    verdicts = {"1": verdict("unique", None, "c"), "2": verdict("revision", "1", "c"), "3": verdict("near", "1", "c")}
    result = duplicates.evaluate_clusters(gold, verdicts)
    assert (result["p"], result["r"], result["template_false"], result["revision_kept"]) == (0.5, 1.0, 1.0, 1.0)


def event(text: str, *figures: tuple[str, int]) -> dict[str, object]:
    """An enriched event with figures of people killed, each given by its words."""
    given = [
        {"kind": "killed", "low": low, "high": low, "assertion": "actual", "field": "text",
         "start": text.index(words), "end": text.index(words) + len(words)}
        for words, low in figures
    ]  # fmt: skip
    return {"title": None, "text": text, "casualties": given}


def test_a_copy_that_gives_another_figure_is_a_dropped_revision_and_one_that_says_less_is_none() -> None:
    events = {
        "head": event("Six men died in Osk. The mayor said that two more were dead.", ("Six men", 6)),
        "other": event("Nine men died in Osk.", ("Nine men", 9)),
        "shorter": event("The mayor said that"),
        "reading": event("The mayor said that two more were dead.", ("two more", 2)),
        "same": event("SIX MEN DIED IN OSK.", ("SIX MEN", 6)),
    }
    verdicts = {name: verdict("near", "head", "c") for name in events} | {"head": verdict("unique", None, "c")}
    assert duplicates.evaluate_copies(events, verdicts) == {
        "copies": 4, "dropped": 1, "read_otherwise": 1, "says_less": 1
    }  # fmt: skip


def test_the_last_toll_of_an_incident_stands() -> None:
    one = {"killed": {"min": 2, "max": 2}, "injured": {"min": 0, "max": 0}}
    gold = [{"id": "1", "incident": "x", "gold": one}, {"id": "2", "incident": "x", "gold": one},
            {"id": "3", "incident": "y", "gold": one}]  # fmt: skip
    tolls = [
        {"incident_id": "i", "articles": ["1"], "toll": {}},
        {"incident_id": "i", "articles": ["1", "2", "3"], "toll": {"killed": {"low": 2, "high": 2}}},
    ]
    result = incidents.evaluate(gold, tolls)
    assert result["placed"] == 1.0
    assert result["b3"] == {"p": 0.5556, "r": 1.0, "f1": 0.7143}
    assert result["pairs"]["p"] == 0.3333
    assert result["toll_exact"] == {"killed": 1.0, "injured": 1.0}


def test_a_copy_belongs_to_the_incident_of_what_it_repeats() -> None:
    gold = [{"id": name, "incident": "x", "gold": {"killed": {"min": 2, "max": 2}}} for name in "abc"]
    tolls = [{"incident_id": "i", "articles": ["a"], "toll": {"killed": {"low": 2}}}]
    alone, with_copies = (incidents.evaluate(gold, tolls, copies=copies) for copies in ({}, {"b": "a", "c": "b"}))
    assert (alone["placed"], alone["pairs"]["r"]) == (0.3333, 0.0)
    assert (with_copies["placed"], with_copies["pairs"]["r"]) == (1.0, 1.0)
    assert with_copies["killed_added"]["times"] == 1.0


def test_casualties_are_measured_by_language_where_gold_says_theirs() -> None:
    figure = {"field": "text", "start": 0, "end": 6, "kind": "killed", "low": 3, "high": 3, "assertion": "actual"}
    mention = {"start": 0, "end": 6, "kind": "killed", "min": 3, "max": 3, "form": "exact", "asserted": True,
               "optional": False}  # fmt: skip
    gold = [{"id": "a", "lang": "es", "mentions": [mention]}, {"id": "b", "lang": "fr", "mentions": [mention]}]
    by_language = casualties.evaluate(gold, {"a": {"casualties": [figure]}})["by_language"]
    assert [by_language[one]["value"]["f1"] for one in ("es", "fr")] == [1.0, 0.0]
