"""Which language a text is in: told by its script, and within a script by a vote of function words and letters.

A function word of a language ("the", "und", "nie") is a vote for it, and so is half a letter that few languages have.
Names vote for none, so that a text full of foreign names stays in its own language.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import exp
from typing import Final

from stream_app.core.events import LanguageFound

LEAST: Final = 25
"""Letters that a text has at least where its words are asked; a shorter one is of no sure language."""
SURE: Final = 0.75
"""From this confidence on a language counts as found."""
UNKNOWN: Final = "und"
"""A text without letters that any language is known for (BCP 47: undetermined)."""
_OF_SCRIPT, _AS_SAID, _BY_DEFAULT = 0.95, 0.6, 0.3
"""How sure a language is that its script tells, that its producer says, that is the usual one."""
_SAMPLE: Final = 700
"""Characters of a text that are asked: half of them at its beginning, half in its middle."""
_SHARPNESS: Final = 0.8
_LETTER_VOTE: Final = 0.5
_PLAINLY, _MANY = 0.3, 8
"""A text of which more than this part, and more words than this, are the usual language's is in it without a vote."""
_BENEFIT, _NAMES_IN = 2, "latin"
"""By how much the usual language may be outvoted in a text of no sure language, and in which script."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_LATIN: Final = re.compile("[\\W\\d_A-Za-z\u00aa-\u036f\u1e00-\u1eff]+")
"""What is no letter of another script."""
_OTHER: Final = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2c80-\u2dff\u3040-\ud7ff\uf900-\ufefc]")
"""What may be one."""
_ACCENTED: Final = re.compile("[^\x00-\x7f]")

Script = str
SCRIPTS: Final[tuple[tuple[int, Script], ...]] = (
    (0x0000, "latin"), (0x0370, "greek"), (0x0400, "cyrillic"), (0x0530, "armenian"), (0x0590, "hebrew"),
    (0x0600, "arabic"), (0x0900, "devanagari"), (0x0980, "bengali"), (0x0A00, "gurmukhi"), (0x0A80, "gujarati"),
    (0x0B00, "oriya"), (0x0B80, "tamil"), (0x0C00, "telugu"), (0x0C80, "kannada"), (0x0D00, "malayalam"),
    (0x0D80, "sinhala"), (0x0E00, "thai"), (0x0E80, "lao"), (0x0F00, "tibetan"), (0x1000, "burmese"),
    (0x10A0, "georgian"), (0x1100, "hangul"), (0x1200, "ethiopic"), (0x1780, "khmer"), (0x1800, "mongolian"),
    (0x1E00, "latin"), (0x1F00, "greek"), (0x2000, ""), (0x3040, "kana"), (0x3100, ""), (0x3130, "hangul"),
    (0x3400, "han"), (0xA000, ""), (0xAC00, "hangul"), (0xD7B0, ""), (0xF900, "han"), (0xFB00, ""), (0xFB50, "arabic"),
    (0xFE00, ""),
)  # fmt: skip
"""The first code point of each block, and the script of its letters."""
_STARTS: Final = [start for start, _ in SCRIPTS]
_ONLY: Final[Mapping[Script, str]] = {
    "greek": "el", "armenian": "hy", "hebrew": "he", "devanagari": "hi", "bengali": "bn", "gurmukhi": "pa",
    "gujarati": "gu", "oriya": "or", "tamil": "ta", "telugu": "te", "kannada": "kn", "malayalam": "ml",
    "sinhala": "si", "thai": "th", "lao": "lo", "tibetan": "bo", "burmese": "my", "georgian": "ka", "hangul": "ko",
    "ethiopic": "am", "khmer": "km", "mongolian": "mn", "kana": "ja", "han": "zh",
}  # fmt: skip
"""Scripts that stand for one language: the one that most of their news is in."""
_KANA_SHARE: Final = 0.05
"""Japanese is written with Chinese signs, too: so much of it is kana at least."""


class Detector:
    """Tells languages apart by their function words and letters: `words` and `letters` give them by language.

    `usual` are the languages that most texts are in, one for each script.
    """

    def __init__(self, words: Mapping[str, Iterable[str]], letters: Mapping[str, str], usual: Sequence[str]) -> None:
        self._words = {language: frozenset(words[language]) for language in usual}
        self._votes = _voted(words)
        self._letters = _voted(letters)
        self._scripts = {language: script_of("".join(entries)) for language, entries in words.items()}
        self._usual = {self._scripts[language]: language for language in usual}

    def __call__(self, text: str, said: str | None = None) -> LanguageFound:
        """The language of a text; `said` is what its producer says, a BCP 47 tag.

        Where the words leave it open, it is what the producer says if that has this script; then the usual one of the
        script, unless more words speak for another (in Latin letters twice as many: they write names of all languages).
        """
        sample = _sample(text).lower()
        script = script_of(sample)
        tag = _primary(said)
        if script in _ONLY:
            other = tag and tag not in self._scripts and tag not in _ONLY.values()
            return LanguageFound(tag if other else _ONLY[script], _OF_SCRIPT)
        words = _WORD.findall(sample)
        usual = self._usual.get(script, UNKNOWN)
        own = sum(map(self._words.get(usual, frozenset()).__contains__, words))
        if own > _PLAINLY * len(words) and own > _MANY:
            return LanguageFound(usual, _confidence(own, 0.0))
        scores = self._scores(words, sample, script)
        ranked = sorted(scores, key=lambda language: (scores[language], language == usual), reverse=True)
        best, second = ([scores[language] for language in ranked[:2]] + [0.0, 0.0])[:2]
        confidence = _confidence(best, second)
        if confidence >= SURE and _letters(sample) >= LEAST:
            return LanguageFound(ranked[0], confidence)
        if tag and self._scripts.get(tag, script) == script:
            return LanguageFound(tag, _AS_SAID)
        benefit = _BENEFIT if script == _NAMES_IN else 1
        outvoted = bool(ranked) and benefit * scores[usual] <= best and ranked[0] != usual
        return LanguageFound(ranked[0] if outvoted else usual, min(confidence, _BY_DEFAULT))

    def script(self, found: LanguageFound, text: str) -> Script:
        """The script of a text in the language found."""
        return self._scripts.get(found.language) or script_of(text)

    def _scores(self, words: Iterable[str], sample: str, script: Script) -> Counter[str]:
        """The votes for each language of the script."""
        scores = Counter(chain.from_iterable(filter(None, map(self._votes.get, words))))
        if not sample.isascii():
            accented = _ACCENTED.findall(sample)
            letters = Counter(chain.from_iterable(filter(None, map(self._letters.get, accented))))
            for language, count in letters.items():
                scores[language] += _LETTER_VOTE * count  # type: ignore[assignment]
        return Counter({language: score for language, score in scores.items() if self._scripts[language] == script})


def _voted(table: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The languages that an entry of the table speaks for."""
    votes: dict[str, tuple[str, ...]] = {}
    for language, entries in table.items():
        for entry in entries:
            votes[entry] = (*votes.get(entry, ()), language)
    return votes


def _primary(said: str | None) -> str:
    """The language of a BCP 47 tag, "" for none: "pt" for "pt-BR"."""
    tag = re.split("[-_]", said.strip().lower(), maxsplit=1)[0] if said else ""
    return tag if tag.isascii() and tag.isalpha() and len(tag) in {2, 3} else ""


def _sample(text: str) -> str:
    """The beginning of a text and something of its middle: what a page begins with may be in another language."""
    if len(text) <= _SAMPLE:
        return text
    middle = len(text) // 2
    return f"{text[: _SAMPLE // 2]} {text[middle : middle + _SAMPLE // 2]}"


def _letters(sample: str) -> int:
    return sum(map(len, _WORD.findall(sample[: 4 * LEAST])))


def _confidence(best: float, second: float) -> float:
    """How sure a vote is: by how many votes the first is ahead of the second, and by what part of its own."""
    lead = best - second
    return round(1 - exp(-_SHARPNESS * lead * (1 + lead / best)), 3) if lead > 0 else 0.0


def script_of(sample: str) -> Script:
    """The script that most letters of a text are of."""
    if sample.isascii() or _OTHER.search(sample) is None:
        return "latin"
    others = _LATIN.sub("", sample)
    if 3 * len(others) < len(sample) and 2 * len(others) < sum(map(len, _WORD.findall(sample))):
        return "latin"
    counts: Counter[Script] = Counter()
    for letter, times in Counter(
        others
    ).items():  # in the order in which they came: of two scripts as frequent the first
        counts[SCRIPTS[bisect_right(_STARTS, ord(letter)) - 1][1]] += times
    script, _ = counts.most_common(1)[0] if counts else ("latin", 0)
    return "kana" if script == "han" and counts["kana"] > _KANA_SHARE * len(others) else script
