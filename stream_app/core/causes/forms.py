"""Causes in languages whose words have many forms: phrases of beginnings, in a spelling, with particles joined on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from stream_app.core.causes.cause_tagger import LONGEST, READ, WORD, CauseTagger, Hit, hit_of
from stream_app.core.causes.cause_words import CauseWords, meanings, starts
from stream_app.core.events import Cause, FieldName, Tagged
from stream_app.core.language.document import Document

_HEAD: Final = 3
"""A beginning has no fewer letters."""
_TOLD: Final = frozenset({"actual", "negated"})
_REMEMBERED: Final = 60_000
_LONGEST_WORD: Final = 40
_ALL: Final = frozenset({b""})


@dataclass(frozen=True, slots=True)
class Forms:
    """How the words of a text are those of the phrases.

    `stems` are the beginnings that stand for every word that begins so, by their first letters, the longest first;
    `whole` are words by themselves. `spelling` has letters to exchange, `prefixes` what is joined to a word.
    """

    whole: frozenset[str]
    stems: Mapping[str, tuple[str, ...]]
    spelling: Mapping[int, str]
    prefixes: tuple[str, ...]

    def key(self, word: str) -> str:
        """The word (lower case) as the phrases have it.

        >>> forms = Forms(frozenset(), {"qua": ("quak",)}, {}, ("l'",))
        >>> forms.key("quakes"), forms.key("l'quake"), forms.key("lake")
        ('quak*', 'quak*', 'lake')
        """
        word = word.translate(self.spelling) if self.spelling else word
        known = self._known(word)
        for prefix in self.prefixes if known is None else ():
            if word.startswith(prefix) and (known := self._known(word[len(prefix) :])) is not None:
                break
        return known or word

    def _known(self, word: str) -> str | None:
        stem = next((stem for stem in self.stems.get(word[:_HEAD], ()) if word.startswith(stem)), None)
        return f"{stem}*" if stem is not None else word if word in self.whole else None


class FormTagger(CauseTagger):
    """Adds causes as `CauseTagger` does, by the forms of words, and with more care.

    No phrase is believed without a word of harm, and where there are figures one must be of what happened.
    """

    def __init__(self, words: CauseWords, forms: Forms) -> None:
        super().__init__(words)
        self._forms = forms
        self._known: dict[str, str] = {}

    def _key(self, word: str) -> str:
        """`Forms.key`, remembered for a time."""
        key = self._known.get(word)
        if key is None:
            key = self._forms.key(word)
            if len(word) <= _LONGEST_WORD:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[word] = key
        return key

    def _beginning(self, _document: Document) -> AbstractSet[bytes]:
        """A phrase may begin anywhere."""
        return _ALL

    def _is_borne_out(self, _cause: Cause, _hits: Sequence[Hit], document: Document, before: Tagged) -> bool:
        """Whether figures tell of what happened, or, where there are none, a word of harm does."""
        if before.casualties:
            return any(figure.assertion in _TOLD for figure in before.casualties)
        return self._is_harmful(document)

    def _is_harmful(self, document: Document) -> bool:
        """Whether the opening speaks of harm at all."""
        harm = self._words.harm
        return any(self._key(word) in harm for _, raw in document.fields() for word in WORD.findall(raw[:READ].lower()))

    def _hits(self, field: FieldName, raw: str, _first: AbstractSet[bytes]) -> Iterator[Hit]:
        """The phrases of a field in reading order, longest first where two begin at one word, none inside another."""
        found = list(WORD.finditer(raw, 0, READ))
        words = [self._key(match.group().lower()) for match in found]
        at = 0
        while at < len(words):
            size, meaning = self._words.longest(words[at : at + LONGEST])
            hit = hit_of(meaning, field, raw, found[at].start(), found[at + size - 1].end())
            if hit is not None:
                yield hit
            at += size


@cache
def load_forms(language: str) -> tuple[CauseWords, Forms]:
    """The words for causes of such a language, read once a process from its folder in `core/languages/`."""
    folder = resources.files(f"stream_app.core.languages.{language}")
    data = json.loads(folder.joinpath("causes.json").read_text(encoding="utf-8"))
    spelling: dict[str, str] = data.pop("spelling", {})
    letters = str.maketrans(dict(pair.split("=") for pair in spelling.get("fold", "").split()))
    harm: list[str] = data.pop("harm")["words"].translate(letters).split()
    told = {phrase.translate(letters): meaning for phrase, meaning in meanings(language, data).items()}
    named = {word for phrase in told for word in phrase.split()}.union(harm)
    stems: dict[str, list[str]] = {}
    for word in sorted(named, key=lambda word: (-len(word), word)):
        if word.endswith("*"):
            if len(word) <= _HEAD:
                raise ValueError(f"causes.json of {language}: {word!r} is too short for a beginning")
            stems.setdefault(word[:_HEAD], []).append(word[:-1])
    forms = Forms(
        frozenset(word for word in named if not word.endswith("*")),
        {head: tuple(found) for head, found in stems.items()},
        letters,
        tuple(spelling.get("prefixes", "").split()),
    )
    phrases = {" ".join(map(forms.key, phrase.split())): meaning for phrase, meaning in told.items()}
    return CauseWords(phrases, starts(phrases), {}, {}, frozenset(map(forms.key, harm))), forms
