"""Who says so: the speaker or body that a sentence names for what it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stream_app.core.events import Attribution
from stream_app.core.language.document import Sentence
from stream_app.core.limits import LONGEST_SPAN

_VERBS: Final = (
    r"said|says|say|told|tells|reported|reports|announced|announces|stated|states|added|adds|claimed|claims|"
    r"confirmed|confirms|declared|indicated|disclosed|warned|revealed|estimates|estimated|noted|explained|alleged"
)
_CITING: Final = frozenset({"according", "quoting", "citing"})
_SAYING: Final = frozenset(_VERBS.split("|")) | _CITING
_SAY: Final = rf"(?:{_VERBS})"
_AFTER: Final = re.compile(
    rf"(?:,|”|\"|’|')\s*{_SAY}\s+(?!that\b|on\b|in\b|at\b|it\b|the attack\b)(?P<who>[^,.;:“\"”]{{2,90}})",
    re.IGNORECASE,
)
_ACCORDING: Final = re.compile(r"\b(?:according to|quoting|citing)\s+(?P<who>[^,.;:“\"”]{2,90})", re.IGNORECASE)
_BEFORE: Final = re.compile(
    rf"(?:^|[,.;:”\"]\s+|\b(?:and|but|as)\s+)(?P<who>(?:[^\s,.;:“\"”]+\s+){{1,12}}?)"
    rf"(?:(?:has|have|had|also|later|today|yesterday)\s+)*{_SAY}\b",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(rf",\s+(?P<who>[^,.;:“\"”]{{2,80}}?)\s+{_SAY}\b", re.IGNORECASE)
_PATTERNS: Final = ((_AFTER, True), (_ACCORDING, True), (_TRAILING, False), (_BEFORE, False))
"""In the order of trust, each with whether what follows the speaker's name may trail after it."""
_UNCITED: Final = tuple(row for row in _PATTERNS if row[0] is not _ACCORDING)
_CUT: Final = re.compile(
    r"\s+(?:on|in an?|at a|after|who|which|while|when|as|late|early|yesterday|today|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|told|here|about|of the attack)\b.*$",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?:[A-ZÀ-Þ][\w.'’-]*\s+)+[A-ZÀ-Þ][\w'’-]*$")
_PRONOUN: Final = frozenset(["he", "she", "they", "it", "i", "we", "who", "that", "this", "these", "there"])


def attribution(sentence: Sentence, words: Sequence[str]) -> Attribution | None:
    """The source that the sentence names, or None: "police said", "according to the UN", "said Oleh Sinegubov".

    A speaker's name stands for "regional governor" and the like before it. `words` are the sentence's, in lower case.
    """
    if _SAYING.isdisjoint(words):
        return None
    for pattern, by_name in _UNCITED if _CITING.isdisjoint(words) else _PATTERNS:
        for match in pattern.finditer(sentence.text):
            found = _trimmed(sentence, match.start("who"), match.end("who"), by_name=by_name)
            if found is not None:
                return found
    return None


def _trimmed(sentence: Sentence, start: int, end: int, *, by_name: bool) -> Attribution | None:
    """The speaker without what trails after it; None when only a pronoun is left."""
    text = sentence.text[start:end]
    text = _CUT.sub("", text) if by_name else text
    stripped = text.strip()
    if not 0 < len(stripped) <= LONGEST_SPAN or stripped.lower() in _PRONOUN:
        return None
    start += len(text) - len(text.lstrip())
    name = _NAME.search(stripped) if by_name else None
    if name is not None and not stripped.isupper():
        start += name.start()
        stripped = name.group()
    begin = sentence.start + start
    return Attribution(stripped, begin, begin + len(stripped))
