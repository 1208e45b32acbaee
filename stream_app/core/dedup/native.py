"""Signatures made by `stream-app-native` where it is installed: the same bytes, several times as fast.

The reference is `signature.py`. It is asked where the wheel says None, or cannot read a text (half a character).
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, Final

from stream_app.core.dedup import words

_SIGNS: Final = 3
"""The version of the signatures that it must make."""

Parts = tuple[bytes, bool, bool, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, str]
"""Hashes of all words, one case, harm in the title, keys, body, names, lines, title, its numbers, places, harm, texts.

They are the fields of a signature, but for what the reference hashes and searches itself.
"""


@cache
def _signer() -> Any:
    """The signer with our tables; None where no wheel is installed, or one that makes other signatures."""
    try:
        native = import_module("stream_app_native")
    except ImportError:
        return None
    return native.Signer(*words.tables()) if native.SIGNS == _SIGNS else None


def is_there() -> bool:
    """Whether signatures are made by the wheel."""
    return _signer() is not None


def seal(title: str, text: str) -> Parts | None:
    """The parts of the signature of a plain title (one line) and a plain text; None: the reference is to be asked."""
    signer = _signer()
    if signer is None:
        return None
    try:
        parts: Parts | None = signer.seal(title, text)
    except UnicodeEncodeError:
        return None
    return parts
