"""Why reports are together, in words: each join and each refusal with what spoke for and against it."""

from __future__ import annotations

from itertools import product
from typing import Any

from stream_app.cli.explain_incident import accounts_of
from stream_app.core.evaluation.incidents import evaluate
from stream_app.core.incidents.history import History
from stream_app.core.incidents.similarity import LINK, is_ruled_out, shared_with, strength
from tests.incident_builders import CHUHUIV, FAR_FUTURE_S, KHARKIV, KYIV, WARSAW, article, records, report_from, unique

WINDOW_S = 7 * 86_400.0
Record = dict[str, Any]


def one_attack_and_another() -> list[Record]:
    """Two reports of one attack, one of another on a town nearby, and one on a town far away."""
    told = (
        (
            article(
                "a",
                "2022-03-01T08:00:00Z",
                "Shelling of Kharkiv killed 3 in Saltivka: thermobaric rockets of a Solntsepyok.",
            ),
            3,
            KHARKIV,
        ),
        (
            article("b", "2022-03-01T10:00:00Z", "Shells killed 3 people in the Saltivka quarter of Kharkiv."),
            3,
            KHARKIV,
        ),
        (article("c", "2022-03-01T12:00:00Z", "A flood in Chuhuiv killed 40 in a hospital cellar."), 40, CHUHUIV),
        (
            article("d", "2022-03-01T13:00:00Z", "Shelling of Kyiv killed 9: thermobaric rockets of a Solntsepyok."),
            9,
            KYIV,
        ),
    )
    return [record for one, killed, place in told for record in records(one, {"killed": killed}, None, place)]


def accounts(**asked: str | None) -> list[Any]:
    received = [(record, FAR_FUTURE_S) for record in one_attack_and_another()]
    return accounts_of(received, WINDOW_S, **{"incident": None, "article": None, **asked})


def test_a_join_names_the_report_and_each_piece_of_evidence_with_its_weight() -> None:
    (account,) = accounts(article="b")
    founder, joined = account.reports.values()
    assert founder == (founder[0], [])
    (weighed, *_) = joined[1]
    assert (weighed.verdict, weighed.article_id) == ("joined", "a")
    assert "places: same +2.9" in weighed.words
    assert "both count 3 dead" in weighed.words


def test_a_refusal_says_what_was_needed_and_what_spoke_against_it() -> None:
    (account,) = accounts(article="d")
    ((_, weighed),) = account.reports.values()
    assert weighed
    assert all(one.verdict == "refused" and "needed" in one.words and "far -4.7" in one.words for one in weighed)


def test_an_incident_is_found_by_its_id_and_by_its_article() -> None:
    (by_article,) = accounts(article="c")
    (by_id,) = accounts(incident=by_article.incident_id)
    assert (by_id.toll, list(by_id.reports)) == (by_article.toll, list(by_article.reports))
    assert accounts(incident="inc-none") == accounts(article="none") == []


def test_the_evidence_adds_up_to_the_strength_of_the_link() -> None:
    (account,) = accounts(article="b")
    weighed = account.reports[list(account.reports)[1]][1][0]
    assert abs(sum(reason.weight for reason in weighed.evidence) - weighed.link) < 1e-9


def measured(gold_of: dict[str, str]) -> Any:
    """The evaluation of the stream above against gold: the incident of each article, each with as many dead as told."""
    history = History(WINDOW_S)
    for record in one_attack_and_another():
        history.count(record, FAR_FUTURE_S)
    dead = {"a": 3, "b": 3, "c": 40, "d": 9}
    gold = [
        {"id": name, "incident": incident, "gold": {kind: {"min": n, "max": n} for kind in ("killed", "injured")}}
        for name, incident in gold_of.items()
        for n in (dead[name],)
    ]
    told = [(report, history.belongs[id_]) for id_, report in history.reports.items()]
    return evaluate(gold, list(history.tolls.values()), told, WINDOW_S)


def test_what_is_grouped_as_gold_has_it_adds_nobody() -> None:
    found = measured({"a": "one", "b": "one", "c": "two", "d": "three"})
    assert found["pairs"]["f1"] == 1.0
    assert found["killed_added"] == {"incidents": 3, "right": 1.0, "times": 1.0}
    assert found["false_merges"] == found["missed_merges"] == []


def test_a_merge_that_gold_does_not_have_is_told_with_its_reasons() -> None:
    found = measured({"a": "one", "b": "other", "c": "two", "d": "three"})
    (merge,) = found["false_merges"]
    assert merge.startswith("one and other are one, inc-")
    assert "a and b link" in merge
    assert "places: same +2.9" in merge


def test_a_split_that_gold_does_not_have_is_told_with_its_reasons_and_counts_the_dead_twice() -> None:
    found = measured({"a": "one", "b": "one", "c": "two", "d": "one"})
    (missed,) = found["missed_merges"]
    assert missed.startswith("one is both inc-")
    assert "needed" in missed
    assert "far -4.7" in missed
    assert found["killed_added"] == {"incidents": 2, "right": 0.5, "times": round((12 + 40) / (9 + 40), 4)}


def test_what_is_ruled_out_before_it_is_weighed_has_no_link() -> None:
    """Two countries, and no name, place or story in common: whatever else is alike."""
    alike = "A drone killed 3 people in {} on Monday: thermobaric rockets of a Solntsepyok, officials said."
    named = "A drone killed 3 people in {} on Monday, among them Oksana Hrytsenko, 41, a nurse."
    told = product((KHARKIV, CHUHUIV, WARSAW, KYIV), (alike, named), ("s", "t"))
    reports = [
        report_from(
            records(
                article(f"a{number}", "2022-03-01T08:00:00Z", text.format(place.text)),
                {"killed": 3},
                unique(story),
                place,
            )
        )
        for number, (place, text, story) in enumerate(told)
    ]
    ruled_out = 0
    for one in reports:
        for other, shared in zip(reports, shared_with(one, reports), strict=True):
            score = strength(one, other, WINDOW_S)
            assert score == strength(one, other, WINDOW_S, shared)
            if is_ruled_out(one, other, shared):
                ruled_out += 1
                assert score is not None
                assert score < LINK
    assert ruled_out
