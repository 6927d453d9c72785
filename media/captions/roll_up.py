"""Words turned into roll-up captions of line 21, as they are spoken (pure).

Three rows at the bottom of the screen. A word joins the last row while it fits; otherwise the rows
roll up. Worked example: "order." after a row of 28 characters needs 7 with its space, which makes
35, so it begins a row: roll-up twice, carriage return twice, preamble of row 15 twice, then three
pairs of text.
"""

from collections.abc import Iterable

from media.captions.codes import COLUMNS, Command, Pair, preamble, text_codes, writable
from media.captions.encode import triplet

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
        pairs: list[Pair] = []
        for word in words:
            text = writable(word)[0]
            for part in [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]:
                pairs += self._part(part)
        return _triplets(pairs)

    def new_row(self) -> None:
        """Let the next word begin a row: another speaks, or there was a pause."""
        self._column = WIDTH

    def erase(self) -> bytes:
        """Return the triplets that clear the screen; the next word begins a row."""
        self._column = WIDTH
        return _triplets(_twice(Command.ERASE_SHOWN))

    def _part(self, text: str) -> list[Pair]:
        room = WIDTH - self._column
        if len(text) + 1 <= room:
            self._column += len(text) + 1
            return _text(" " + text)
        self._column = len(text)
        row = preamble(BOTTOM_ROW, 0)
        head = [*_twice(Command.ROLL_3), *_twice(Command.NEW_LINE), row, row]
        return [*head, *_text(text)]


def _text(text: str) -> list[Pair]:
    """Return the pairs of writable text; a character that stands alone is filled with a null."""
    pairs: list[Pair] = []
    waiting: int | None = None
    for code in text_codes(text):
        if not isinstance(code, int):
            if waiting is not None:
                pairs.append((waiting, 0))
            waiting = None
            pairs += [code, code]
        elif waiting is None:
            waiting = code
        else:
            pairs.append((waiting, code))
            waiting = None
    if waiting is not None:
        pairs.append((waiting, 0))
    return pairs


def _twice(command: Command) -> list[Pair]:
    return [(0x14, command)] * 2


def _triplets(pairs: Iterable[Pair]) -> bytes:
    return b"".join(triplet(pair) for pair in pairs)
