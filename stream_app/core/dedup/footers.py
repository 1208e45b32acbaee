"""Which lines are footers: counted over stories, in a table of fixed size."""

from __future__ import annotations

from typing import Final

import numpy as np

_FULL: Final = 0xFF
_PAGE: Final = 4096
_SECOND: Final = 0x85EBCA6B


class Footers:
    """Counts in how many stories a line stands, by two hashes (count-min).

    A count is never too small. It is too large where both of a line's cells are shared with others: with 16 cells a
    resident article and about 6 counted lines an article, one line in 2,000 is taken for a footer that is none.
    """

    STORIES: Final = 3

    def __init__(self, max_rows: int) -> None:
        cells = 1 << min(26, max(16, (16 * max_rows - 1).bit_length()))
        self._mask = cells - 1
        self._cells = np.zeros(cells, np.uint8).data
        self._counted = 0

    @property
    def bytes(self) -> int:
        """Memory held: the pages of the table that were touched, an estimate from above."""
        return min(self._cells.nbytes, 2 * _PAGE * self._counted)

    def knows(self, line: int) -> bool:
        """Whether the line stands in three stories or more."""
        # Hardly any line is one: the second place is worked out only when the first has the count.
        if self._cells[line & self._mask] < self.STORIES:
            return False
        return self._cells[self._places(line)[1]] >= self.STORIES

    def add(self, lines: list[int]) -> None:
        """Count the lines of one story."""
        self._counted += len(lines)
        self._change(lines, 1)

    def remove(self, lines: list[int]) -> None:
        """Undo `add`. A cell that was ever full stays full."""
        self._change(lines, -1)

    def _change(self, lines: list[int], by: int) -> None:
        cells = self._cells
        for line in lines:
            for place in self._places(line):
                if cells[place] != _FULL:
                    cells[place] += by

    def _places(self, line: int) -> tuple[int, int]:
        return line & self._mask, ((line ^ 0x5BD1E995) * _SECOND >> 5) & self._mask
