"""Text that a terminal or a log may be shown, whoever wrote it: nothing in it moves the cursor or turns a line."""

from __future__ import annotations

import re
from typing import Any, Final

_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HARMFUL: Final = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_BIDI}]")
_IN_JSON: Final = re.compile(f"[\x7f-\x9f\u2028\u2029{_BIDI}]")


def escaped(text: str) -> str:
    r"""One line, with what a terminal would obey or a line end in it written as Python writes it.

    >>> print(escaped("title\x1b[2J\nof two lines\u202e"))
    title\x1b[2J\nof two lines\u202e
    """
    return _HARMFUL.sub(lambda found: ascii(found[0])[1:-1], text)


def visible(value: Any, *, lines: bool = False) -> Any:
    r"""A value as JSON has it, each such character of its strings replaced by one that is seen; offsets stay true.

    `lines`: line ends and tabs stay.

    >>> visible({"title": "a\x1b[2J", "text": "two\nlines\x9b"}), visible("two\nlines", lines=True)
    ({'title': 'a␛[2J', 'text': 'two␊lines�'}, 'two\nlines')
    """
    if isinstance(value, str):
        return _HARMFUL.sub(lambda found: _picture(found[0], lines=lines), value)
    if isinstance(value, dict):
        return {visible(key): visible(inner, lines=lines) for key, inner in value.items()}
    if isinstance(value, list):
        return [visible(inner, lines=lines) for inner in value]
    return value


def _picture(character: str, *, lines: bool) -> str:
    if lines and character in "\n\t":
        return character
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\u2421" if character == "\x7f" else "\ufffd"


def escaped_json(line: str) -> str:
    r"""A line of JSON that means the same, and of which a terminal obeys nothing: JSON itself escapes the rest.

    >>> escaped_json('{"title": "a\x9b2J"}')
    '{"title": "a\\u009b2J"}'
    """
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
