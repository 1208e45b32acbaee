"""Who tells: the outlet of an article, and the agency whose wire its text names, each under one name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from stream_app.core.events import Article
from stream_app.core.language.any_case import AnyCase
from stream_app.core.language.plain import plain
from stream_app.core.language.tables import USUAL, table
from stream_app.core.sources.address import domain_of

UNKNOWN: Final = ""
_ARTICLE: Final = f"{table(USUAL, 'furniture')['article']} "
GRADES: Final = "ABCDEF"
"""Reliability of a source after the Admiralty system: A reliable ... E unreliable, F cannot be judged."""
_LONGEST_NAME: Final = 200
_OPENING: Final = 250
_CLOSING: Final = 300
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANKS: Final = re.compile(r"[\W_]+")


class Source(NamedTuple):
    """Who tells of something: `outlet` and `wire` are registered domains or folded names, "" where unknown."""

    outlet: str
    wire: str

    def is_same(self, other: Source) -> bool:
        """Whether the other is the same outlet; an unknown one is nobody else's.

        >>> Source("dawn.com", "").is_same(Source("dawn.com", "apnews.com")), Source("", "").is_same(Source("", ""))
        (True, False)
        """
        return bool(self.outlet) and self.outlet == other.outlet


class SourcesError(ValueError):
    """A file of sources that cannot be read: the message names the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of outlets and agencies.

    `aliases` map a folded name or a domain to the outlet's own domain, `marks` what an agency writes in datelines to
    its domain, `grades` an outlet to its reliability (A to F) as the operator sees it. `agencies` are
    the domains of agencies.
    """

    aliases: Mapping[str, str]
    marks: Mapping[str, str]
    grades: Mapping[str, str] = field(default_factory=dict)
    agencies: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "agencies", frozenset(self.marks.values()))

    def of(self, article: Article) -> Source:
        """The outlet of an article, by its `source` or else by its `url`, and the wire that its text names.

        >>> sources = builtin()
        >>> sources.of(Article(id="1", text="KABUL (AP) - Two died.", source="BBC News"))
        Source(outlet='bbc.co.uk', wire='apnews.com')
        >>> sources.of(Article(id="1", text="Two died.", url="https://www.bbc.com/news/1"))
        Source(outlet='bbc.co.uk', wire='')
        >>> sources.of(Article(id="1", text="Two died."))
        Source(outlet='', wire='')
        """
        outlet = self.named(article.source) or self._addressed(article.url)
        return Source(outlet, outlet if outlet in self.agencies else self.wire_of(plain(article.text).text))

    def named(self, name: str | None) -> str:
        """The outlet that a producer names, by its domain or in words."""
        if not name:
            return UNKNOWN
        domain = domain_of(name) if "." in name or "/" in name else ""
        if domain:
            return self.aliases.get(domain, domain)
        if "://" in name:
            return UNKNOWN
        folded = fold(name)
        return self.aliases.get(folded, folded)

    def _addressed(self, url: str | None) -> str:
        domain = domain_of(url)
        return self.aliases.get(domain, domain)

    def wire_of(self, text: str) -> str:
        """The agency that the text names as its own: in the dateline, or in the credit at its end."""
        for found in _MARKED.finditer(text[:_OPENING]):
            if (agency := self.marks.get(found[1] or found[2])) is not None:
                return agency
        closing = text[-_CLOSING:]
        for found in CREDITED.finditer(closing) if may_be_credited(closing) else ():
            words = found[1] or found[2] or found[3]
            agency = self.marks.get(words.rstrip(".")) or self.aliases.get(fold(words))
            if agency in self.agencies:
                return str(agency)
        return UNKNOWN

    def grade(self, outlet: str) -> str:
        """The reliability of an outlet, F where the operator says nothing."""
        return self.grades.get(outlet, "F")


_NAME: Final = r"[^\W\d_][\w .'-]{0,30}"


def _any(name: str) -> str:
    return "|".join(map(re.escape, table(USUAL, "furniture")[name]))


_MARKED: Final = re.compile(rf"\(({_NAME})\)(?:\s*[-–—:]|\s)|[-–—]\s?({_NAME}?)\s?[-–—]")
CREDITED: Final = re.compile(
    rf"(?:{_any('rights')})\s*(?:\d{{4}}\s*)?({_NAME}?)(?:[.,]|\s*$|\s+(?:{_any('credited')}))"
    rf"|(?:{_any('sources')})\s*:\s*({_NAME}?)(?:[.,;]|\s*$)"
    rf"|[(\[—–-]\s?({_NAME}?)\s?[)\]]?\s*$",
    re.IGNORECASE,
)


_CREDITING: Final = AnyCase(rf"{_any('rights')}|{_any('sources')}")
_SIGNS: Final = frozenset("([—–-")
_LAST: Final = 36
"""Characters, the longest name among them, before the end of a text in which a credit without any word may begin."""


def may_be_credited(closing: str) -> bool:
    """Whether a text's end may hold a credit: most hold none, which is told in a fifth of the time.

    >>> may_be_credited("He left. (AP)"), may_be_credited("Source: AP."), may_be_credited("He left.")
    (True, True, False)
    """
    return not _SIGNS.isdisjoint(closing.rstrip()[-_LAST:]) or _CREDITING.search(closing) is not None


def fold(name: str) -> str:
    """A name as it is compared: no case, marks, article or runs of blanks.

    >>> fold("The  Times of India!"), fold("BBC News")
    ('times of india', 'bbc news')
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", name[:_LONGEST_NAME])).casefold()
    return _BLANKS.sub(" ", plain).strip().removeprefix(_ARTICLE)


@cache
def builtin() -> Sources:
    """The outlets and agencies that are known without an operator's file."""
    aliases: dict[str, str] = {}
    marks: dict[str, str] = {}
    for agency, written, names in _rows(_shipped("wires.tsv"), 3):
        marks.update(dict.fromkeys(written.split("|"), agency))
        aliases.update(_named(agency, f"{written}|{names}"))
    for outlet, names in _rows(_shipped("outlets.tsv"), 2):
        aliases.update(_named(outlet, names))
    aliases.update(dict.fromkeys((line for line in _shipped("nobody.txt") if not line.startswith("#")), UNKNOWN))
    return Sources(aliases, marks)


def extended(base: Sources, lines: Iterable[str]) -> Sources:
    r"""The same with an operator's lines: outlet, grade (A to F, or empty), other names separated by |; tabs between.

    Raises:
        SourcesError: a line is none of that; the message says which.

    >>> mine = extended(builtin(), ["lake-herald.example\tB\tLake Herald|lakeherald.example"])
    >>> mine.named("The Lake Herald"), mine.grade("lake-herald.example")
    ('lake-herald.example', 'B')
    """
    aliases, grades = dict(base.aliases), dict(base.grades)
    for number, line in enumerate(lines, 1):
        row = line.rstrip("\r\n")
        if not row.strip() or row.startswith("#"):
            continue
        outlet, grade, names = (*(cell.strip() for cell in row.split("\t")), "", "")[:3]
        if grade and (len(grade) > 1 or grade not in GRADES):
            raise SourcesError(f"line {number}: the grade {grade!r} is none of {', '.join(GRADES)}")
        domain = base.named(outlet)
        if not domain:
            raise SourcesError(f"line {number}: no outlet in {row[:60]!r}")
        aliases.update(_named(domain, names))
        if grade:
            grades[domain] = grade
    return Sources(aliases, base.marks, grades)


def _named(outlet: str, names: str) -> dict[str, str]:
    return {_key(name): outlet for name in names.split("|") if name}


def _key(name: str) -> str:
    return (domain_of(name) if "." in name and " " not in name else "") or fold(name)


def _shipped(file: str) -> list[str]:
    return resources.files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines()


def _rows(lines: Iterable[str], cells: int) -> Iterator[list[str]]:
    for line in lines:
        if line and not line.startswith("#"):
            row = line.split("\t")
            assert len(row) == cells, line
            yield row
