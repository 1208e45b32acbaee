"""The events that move between the hops, and the annotations that taggers make: frozen values, nothing else.

Field names are the names in the published JSON (schemas/), so a model needs no mapping to be written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

FieldName = Literal["title", "text"]
Kind = Literal["killed", "injured", "missing", "abducted", "captured", "displaced", "casualty"]
Qualifier = Literal["exact", "at_least", "at_most", "about", "range", "vague"]
Assertion = Literal[
    "actual", "negated", "denied", "forecast", "hypothetical", "alleged", "historical", "generic", "fictional",
]  # fmt: skip
CauseKind = Literal[
    "airstrike", "shelling", "drone", "bombing", "shooting", "stabbing", "clash", "raid", "abduction", "protest",
    "execution", "earthquake", "flood", "storm", "landslide", "wildfire", "volcano", "heat", "cold", "fire", "collapse",
    "road", "rail", "sea", "air", "industrial", "crowd", "epidemic", "poisoning", "other",
]  # fmt: skip
VictimClass = Literal["civilian", "combatant", "police", "child", "journalist", "aid_worker", "perpetrator", "unknown"]
PlaceType = Literal["place", "demonym", "facility", "region", "sea"]
Unresolved = Literal["ambiguous", "unknown"]
RejectReason = Literal[
    "age", "share", "distance", "time", "money", "ordinal", "equipment", "measure", "rate", "animal", "sport",
    "not_people", "language",
]  # fmt: skip

KINDS: tuple[Kind, ...] = ("killed", "injured", "missing", "abducted", "captured", "displaced", "casualty")


def takes_back(metadata: Mapping[str, Any]) -> bool:
    """Whether an article's metadata says that its source takes it back: a number or a date is something else.

    >>> takes_back({"withdrawn": True}), takes_back({"withdrawn": "false"}), takes_back({"withdrawn": 12})
    (True, False, False)
    """
    told = metadata.get("withdrawn")
    return told is True or (isinstance(told, str) and told.strip().lower() in ("true", "yes", "1"))


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as a producer sent it, validated.

    `published_at` is RFC 3339 in UTC ("2022-02-28T17:00:00Z") or None. `metadata` holds the producer's own object and,
    beside it, every field that the contract does not know.
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published_at: str | None = None
    language: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_withdrawn(self) -> bool:
        """Whether its source takes it back."""
        return takes_back(self.metadata)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says so: the words, as code points into the field of the figure that carries it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cause:
    """What happened, from a closed list, and the words that say so: code points into `field`."""

    kind: CauseKind
    field: FieldName
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class CasualtyFigure:
    """A number of people and what happened to them, traceable to its words.

    `start` and `end` are code points into `field`; `low <= high` in persons, `high` is None when the text gives no
    ceiling ("at least 12"). A negated figure ("no one was hurt") is 0..0. `phrase` is the quantity as written.
    `cue` is the word that set the assertion ("feared", "no"), when one did. `place` is an index into the places of the
    same event. `in_toll` is True for the figures that the article's toll is made of. `cause` is what happened to these
    people where that is not the article's own cause.
    """

    field: FieldName
    start: int
    end: int
    text: str
    kind: Kind
    low: int
    high: int | None
    qualifier: Qualifier
    phrase: str
    convention: str
    victims: str
    victim_class: VictimClass
    assertion: Assertion
    cue: str | None
    attribution: Attribution | None
    place: int | None
    in_toll: bool
    rule: str
    cause: CauseKind | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """What looked like a figure and is not, and why."""

    field: FieldName
    start: int
    end: int
    text: str
    reason: RejectReason
    rule: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A gazetteer entry that a toponym may denote."""

    geonames_id: int
    name: str
    country_code: str
    feature_code: str
    score: float


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A district, province or country that a place lies in; no id for what only our supplement knows."""

    geonames_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A toponym and the gazetteer entry it denotes; `geonames_id` is None with `unresolved` saying why, never a guess.

    A sea, region or facility that GeoNames-derived packages lack may be resolved by our supplement: then it has
    coordinates but no `geonames_id`, and `unresolved` is None. `confidence` is the calibrated probability that
    the entry is the right one (0..1). `ancestors` are what it lies in, from the narrowest to the country.

    A name that no gazetteer knows may have the entry of what the text says it lies in, with the rule "within".
    """

    field: FieldName
    start: int
    end: int
    text: str
    geonames_id: int | None
    name: str | None
    lat: float | None
    lon: float | None
    country_code: str | None
    admin1: str | None
    admin2: str | None
    feature_class: str | None
    feature_code: str | None
    type: PlaceType
    confidence: float
    rule: str
    unresolved: Unresolved | None = None
    metonym: bool = False
    candidates: Sequence[Candidate] = ()
    ancestors: Sequence[Ancestor] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number of persons: at least `low`; at most `high`, or no stated ceiling when None."""

    low: int
    high: int | None


Toll = Mapping[Kind, Bounds]


@dataclass(frozen=True, slots=True)
class LanguageFound:
    """The language of an article (ISO 639-1, or 639-3 where that has none) and how sure that is, from 0 to 1."""

    language: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article, in its plain text, that is surely in another language than most of it."""

    field: FieldName
    start: int
    end: int
    found: LanguageFound


@dataclass(frozen=True, slots=True)
class Tagged:
    """Everything the taggers have said of one article so far; each tagger returns a fuller one."""

    casualties: Sequence[CasualtyFigure] = ()
    rejected: Sequence[Rejected] = ()
    places: Sequence[Place] = ()
    toll: Toll = field(default_factory=dict)
    cause: Cause | None = None
    language_found: LanguageFound | None = None
    passages: Sequence[Passage] = ()


Verdict = Literal["unique", "exact", "near", "revision"]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that a revision words otherwise: as the earlier article has it, and as this one has it."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """What duplicate search says of an article.

    `of` is the article that it repeats or revises, None for a unique one. `similarity` is the share (0..1) of the
    smaller article's wording that both have. `why` says in words what the verdict rests on. `alters` is the article of
    another source that this one has in its wording, with other figures: such an article is unique, in the same cluster.
    `story_id` is the story that a source goes on telling, of which the last version stands: "" where that is the
    cluster's. `version` is how many versions of the story stood before this one.
    """

    verdict: Verdict
    of: str | None
    cluster_id: str
    similarity: float
    changes: Sequence[Change] = ()
    why: str = ""
    alters: str | None = None
    story_id: str = ""
    version: int = 0
