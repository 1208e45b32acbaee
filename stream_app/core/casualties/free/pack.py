"""The word pack of a language: one JSON file in its folder, checked when it is loaded, and what a word is by it.

docs/languages.md says what each list is for. A list is one string, its entries parted by blanks; the words of a phrase
are joined by "_", and ".." among them stands for up to three words of any kind, "..." for up to ten. "*" at the end or
the beginning of a word stands for any letters. Everything is compared in lower case, after `fold`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple, get_args

from stream_app.core.casualties.free.clitics import Clitics
from stream_app.core.casualties.free.distances import distance
from stream_app.core.casualties.free.other_events import Weekdays
from stream_app.core.casualties.free.patterns import GAPS, Matcher, fits, is_whole, needed
from stream_app.core.casualties.free.topics import TOPICS, Topics, Weight
from stream_app.core.events import KINDS, Assertion, Kind, RejectReason, VictimClass
from stream_app.core.language.numerals import CONVENTIONS
from stream_app.core.remembered import Remembered

ORDERS: Final = ("free", "fixed", "participle_last", "verb_first", "object_first")
ROLES: Final = ("victims", "victim", "subject", "object", "passive", "event", "toll")
FLAGS: Final = frozenset({
    "and", "or", "clause", "relative", "of", "others", "more", "function", "determiner", "negation", "nobody",
    "without", "the", "among", "have", "been", "illness", "dying", "kin", "years", "subset", "saying", "according",
    "by", "that", "source", "aside", "months", "ago", "past_time", "void", "released", "spared", "natural", "violent",
    "degree", "athletes", "match", "when", "record", "than_before", "last", "claimed", "army", "one_dead",
    "background", "suicide", "hospital", "earlier", "follows", "days_after", "enemy", "since", "he", "change", "with",
    "anniversary", "span", "spot", "also", "whose", "owned", "relatives", "female", "male", "gone", "safe",
    "healers", "born", "design", "shown", "hearsay", "running", "assails", "up_to",
    "back_home", "numbering", "badly", "slightly", "half", "another", "all_but", "as_many", "asking", "housed",
    "disaster",
})  # fmt: skip
"""Lists of words that only say what a word is; all but a few may be empty."""
_NEEDED: Final = frozenset({"and", "function", "negation"})
_NUMBERS: Final = frozenset(
    {"cardinals", "people", "scales", "groups", "vague", "bounded", "joint", "glued", "endings", "alone"}
)
_SECTIONS: Final = FLAGS | {
    "order", "fold", "clitics", "numbers", "qualifiers", "range", "people", "cues", "assertion", "units",
    "abbreviations", "suffixes", "capitals", "ordinal_dot", "topic", "topic_setting",
    "topic_hint", "topic_sure", "scene", "unconfirmed", "ordinals", "weekdays", "retort", "today", "daytime",
}  # fmt: skip
_TOPIC_LISTS: Final = ("topic", "topic_setting", "topic_hint", "topic_sure")
_QUALIFIERS: Final = ("at_least", "about", "at_most")
_AFTER: Final = "_after"
_FRAMES: Final = frozenset(get_args(Assertion)) - {"actual"}
_COUNTS: Final = ("one", "pair", "one_of", "many")
COUNTING: Final = frozenset(
    {"qualifier", "more", "range_from", "vague", "bounded", "cardinal", "of_people", "group", "scale"}
)
"""Tables of words with which a quantity may begin."""
_BEGINNING: Final = COUNTING | {"nobody", "people", "all_but", "as_many"}
_SMALL: Final = frozenset({"function", "determiner", "of", "and", "negation", "more", "without"})


class PackError(ValueError):
    """A word pack that cannot be used, and what is wrong with it."""


class Person(NamedTuple):
    """What a noun for people says: how many they are by its form, and of which class."""

    form: str
    victim_class: VictimClass


class Cue(NamedTuple):
    """What happened to people, and how the word joins them."""

    kind: Kind
    role: str


class Entry:
    """All that a word is by itself; `starts` are the phrases that may begin with it, longest first.

    `says` are the names of the tables that it stands in, `tables` what it says there; `tells` whether a number,
    people or what happened may begin with it, `digits` whether it begins with a digit, `marked` whether it does so or a
    phrase may begin with it, `distance` how far it sets apart what stands on both its sides.
    """

    __slots__ = (
        "cues",
        "digits",
        "distance",
        "loose",
        "marked",
        "people",
        "says",
        "seconds",
        "starts",
        "tables",
        "tells",
        "unit",
    )

    def __init__(self) -> None:
        self.says: frozenset[str] = frozenset()
        self.cues: tuple[Cue, ...] = ()
        self.tells = False
        self.digits = False
        self.marked = False
        self.distance = 0.0
        self.people: Person | None = None
        self.unit: RejectReason | None = None
        self.tables: dict[str, Any] = {}
        self.starts: tuple[Phrase, ...] = ()
        self.seconds: dict[str, tuple[Phrase, ...]] = {}
        self.loose: tuple[Phrase, ...] = ()

    def begin(self, phrases: Sequence[Phrase]) -> None:
        """Takes the phrases that may begin with the word, sorted by the word that must stand second, where one must."""
        self.starts = tuple(sorted(phrases, key=lambda phrase: -len(phrase.parts)))
        self.marked = self.digits or bool(self.starts)
        seconds = [phrase.parts[1] if is_whole(phrase.parts[1]) else "" for phrase in self.starts]
        known = list(zip(self.starts, seconds, strict=True))
        self.loose = tuple([phrase for phrase, its in known if not its])
        self.seconds = {
            second: tuple([phrase for phrase, its in known if its in {second, ""}])
            for second in dict.fromkeys(filter(None, seconds))
        }


class Phrase(NamedTuple):
    """Words that say something together; `parts` are patterns as in the pack.

    `rest` are those behind the first where all of them are whole words, `needs` the longest letters of them else;
    `open` says that people may stand in a gap.
    """

    parts: tuple[str, ...]
    table: str
    value: Any
    rest: list[str] | None
    needs: str
    open: bool


class Pack:
    """The words of one language, looked up by `entry`, which remembers what it found."""

    def __init__(self, language: str, data: Mapping[str, Any]) -> None:
        self.language = language
        self._check(data)
        self.order: str = data["order"]
        self.fold = tuple((a, b) for a, _, b in (pair.partition("=") for pair in data.get("fold", "").split()))
        self.clitics = tuple(sorted(data.get("clitics", "").split(), key=len, reverse=True))
        self.joins = any(clitic[-1] != "'" for clitic in self.clitics)
        """Whether particles are joined to words without an apostrophe."""
        self.abbreviations = frozenset(data.get("abbreviations", "").split())
        self.capitals: bool = data.get("capitals", False)
        self.ordinal_dot: bool = data.get("ordinal_dot", False)
        self.asks = "asking" in data
        self.suffixes = ("", *data.get("suffixes", "").split())
        self.endings = frozenset(data["numbers"].get("endings", "").split())
        self._single = Matcher()
        self._starts = Matcher()
        for table, value, text in _rows(data):
            for pattern in text.split():
                self._add(self.folded(pattern), table, value)
        self._entries = Remembered(self._looked_up)
        self.tokens = Remembered(self._of_token)
        """What a word of a text (folded) is: of "14-year-old" by what stands behind the digits."""
        self.pieces = Remembered(Clitics(self.clitics, self._is_known).pieces)
        dead = [word for word in data.get("one_dead", "").split() if not self._is_person(word)]
        others = f"{data.get('suicide', '')} {data.get('gone', '')} {' '.join(dead)}"
        self._telling = self._cue_words(*data["cues"].values(), {"": others})
        self.weekdays = Weekdays(
            {day: self.folded(text) for day, text in data.get("weekdays", {}).items()}, self.clitics
        )
        self.retorts = Topics({"word": {"retort": data.get("retort", "")}}, self.folded, self.clitics)
        self.unconfirmed = Topics({"word": {"unconfirmed": data.get("unconfirmed", "")}}, self.folded, self.clitics)
        times = {"today": data.get("today", ""), "daytime": data.get("daytime", "")}
        self.times = Topics({"word": times}, self.folded, self.clitics)
        days = " ".join(data.get("weekdays", {}).values())
        fresh = {"today": " ".join((*times.values(), days)), "scene": data.get("scene", "")}
        lists: Mapping[Weight, Mapping[str, str]] = {
            "sure": data.get("topic_sure", {}),
            "word": {**data.get("topic", {}), "illness": data.get("illness", ""), **fresh},
            "setting": data.get("topic_setting", {}),
            "hint": data.get("topic_hint", {}),
        }
        self.topics = Topics(lists, self.folded, self.clitics, self._number_words(data))

    def _check(self, data: Mapping[str, Any]) -> None:
        """Raises PackError for a list that nobody reads, a name that is none, a list that is missing."""
        unknown = data.keys() - _SECTIONS
        if unknown:
            raise PackError(f"{self.language}: unknown lists {', '.join(sorted(unknown))}")
        missing = (_NEEDED | {"order", "numbers", "people", "cues", "units"}) - data.keys()
        if missing:
            raise PackError(f"{self.language}: no {', '.join(sorted(missing))}")
        for what, names, known in (
            ("order", {data["order"]}, set(ORDERS)),
            ("numbers", data["numbers"].keys(), _NUMBERS),
            ("vague words", data["numbers"].get("vague", {}).keys(), CONVENTIONS["literal"].keys()),
            ("qualifiers", data.get("qualifiers", {}).keys(), {q + a for q in _QUALIFIERS for a in ("", _AFTER)}),
            ("range", data.get("range", {}).keys(), {"from", "to"}),
            ("people", data["people"].keys(), set(_COUNTS)),
            ("classes", {c for group in data["people"].values() for c in group}, set(get_args(VictimClass))),
            ("kinds", data["cues"].keys(), set(KINDS)),
            ("roles", {role for roles in data["cues"].values() for role in roles}, set(ROLES)),
            ("assertions", data.get("assertion", {}).keys(), _FRAMES),
            ("topics", {name for weight in _TOPIC_LISTS for name in data.get(weight, {})}, TOPICS.keys()),
            ("weekdays", data.get("weekdays", {}).keys(), set("0123456")),
            ("units", data["units"].keys(), set(get_args(RejectReason))),
        ):
            if wrong := set(names) - set(known):
                raise PackError(f"{self.language}: unknown {what} {', '.join(sorted(wrong))}")
        for words in (words for name in _TOPIC_LISTS for words in data.get(name, {}).values()):
            for pattern in words.split():
                self._parts(pattern, "topics")

    def folded(self, text: str) -> str:
        """The text as it is compared: lower case, one character for one."""
        lower = text.lower()
        if len(lower) != len(text):  # a dotted capital I becomes two
            lower = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
        for letter, other in self.fold:  # most texts hold few of them
            if letter in lower:
                lower = lower.replace(letter, other)
        return lower

    def _add(self, pattern: str, table: str, value: Any) -> None:
        parts = self._parts(pattern, table)
        if len(parts) == 1:
            for one in self._expanded(pattern):
                self._single.add(one, table, value)
        else:
            rest = list(parts[1:]) if all(map(is_whole, parts[1:])) else None
            needs = needed(parts[1:]) if rest is None else ""
            phrase = Phrase(parts, table, value, rest, needs, not GAPS.keys().isdisjoint(parts))
            self._starts.add(parts[0], table, phrase)

    def _parts(self, pattern: str, table: str) -> tuple[str, ...]:
        parts = tuple(pattern.split("_"))
        if any(len(part.strip("*")) < 1 for part in parts if part not in GAPS):
            raise PackError(f"{self.language}: empty word in {table}: {pattern!r}")
        return parts

    def _expanded(self, pattern: str) -> Sequence[str]:
        """The pattern; for a stem with all its endings ("kadın~") each of its forms."""
        return [pattern[:-1] + suffix for suffix in self.suffixes] if pattern.endswith("~") else [pattern]

    def _cue_words(self, *cues: Mapping[str, str]) -> Matcher:
        """Words one of which a sentence must hold that says what happened: of a phrase the longest that says little."""
        matcher = Matcher()
        for text in (text for roles in cues for text in roles.values()):
            for pattern in map(self.folded, text.split()):
                parts = [part for part in pattern.split("_") if any(map(str.isalpha, part))]
                telling = max(parts, key=lambda part: (_SMALL.isdisjoint(self._tables_of(part)), len(part)))
                for one in self._expanded(telling):
                    matcher.add(one, "cues", True)
        return matcher

    def _number_words(self, data: Mapping[str, Any]) -> Mapping[str, int]:
        """The words for two and more by themselves, with what they count."""
        return {
            self.folded(word): value
            for table, value, text in _number_rows(data["numbers"], {})
            if table == "cardinal" and value > 1
            for word in text.split()
            if "_" not in word and "*" not in word
        }

    def _is_person(self, pattern: str) -> bool:
        return "people" in self._tables_of(self.folded(pattern))

    def _tables_of(self, part: str) -> set[str]:
        return {table for table, _ in self._single.whole.get(part, ())}

    def tells(self, word: str) -> bool:
        """Whether a sentence with this word (folded) may say what happened to people."""
        return next(self._telling.found(word), None) is not None

    def entry(self, word: str) -> Entry:
        """What a word (folded) is."""
        return self._entries[word]

    def _is_known(self, word: str) -> bool:
        entry = self._entries[word]
        return bool(entry.says or entry.cues or entry.starts)

    def _of_token(self, word: str) -> Entry:
        if not word[0].isdigit():
            return self._entries[word]
        entry = self._looked_up(word.partition("-")[2] if "-" in word else word)
        entry.begin([phrase for phrase in entry.starts if fits(phrase.parts[0], word)])
        entry.tells = entry.digits = entry.marked = True
        return entry

    def _looked_up(self, word: str) -> Entry:
        entry, cues = Entry(), list[Cue]()
        for table, value in self._single.found(word):
            if table == "cues":
                cues.append(value)
            else:
                entry.tables.setdefault(table, value)
        entry.people, entry.unit = entry.tables.get("people"), entry.tables.get("units")
        entry.begin([phrase for _, phrase in self._starts.every(word)])
        entry.says, entry.cues = frozenset(entry.tables), tuple(dict.fromkeys(cues))
        entry.distance = distance(word, entry.says)
        entry.tells = bool(entry.cues) or not entry.says.isdisjoint(_BEGINNING)
        return entry


def _rows(data: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Each list of the pack: its table, what a word of it says, and the words."""
    for name in sorted(FLAGS & data.keys()):
        yield name, name, data[name]
    yield from _number_rows(data["numbers"], data.get("ordinals", {}))
    for name, text in data.get("qualifiers", {}).items():
        after = name.endswith(_AFTER)
        yield ("qualifier_after" if after else "qualifier"), name.removesuffix(_AFTER), text
    for name, text in data.get("range", {}).items():
        yield f"range_{name}", name, text
    for count, classes in data["people"].items():
        for victim_class, text in classes.items():
            yield "people", Person(count, victim_class), text
    for kind, roles in data["cues"].items():
        for role, text in roles.items():
            yield "cues", Cue(kind, role), text
    yield "cues", Cue("killed", "subject"), data.get("gone", "")
    for assertion, text in data.get("assertion", {}).items():
        yield "assertion", assertion, text
    for reason, text in data["units"].items():
        yield "units", reason, text


def _number_rows(numbers: Mapping[str, Any], ordinals: Mapping[str, str]) -> Iterator[tuple[str, Any, str]]:
    """The lists of number words; those that are glued together ("einundzwanzig") are made here."""
    for value, text in ordinals.items():
        yield "ordinal", int(value), text
    cardinals: dict[str, str] = numbers.get("cardinals", {})
    for value, text in cardinals.items():
        yield "cardinal", int(value), text
    yield from _glued(cardinals, numbers.get("glued", ""), numbers.get("scales", {}))
    for value, text in numbers.get("people", {}).items():
        yield "of_people", int(value), text
    for value, text in numbers.get("scales", {}).items():
        yield "scale", int(value), text
    for value, text in numbers.get("groups", {}).items():
        yield "group", float(value), text
    for name, text in numbers.get("vague", {}).items():
        yield "vague", name, text
    for bounds, text in numbers.get("bounded", {}).items():
        low, high = bounds.split("-")
        yield "bounded", (int(low), int(high)), text
    yield "joint", "joint", numbers.get("joint", "")
    yield "alone", "alone", numbers.get("alone", "")


def _glued(cardinals: Mapping[str, str], joint: str, scales: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """As in "einundzwanzig", "dreihundert": numbers below a thousand that are one word in languages that glue them."""
    if not joint:
        return
    words = {int(value): text.split()[0] for value, text in cardinals.items()}
    small = {n: word for n, word in words.items() if n < 100}
    ones = {n: word for n, word in small.items() if 0 < n < 10}
    for ten in range(20, 100, 10):
        for n, one in ones.items():
            small[ten + n] = one + joint + words[ten]
    hundred = scales.get("100", "").split()
    for n, word in small.items():
        if n > 20 and n % 10:
            yield "cardinal", n, word
    for n, one in ones.items() if hundred else ():
        yield "cardinal", n * 100, one + hundred[0]
        for rest, word in small.items():
            yield "cardinal", n * 100 + rest, one + hundred[0] + word
            if n == 1:
                yield "cardinal", 100 + rest, hundred[0] + word


@cache
def load_pack(language: str) -> Pack:
    """The pack of a language, read once a process from its folder in `core/languages/`; PackError when it is wrong.

    `topics.json` holds the words that say what an article is about, `casualties.json` all others.
    """
    folder = resources.files(f"stream_app.core.languages.{language}")
    files = (folder.joinpath(f"{name}.json") for name in ("casualties", "topics"))
    return Pack(language, {name: words for file in files for name, words in json.loads(file.read_bytes()).items()})


def phrase_end(phrase: Phrase, words: Sequence[str], start: int) -> int | None:
    """Where the phrase ends whose first part means the word at `start`, None where it is not there."""
    if phrase.rest is not None:
        end = start + len(phrase.parts)
        return end if words[start + 1 : end] == phrase.rest else None
    at, gap = start + 1, 0
    for part in phrase.parts[1:]:
        if part in GAPS:
            gap = GAPS[part]
            continue
        last = min(at + gap + 1, len(words))
        while at < last and not fits(part, words[at]):
            at += 1
        if at >= last:
            return None
        at, gap = at + 1, 0
    return at
