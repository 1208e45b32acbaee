"""Passages of an article that are in another language than most of it: found where the script changes.

A quotation in Arabic, a paragraph in Cyrillic letters under an English one. A name, a word or a few letters of another
script are no passage: it has as many letters as a text whose language is asked for, and is surely in a language. A
change of language within one script is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from stream_app.core.events import FieldName, LanguageFound, Passage
from stream_app.core.language.detect import LEAST, SCRIPTS, SURE, Detector
from stream_app.core.language.document import Document

_LATIN_LETTERS: Final = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff"


def _one(script: str) -> str:
    """The script's name here: Japanese is written in two together."""
    return "han" if script == "kana" else script


def _letters_of() -> Mapping[str, str]:
    """The letters of each script, as between the brackets of a pattern."""
    letters = {"latin": _LATIN_LETTERS}
    for (start, script), (end, _) in pairwise(SCRIPTS):
        if script and script != "latin":
            one = _one(script)
            letters[one] = letters.get(one, "") + f"{chr(start)}-{chr(end - 1)}"
    return letters


_LETTERS: Final = _letters_of()
_OTHERS: Final = {
    script: "".join(letters for other, letters in _LETTERS.items() if other != script) for script in _LETTERS
}
"""The letters of all scripts but one."""
_STRETCH: Final = re.compile("|".join(f"([{own}][^{_OTHERS[script]}]*)" for script, own in _LETTERS.items()))
"""From a letter of one script up to the first letter of another; a group for each script."""
_SCRIPT: Final = ("", *_LETTERS)
"""The script of each group."""
_FOREIGN: Final = {
    script: re.compile(f"[{_OTHERS[script]}][^{own}]{{{LEAST - 1}}}") for script, own in _LETTERS.items()
}
"""What stands in every text of the script that has a passage: most have none, and are not looked at again."""
_MARK: Final = re.compile(r"""(?<!\d)[,.:]|[,.:](?!\d)|[;!?؟،؛…—–"'“”„«»‘’()\[\]\n]|-\s""")
"""What parts a passage from the words around it, with the numbers that stand between."""
_OPENING: Final = frozenset("\"'“„«‘([")
_WITH_IT: Final = re.compile(r"""[,.:;!?؟،؛…"'”“»’)\]]*""")
_BETWEEN: Final = re.compile(r"[\W\d_]*")


class _Run(NamedTuple):
    """A part of a text in one script: where its first letter begins and its last one ends."""

    script: str
    start: int
    end: int


def passages(document: Document, text: str, detect: Detector, found: LanguageFound) -> tuple[Passage, ...]:
    """The passages of a document in reading order; `text` is all of it, in the language `found`."""
    if text.isascii():
        return ()
    script = _one(detect.script(found, text))
    if script not in _FOREIGN or _FOREIGN[script].search(text) is None:
        return ()
    return tuple([one for name, raw in document.fields() for one in _of_field(name, raw, script, detect)])


def _of_field(name: FieldName, raw: str, own: str, detect: Detector) -> Iterator[Passage]:
    before = 0
    for run in _runs(raw):
        if run.script != own:
            found = detect(raw[run.start : run.end])
            if found.confidence >= SURE:
                start, before = max(before, _start(raw, run.start)), _end(raw, run.end)
                yield Passage(name, start, before, found)


def _runs(raw: str) -> list[_Run]:
    """The runs of a text. What is too short belongs to the run beside it in its script if no mark parts them."""
    runs: list[_Run] = []
    goes_on = False
    short: dict[str, _Run] = {}
    for match in _STRETCH.finditer(raw):
        start, script = match.start(), _SCRIPT[match.lastindex or 0]
        end = _last_letter(raw, start, match.end())
        if goes_on and runs[-1].script == script:
            goes_on = _MARK.search(raw, runs[-1].end, start) is None
        if goes_on and runs[-1].script == script:
            runs[-1] = runs[-1]._replace(end=end)
        elif sum(map(str.isalpha, raw[start : min(end, start + 4 * LEAST)])) >= LEAST:
            before = short.get(script)
            joined = before is not None and _MARK.search(raw, before.end, start) is None
            runs.append(_Run(script, before.start if before and joined else start, end))
            goes_on = True
            short.clear()
        else:
            short[script] = _Run(script, start, end)
    return runs


def _last_letter(raw: str, start: int, end: int) -> int:
    """Where the last letter of a part ends; the first character is one."""
    while end > start + 1 and not raw[end - 1].isalpha():
        end -= 1
    return end


def _start(raw: str, at: int) -> int:
    """Where the passage begins whose first letter is at `at`: behind the last mark before, with one that opens."""
    first = at
    while first and not raw[first - 1].isalpha():
        first -= 1
    marks = list(_MARK.finditer(raw, first, at))
    if not first:
        return 0
    if not marks:
        return at
    last = marks[-1]
    if last.group() in _OPENING:
        return last.start()
    return at - len(raw[last.end() : at].lstrip())


def _end(raw: str, at: int) -> int:
    """Where the passage ends whose last letter ends at `at`: with the first mark behind it, and those beside that."""
    between = _BETWEEN.match(raw, at)
    last = between.end() if between else at
    if last == len(raw):
        return last
    mark = _MARK.search(raw, at, last)
    if mark is None:
        return at
    beside = _WITH_IT.match(raw, mark.start(), last)
    return max(mark.end(), beside.end() if beside else 0)
