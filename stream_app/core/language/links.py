"""Parts of a page that are links to other stories: headlines under a heading such as "Top stories".

What they name belongs to other stories: it says nothing of where this one happened, nor which namesake is meant in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Protocol

from stream_app.core.events import FieldName
from stream_app.core.language.tables import USUAL, table

_DATA: Final = table(USUAL, "furniture")
_HEADINGS: Final = "|".join(
    re.escape(phrase).replace("\\ ", r"\s+").replace("'", "['’]") for phrase in [*_DATA["links"], *_DATA["sections"]]
)
_HEADING: Final = re.compile(rf"\W{{0,5}}(?:{_HEADINGS})\W{{0,5}}(?=$|\b(?<=[:|»>] ))", re.IGNORECASE)
"""A line that is such a heading, or that begins with one and a mark: "Read also: Ferry sinks"."""
_INLINE: Final = re.compile(
    r"\W{0,5}(?:"
    + "|".join(
        re.escape(phrase).replace("\\ ", r"\s+").replace("'", "['’]") for phrase in [*_DATA["links"], *_DATA["inline"]]
    )
    + rf"|(?:{'|'.join(_DATA['links_to'])}) [^:.\n]{{2,30}})\s?[:|»>]",
    re.IGNORECASE,
)
"""The same inside a paragraph, where only a mark makes it one."""
_LONGEST: Final = 160
"""Characters of a headline."""
_ENDED: Final = re.compile(r"(?<!\.\.)\.[\"'”’)]?\s*\Z")


class Told(Protocol):
    """What stands somewhere in a field."""

    @property
    def field(self) -> FieldName:
        """Title or text."""

    @property
    def start(self) -> int:
        """Its first character."""


def is_linked(told: Told, rows: Sequence[tuple[int, int]]) -> bool:
    """Whether something stands in one of these rows of links of the text."""
    return told.field == "text" and any(start <= told.start < end for start, end in rows)


def is_link(sentence: str) -> bool:
    """Whether a sentence is a link to another story.

    >>> is_link("READ ALSO: Ferry sinks"), is_link("Related news is thin.")
    (True, False)
    """
    return _INLINE.match(sentence) is not None


@lru_cache(maxsize=16)  # several taggers ask of a text, and so many go together through each
def links(text: str) -> Sequence[tuple[int, int]]:
    r"""Start and end of each row of links, its heading included; in order.

    A row ends before the next paragraph: a long line, or one that ends as sentences do.

    >>> links("Two died in Leeds.\nTop stories\nStorm hits Rome\nMore trains\nIt rained, police said.")
    ((19, 59),)
    """
    if "\n" not in text:
        return ()
    found: list[tuple[int, int]] = []
    start = at = text.find("\n") + 1
    inside = False
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at : min(end, at + _LONGEST + 1)].strip()
        heading = _HEADING.match(line) is not None
        goes_on = inside and len(line) <= _LONGEST and not _ENDED.search(line)
        if heading and not inside:
            start = at
        if inside and not heading and not goes_on:
            found.append((start, at))
        inside = heading or goes_on
        at = end + 1
    if inside:
        found.append((start, len(text)))
    return tuple(found)
