"""Is one article a copy of another? Evidence from the alignment of their wordings, weighed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from stream_app.core.dedup.wording import Alignment, Pair, Wording, either, own_words, stretches
from stream_app.core.frozen import maker

_WORDS_WEIGHT: Final = 5.4
_SHARE_WEIGHT: Final = 25.0
_ENOUGH: Final = 150
_MIN_EVIDENCE: Final = 25.0
"""Below this the words in common runs of three are too few to look at more; copies have 26.6 and more."""
MIN_WORDS: Final = 12
"""Fewer common words prove nothing by themselves."""
_FEW_NUMBERS: Final = 2
_WHOLE: Final = 0.98
_LONG_ENOUGH: Final = 40
"""Where so few numbers differ and no other word does, in a text of so many, it is an update in whatever language."""
OWN_RUN: Final = 8
"""Unmatched words in stretches of this length are an article's own telling, not a rewriter's exchanges."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two wordings have in common, from the smaller one's side.

    Attributes:
        share: of the smaller article's words, those that stand in the larger in the same order (0..1).
        reverse: of the larger article's words, those matched.
        words: how many words matched.
        replaced: share of other words between matching ones: the rate at which a rewriter or a scanner changed them.
        names: names that match; `other_names` those that stand against another name.
        numbers: numbers that match; `other_numbers` those that stand against another number. Numbers of people harmed
            are no evidence against while no name differs: that is how a toll is revised.
        longest: words in the longest unbroken common stretch.
        title: share of common words of the shorter title, None when one has no title.
        updated: of the smaller article's words, the numbers of people harmed that stand against another number; all
            numbers that do where they are one or two and no other word differs.
        title_numbers_differ: both titles have a number that the other lacks; `title_harm` says that they tell of harm.
        one_case: names of one of them are long words only, for want of capitals.
        retold: both articles say much in long stretches of their own: one event, two reporters.
    """

    share: float
    reverse: float
    words: int
    replaced: float
    names: int
    other_names: int
    numbers: int
    other_numbers: int
    longest: int
    title: float | None
    updated: float
    title_numbers_differ: bool
    title_harm: bool = False
    one_case: bool = False
    retold: bool = False

    @property
    def guard(self) -> float:
        """How much oftener a name or number was exchanged for another than any word was: high in template stories."""
        other = self.other_names + self.other_numbers
        return max(0.0, (other + 0.5) / (other + self.names + self.numbers + 4) - self.replaced)

    @property
    def number_guard(self) -> float:
        """The same for numbers alone."""
        rate = (self.other_numbers + 0.3) / (self.numbers + self.other_numbers + 3)
        return max(0.0, rate - self.replaced)

    @property
    def aimed(self) -> float:
        """How much the exchanged words are names and numbers and little else: the slots of a template story (0..0.6).

        0 below three, when no name is among them, or when capitals do not show the names.
        """
        other = self.other_names + self.other_numbers
        if other < 3 or not self.other_names or self.one_case:
            return 0.0
        exchanged = self.replaced * self.words / (1 - self.replaced)
        return max(0.0, other / exchanged - 0.4)

    @property
    def score(self) -> float:
        """Log odds that one is a copy or revision of the other; the weights are a logistic fit (docs/duplicates.md)."""
        title = 0.6 if self.title is None else self.title
        return (
            _WORDS_WEIGHT * math.log1p(min(self.words, _ENOUGH))
            + _SHARE_WEIGHT * self.share
            - 37.0 * self.guard
            - 7.0 * self.number_guard
            - 9.0 * self.aimed
            - 2.3 * math.log1p(min(self.longest, 60))
            + 3.9 * title
            - 7.0 * (self.title_numbers_differ and not self.title_harm and title >= 0.5)
            + 2.1 * math.log1p(min(self.numbers, 12))
            - 37.9
        )

    @property
    def other_headline(self) -> bool:
        """Whether the headlines are much the same but for their figures."""
        return self.title_numbers_differ and (self.title or 0) >= 0.5

    @property
    def is_copy(self) -> bool:
        """Whether one is a copy or revision of the other."""
        nothing_against = (
            self.share + self.updated >= 0.93
            and self.words >= MIN_WORDS
            and not (self.other_names or self.other_numbers)
        )
        return nothing_against or (self.score > 0 and not self.retold)

    @property
    def is_whole(self) -> bool:
        """Whether nothing better can be found: the same story from end to end, nothing exchanged."""
        return min(self.share, self.reverse) >= 0.97 and not (self.other_names or self.other_numbers)

    def __str__(self) -> str:
        text = f"{self.share:.0%} of the smaller article's words in the same order"
        if self.other_names or self.other_numbers:
            text += f", {self.other_names + self.other_numbers} names or numbers exchanged"
        return text


_likeness = maker(Likeness)


def worth_comparing(words: int, size: int) -> bool:
    """Whether so many words in common runs of three, of `size` in the smaller article, may make it a copy."""
    return _WORDS_WEIGHT * math.log1p(min(words, _ENOUGH)) + _SHARE_WEIGHT * words / max(1, size) >= _MIN_EVIDENCE


def compare(pair: Pair) -> Likeness | None:
    """How alike two articles are; None when they have no run of three words in common."""
    turned = len(pair.new) > len(pair.old)
    small, large = (pair.old, pair.new) if turned else (pair.new, pair.old)
    alignment = pair.align(back=turned)
    if alignment is None:
        return None
    likeness = _weigh(small, large, alignment)
    if not (likeness.score > 0 and _may_be_retold(likeness)):
        return likeness
    own_small = own_words(small, alignment, OWN_RUN) / len(small)
    own_large = own_words(large, pair.align(back=not turned), OWN_RUN) / len(large)
    return replace(likeness, retold=own_small >= 0.08 and own_large >= 0.25)


def _may_be_retold(likeness: Likeness) -> bool:
    """Whether to ask: parts of both are unmatched, the titles differ, and no page-long stretch is common."""
    partial = likeness.share < 0.93 and likeness.reverse < 0.8
    return partial and likeness.longest < 300 and (likeness.title is None or likeness.title < 0.8)


def _weigh(a: Wording, b: Wording, alignment: Alignment) -> Likeness:
    """Count the evidence for and against, from the side of the smaller article `a`."""
    matched = alignment.matched
    words = int(np.count_nonzero(matched))
    at = (alignment.local & ~matched & ~a.optional).nonzero()[0]
    size = len(a) - int(np.count_nonzero(a.optional & ~matched))
    other_size = len(b) - int(np.count_nonzero(b.optional))
    before, after = alignment.before.take(at), alignment.after.take(at)
    other_names = np.count_nonzero(a.names.take(at) & either(b.names, before, after))
    against_number = a.numbers.take(at) & either(b.numbers, before, after)
    replaced, counts = len(at), int(np.count_nonzero(against_number))
    updated = 0 if other_names else int(np.count_nonzero(against_number & a.harm_numbers.take(at)))
    if counts == replaced <= _FEW_NUMBERS and words + replaced >= max(_WHOLE * size, _LONG_ENOUGH):
        updated = counts
    title = len(a.title & b.title) / min(len(a.title), len(b.title)) if a.title and b.title else None
    return _likeness(
        share=min(1.0, words / size),
        reverse=min(1.0, words / max(words, other_size)),
        words=words,
        replaced=replaced / (words + replaced),
        names=int(np.count_nonzero(matched & a.names)),
        other_names=int(other_names),
        numbers=int(np.count_nonzero(matched & a.numbers)),
        other_numbers=counts - updated,
        longest=int(stretches(alignment.hits).max()) + 2,
        title=title,
        updated=updated / len(a),
        title_numbers_differ=bool(a.title_numbers - b.title_numbers and b.title_numbers - a.title_numbers),
        title_harm=a.signature.title_harm and b.signature.title_harm,
        one_case=a.signature.one_case or b.signature.one_case,
    )
