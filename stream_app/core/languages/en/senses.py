"""Words for casualties that mean something else: cameras capture, prices hurt, robots displace, players are missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from stream_app.core.casualties.chunks import Chunk
from stream_app.core.casualties.mention import Mention

_SCORE: Final = re.compile(r"\d{1,3}[-–]\d{1,3}")
_LIKE_SCORE: Final = re.compile(r"\d[-–]\d")
_REACH: Final = 6
_AROUND: Final = 5

Sets = Mapping[str, frozenset[str]]


class Senses:
    """Says of a mention whether its sentence means harm by its cue."""

    def __init__(self, sets: Sets) -> None:
        self._sets = sets
        names = ("camera", "absent", "economy", "sport", "players", "vehicle", "building")
        self._marks = frozenset().union(*(sets[name] for name in names), {"off", "laughter", "hours"})

    def __call__(self, mentions: list[Mention], chunks: Sequence[Chunk], words: Sequence[str]) -> list[Mention]:
        """The mentions that mean harm; nearly every sentence has no word that might say otherwise."""
        if self._marks.isdisjoint(words) and not _has_score(words):
            return mentions
        return [mention for mention in mentions if not self._is_other(mention, chunks, words)]

    def _is_other(self, mention: Mention, chunks: Sequence[Chunk], words: Sequence[str]) -> bool:
        after = [chunk.word for chunk in chunks[mention.cue + 1 : mention.cue + 1 + _REACH]]
        if (after[:1] == ["off"] and mention.rule == "active_object") or "laughter" in after:
            return True
        if mention.kind == "captured":
            return not self._sets["camera"].isdisjoint(words)
        if mention.kind == "missing" and after[:1] in (["from"], ["at"], ["out"]):
            return not self._sets["absent"].isdisjoint(after)
        if mention.kind == "displaced":
            return self._is_no_displacement(mention, after, words)
        if mention.kind in {"injured", "killed", "missing"} and self._sets["physical"].isdisjoint(words):
            return self._is_sport(mention, words) or self._is_money(mention, chunks)
        return False

    def _is_sport(self, mention: Mention, words: Sequence[str]) -> bool:
        if mention.kind == "killed":
            return _has_score(words)
        return not self._sets["players"].isdisjoint(words) or _has_score(words)

    def _is_money(self, mention: Mention, chunks: Sequence[Chunk]) -> bool:
        """As in "inflation hurt 40 million households", "traders were killed by a 12 percent fall"."""
        if mention.kind == "missing" or mention.rule not in {"active_object", "passive_subject"}:
            return False
        start = max(0, mention.cue - _AROUND)
        end = max(mention.cue, mention.at) + _AROUND if mention.rule == "passive_subject" else mention.cue
        near = {chunk.word for chunk in chunks[start:end]}
        owned = [chunk.word for chunk in chunks[mention.at + 1 : mention.at + 3]]  # "hurt 30,000 commuters' wallets"
        return not self._sets["economy"].isdisjoint(near) or (
            owned[:1] in (["'"], ["’"]) and owned[1:2] != [] and owned[1] in self._sets["economy"]
        )

    def _is_no_displacement(self, mention: Mention, after: Sequence[str], words: Sequence[str]) -> bool:
        """As in "the robot displaced 300 workers", "fled the mall", "migrants fleeing Eritrea were picked up"."""
        if mention.rule in {"active_object", "passive_subject"} and not self._sets["jobs"].isdisjoint(words):
            return self._sets["hazard"].isdisjoint(words)
        if "hours" in words and "for" in words and self._sets["far"].isdisjoint(words):
            return True
        adrift = not self._sets["vehicle"].isdisjoint(words) and not self._sets["refugee"].isdisjoint(words)
        if adrift and mention.rule in {"intransitive_subject", "counted_noun"}:
            return True
        return not self._sets["building"].isdisjoint(after) and self._sets["far"].isdisjoint(words)


def _has_score(words: Sequence[str]) -> bool:
    """As in "lost 3-1": one search says of nearly every sentence that it has none."""
    return _LIKE_SCORE.search(" ".join(words)) is not None and any(map(_SCORE.fullmatch, words))
