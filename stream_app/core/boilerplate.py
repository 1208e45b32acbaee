"""Lines that surround a story on a web page and belong to none: told by their wording alone.

A site's own footers need no list: the matcher learns them (`core.dedup.footers`).
"""

from __future__ import annotations

import re
from typing import Final

_MAX_WORDS: Final = 60
_PHRASES = re.compile(
    r"subscribe|newsletter|sign up (?:for|to)|cookie|privacy (?:policy|notice)|all rights reserved|copyright|\u00a9|"
    r"terms of (?:use|service)|click (?:here|to)|read more|continue reading|share this|like this|leave a (?:reply|comment)|"
    r"email address|required fields|post a comment|save my name|advertisement|sponsored content|"
    r"^\W*(?:related|most read|most popular|see also|more on this|source link|photo|image|video|file photo|tags?|"
    r"filed under|posted in|home)\W*(?:$|:|\u00bb|>|/)|follow us|download (?:the|our) app|syndicated feed|"
    r"(?:edited|editing|reporting|written) by |getty images|all material subject to|may not be (?:published|reproduced)|"
    r"\d+ (?:comments?|shares?|min(?:ute)?s? read)\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"\s*(?:by|from)\s+[A-Z\u00c0-\u00de][^.!?]{2,80}$|[^.!?]{0,60}\bupdated\W+\d[^.!?]{0,30}$|.*\bGMT$", re.I
)
_SENTENCE_END = re.compile(r"[.!?\"'\u201d\u2019)]\W*$")
_TEASER = re.compile(r"(?:\.\.\.|\u2026|\[\W*(?:read|continue)[^\]]*\])\W*$", re.I)


def is_boilerplate(line: str, title: str) -> bool:
    """Whether a line is page furniture, or the title once more; `title` in lower case.

    >>> is_boilerplate("Subscribe to our newsletter!", ""), is_boilerplate("He subscribed to no theory of war.", "")
    (True, False)
    """
    words = line.split()
    if len(words) > _MAX_WORDS:
        return False
    if title and line.strip().lower() == title:
        return True
    if len(words) <= 4:
        return not any(c.isdigit() for c in line) and not _SENTENCE_END.search(line)
    return bool((len(words) <= 40 and _PHRASES.search(line)) or (len(words) <= 14 and _BYLINE.match(line)))


def story(text: str, title: str | None) -> str:
    """The text without the furniture at its two ends; all of it when nothing else would be left.

    >>> story("By Ann Lee | The Post\\nTwo men died when\\na bus fell.\\nShare this:", None)
    'Two men died when\\na bus fell.'
    """
    if "\n" not in text:
        return text
    lines = text.split("\n")
    known = (title or "").strip().lower()
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip() or is_boilerplate(lines[first], known)):
        first += 1
    while last > first and (not lines[last - 1].strip() or is_boilerplate(lines[last - 1], known)):
        last -= 1
    return "\n".join(lines[first:last]) if last > first else text


def is_cut(text: str) -> bool:
    """Whether the text breaks off: mid-sentence, or with a mark that says there is more.

    >>> is_cut("He said that the"), is_cut("It rained\u2026 [Read more]"), is_cut("It rained.")
    (True, True, False)
    """
    tail = text.rstrip()[-60:]
    return bool(_TEASER.search(tail)) or not _SENTENCE_END.search(tail)
