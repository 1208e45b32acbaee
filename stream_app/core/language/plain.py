"""The plain text of a text as sent: one for duplicate search and taggers, with the way back to the words as sent.

Mark-up, entities, invisible characters, odd or doubled blanks, line ends, and letters and digits in other forms
(full-width, ligatures, decomposed, Arabic digits) say nothing: a text with them and one without are one text. So they
are folded once, before anything is read. Block elements end a line. What is no text (scripts, styles, comments), struck
out (`<del>`, `<s>`) or a footnote's number is left out. Superscripts and fractions stay: "12²" is not 122.
"""

from __future__ import annotations

import html
import html.entities
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from stream_app.core.language.characters import ALIKE, LONG, MARKS, UNSEEN, one_of

_ROUNDS: Final = 4
"""Mark-up in entities in entities, and so on: what is deeper is left as it is."""

_LINE, _PARAGRAPH, _ROW = "\n", "\n\n", "\v"
_BREAKS: Final = {
    _LINE: "br",
    _ROW: "tr td th li dt dd option caption legend summary",
    _PARAGRAPH: """
        p div h1 h2 h3 h4 h5 h6 hr ul ol dl menu dir table thead tbody tfoot blockquote section article aside nav header
        footer main figure figcaption address pre center details dialog fieldset form hgroup search html head body title
        frameset noscript""",
    " ": "img iframe video audio embed object picture canvas svg input button select textarea map",
    "": """
        a abbr acronym area b base bdi bdo big blink cite code col colgroup data datalist del dfn em font i ins kbd
        label link mark marquee meta meter nobr optgroup output param progress q rb rp rt rtc ruby s samp script slot
        small source span strike strong style sub sup template time track tt u var wbr""",
}
_ELEMENTS: Final = {name: instead for instead, names in _BREAKS.items() for name in names.split()}
"""HTML's elements, and what a tag of each stands for; a row begins a line unless one has begun."""
_UNTOLD: Final = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "del", "s", "strike")
} | {"!--": re.compile("-->"), "sup": re.compile(r"</sup\s*>", re.IGNORECASE)}
"""What ends an element that holds no text of the article."""
_TAG: Final = re.compile(
    r"""</?(?P<name>[A-Za-z][A-Za-z0-9]*(?:[:-][A-Za-z0-9-]+)?)(?=[\s/>])
        (?: (?: [^<>"']++ | "[^"<]*+" | '[^'<]*+' )*+ > | [^<>]*+> )""",
    re.VERBOSE,
)
"""A tag; marks of quotation may hold what would end it. None goes on beyond the next one's beginning."""
_ENDINGS: Final = frozenset({_LINE, _ROW, _PARAGRAPH})
_LINE_END: Final = re.compile(r"[ \t]*+\r?\n")
_DECLARATION: Final = re.compile(r"<(?:!\[CDATA\[|[!?][A-Za-z][^<>]*+>)")
_FOREIGN: Final = frozenset("-:")
"""Names with one of these are elements of the page's own, or of a word processor: "o:p", "amp-img"."""
_NOTE: Final = re.compile(
    r"<sup\b[^<>]*+> (?:<[^<>]*+>){0,8} [\s\[(]*+ \d{1,3} [\s\])]*+ (?:<[^<>]*+>){0,8} </sup\s*>",
    re.IGNORECASE | re.VERBOSE,
)
"""A footnote's number."""
_ENTITY: Final = re.compile(
    rf"""&(?:amp;|\#38;|\#x26;){{0,8}}
        (?P<name> (?: \#0{{0,8}}[0-9]{{1,7}} | \#[xX]0{{0,8}}[0-9a-fA-F]{{1,6}} | [A-Za-z][A-Za-z0-9]{{1,31}} ) ;
        | (?: \#0{{0,8}}[0-9]{{1,7}} | {"|".join(name for name in html.entities.html5 if name[-1] != ";")} )
          (?![A-Za-z0-9=;]) )""",
    re.VERBOSE,
)
"""A character by its name or number; without the semicolon only the old names, as browsers take them."""

_ODD: Final = re.compile(one_of({*ALIKE, *LONG, *UNSEEN, *"<&\r"}))
_ODD_ASCII: Final = bytes(byte for byte in range(0x80) if _ODD.match(chr(byte)))
_ALIKE: Final = re.compile(one_of(ALIKE))
_MARK: Final = re.compile(
    one_of({*LONG, *UNSEEN, *"<&]"}) + r"(?:(?<![<&\]])|(?<=<)(?=[A-Za-z/!?])|(?<=&)(?=[A-Za-z#])|(?<=\])(?=\]>))"
)
"""The set comes first, for the search skips to its members; then it is seen that a mark may begin there."""
_UNSEEN: Final = re.compile(one_of(UNSEEN, beyond=False) + "+")
_MARKED: Final = re.compile(one_of(MARKS) + "{1,30}")
"""Marks that join a letter: as many as Unicode's stream-safe format allows, for to sort them takes their square."""
_BLANKS: Final = re.compile("  +")
_RETURN: Final = re.compile("\r\n?")


class Stretches:
    """Where the stretches of a folded text come from: character by character or, where numbers differ, as a whole."""

    def __init__(self) -> None:
        self._at = array("q")
        self._starts = array("q")
        self._ends = array("q")

    def add(self, at: int, start: int, end: int) -> None:
        """What begins `at` in the folded text comes of `start` to `end`, or from `start` on one by one."""
        self._at.append(at)
        self._starts.append(start)
        self._ends.append(end)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where that came from which stands from `start` to `end` in the folded text; nothing comes of nothing."""
        first, _ = self._character(start)
        return first, self._character(end - 1)[1] if start < end else first

    def _character(self, at: int) -> tuple[int, int]:
        """Where the character at `at` came from."""
        number = bisect_right(self._at, at) - 1
        start, end = self._starts[number], self._ends[number]
        if end != _ONE_BY_ONE:
            return start, end
        start += at - self._at[number]
        return start, start + 1


_ONE_BY_ONE: Final = -1


class Plain(NamedTuple):
    """A folded text, and the steps that lead back from it to the text as sent: none when both are the same."""

    text: str
    steps: Sequence[Stretches] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as sent; marks at its two ends are left out, marks inside it are not.

        >>> raw = "killed <b>1</b>2&nbsp;people"
        >>> start, end = plain(raw).span(7, 16)
        >>> raw[start:end]
        '1</b>2&nbsp;people'
        """
        for step in reversed(self.steps):
            start, end = step.span(start, end)
        return start, end


def plain(raw: str) -> Plain:
    r"""The plain text of `raw`: most texts are plain as they are, which one look tells.

    >>> plain("<p>Two&nbsp;<b>men</b></p><p>1&#8203;2 wo&shy;men</p>").text
    'Two men\n\n12 women\n\n'
    """
    if _is_plain(raw):
        return Plain(raw)
    text = raw
    steps: list[Stretches] = []
    for _ in range(_ROUNDS):  # what an entity stands for may have to be folded in its turn
        before, text = text, _ALIKE.sub(_alike, text)
        for pieces in (_line_ends, _marks, _decomposed, _doubled):
            text, stretches = _exchanged(text, pieces(text))
            steps += stretches
        if text == before or _is_plain(text):
            break
    return Plain(text, steps)


def _is_plain(text: str) -> bool:
    """Whether there is surely nothing to fold; one of ASCII is asked in a fifth of the time."""
    if "  " in text:
        return False
    if text.isascii():
        return len(text.encode().translate(None, _ODD_ASCII)) == len(text)
    return _ODD.search(text) is None and _is_composed(text)


def _is_composed(text: str) -> bool:
    """Whether every letter with marks is one character, where there is one."""
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def _alike(found: re.Match[str]) -> str:
    character = found.group()
    return ALIKE.get(character, character)


Piece = tuple[int, int, str]
"""A part of a text, from start to end, and what stands for it."""


def _exchanged(text: str, pieces: Iterator[Piece]) -> tuple[str, list[Stretches]]:
    """The text with its pieces exchanged, and where all of it came from; nothing when there are no pieces."""
    made, at = _Folding(text), 0
    for start, end, instead in pieces:
        if start > at:
            made.copy(at, start)
        if instead:
            made.exchange(start, end, instead)
        at = end
    if not at:
        return text, []
    made.copy(at, len(text))
    return "".join(made.parts), [made.stretches]


class _Folding:
    """A text while its pieces are exchanged.

    Where blanks meet around a piece one is left, and none at the head of a line. A break is no longer than an empty
    line, and none stands at the head of the text.
    """

    def __init__(self, text: str) -> None:
        self.parts: list[str] = []
        self.stretches = Stretches()
        self._text = text
        self._size = 0
        self._tail = ""

    def copy(self, start: int, end: int) -> None:
        """Go on with what stands from `start` to `end`."""
        part = self._text[start:end]
        if start and part[:1] == " " and self._tail[-1:] in _BLANK_OR_NONE:
            part = part.lstrip(" ")
        if part:
            self._add(part, end - len(part), _ONE_BY_ONE)

    def exchange(self, start: int, end: int, instead: str) -> None:
        """Go on with what stands for the piece from `start` to `end`, as far as it is needed here."""
        if instead not in _GAPS:
            self._add(instead, start, end)
        elif self._tail and not self._tail.endswith(_GAPS[instead]):
            self._add(_LINE if instead == _ROW or self._tail[-1] == _LINE else instead, start, end)

    def _add(self, part: str, start: int, end: int) -> None:
        self.stretches.add(self._size, start, end)
        self.parts.append(part)
        self._size += len(part)
        self._tail = part[-2:] if len(part) > 1 else self._tail[-1:] + part


_GAPS: Final = {" ": (" ", _LINE), _ROW: (_LINE,), _PARAGRAPH: (_PARAGRAPH,)}
"""What parts words, and after what there is no need of it."""
_BLANK_OR_NONE: Final = frozenset({"", " ", _LINE})


def _line_ends(text: str) -> Iterator[Piece]:
    """Line ends of other systems."""
    if "\r" in text:
        for found in _RETURN.finditer(text):
            yield *found.span(), _LINE


def _doubled(text: str) -> Iterator[Piece]:
    """Rows of blanks: one stands for them all."""
    if "  " in text:
        for found in _BLANKS.finditer(text):
            yield *found.span(), " "


def _decomposed(text: str) -> Iterator[Piece]:
    """Letters whose marks stand after them, where one character has both."""
    if _is_composed(text):
        return
    last = 0
    for found in _MARKED.finditer(text):
        start, end = found.span()
        start -= start > last
        last = end
        composed = unicodedata.normalize("NFC", text[start:end])
        if composed != text[start:end]:
            yield start, end, composed


def _marks(text: str) -> Iterator[Piece]:
    """Mark-up, entities, invisible characters, and characters that stand for several letters."""
    unclosed: set[str] = set()
    at = 0
    while found := _MARK.search(text, at):
        start = found.start()
        end, instead = _mark(text, start, unclosed)
        if end > start:
            yield start, end, instead
        at = max(end, start + 1)


def _mark(text: str, start: int, unclosed: set[str]) -> tuple[int, str]:
    """Where the mark that may begin at `start` ends, there when it is none, and what stands for it."""
    character = text[start]
    if character == "<":
        return _tag(text, start, unclosed)
    if character == "&":
        return _entity(text, start)
    if character == "]":
        return start + len("]]>"), ""
    if character in LONG:
        return start + 1, LONG[character]
    found = _UNSEEN.match(text, start)
    return found.end() if found else start, ""


def _entity(text: str, start: int) -> tuple[int, str]:
    """The character that an entity names; a name that there is none of is text."""
    found = _ENTITY.match(text, start)
    if found is None:
        return start, ""
    written = f"&{found['name']}"
    character = html.unescape(written)
    return (start, "") if character == found.group() else (found.end(), character)


def _tag(text: str, start: int, unclosed: set[str]) -> tuple[int, str]:
    """A tag, a comment or a declaration, and what follows it where that is no text of the article."""
    if text.startswith("<!--", start):
        return _untold(text, start, "!--", start + 4, unclosed), ""
    found = _TAG.match(text, start)
    if found is None:
        declaration = _DECLARATION.match(text, start)
        return declaration.end() if declaration else start, ""
    name = found["name"].lower()
    if name in _UNTOLD and text[start + 1] != "/" and (name != "sup" or _NOTE.match(text, start)):
        end = _untold(text, start, name, found.end(), unclosed)
        return (end, "") if end > start else (found.end(), "")
    instead = _ELEMENTS.get(name)
    if instead is None and _FOREIGN.isdisjoint(name):
        return start, ""
    if instead in _ENDINGS and (line := _LINE_END.match(text, found.end())):
        return line.end(), instead  # the page's source goes on in another line: that is the same break
    return found.end(), instead or ""


def _untold(text: str, start: int, name: str, after: int, unclosed: set[str]) -> int:
    """Where the element ends whose beginning stands from `start` to `after`; `start` when nothing ends it."""
    closing = None if name in unclosed else _UNTOLD[name].search(text, after)
    if closing is None:
        unclosed.add(name)
        return start
    return closing.end()
