"""Lines that surround a story on a web page and belong to none: told by their wording alone.

A site's own footers need no list: the matcher learns them (`core.dedup.footers`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stream_app.core.dedup.scripts import CHARACTER
from stream_app.core.dedup.words import is_number
from stream_app.core.language.tables import USUAL, table

_TABLE: Final = table(USUAL, "furniture")


def _any(name: str) -> str:
    """An expression for one of the phrases of a list, with any blanks and apostrophes."""
    phrases = (re.escape(phrase).replace("\\ ", r"\s+").replace("'", "['\u2019]") for phrase in _TABLE[name])
    return f"(?:{'|'.join(phrases)})"


_PHRASES: Final[Sequence[str]] = _TABLE["phrases"]
_HEADING = re.compile(rf"\W*{_any('headings')}\W*(?:$|:|\u00bb|>|/)")
"""As in "Related:", "File photo"."""
_COUNTER = re.compile(rf"\d {_any('counted')}\b")
"""As in "12 comments"."""
_BYLINE = re.compile(
    rf"""
      \W*{_any("by")}\s+[A-Z\u00c0-\u00de][^.!?]{{2,80}}$  # By Ann Lee
    | .*\b{_any("staff")}\W*$                                 # Ann Lee, staff writer
    | \W*{_any("dated")}\b[^.!?]*\d[^.!?]*$                  # Published 3 May 2014
    | [^.!?]{{0,60}}\b{_any("updated")}\W+\d[^.!?]{{0,30}}$  # The Post, updated 12:30
    | [^.!?]{{0,80}}[\u2014\u2013-]\s*$                      # LONDON --
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[.!?\"'\u201d\u2019)\u3002\uff01\uff1f\u0964\u0965\u06d4\u17d4\u104b\u300d]\W*$")
_UNPARTED = re.compile(f"{CHARACTER}{{12}}")
"""A dozen characters of a script without blanks, or of long words."""
_WORDS_UNPARTED: Final = 5
_MAX_LENGTH = 240
_MOST_LINES = 500
"""Lines of furniture that are looked for at either end."""
_FIGURE = re.compile(r"(?<![A-Za-z])\d")
_TEASER = re.compile(rf"(?:\.\.\.|\u2026)\W*{_any('more')}?\W*$", re.IGNORECASE)


def is_boilerplate(line: str) -> bool:
    """Whether a line is page furniture by its wording, or too short to be a sentence and without a figure.

    >>> is_boilerplate("Subscribe to our newsletter!"), is_boilerplate("He gave up his subscription in May of 1990.")
    (True, False)
    """
    if len(line) > _MAX_LENGTH:
        return False
    words = len(line.split()) + _WORDS_UNPARTED * (not line.isascii() and bool(_UNPARTED.search(line)))
    if words <= 40 and _has_phrase(line.lower()):
        return not _TEASER.search(line) or words <= 6
    if words <= 14 and _BYLINE.match(line):
        return True
    if words <= 4:
        return not (_FIGURE.search(line) or _SENTENCE_END.search(line) or any(map(is_number, line.split())))
    return False


def _has_phrase(line: str) -> bool:
    """Whether a line in lower case has the wording of page furniture."""
    # One pass a phrase: a regular expression of so many alternatives takes 20 times as long, a generator twice.
    for phrase in _PHRASES:
        if phrase in line:
            return True
    return bool(_HEADING.match(line) or _COUNTER.search(line))


def _repeats(line: str, title: frozenset[str]) -> bool:
    """Whether a line is the headline once more: at least half of its words are the title's."""
    if len(line) > _MAX_LENGTH and len(frozenset(line[:_MAX_LENGTH].lower().split())) > 2 * len(title) + 1:
        return False  # Too many other words already, the last of which may be cut: no need to look at them all.
    words = frozenset(line.lower().split())
    return bool(words) and 2 * len(words & title) >= max(len(words), len(title))


def story(text: str, title: str | None) -> str:
    r"""The text without the furniture at its two ends; all of it when nothing else would be left.

    >>> story("By Ann Lee | The Post\nTwo men died when it rained.\nShare this:", None)
    'Two men died when it rained.'
    """
    if "\n" not in text:
        return _without_credits(text)
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    headline = frozenset((title or "").lower().split())
    first, last = 0, len(lines)
    while first < min(last, _MOST_LINES) and (_repeats(lines[first], headline) or is_boilerplate(lines[first])):
        first += 1
    last = _before_links(lines, first, last)
    most = max(first, last - _MOST_LINES)
    while last > most:
        lines[last - 1] = _without_credits(lines[last - 1])
        if not is_boilerplate(lines[last - 1]):
            break
        last -= 1
    return "\n".join(lines[first:last]) if last > first else text


def _before_links(lines: list[str], first: int, last: int) -> int:
    """Where the links to other stories begin: at their heading, when short lines follow it to the end."""
    for at in range(last - 1, max(first, last - _MOST_LINKS) - 1, -1):
        if len(lines[at]) > _MAX_LENGTH:
            return last
        if at > first and _LINKS.match(lines[at].strip()):
            return at
    return last


def _without_credits(text: str) -> str:
    """The text without the sentences at its end that say who wrote it, or ask to subscribe.

    >>> _without_credits("Two men died on Monday when it rained in Leeds. (Reporting by Ann Lee; Editing by Bo Hu)")
    'Two men died on Monday when it rained in Leeds.'
    """
    for _ in range(_MOST_CREDITS):
        tail = text[-_MAX_LENGTH:]
        found = _CREDIT.search(tail)
        if found is None or len(text) - len(tail) + found.start() < _LEAST_STORY:
            break
        text = text[: len(text) - len(tail) + found.start()].rstrip()
    return text


_MOST_LINKS: Final = 12
_MOST_CREDITS: Final = 4
_LEAST_STORY: Final = 40
_LINKS: Final = re.compile(rf"\W*(?:{_any('links')}|{_any('links_to')} \w+)\W*", re.IGNORECASE)
_REST: Final = r"[^.!?\n]{0,160}"
"""The rest of a sentence."""
_CREDITS: Final = (
    # (Reporting by A. Writer in Kabul; Editing by B. Editor)
    (
        rf"(?:[(\[\u2014\u2013-]\s*)?(?:{_any('further')}\s+)?{_any('made')}"
        rf"\s+(?:{_any('joint')}\s+\w+\s+)?{_any('made_by')}\b{_REST}(?:\b[A-Z]\.{_REST}){{0,6}}[.)\]]*"
    ),
    rf"\(?{_any('with')}\s+{_any('inputs')}\b{_REST}[.)]*",  # (With inputs from agencies)
    # Associated Press writer Ann Lee contributed to this report.
    rf"[(\[]?{_any('agency_staff')}{_REST}{_any('contributed')}\b{_REST}[.)\]]*",
    # This material may not be published, broadcast, rewritten or redistributed.
    rf"{_any('this_material')}\b{_REST}\b{_any('may_not')}\b{_REST}[.)]*",
    rf"{_any('read_on')}\s*:{_REST}[.!?]*",  # Read also: Ferry sinks
    rf"(?:{_any('please')}\s+)?{_any('asks')}\b{_REST}[.!]*",  # Sign up for our newsletter.
    # This story was first published on the site of another paper.
    rf"{_any('piece')}\s+{_any('was')}\b{_REST}\b{_any('made_public')}\b{_REST}[.!]*",
    rf"{_any('rights')}\s[^!?\n]{{0,120}}|{_any('all_rights')}[.!]?",  # © 2022 AFP
    rf"[(\[\u2014\u2013-]+\s*{_any('agencies')}\s*[)\]\u2014\u2013-]*|{_any('alone')}",  # (AP)
)
_CREDIT: Final = re.compile(rf"(?:(?<=[.!?\"'\u201d\u2019)\]])|(?<=\n))\s*(?:{'|'.join(_CREDITS)})\s*$", re.IGNORECASE)
"""The last sentence of a story where it says who wrote it, or speaks to the reader."""


_SIGN_OFF = re.compile(rf"(?<=[.!?\"'\u201d\u2019)])\s*[-(]*{_any('sign_offs')}[-)]*\W*$")


_TAIL = 100
"""How much of a text's end is looked at, in characters."""


def is_cut(text: str) -> bool:
    """Whether the text breaks off: mid-sentence, or with a mark that says there is more.

    >>> is_cut("He said that the"), is_cut("It rained... [Read more]"), is_cut("It rained.")
    (True, True, False)
    """
    tail = text[-_TAIL:].rstrip()
    if tail[-1:] == "." and "..." not in tail and "\u2026" not in tail:
        return False  # as most do, with a sign-off or without
    tail = _SIGN_OFF.sub("", tail).rstrip()
    return bool(_TEASER.search(tail)) or not _SENTENCE_END.search(tail)
