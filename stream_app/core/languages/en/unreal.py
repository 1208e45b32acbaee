"""Clauses that tell of nothing that happened: what others were wrong about, what if, what would have been.

Each is a frame as those of `frames.py` are, over the words of a sentence; none looks further than a clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from stream_app.core.languages.en.background import WEEKDAYS
from stream_app.core.languages.en.framing import Frame
from stream_app.core.languages.en.numerals import is_numeric

_ALL: Final = 10_000
_SOON: Final = 5
_CLAUSE: Final = 9
_SUBJECT: Final = 12
CONCEDING: Final = frozenset({"contrary", "despite", "against", "far"})
"""Words that open what a sentence goes on to put right."""
_DETERMINERS: Final = frozenset(
    {"the", "a", "an", "it", "they", "this", "that", "another", "such", "any", "its", "one"}
)
_ASKING: Final = frozenset({"what", "why", "how", "when", "where", "who", "which", "whether", "that", "?"})
_TURNS: Final = frozenset({";", "but", "while", "whereas"})
_JOINED: Final = frozenset({",", ";", "and", "or", "who", "which"})
WOULD: Final = frozenset({"would", "could", "might", "'d"})
"""Words behind which "have had" was not."""
_HAD: Final = frozenset({"had", "been", "lost", "seen", "buried", "left", "cost", "counted", "mourned", "pulled"})
_LETS_GO: Final = frozenset(
    {",", ";", "when", "who", "which", "that", "by", "because", "if", "after", "but", "where", '"', "”", "."}
)
TERMS: Final = frozenset({"serving", "served", "spent"})
"""Verbs of who is, or was, in prison."""
_PRISON: Final = frozenset({"years", "life", "sentence", "sentences", "term", "terms", "months", "decades"})
SOUGHT: Final = frozenset({"wanted"})
"""What he is who is looked for because of what he did."""
_SOUGHT_FOR: Final = frozenset({"for", "over", "in"})
_CRIMES: Final = frozenset({
    "death", "deaths", "killing", "killings", "murder", "murders", "murdering", "massacre", "massacres", "kidnapping",
    "kidnappings", "kidnap", "abduction", "abductions", "abducting", "slaying", "slayings",
})  # fmt: skip
_HUNTING: Final = frozenset(
    {"search", "searching", "searched", "hunt", "hunting", "hunted", "seek", "seeking", "appeal"}
)
_PUTTING: Final = frozenset({"puts", "estimates", "reckons", "assumes", "gives", "sees"})
_SURVEYED: Final = frozenset({"respondents", "surveyed", "polled", "interviewees"})
_ANSWERING: Final = frozenset({"said", "say", "knew", "know", "told", "reported", "had", "have", "admitted"})
MISTAKEN: Final = frozenset({"took", "turned", "proved"})
"""Verbs by which something was not what it seemed."""
_FIGURES_OF_WOOD: Final = frozenset({
    "mannequins", "mannequin", "dummies", "dummy", "logs", "log", "driftwood", "dolls", "doll", "seals", "seal", "pigs",
    "sheep", "dogs", "rubbish", "clothes", "props", "scarecrows", "scarecrow", "statues", "buoys", "bin", "sacks",
})  # fmt: skip

_PARTS: Final = frozenset({"act", "chapter", "volume", "episode", "mission", "level"})
_TELLING: Final = frozenset({
    "novel", "thriller", "blockbuster", "bestseller", "soap", "sitcom", "whodunit", "opera", "musical", "plot",
    "sequel", "finale", "storyline", "cartoon", "short", "episode", "videogame", "film", "movie",
})  # fmt: skip
_HELPING: Final = frozenset({"is", "was", "has", "as", "'s"})
_PARTICLES: Final = frozenset({"with", "on", "of", "out", "in", "around", "to", "as", "when", "up", "into"})
_ENOUGH: Final = 2
_NEWS: Final = frozenset({"police", "said", "hospital", "officials", "rescuers", "firefighters", "ambulance",
                          "arrested", "yesterday", "told", "authorities", "died", "coroner"})  # fmt: skip
_PRESENT: Final = frozenset({"kills", "kill", "dies", "die", "drowns", "drown", "murders", "lie", "lies", "are", "is",
                             "have", "has", "begins", "opens", "ends", "follows", "tells", "turns", "must", "will",
                             "asks", "sends", "bows", "stars", "learn", "learns"})  # fmt: skip

Words = Sequence[str]
Sets = Mapping[str, frozenset[str]]


def contrary(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "Contrary to reports of 12 dead, ...", "Despite claims of 20 deaths, ...", "Far from the 50 spoken of"."""
    for k, word in enumerate(words):
        if word not in CONCEDING:
            continue
        ahead = words[k + 1 : k + _SOON]
        told = not sets["told_noun"].isdisjoint(ahead) or not sets["spread_word"].isdisjoint(ahead)
        stop = next((j for j in range(k, len(words)) if words[j] == ","), _ALL)
        far = word == "far" and ahead[:1] == ["from"] and ("spoken" in words[k:stop] or told)
        if (word == "contrary" and ahead[:1] == ["to"]) or far or (word in {"despite", "against"} and told):
            yield Frame("denied", word, k, stop)


def inverted(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "puts the dead at 6,400 should the fault slip", "were the dam to break, 900 drown", "in the worst case"."""
    del sets
    if "?" in words or not WEEKDAYS.isdisjoint(words):
        return
    for k, word in enumerate(words):
        ahead = words[k + 1 : k + _SOON]
        begin = next((j + 1 for j in range(k, -1, -1) if words[j] in _TURNS), 0)
        should = word == "should" and (not k or words[k - 1] not in _ASKING)
        were = word == "were" and _is_to(words[k + 1 : k + _CLAUSE])
        if (should or were) and ahead[:1] and ahead[0] in _DETERMINERS:
            yield Frame("hypothetical", word, begin, _ALL)
        elif word == "worst-case" or (word == "worst" and ahead[:1] == ["case"] and ahead[1:2] != ["of"]):
            yield Frame("forecast", "worst case", begin, _ALL)
        elif word == "event" and ahead[:1] == ["of"] and words[max(0, k - 2) : k] == ["in", "the"]:
            yield Frame("forecast", "in the event of", begin, _ALL)
        elif word in _PUTTING and "if" in words[k:]:
            yield Frame("forecast", word, k, _ALL)


def _is_to(ahead: Words) -> bool:
    """As in "(were) the levee to break": an infinitive, and nothing joined before it."""
    return "to" in ahead[1:] and _JOINED.isdisjoint(ahead[: ahead.index("to")])


def spared(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "ten seconds later and we'd have had 22 dead", "it could so easily have been 30 people dead"."""
    del sets
    for k, word in enumerate(words):
        if word not in WOULD or "have" not in words[k + 1 : k + _SOON]:
            continue
        have = words.index("have", k)
        if words[have + 1 : have + 2] and not _HAD.isdisjoint(words[have + 1 : have + 3]):
            stop = next((j for j in range(have + 2, len(words)) if words[j] in _LETS_GO), _ALL)
            yield Frame("hypothetical", f"{word} have", k, stop)


def punished(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "had served 15 years for killing three", "wanted for the deaths of 53 villagers": a deed of before.

    Not "wanted for shooting three people on Monday".
    """
    del sets
    for k, word in enumerate(words):
        if word in TERMS and not _PRISON.isdisjoint(words[k + 1 : k + _SOON + 1]):
            at = next((j for j in range(k + 2, min(k + _SUBJECT, len(words))) if words[j] in {"for", "over"}), None)
        else:
            sought = (
                word in SOUGHT
                and _HUNTING.isdisjoint(words)
                and words[k + 1 : k + 2] != []
                and words[k + 1] in _SOUGHT_FOR
            )
            at = k + 1 if sought and not _CRIMES.isdisjoint(words[k + 2 : k + _CLAUSE]) else None
        if at is None:
            continue
        stop = next((j for j in range(at, len(words)) if words[j] in {",", ";"}), len(words))
        if WEEKDAYS.isdisjoint(words[at:stop]):
            yield Frame("historical", word, at, stop)


def surveyed(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "41 per cent of those polled said a relative had been hurt": what many people answer is no incident."""
    del sets
    word = next((word for word in words if word in _SURVEYED), None)
    if word is not None and not _ANSWERING.isdisjoint(words):
        yield Frame("generic", word, 0, _ALL)


def seeming(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "the corpses turned out to be mannequins", "what they took for three bodies were logs"."""
    del sets
    for k, (word, after) in enumerate(pairwise(words)):
        seemed = word == "took" and after == "for" and "what" in words[max(0, k - _SOON) : k]
        proved = word in {"turned", "proved"} and "be" in words[k + 1 : k + _SOON]
        if seemed or (proved and not _FIGURES_OF_WOOD.isdisjoint(words[k + 2 : k + _CLAUSE])):
            yield Frame("denied", word, 0, _ALL)


def told_as_story(words: Words, sets: Sets) -> Iterator[Frame]:
    """As in "By the final curtain three suitors lie dead and the audience cheers": two words of a story, none of news.

    A story is told in the present, news in the past or with who says so; a headline is in the present as well, so one
    word is never enough.
    """
    if not WEEKDAYS.isdisjoint(words[:_SOON]):
        return
    cue = _subject_of_story(words, sets)
    if cue is not None:
        yield Frame("fictional", cue, 0, _ALL)
        return
    met = sets["of_story"].intersection(words)
    if len(met) < _ENOUGH or not _NEWS.isdisjoint(words):
        return
    present = not _PRESENT.isdisjoint(words)
    if present or any(word in met and after.endswith("s") for word, after in pairwise(words)):
        yield Frame("fictional", next(word for word in words if word in met), 0, _ALL)


def _subject_of_story(words: Words, sets: Sets) -> str | None:
    """The word of a story that opens its sentence as stories do: "The soap bows out with", "Act two opens"."""
    for k, word in enumerate(words[:_CLAUSE]):
        if word not in sets["of_story"] and word != "act":
            continue
        ahead = [*words[k + 1 : k + 4], "", "", ""]
        if word.startswith("spoiler") and ahead[0] in {":", "alert", "ahead"}:
            return word
        if word in {"gamers", "gamer"} and ahead[0] in sets["in_game"]:
            return word
        numbered = word in _PARTS and is_numeric(ahead[0])
        verb, particle = (ahead[1], ahead[2]) if numbered else (ahead[0], ahead[1])
        if (numbered or word in _TELLING) and verb.endswith("s") and verb not in _HELPING and particle in _PARTICLES:
            return word
    return None


RULES: Final[Mapping[Callable[[Words, Sets], Iterator[Frame]], frozenset[str]]] = {
    told_as_story: frozenset(),
    contrary: CONCEDING,
    inverted: frozenset({"should", "were", "worst", "worst-case", "event"}) | _PUTTING,
    spared: WOULD,
    punished: TERMS | SOUGHT,
    surveyed: _SURVEYED,
    seeming: MISTAKEN,
}
"""Each with the words one of which it needs."""
