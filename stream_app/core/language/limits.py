"""How much is said of one article: bounds that no real one reaches, and by which no other floods those who read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from itertools import islice
from typing import Final, Protocol, TypeVar

LEAST: Final[Mapping[str, int]] = {"casualties": 40, "rejected": 40, "places": 100}
"""So many annotations of each list whatever the length; of 1,700 news articles none has half as many figures ..."""
CHARACTERS: Final = 500
"""... and one more for so many characters of title and text."""
IN_VAIN: Final = 0.25
"""What a piece of text without a figure takes of the room for figures: reading has its bounds, too."""
LONGEST_SPAN: Final = 300
"""Characters of an annotation; those of news have up to 46."""


LONGEST_SENT: Final = 2_000
"""Characters of an annotation with the mark-up inside it: a link has a few hundred."""


class Spanned(Protocol):
    """What stands somewhere in a field."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character after its last."""


S = TypeVar("S", bound=Spanned)


def most(what: str, characters: int) -> int:
    """How many annotations of a list an article of so many characters has at most: the first ones.

    >>> most("places", 3000), most("places", 1_000_000)
    (106, 2100)
    """
    return LEAST[what] + characters // CHARACTERS


def within(spanned: Iterable[S], count: int) -> list[S]:
    """The first `count` of those that are not too long to be an annotation."""
    return list(islice((one for one in spanned if one.end - one.start <= LONGEST_SPAN), count))


def full(annotations: Mapping[str, Sized], characters: int) -> list[str]:
    """The lists that are full, so that some may have been left out.

    >>> full({"places": range(100), "rejected": range(3)}, 200)
    ['places']
    """
    return [what for what, found in annotations.items() if len(found) >= most(what, characters)]
