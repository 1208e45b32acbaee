"""Captions of pictures in a story: told by a credit, or by how they begin. Sites put them anywhere, or leave them out.

A caption stays part of the wording: another figure in it is a change. That it is there or not is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from stream_app.core.language.tables import every

_TABLES: Final = every("copies")


def _any(name: str) -> str:
    """An expression for one of the words of a list, in whatever language; `_` in them stands for a blank."""
    words = {word for table in _TABLES.values() for word in table.get(name, "").split()}
    phrases = (
        r"\s+".join(map(re.escape, word.split("_"))) for word in sorted(words, key=lambda word: (-len(word), word))
    )
    return f"(?:{'|'.join(phrases)})"


_PICTURE: Final = rf"\b{_any('picture')}\b"
_INSIDE: Final = r"[^()\[\]\n|]"
_IN_BRACKETS: Final = (
    rf"[(\[|]\s*+(?:{_INSIDE}{{0,60}}?{_PICTURE}[^()\[\]\n]{{0,100}}"
    rf"|{_INSIDE}{{1,60}}/\s*+{_any('agency')}[^()\[\]\n]{{0,40}})[)\]]+"
)
"""As in "(AP Photo/Ann Lee)", "[Ann Lee/Reuters]"."""
_BARE: Final = (
    rf"(?:(?<=[.!?\"'\u201d\u2019)\u3002\n|])|^)\s*+(?:\w{{1,12}}\s+){{0,2}}?{_PICTURE}\s*+"
    rf"(?:{_any('credited_by')}\s*+)?[:\uff1a/=|]\s*+[^.!?:\n\u3002]{{2,60}}\.?\s*+$"
)
"""As in "Photo: Ann Lee" at the end of a line."""
_AGENCY_PICTURE: Final = rf"(?:[A-Z]\w+\s+){{0,3}}\b{_any('agency')}\s+{_PICTURE}\.?\s*+$"
"""As in "Ann Lee AP Photo" at the end of a line."""
_ENDS: Final = re.compile(rf"(?:{_IN_BRACKETS}\s*+\.?\s*+$|{_BARE}|{_AGENCY_PICTURE})", re.IGNORECASE | re.MULTILINE)
_CREDIT: Final = re.compile(_IN_BRACKETS, re.IGNORECASE)
_BEGINS: Final = re.compile(
    rf"\W{{0,3}}(?:{_any('caption')}\b|{_any('picture')}\s*+[:\uff1a]|{_any('file')}\s*+[:\u2014\u2013-]|"
    rf"{_any('in_this')}\s+(?:\S+\s+){{0,3}}?{_PICTURE})",
    re.IGNORECASE,
)
"""As in "Image caption", "FILE - In this photo"."""


def _traces() -> tuple[str, ...]:
    """What every caption without a stroke has one of, the shortest of those that begin, hold or end one another."""
    listed = {
        word.split("_")[0]
        for table in _TABLES.values()
        for name in ("picture", "caption", "file")
        for word in table.get(name, "").split()
    }
    return tuple(sorted(word for word in listed if not any(other in word for other in listed - {word})))


_TRACES: Final = _traces()
_FOREIGN: Final = re.compile("[^\x00-\u036f\u2000-\u206f]")
"""What is no Latin letter, and no mark of a text in them."""
_LATIN_TRACES: Final = tuple(trace for trace in _TRACES if not _FOREIGN.search(trace))
"""Without one of these in it, or an agency behind a stroke, a text or line has no captions."""
_UNLIKE: Final = re.compile("[\u0130\u0131\u017f\u212a]")
"""Letters that are equal to ASCII ones only where case is ignored: a line with one is read whatever else is in it."""
_STROKE: Final = re.compile(rf"/\s?{_any('agency')}[)\]]")
_TOWN: Final = r"[A-Z][A-Z'\u2019-]{2,20}(?:[ -][A-Z][A-Z'\u2019-]{1,20}){0,3}"
_DATELINE: Final = re.compile(
    rf"(?:(?<=[.!?\"'\u201d\u2019)])|(?<=\n)|(?<=\w))\s+(?={_TOWN}"
    r"(?:,\s[A-Z][\w.]{1,20}(?:\s[A-Z][\w.]{1,20})?)?\s\([A-Z][\w .]{1,20}\)\s*[-\u2014\u2013]{1,2}\s)"
)
"""Before the place from which an agency tells: "OSLO (AP) -"."""
_DATED: Final = re.compile(r"\)\s*[-\u2014\u2013]{1,2}\s")
"""How every dateline ends: to look for that first takes a fraction of the time."""
_STOP: Final = re.compile(r"[.!?\u3002\uff01\uff1f]+[\"'\u201d\u2019)]*\s+|\n")
_LONGEST: Final = 700
"""Characters of a caption."""
_ENDING: Final = 250
"""A credit at the end of a line stands within its last characters."""
_MOST: Final = 60
"""Captions of one text that are looked at."""
_HEAD: Final = 6000
"""So far a text is searched for the place from which it is told."""

Span = tuple[int, int]


def captions(text: str) -> list[Span]:
    r"""Where the captions of a text stand, in order and disjoint; never all of it.

    >>> text = "A man died in Oslo.\nThe harbour on Friday. (AP Photo/Ann Lee)\nHe fell from a boat."
    >>> [text[start:end] for start, end in captions(text)]
    ['The harbour on Friday. (AP Photo/Ann Lee)']
    """
    lower = text.lower()
    # One pass a word: a regular expression of so many alternatives takes far longer.
    latin = lower.isascii() or not _FOREIGN.search(lower)
    traces = [trace for trace in (_LATIN_TRACES if latin else _TRACES) if trace in lower]
    if not traces and ("/" not in text or not _STROKE.search(text)):
        return []
    found: list[Span] = []
    if (head := _before_dateline(text)) is not None:
        found.append(head)
    at = found[-1][1] if found else 0
    alone = "\n" in text
    for start, end in _lines(text, at):
        if _may_have(text[start:end], traces):
            found.extend(_of_line(text, start, end, traces if alone else None))
        if len(found) >= _MOST:
            break
    return [] if sum(end - start for start, end in found) > 2 * len(text) // 3 else found


def _may_have(line: str, traces: Sequence[str]) -> bool:
    """Whether a line has a stroke in brackets or a trace of a caption: most have none, which takes no expression."""
    if "/" in line and (")" in line or "]" in line):
        return True
    lower = line.lower()
    for trace in traces:
        if trace in lower:
            return True
    return not line.isascii() and _UNLIKE.search(line) is not None


def _lines(text: str, at: int) -> Iterator[Span]:
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end > at:
            yield at, end
        at = end + 1


def _before_dateline(text: str) -> Span | None:
    """What stands before the place from which an agency tells, where it has a picture's credit."""
    place = _DATELINE.search(text, 0, _HEAD) if _DATED.search(text, 0, _HEAD) else None
    if place is None or not _CREDIT.search(text, 0, place.start()):
        return None
    return 0, place.start()


def _of_line(text: str, start: int, end: int, traces: Sequence[str] | None) -> Iterator[Span]:
    """The captions in a line: all of a short one, and in a long one what stands before each credit.

    `traces` are None where there is no other line: all of a text is no caption.
    """
    if traces is not None and end - start <= _LONGEST and _is_caption(text, start, end, traces):
        yield start, end
        return
    last = start
    for credit in _CREDIT.finditer(text, start, end):
        begin = _sentence(text, last, credit.start())
        yield (begin if credit.start() - begin <= _LONGEST else credit.start()), credit.end()
        last = credit.end()


def _is_caption(text: str, start: int, end: int, traces: Sequence[str]) -> bool:
    """Whether a line is a caption, by how it begins or by a credit at its end."""
    if _BEGINS.match(text, start, end):
        return True
    last = max(start, end - _ENDING)
    return _may_have(text[last:end], traces) and _ENDS.search(text, last, end) is not None


def _sentence(text: str, start: int, end: int) -> int:
    """Where the sentence begins that stands before a place, a stop at its own end apart."""
    end = start + len(text[start:end].rstrip().rstrip(".!?\u3002\"'\u201d\u2019"))
    last = start
    for stop in _STOP.finditer(text, start, end):
        last = stop.end()
    return last


_MONTH: Final = _any("months")
_DATES: Final = re.compile(
    rf"\b{_MONTH}\.?\s+\d{{1,2}}\b|\b\d{{1,2}}\.?\s+(?:\w{{1,3}}\s+)?{_MONTH}\b|\b(?:19|20)\d\d\b|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}"
    r"|,\s\d{1,3},|\b\d{1,3}-\w+-\w+\b|\d+\u5e74|\d+\u6708|\d+\u65e5",
    re.IGNORECASE,
)


def dates(text: str) -> Iterator[Span]:
    """Where a caption names a day, a year, or how old somebody is: figures that count nobody.

    >>> text = "Ann Lee, 31, in Oslo on March 3, 2024, where 12 died"
    >>> [text[start:end] for start, end in dates(text)]
    [', 31,', 'March 3', '2024']
    """
    return (found.span() for found in _DATES.finditer(text))
