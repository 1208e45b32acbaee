"""Words that say little about which event a text is about: function words, everyday English, the register of news.

A word that is not among them is taken to be rare, and two texts that share several rare words are likely to be about
the same thing.
"""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).with_name("usual_words.txt")


def _read() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


USUAL_WORDS = _read()
