"""Words turned into roll-up captions of line 21, as they are spoken (pure).

Three rows at the bottom of the screen. A word joins the last row while it fits; otherwise the rows
roll up. Worked example: "order." after a row of 28 characters needs 7 with its space, which makes
35, so it begins a row: roll-up twice, carriage return twice, preamble of row 15 twice, then three
pairs of text.
"""

from collections.abc import Iterable

from media.captions.codes import COLUMNS, Command, preamble, text_codes, writable
from media.captions.encode import Unit, command_unit, text_units, triplet, twice

BOTTOM_ROW = 15
WIDTH = COLUMNS - 1
"""Characters of a row. A cursor never leaves the last column, so an extended character there, which
replaces the one before it, would replace the wrong one."""


class RollUp:
    """A writer of roll-up captions in channel CC1. It knows how full the last row is."""

    def __init__(self) -> None:
        self._column = WIDTH
        """Characters in the last row; a full one before the first word."""

    def say(self, words: Iterable[str]) -> bytes:
        """Return the triplets that show these words after what was said before."""
        units: list[Unit] = []
        for word in words:
            text = writable(word)[0]
            for part in [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]:
                units += self._part(part)
        return _triplets(units)

    def new_row(self) -> None:
        """Let the next word begin a row: another speaks, or there was a pause."""
        self._column = WIDTH

    def erase(self) -> bytes:
        """Return the triplets that clear the screen; the next word begins a row."""
        self._column = WIDTH
        return _triplets([command_unit(Command.ERASE_SHOWN)])

    def _part(self, text: str) -> list[Unit]:
        if self._column + len(text) + 1 <= WIDTH:
            self._column += len(text) + 1
            return text_units(text_codes(" " + text), Command.ROLL_3)
        self._column = len(text)
        head = [command_unit(Command.ROLL_3), command_unit(Command.NEW_LINE)]
        row = twice(preamble(BOTTOM_ROW, 0))
        return [*head, row, *text_units(text_codes(text), Command.ROLL_3)]


def _triplets(units: Iterable[Unit]) -> bytes:
    return b"".join(triplet(pair) for unit in units for pair in unit)
