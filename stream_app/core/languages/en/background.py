"""What a sentence tells beside its incident: other times, other incidents, the toll of a war or of a year.

A figure there counts in a toll only where the article has no other; that of a whole war never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from stream_app.core.languages.en.framing import Frame
from stream_app.core.languages.en.numerals import is_numeric

_ALL: Final = 10_000
_SUBJECT: Final = 6
_BREAKS: Final = frozenset({";", "but", "while", "whereas", "where", '"', "“", "”"})
_NOW: Final = frozenset({"this", "last", "past", "each", "per", "every", "current"})
OTHER: Final = frozenset({"separate", "previous", "unrelated", "similar", "earlier"})
EVENTS: Final = frozenset({
    "shooting", "incident", "attack", "shootings", "incidents", "attacks", "case", "accident", "crash", "blast", "raid",
    "raids", "flood", "quake", "earthquake", "bombing", "fire", "strike", "avalanche", "landslide", "storm", "ambush",
    "outbreak", "accidents", "stampede", "tremor", "tremors", "sinking", "landslides", "tornado", "cyclone", "collapse",
    "crashes", "floods", "bombings", "explosion",
})  # fmt: skip
_DURING: Final = frozenset({"in", "over", "of", "during"})
_SUDDEN: Final = frozenset({"fighting", "violence", "unrest", "feud", "crisis"})
_LASTING: Final = frozenset({"war", "conflict", "insurgency", "invasion", "genocide", "rebellion", "occupation"})
_ALL_AT_ONCE: Final = frozenset({"broke", "erupted"})
_TELLING: Final = _NOW | OTHER | _DURING | {"since"}
_CLAUSE: Final = 16
_SPANS: Final = frozenset({"week", "fortnight", "month", "year", "season", "weekend"})
_IN_WHICH: Final = (["in", "which"], ["that", "has"], ["that", "saw"], ["that", "have"])
_FOR_THE: Final = (["for", "the"], ["of", "the"], ["for", "this"], ["so", "this"])
_SUMS: Final = frozenset({"toll", "tally", "count", "total", "death-toll"})
_ALL_OVER: Final = frozenset({"citywide", "statewide", "nationwide", "countrywide", "district-wide"})
_DISPLACED: Final = frozenset({"displaced", "idps", "refugees"})
_HOSTING: Final = frozenset({"hosts", "hosting", "harbours"})
_LONG: Final = frozenset({"weeks", "months", "years", "decades", "week", "month", "year", "decade"})
UNITS_OF_TIME: Final = frozenset({"day", "days", "week", "weeks", "month", "months", "year", "years", "hours"})
_CAME: Final = frozenset({"came", "comes", "coming", "follows", "followed", "happened", "occurred"})
_RUNNING: Final = frozenset({"toll", "tally", "number", "shootings", "incidents", "attacks", "accidents", "crashes"})
_EARLY: Final = frozenset({"initial", "early", "preliminary", "earlier"})
_REPORTS: Final = frozenset({"report", "reports", "estimates", "figures", "count", "counts", "accounts"})
_DEED: Final = 9
_NOT_IT: Final = frozenset({"the", "he", "she", "they", "his", "her", "their", "being", "it", "that", "this", "its"})
_THAN: Final = frozenset({"than", "like", "unlike"})
_THAT: Final = frozenset({"that", "those"})
_OTHER_YEAR: Final = frozenset(map(str, range(1700, 2100)))
_ANY: Final = frozenset({"a", "an", "another", "several", "numerous", "two", "three"})
_THE: Final = frozenset({"the", "its", "that", "a"})
_BEING: Final = frozenset({"is", "was", "are", "were", "became", "becomes", "remains", "remained", "ranks"})
_SINCE: Final = frozenset({"since", "years", "months", "decades", "decade", "year"})
WEEKDAYS: Final = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday"})
PERFECT: Final = frozenset({"has", "have", "had", "'ve"})

_TOLD: Final = frozenset({
    "said", "says", "told", "announced", "reported", "reports", "confirmed", "added", "released", "published", "data",
    "figures", "report", "statement", "issued", "since", "until", "by", "put",
})  # fmt: skip
_COUNTRYWIDE: Final = frozenset({"country", "nationwide", "nation", "countrywide"})
_HAD_SAID: Final = frozenset({"spoken", "put", "reported", "said", "given", "counted", "announced"})
_PUT_RIGHT: Final = frozenset({"but", "later", "now", "corrected", "lowered", "revised", "reduced", "cut"})
_STRUCK: Final = frozenset(
    {"hit", "struck", "attacked", "bombed", "raided", "targeted", "shelled", "stormed", "flooded"}
)

Words = Sequence[str]
Sets = Mapping[str, frozenset[str]]


def aside_words(sets: Sets) -> frozenset[str]:
    """The words one of which a sentence needs to tell of another time or incident: most have none."""
    names = ("behind_it", "spans", "month", "conflict", "records")
    return frozenset({"since", "rainy", "alone", "season"}).union(
        _DISPLACED, OTHER, _LONG, UNITS_OF_TIME, *[sets[name] for name in names]
    )


def asides(words: Words, sets: Sets) -> Iterator[tuple[int, int]]:
    """The stretches (tokens) of a sentence that tell of another time or incident, or of a longer time."""
    for at in _marks(words, sets):
        inserted = _inserted(words, at)
        whole = words[at] in sets["records"]  # "was at the bridge, where 950 died" is of the same disaster
        start = next((j + 1 for j in range(at, -1, -1) if breaks(words, j)), 0)
        stop = next((j for j in range(at + 1, len(words)) if breaks(words, j) and not (whole and words[j] == "where")),
                    _ALL)  # fmt: skip
        yield inserted or _apart_from_now(words, at, start, stop)
    yield from _tallies(words)
    yield from _hosts(words)
    if "after" in words:
        yield from _days_before(words)


def _apart_from_now(words: Words, at: int, start: int, stop: int) -> tuple[int, int]:
    """The stretch without what a weekday in it tells of now, before or behind the words of another time at `at`.

    As in "Two died on Tuesday in the pit where a blast killed 17 in March", "Raiders who in March killed 14 came back
    on Tuesday, killing three", "the same market that was hit last month, when 20 died".
    """
    days = [j for j in range(start, min(stop, len(words))) if words[j] in WEEKDAYS and _is_of_deed(words, j)]
    before = [j for j in days if j < at - 1 and any(is_numeric(word) for word in words[j + 1 : stop])]
    behind = [j for j in days if j > at + 2 and any(is_numeric(word) for word in words[at + 1 : j])]
    where = (j for j in range(at, start, -1) if words[j] == "where" or _is_struck(words, j))
    begin = max([start, *(j + 1 for j in before), next(where, start)])
    return begin, min([stop, *behind])


def _is_of_deed(words: Words, j: int) -> bool:
    """Whether a weekday is that of what happened, and not of who told it ("said on Monday")."""
    return _TOLD.isdisjoint(words[max(0, j - 3) : j]) and words[j + 1 : j + 2] != ["'s"]


def _is_struck(words: Words, j: int) -> bool:
    """As in "(the market) that was hit"."""
    return (
        words[j] in {"that", "which"}
        and words[j + 1 : j + 2] in (["was"], ["were"])
        and not _STRUCK.isdisjoint(words[j + 2 : j + 3])
    )


def _inserted(words: Words, at: int) -> tuple[int, int] | None:
    """The clause between commas that `at` stands in: "The bandits, who have killed 400 since January, shot seven"."""
    begin = next((j for j in range(at, max(-1, at - _CLAUSE), -1) if words[j] == ","), None)
    if begin is None or words[begin + 1] not in {"who", "which"} or PERFECT.isdisjoint(words[begin:at]):
        return None
    end = next((j for j in range(at, min(at + _CLAUSE, len(words))) if words[j] == ","), None)
    return (begin, end) if end is not None else None


def _tallies(words: Words) -> Iterator[tuple[int, int]]:
    """As in "in a week in which 41 have died", "took the road toll for the year to 74", "the month's toll is 58"."""
    for k, word in enumerate(words[:-1]):
        if word not in _SPANS:
            continue
        ahead = words[k + 1 : k + 3]
        if words[k - 1 : k] in (["a"], ["the"]) and (ahead in _IN_WHICH or ahead[:1] == ["when"]):
            yield k, _ALL
        elif words[max(0, k - 2) : k] in _FOR_THE and not _SUMS.isdisjoint(words[max(0, k - _SUBJECT) : k]):
            yield next(j for j in range(k, -1, -1) if words[j] in _SUMS), _ALL
        elif (
            ahead[:1] == ["'s"] and words[k - 1] not in {"last", "this"} and not _SUMS.isdisjoint(words[k + 2 : k + 5])
        ):
            yield k, next((j for j in range(k, len(words)) if words[j] in _BREAKS), _ALL)
    all_over = words[0] in _ALL_OVER or words[:2] == ["across", "the"]
    if all_over and "since" in words and not PERFECT.isdisjoint(words):
        yield 0, _ALL


def _hosts(words: Words) -> Iterator[tuple[int, int]]:
    """As in "Ituri already hosts 1.5 million displaced people": who was there before."""
    for k in (k for k, word in enumerate(words) if word in _DISPLACED):
        begin = max(0, k - _CLAUSE)
        ends = (j for j in range(k, len(words)) if words[j] == "," or words[j] in _BREAKS)
        hosts = (j for j in range(begin, k) if words[j] in _HOSTING or words[j : j + 2] == ["home", "to"])
        at = next(hosts, None)
        if at is not None and k - at > 1 and {",", ";"}.isdisjoint(words[at:k]):
            yield at, next(ends, _ALL)
        elif words[k - 1 : k] in (["are"], ["remain"]) and not _COUNTRYWIDE.isdisjoint(words[k : k + 5]):
            yield begin, next(ends, _ALL)
        elif "already" in words[max(0, k - 4) : k]:
            yield next((j for j in range(k, -1, -1) if words[j] in _BREAKS), 0), next(ends, _ALL)


def _days_before(words: Words) -> Iterator[tuple[int, int]]:
    """As in "Friday's shooting came two days after a gunman killed five": what is told after the "after" was before."""
    for k in range(3, len(words) - 1):
        if words[k] == "after" and words[k - 1] in UNITS_OF_TIME:
            before = words[max(0, k - 5) : k]
            if not _CAME.isdisjoint(before) or (k >= _SUBJECT and "," in before[1:3]):
                yield k, _ALL


def breaks(words: Words, j: int) -> bool:
    """Whether the word at `j` ends what is told in one breath."""
    return words[j] in _BREAKS and (words[j] != "where" or words[j - 1 : j] == [","])


def _marks(words: Words, sets: Sets) -> Iterator[int]:
    """The words that tell so; most words can be none of them, and no more is asked of those."""
    conflict, records = sets["conflict"], sets["records"]
    for k, (word, after) in enumerate(pairwise(words)):
        if (word in _TELLING or word in conflict or word in records) and (
            _is_another(word, after, words, sets)
            or (word == "since" and _is_since(words, k, sets))
            or (word == "in" and after in sets["month"] and not words[min(k + 2, len(words) - 1)][:1].isdigit())
            or (word in _DURING and _is_long(words, k + 1))
            or (word in conflict and (_goes_on(words, k) or _has_taken(words, k)))
            or (word in records and _is_of_records(words, k))
            or (word == "in" and _is_alone(words, k, sets))
        ):
            yield k


def _is_of_records(words: Words, k: int) -> bool:
    """As in "The deadliest crash was in 1998"; not "The storm became the deadliest of the year"."""
    before = words[:k]
    return k < _SUBJECT and words[0] in _THE and _BEING.isdisjoint(before) and _SINCE.isdisjoint(words[k:])


def _is_alone(words: Words, k: int, sets: Sets) -> bool:
    """As in "in January 2025 alone", "in 2022 alone"."""
    at = next((j for j in (k + 2, k + 3) if words[j : j + 1] == ["alone"]), None)
    return at is not None and (words[at - 1] in sets["month"] or words[at - 1][:2] in {"19", "20"})


def _is_since(words: Words, k: int, sets: Sets) -> bool:
    """As in "since the ceasefire"; "since Sunday" is now, but for a running total."""
    if not sets["since_when"].isdisjoint(words[k + 1 : k + 6]) or "".join(words[k + 1 : k + 2]).startswith("mid-"):
        return True
    return words[k + 1 : k + 2] != [] and words[k + 1] in sets["weekday"] and not _RUNNING.isdisjoint(words)


def is_since_now(words: Words) -> bool:
    """As in "17 have been killed since fighting resumed on Sunday": what began this week is the news itself."""
    at = words.index("since") if "since" in words else len(words)
    reach = words[at : at + 9]
    clause = reach[: reach.index(",")] if "," in reach else reach
    return not WEEKDAYS.isdisjoint(clause) and _RUNNING.isdisjoint(words)


def _is_another(word: str, after: str, words: Words, sets: Sets) -> bool:
    """As in "this year", "last month", "an earlier crash"; a bare "this week" is now."""
    if word in _NOW and after in sets["spans"] and not (word == "this" and _is_best_of(words, sets)):
        return ((word, after) != ("this", "week") or not PERFECT.isdisjoint(words)) and not _is_of_event(
            words, word, after
        )
    if word == "this" and after == "rainy":
        return True
    if word == "last" and after in sets["month"]:
        return not WEEKDAYS.isdisjoint(words)
    return word in OTHER and after in EVENTS and not (word == "separate" and after.endswith("s"))


def _is_of_event(words: Words, word: str, after: str) -> bool:
    """As in "last week's gas blast": one event, which may be the article's; not "last week's toll"."""
    if word not in {"last", "past"} or after not in {"week", "month", "weekend"}:
        return False
    pairs = range(len(words) - 3)
    at = next((j for j in pairs if words[j] == word and words[j + 1] == after), None)
    return at is not None and words[at + 2] == "'s" and not EVENTS.isdisjoint(words[at + 3 : at + 6])


def _is_best_of(words: Words, sets: Sets) -> bool:
    """As in "in one of the biggest encounters this year": the news, which stands out among those of a year."""
    at = words.index("this")
    return "one" in words[max(0, at - 7) : at] and not sets["records"].isdisjoint(words[max(0, at - 5) : at])


def _goes_on(words: Words, k: int) -> bool:
    """As in "the war has killed 40,000": the conflict at `k` is the subject of a perfect."""
    return not PERFECT.isdisjoint(words[k + 1 : k + 7]) and not _is_in_phrase(words, k)


def _has_taken(words: Words, k: int) -> bool:
    """As in "60,000 have been killed in the war", "uprooted by the war": all that the conflict at `k` has brought.

    Not in one begun now.
    """
    phrase = words[max(0, k - 4) : k]
    if words[k] not in _LASTING or not ({"in", "during", "by"} & {*phrase}) or not ({"the", "this"} & {*phrase}):
        return False
    begin = next((j + 1 for j in range(k, -1, -1) if breaks(words, j)), 0)
    return not PERFECT.isdisjoint(words[begin:k]) and WEEKDAYS.isdisjoint(words[begin:])


def _is_long(words: Words, k: int) -> bool:
    """As in "in twelve months", "over the past two years", "in recent weeks", "a month of raids"."""
    window = words[k : k + 4]
    for j, word in enumerate(window):
        if word in _LONG:
            return j > 0 and words[k + j + 1 : k + j + 2] not in (["ago"], ["later"], ["after"], ["earlier"], ["old"],
                                                                    ["prison"], ["in"], ["since"], ["'s"])  # fmt: skip
        if word in {",", "people", "."}:
            return False
    return False


def deeds(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "a commander linked to a blast that killed four": what somebody did before is another event."""
    for k, word in enumerate(words[:-1]):
        for_it = word in sets["behind_it"] and words[k + 1] in {"for", "to", "in"}
        if word == "blamed" and (
            words[k + 2 : k + 3] == [] or words[k + 2] not in _ANY or not WEEKDAYS.isdisjoint(words)
        ):
            continue  # "Rebels were blamed for the attack" is the news
        also = "also" in words[max(0, k - _SUBJECT) : k]
        deed = words[k + 2 : k + _DEED]
        if for_it and not (sets["deeds"].isdisjoint(deed) and (not also or sets["deaths"].isdisjoint(deed))):
            yield Frame("historical", word, k, next((j for j in range(k + 2, len(words)) if words[j] in _BREAKS), _ALL))


def day_before(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Sunday's blast came a day after bombs killed 14", "the crash, a week after a train killed 12, left 3"."""
    del sets
    for k in range(3, len(words) - 1):
        if words[k] != "after" or words[k - 1] not in UNITS_OF_TIME or EVENTS.isdisjoint(words[:k]):
            continue
        before = words[max(0, k - 5) : k]
        if not _CAME.isdisjoint(before):
            yield Frame("historical", "after", k, _ALL)
        elif "," in before and (
            not EVENTS.isdisjoint(words[max(0, k - 8) : k]) or _NOT_IT.isdisjoint(words[k + 1 : k + 2])
        ):
            yield Frame("historical", "after", k, next((j for j in range(k, len(words)) if words[j] == ","), _ALL))


def likened(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "weaker than that of 1998, in which 4,000 perished", "as strong as the one that killed 600 in 2011"."""
    del sets
    for k, word in enumerate(words[:-3]):
        that = words[k + 1] in _THAT or words[k + 1 : k + 3] == ["the", "one"]
        likens = word in _THAN or (word == "as" and "as" in words[max(0, k - 4) : k])
        if likens and that and not _OTHER_YEAR.isdisjoint(words[k : k + _CLAUSE]):
            yield Frame("historical", word, k, _ALL)


def war(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "the revolt began when gunmen stormed a barracks, killing 130": how it all began is an older event.

    Not "Fighting broke out in Hama on Sunday, killing nine", which is the news.
    """
    for k, word in enumerate(words):
        if word not in sets["conflict"]:
            continue
        if _is_in_its_year(words, k):
            yield Frame("historical", word, 0, _ALL)
        if word in _LASTING and (begin := _begin_of_war_toll(words, k)) is not None:
            yield Frame("historical", word, begin, next((j for j in range(k, len(words)) if words[j] in _BREAKS), _ALL))
        ahead = words[k + 1 : k + 5]
        began = next((j for j, w in enumerate(ahead) if w in sets["outbreak"]), None)
        news = word in _SUDDEN and began is not None and ahead[began] in _ALL_AT_ONCE and words[k - 1 : k] != ["the"]
        if began is not None and "that" not in ahead[:began] and not news:
            yield Frame("historical", word, k, _ALL)


def _begin_of_war_toll(words: Words, k: int) -> int | None:
    """Where a sentence begins to tell what a whole war has brought; None where it does not.

    As in "the death toll in the war passed 61,000", "In the war as a whole 13,300 have died", "the conflict's toll
    stands at 53,000".
    """
    begin = next((j + 1 for j in range(k, -1, -1) if words[j] in _BREAKS), 0)
    phrase = words[max(begin, k - 3) : k]
    of_war = not {"the", "this"}.isdisjoint(phrase) and not {"in", "of", "by", "from"}.isdisjoint(phrase)
    summed = next((j for j in range(max(begin, k - _SUBJECT), k) if words[j] in _SUMS), None)
    if of_war and summed is not None and k + 1 < len(words):
        return summed
    if words[k + 1 : k + 2] == ["'s"] and not _SUMS.isdisjoint(words[k + 2 : k + 5]):
        return k
    return begin if words[k + 1 : k + 4] == ["as", "a", "whole"] else None


def _is_in_its_year(words: Words, k: int) -> bool:
    """As in "the war, now in its third year, has driven 12 million from home": all that so long a time has brought."""
    at = next((j for j in range(k + 1, min(k + 6, len(words))) if words[j] in {"its", "their"}), None)
    if at is None or words[at - 1] not in {"in", "into", "entering", "enters", "entered"}:
        return False
    return words[at + 2 : at + 3] in (["year"], ["decade"]) and not PERFECT.isdisjoint(words[k:])


def _is_in_phrase(words: Words, k: int) -> bool:
    """As in "in the fighting, 12 have died": the conflict is no subject."""
    return not {"in", "of", "during", "from", "by", "after", "amid"}.isdisjoint(words[max(0, k - 3) : k])


def superseded_words(sets: Sets) -> frozenset[str]:
    """The words one of which a sentence needs to tell what was put right since: most have none."""
    return _EARLY.union({"not", "had"}, sets["at_first"])


def _had_said(words: Words) -> Iterator[tuple[int, int]]:
    """As in "The mayor had spoken of 44 dead, but the ministry put the toll at 21"."""
    for k, (word, after) in enumerate(pairwise(words)):
        if word == "had" and after in _HAD_SAID:
            turn = next((j for j in range(k + 2, len(words)) if words[j] in _PUT_RIGHT), None)
            if turn is not None:
                yield k, turn


def superseded(words: Words, sets: Sets) -> Iterator[tuple[int, int]]:
    """As in "first spoke of 12 dead but later gave the figure as seven": what was said before it was put right."""
    at_first = sets["at_first"]
    if "had" in words:
        yield from _had_said(words)
    for k, word in enumerate(words):
        if word in _EARLY and words[k + 1 : k + 2] and words[k + 1] in _REPORTS:
            turn = next((j for j in range(k + 2, len(words)) if words[j] in {";", "but", "later"}), None)
            if turn is not None:
                yield k, turn
        if word in at_first and words[k - 1 : k] == ["after"] and words[k + 1 : k + 2] and words[k + 1].endswith("ing"):
            yield k, next((j for j in range(k + 2, len(words)) if words[j] == ","), _ALL)
        elif word in at_first and words[k - 1 : k] != ["the"]:
            turn = next((j for j in range(k + 2, len(words)) if words[j] in {"but", "later", "now", "corrected",
                         "lowered", "revised", "reduced", "cut"}), None)  # fmt: skip
            if turn is None and words[k + 1 : k + 2] == ["reported"] and words[k + 2 : k + 3] == ["as"]:
                turn = next((j for j in range(k + 3, len(words)) if words[j] == ","), None)
            if turn is not None:
                yield k, turn
        elif word == "not" and k and words[k - 1] == ",":
            yield k, _ALL
