"""Everyday words that tell of casualties only in company: "home" beside "forced", "took" beside "gunmen"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

_REMEMBERED: Final = 16_384
_LONGEST: Final = 50
"""What is longer comes once, and is not remembered."""
_LETTERS: Final = re.compile(rb"[a-z]+")


class Company:
    """Says which everyday words have none of their partners in an article.

    A partner stands in a word, at its beginning as a rule ("kill" in "killed"), or is several words ("lost their").
    What a word is good for is found once and remembered: most words of an article were met in another one. A phrase
    needs company, too: it is looked for in the text where a word has its longest part, as few articles do.
    """

    def __init__(self, partners: Mapping[str, Sequence[str]]) -> None:
        self._in_words: dict[bytes, list[bytes]] = {}
        self._phrases: dict[bytes, list[bytes]] = {word.encode(): [] for word in partners}
        self._helpful: dict[bytes, set[bytes]] = {word: set() for word in self._phrases}
        for word, its in partners.items():
            phrases = self._phrases[word.encode()]
            for partner in (partner.encode("ascii", "replace") for partner in its):
                if partner.isalpha():
                    self._in_words.setdefault(partner, []).append(word.encode())
                else:
                    phrases.append(partner)
                    if partner not in self._helpful:
                        self._helpful[partner] = set()
                        self._in_words.setdefault(max(_LETTERS.findall(partner), key=len), []).append(partner)
        self._lengths = sorted({len(partner) for partner in self._in_words})
        self._everyday = frozenset(self._phrases)
        self._seen: set[bytes] = set()

    def lonely(self, cues: AbstractSet[bytes], met: AbstractSet[bytes], fields: Sequence[bytes]) -> AbstractSet[bytes]:
        """Those of the `cues` that are everyday words without a partner: in no word `met`, nor in the fields.

        >>> Company({"home": ["forc", "lost their"]}).lonely({b"home", b"died"}, {b"home", b"died"}, [b"died at home"])
        {b'home'}
        """
        everyday = self._everyday & cues
        if not everyday:
            return everyday
        if len(self._seen) > _REMEMBERED:
            self._forget()
        new = met - self._seen
        helped = self._look_up(new) if new else new
        alone = {cue for cue in everyday if cue not in helped and self._helpful[cue].isdisjoint(met)}
        maybe = {phrase for cue in alone for phrase in self._phrases[cue]}
        maybe = {phrase for phrase in maybe if phrase in helped or not self._helpful[phrase].isdisjoint(met)}
        if not maybe:
            return alone
        text = b"\n".join(fields)
        said = {phrase for phrase in maybe if phrase in text}
        return {cue for cue in alone if said.isdisjoint(self._phrases[cue])}

    def _look_up(self, words: AbstractSet[bytes]) -> AbstractSet[bytes]:
        """The everyday words and phrases that any of the `words`, not met before, is company for."""
        helped: set[bytes] = set()
        for word in words:
            found = {cue for cues in filter(None, map(self._in_words.get, self._parts(word))) for cue in cues}
            helped |= found
            if len(word) <= _LONGEST and len(self._seen) <= 2 * _REMEMBERED:
                self._seen.add(word)
                for cue in found:
                    self._helpful[cue].add(word)
        return helped

    def _forget(self) -> None:
        self._seen.clear()
        for known in self._helpful.values():
            known.clear()

    def _parts(self, word: bytes) -> list[bytes]:
        """Every stretch of the word that is as long as some partner."""
        return [word[at : at + size] for size in self._lengths for at in range(len(word) - size + 1)]
