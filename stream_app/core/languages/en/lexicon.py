"""The words that the casualty grammar knows, loaded from the data files of its language.

The files are plain JSON: `people` (nouns for persons, by victim class), `demonyms`, `cues` (what happened to them, by
kind and grammatical role), `words` (closed classes and common verbs) and `units` (what makes a number something else).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from stream_app.core.events import Kind, RejectReason, VictimClass
from stream_app.core.language.tables import table

_IRREGULAR: Final = {
    "person": "people", "man": "men", "woman": "women", "child": "children", "baby": "babies", "wife": "wives",
    "housewife": "housewives", "thief": "thieves", "passerby": "passersby", "passer-by": "passers-by",
    "ex-wife": "ex-wives", "son-in-law": "sons-in-law", "daughter-in-law": "daughters-in-law",
    "brother-in-law": "brothers-in-law", "sister-in-law": "sisters-in-law", "militia": "militias",
    "mother-in-law": "mothers-in-law", "father-in-law": "fathers-in-law",
}  # fmt: skip
_ALWAYS_PLURAL: Final = frozenset(
    [
        "people",
        "persons",
        "men",
        "women",
        "children",
        "police",
        "taliban",
        "kin",
        "townspeople",
        "townsfolk",
        "mujahideen",
        "mujahidin",
        "janjaweed",
        "fedayeen",
        "peshmerga",
        "infantry",
        "cadre",
        "personnel",
        "paramilitaries",
        "mercenaries",
        "babies",
        "wives",
        "others",
        "prisoners",
        "khwarij",
        "detainees",
    ]
)
_NO_BARE_PLURAL: Final = frozenset(
    ["swiss", "chinese", "japanese", "french", "irish", "british", "dutch", "welsh", "english", "spanish"]
)
_PLURAL_FORM: Final = re.compile(r".*(?:men|women|people|children|folk|ies|wives|thieves|s-in-law|s-by|ersby)$")


Tag = Literal[
    "people",  # counted, single, plural, named
    "number",  # one that counts no people
    "cue",  # "killed", "deaths", "missing"
    "be", "have", "modal", "to", "not", "adverb", "of", "by", "preposition",
    "and",  # or "or"
    "but",  # and other words that begin a clause
    "who",  # or "that"
    "say",  # verbs of saying and finding
    "leave",
    "claim",  # or cost, take: "claimed 12 lives"
    "suffer",
    "verb",  # another one
    "pronoun",
    "day",  # or a date
    "determiner",  # without a person after it
    "possessive",  # 's
    "name",  # a word with a capital
    "word",  # any other word
    ",", ";", ":", ".", "-", "(", ")", '"',  # punctuation marks, as themselves
    "",  # beyond either end of the sentence
]  # fmt: skip
"""What a chunk is."""
Role = Literal[
    "base", "third", "ing", "past",  # of a transitive verb: kill, kills, killing, killed
    "died", "dying",  # of an intransitive one; and its form in -ing
    "state",  # a predicate: "dead", "missing"
    "event",  # a noun for what happened: "death of"
    "count",  # a noun that counts: "12 deaths"
    "toll",  # a noun for the number itself: "death toll"
    "unharmed",
]  # fmt: skip
"""What a cue can do in a sentence."""
Roles = Mapping[Role, Kind]
"""What a cue can do, each with the kind of harm that it tells then."""


@dataclass(frozen=True, slots=True)
class PersonNoun:
    """A noun that denotes people: one of them or several, and of which class."""

    plural: bool
    victim_class: VictimClass
    demonym: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lower-case word tables; see the data files for their contents.

    `closed` maps a word to its tag, `cues` to its kind by grammatical role, `partners`
    an everyday word to the beginnings of words one of which must stand in its sentence, `deadly` a verb that kills only
    "to death" to its roles.
    """

    people: Mapping[str, PersonNoun]
    closed: Mapping[str, Tag]
    cues: Mapping[str, Roles]
    particles: Mapping[str, frozenset[str]]
    units: Mapping[str, RejectReason]
    sets: Mapping[str, frozenset[str]]
    partners: Mapping[str, tuple[str, ...]]
    deadly: Mapping[str, Roles]

    def person(self, word: str) -> PersonNoun | None:
        """The noun for a person that `word` (lower case) is, by entry or by its last compound part."""
        found = self.people.get(word)
        if found is None and "-" in word:
            first, of, _ = word.partition("-of-")  # "a mother-of-five"
            found = self.people.get(first if of else word.rsplit("-", 1)[1])
        return found


_CLOSED_ORDER: Final[Sequence[tuple[str, Tag]]] = (
    ("verb", "verb"),
    ("suffer", "suffer"),
    ("predicative", "verb"),
    ("claim", "claim"),
    ("leave", "leave"),
    ("temporal", "day"),
    ("reporting", "say"),
    ("preposition", "preposition"),
    ("adverb", "adverb"),
    ("but", "but"),
    ("pronoun", "pronoun"),
    ("wh", "who"),
    ("determiner", "determiner"),
    ("have", "have"),
    ("be", "be"),
    ("modal", "modal"),
    ("negation", "not"),
    ("and", "and"),
    ("to", "to"),
    ("of", "of"),
    ("by", "by"),
)
"""Word lists of `words.json` with their tags; a later list overrules an earlier one."""

_CUE_SECTIONS: Final = ("transitive", "intransitive", "predicate", "event", "count", "toll")
_TRANSITIVE_ROLES: Final[Sequence[Role]] = ("base", "third", "ing", "past", "past")
_INTRANSITIVE_ROLES: Final[Sequence[Role]] = ("died", "died", "dying", "died", "died")


@cache
def load(language: str) -> Lexicon:
    """The lexicon of a language, read once per process from its folder in `core/languages/`."""
    words = _read(language, "words")
    sets = {name: frozenset(text.split()) for name, text in {**words, **_read(language, "frames")}.items()}
    cues, particles = _cue_table(_read(language, "cues"))
    closed: dict[str, Tag] = {}
    for name, tag in _CLOSED_ORDER:
        closed.update(dict.fromkeys(words[name].split(), tag))
    units: dict[str, RejectReason] = {}
    for reason, text in _read(language, "units").items():
        units.update(dict.fromkeys(text.split(), reason))
    nothing: dict[str, Any] = {section: {} for section in _CUE_SECTIONS}
    deadly = _cue_table({**nothing, "unharmed": "", **_read(language, "cues")["to_death"]})[0]
    return Lexicon(_people_table(language), closed, cues, particles, units, sets, _partners(language), deadly)


def _read(language: str, name: str) -> Any:
    return table(language, name)


def _text(language: str, file: str) -> str:
    return resources.files(f"stream_app.core.languages.{language}").joinpath(file).read_text(encoding="utf-8")


def _partners(language: str) -> dict[str, tuple[str, ...]]:
    """Everyday words that tell of casualties only beside one of their partners: "home" beside "forced"."""
    return {
        word: tuple(partner.replace("\u00a0", " ") for partner in partners.split(" "))
        for words, partners in _read(language, "partners").items()
        for word in words.split(" ")
    }


def _people_table(language: str) -> dict[str, PersonNoun]:
    demonyms = _text(language, "demonyms.txt").split()
    table = {}
    for demonym in demonyms:
        noun = PersonNoun(plural=False, victim_class="unknown", demonym=True)
        table[demonym] = noun
        if demonym not in _NO_BARE_PLURAL and not demonym.endswith("ese"):
            table[_plural(demonym)] = PersonNoun(plural=True, victim_class="unknown", demonym=True)
    classes: Mapping[VictimClass, str] = _read(language, "people")
    for victim_class, text in classes.items():
        for word in text.split():
            plural = word in _ALWAYS_PLURAL or _PLURAL_FORM.fullmatch(word) is not None
            table[word] = PersonNoun(plural=plural, victim_class=victim_class)
            if not plural:
                table[_plural(word)] = PersonNoun(plural=True, victim_class=victim_class)
    return table


def _plural(word: str) -> str:
    """The regular plural, or the irregular one that is listed."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("man"):
        return word[:-3] + "men" if not word.endswith(("german", "human", "roman", "turkman")) else word + "s"
    if word.endswith("child"):
        return word + "ren"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s")


def _cue_table(data: dict[str, Any]) -> tuple[dict[str, dict[Role, Kind]], dict[str, frozenset[str]]]:
    """Kinds by word and role; and for verbs with a particle ("gun down") the particles by verb form."""
    cues: dict[str, dict[Role, Kind]] = {}
    particles: dict[str, set[str]] = {}
    for section, roles in (("transitive", _TRANSITIVE_ROLES), ("intransitive", _INTRANSITIVE_ROLES)):
        for kind, verbs in data[section].items():
            for verb in verbs:
                for form, role in zip(verb.split(), roles, strict=False):
                    cues.setdefault(form, {})[role] = kind
                    if "_" in form:
                        head, particle = form.split("_")
                        particles.setdefault(head, set()).add(particle)
    for section, role in (("predicate", "state"), ("event", "event"), ("count", "count"), ("toll", "toll")):
        for kind, text in data[section].items():
            for word in text.split():
                cues.setdefault(word, {})[role] = kind
    for word in data["unharmed"].split():
        cues.setdefault(word, {})["unharmed"] = "injured"
    return cues, {head: frozenset(tails) for head, tails in particles.items()}
