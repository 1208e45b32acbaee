"""Lines that surround a story on a web page and belong to none: told by their wording alone.

A site's own footers need no list: the matcher learns them (`core.dedup.footers`).
"""

from __future__ import annotations

import re
from typing import Final

from stream_app.core.dedup.words import is_number

_PHRASES = (
    "subscribe", "newsletter", "sign up for", "sign up to", "cookie", "privacy policy", "privacy notice",
    "all rights reserved", "copyright", "\u00a9", "terms of use", "terms of service", "click here", "click to",
    "continue reading", "share this", "like this:", "leave a reply", "leave a comment", "email address",
    "required fields", "post a comment", "save my name", "advertisement", "sponsored content", "follow us",
    "download the app", "download our app", "syndicated feed", "edited by ", "editing by ", "reporting by ",
    "written by ", "getty images", "all material subject to", "may not be published", "may not be reproduced",
)  # fmt: skip
_HEADING = re.compile(
    r"\W*(?:related|most read|most popular|see also|more on this|read more|source link|photos?|images?|videos?|"
    r"file photo|tags?|filed under|posted in|home)\W*(?:$|:|\u00bb|>|/)"
)
_COUNTER = re.compile(r"\d (?:comments?|shares?|min(?:ute)?s? read)\b")
_BYLINE = re.compile(
    r"\W*(?:by|from)\s+[A-Z\u00c0-\u00de][^.!?]{2,80}$|.*\b(?:staff writer|staff reporter|correspondent|GMT)\W*$|"
    r"\W*(?:published|posted|updated)\b[^.!?]*\d[^.!?]*$|[^.!?]{0,60}\bupdated\W+\d[^.!?]{0,30}$|"
    r"[^.!?]{0,80}[\u2014\u2013-]\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\"'\u201d\u2019)]\W*$")
_MAX_LENGTH = 240
_MOST_LINES = 500
"""Lines of furniture that are looked for at either end."""
_FIGURE = re.compile(r"(?<![A-Za-z])\d")
_TEASER = re.compile(r"(?:\.\.\.|\u2026)\W*(?:read more|continue reading)?\W*$", re.IGNORECASE)


def is_boilerplate(line: str) -> bool:
    """Whether a line is page furniture by its wording, or too short to be a sentence and without a figure.

    >>> is_boilerplate("Subscribe to our newsletter!"), is_boilerplate("He gave up his subscription in May of 1990.")
    (True, False)
    """
    if len(line) > _MAX_LENGTH:
        return False
    words = len(line.split())
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
_LINK_HEADINGS: Final = (
    r"related(?: (?:stories|articles?|news|coverage|content|topics|links|posts))?",
    r"more (?:stories|news|on this|from \w+)",
    r"(?:read|see|watch) (?:also|more|next)|also (?:read|in the news)|in other news",
    r"most (?:read|popular|viewed)|top stories|trending(?: now)?|latest (?:news|headlines)",
    r"recommended(?: for you)?|you (?:may|might) (?:also )?like|don['\u2019]t miss|editors?['\u2019]?s? picks?",
)
_LINKS: Final = re.compile(rf"\W*(?:{'|'.join(_LINK_HEADINGS)})\W*", re.IGNORECASE)
_REST: Final = r"[^.!?\n]{0,160}"
"""The rest of a sentence."""
_AGENCIES: Final = "REUTERS?|AFP|AP|UPI|dpa|PTI|ANI|IANS|Xinhua|TASS|EFE|ENDS|30|###"
_CREDITS: Final = (
    # (Reporting by A. Writer in Kabul; Editing by B. Editor)
    (
        r"(?:[(\[\u2014\u2013-]\s*)?(?:(?:additional|further)\s+)?(?:report|writ|edit|compil|translat)(?:ing|ed|ten)"
        rf"\s+(?:and\s+\w+\s+)?(?:by|in)\b{_REST}(?:\b[A-Z]\.{_REST}){{0,6}}[.)\]]*"
    ),
    rf"\(?with\s+(?:(?:input|file|report)s?\s+from|agenc(?:y|ies))\b{_REST}[.)]*",  # (With inputs from agencies)
    # Associated Press writer Ann Lee contributed to this report.
    rf"[(\[]?(?:the\s+)?associated\s+press\s+(?:writ|report|journalist){_REST}contributed\b{_REST}[.)\]]*",
    rf"(?:(?:read|see|watch)\s+(?:also|more|next)|related|also\s+read)\s*:{_REST}[.!?]*",  # Read also: Ferry sinks
    # Sign up for our newsletter.
    rf"(?:please\s+)?(?:subscribe\s+to|sign\s+up\s+(?:for|to)|follow\s+us|join\s+our|click\s+here)\b{_REST}[.!]*",
    # This story was first published on the site of another paper.
    rf"this\s+(?:article|story|report)\s+(?:was|has\s+been|is)\b{_REST}\b(?:publish|updat|generat|syndicat)ed\b{_REST}[.!]*",
    r"(?:\u00a9|\(c\)|copyright)\s[^!?\n]{0,120}|all\s+rights\s+reserved[.!]?",  # © 2022 AFP
    rf"[(\[\u2014\u2013-]+\s*(?:{_AGENCIES})\s*[)\]\u2014\u2013-]*|REUTERS?|ENDS",  # (AP)
)
_CREDIT: Final = re.compile(rf"(?:(?<=[.!?\"'\u201d\u2019)\]])|(?<=\n))\s*(?:{'|'.join(_CREDITS)})\s*$", re.IGNORECASE)
"""The last sentence of a story where it says who wrote it, or speaks to the reader."""


_SIGN_OFF = re.compile(r"(?<=[.!?\"'\u201d\u2019)])\s*[-(]*(?:REUTER|Reuters?|AFP|AP|UPI|dpa|ENDS|30)[-)]*\W*$")


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
