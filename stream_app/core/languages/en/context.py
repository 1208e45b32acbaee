"""The chunks of one sentence, and how the rules look around in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.languages.en.lexicon import Lexicon, Tag
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.phrases import Chunk, People, ends
from stream_app.core.languages.en.tokens import Tokens

_GROUP: Final = frozenset({"be", "have", "modal", "to", "adverb", "not"})
_BROUGHT: Final = frozenset({"dug", "pulled", "brought", "carried", "hauled", "cut"})
_FORCED: Final = frozenset({"forced", "compelled", "obliged"})
_KILLED: Final = frozenset({"killed", "murdered", "slain", "executed"})
_OBJECT_FORMS: Final = frozenset({"counted", "elided", "unknown", "single", "plural", "named", "nobody"})
_MARGIN: Final = 32
_NO_TEXT: Final = [""] * _MARGIN
_NO_TAG: Final[list[Tag]] = [""] * _MARGIN
_NO_PEOPLE: Final[list[People | None]] = [None] * _MARGIN


class Found(list[int]):
    """The phrases that a look around found, as indexes of chunks.

    `relative` says that they stand before a relative pronoun: "one of five guards who were killed" are five.
    """

    relative = False

    @classmethod
    def of(cls, indexes: Iterable[int], *, relative: bool) -> Found:
        """The phrases found, before a relative pronoun or not."""
        found = cls(indexes)
        if relative:
            found.relative = True
        return found

    def where(self, fits: Callable[[int], bool]) -> Found:
        """Those that fit, found in the same way."""
        return Found.of(filter(fits, self), relative=self.relative)


class Context:
    """One sentence while it is read; every index is that of a chunk, and one outside the sentence finds nothing.

    That holds for the chunks up to `_MARGIN` before its first and after its last; no rule looks as far as that.
    """

    tag: Callable[[int], Tag]
    """What a chunk is (`chunks.Tag`)."""
    word: Callable[[int], str]
    """The word of a chunk; of people the last one."""
    people: Callable[[int], People | None]
    """The people at a chunk, pronouns apart."""

    def __init__(self, chunks: Sequence[Chunk], tokens: Tokens, lexicon: Lexicon) -> None:
        self.chunks = chunks
        self.words = tokens.words
        self.cased = tokens.cased
        self.sets = lexicon.sets
        # The rules look around thousands of times an article: a list answers fastest, and one that ends in a margin
        # finds nothing before its beginning (a negative index counts from the end) nor past its end.
        self.tag = [*[chunk.tag for chunk in chunks], *_NO_TAG].__getitem__
        self.word = [*[chunk.word for chunk in chunks], *_NO_TEXT].__getitem__
        self.people = [*[chunk.people for chunk in chunks], *_NO_PEOPLE].__getitem__

    @cached_property
    def ends(self) -> Sequence[int]:
        """Where each chunk ends, in tokens."""
        return ends(self.chunks)

    def last(self, i: int) -> str:
        """The last token of chunk `i`, of people and cues too."""
        return self.words[self.ends[i] - 1]

    def group_start(self, i: int) -> int:
        """Where the verb group that ends in cue `i` begins: auxiliaries, adverbs, "reported", "found"."""
        g = i
        listed = False
        while g > 0:
            before = g - 1
            tag, word = self.tag(before), self.word(before)
            if word == "as" and self.word(before - 1) in self.sets["predicative"]:
                g -= 2
            elif (
                tag in _GROUP
                or (tag in {"verb", "say", "leave", "claim"} and word in self.sets["predicative"])
                or word in _FORCED
            ):
                g -= 1
            elif tag == "and" and word in {"and", "or"} and self.tag(before - 1) == "cue" and self.tag(g) != "people":
                g -= 2
            elif tag == "," and (self.is_asyndeton(before) or (listed and self.tag(before - 1) == "cue")):
                listed = True
                g -= 2
            elif word == "out" and self.word(before - 1) in _BROUGHT:
                g -= 2  # "were dug out dead"
            elif (tag == "day" or word == "since") and self.tag(before - 1) in {"be", "have"}:
                g -= 1  # "has since died"
            else:
                break
        return g

    def is_asyndeton(self, comma: int) -> bool:
        """Whether a comma stands for "and" between two verbs, as headlines have it: "shot, killed"."""
        before, after = self.chunks[comma - 1 : comma], self.chunks[comma + 1 : comma + 2]
        if not (before and after) or before[0].tag != "cue" or after[0].word not in _KILLED:
            return False
        return "killed" not in (before[0].roles or {}).values()

    def is_chained(self, i: int) -> bool:
        """Whether chunk `i` joins the verb before it to one behind it."""
        return (self.tag(i) == "and" and self.tag(i + 1) == "cue") or self.is_asyndeton(i)

    def has_be(self, start: int, end: int) -> bool:
        """Whether a form of "be" or "get" stands in `[start, end)`."""
        return "be" in map(self.tag, range(start, end))

    def counted_at(self, indexes: Sequence[int]) -> bool:
        """Whether any of the phrases has a number."""
        return any(people is not None and people.quantity is not None for people in map(self.people, indexes))

    def emit(self, indexes: Sequence[int], kind: Kind, rule: str, cue: int, group: int) -> Iterator[Mention]:
        """One mention for each of the phrases that can be victims."""
        inner = isinstance(indexes, Found) and indexes.relative
        for j in indexes:
            people = self.people(j)
            if people is not None and people.form in _OBJECT_FORMS:
                yield Mention(people, kind, rule, cue, group, j, inner=inner)

    def is_part_or_named(self, j: int) -> bool:
        """Whether the phrase names some people, by number, noun or name."""
        return self.is_part(j) or self.is_named(j)

    def is_named(self, j: int) -> bool:
        """Whether somebody stands at `j` by name alone: "Sean Bolton"."""
        people = self.people(j)
        return people is not None and people.form == "named"

    def is_name(self, j: int) -> bool:
        """Whether a name stands at `j`, somebody's or any other."""
        return self.tag(j) == "name" or self.is_named(j)

    def is_part(self, j: int) -> bool:
        """Whether the phrase names some of a larger number."""
        people = self.people(j)
        return people is not None and people.form in {"counted", "elided", "single"}
