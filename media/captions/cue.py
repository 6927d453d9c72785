"""Captions in words: what is shown, where, and from when to when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from media.captions.codes import COLUMNS, ROWS

MOST_ROWS = 4
"""Most rows of a caption that is laid out here; more would cover the picture."""


@dataclass(frozen=True, slots=True)
class CaptionRow:
    """One row of a caption on the screen."""

    row: int
    """From 1, the top, to 15."""
    column: int
    """Column of its first character, from 0 to 31."""
    text: str


@dataclass(frozen=True, slots=True)
class CaptionCue:
    """A caption with its times, in microseconds from the start of the media."""

    begin: int
    end: int
    rows: tuple[CaptionRow, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Its rows as text, from the top."""
        return tuple(row.text for row in self.rows)

    @property
    def text(self) -> str:
        """Its words in one line."""
        return " ".join(self.lines)


def laid_out(begin: int, end: int, lines: Iterable[str], *, top: bool = False) -> list[CaptionCue]:
    """Return captions whose rows fit the screen, centred at its bottom or top.

    Lines are broken at spaces into rows of 32 characters. What needs more than four rows becomes
    several captions, one after the other, which share the time by their length.
    """
    rows = [row for line in lines for row in _broken(line)]
    if not rows or end <= begin:
        return []
    parts = -(-len(rows) // MOST_ROWS)
    size = -(-len(rows) // parts)
    groups = [rows[at : at + size] for at in range(0, len(rows), size)]
    total = sum(map(_weight, groups))
    cues, done = [], 0
    for group in groups:
        starts = begin + (end - begin) * done // total
        done += _weight(group)
        ends = begin + (end - begin) * done // total
        cues.append(CaptionCue(starts, ends, _placed(group, top)))
    return cues


def _weight(rows: Sequence[str]) -> int:
    return sum(map(len, rows))


def _broken(line: str) -> list[str]:
    """Break a line at spaces into rows of 32 characters, and longer words wherever they end."""
    rows = [""]
    for word in line.split():
        joined = f"{rows[-1]} {word}" if rows[-1] else word
        if len(joined) <= COLUMNS:
            rows[-1] = joined
            continue
        pieces = [word[at : at + COLUMNS] for at in range(0, len(word), COLUMNS)]
        rows.extend(pieces if rows[-1] else [])
        if rows == [""]:
            rows = pieces
    return [row for row in rows if row]


def _placed(rows: Sequence[str], top: bool) -> tuple[CaptionRow, ...]:
    """Centre rows to a multiple of four columns, which needs no tab, and so less time to load."""
    first = 1 if top else ROWS - len(rows) + 1
    return tuple(
        CaptionRow(first + place, (COLUMNS - len(row)) // 2 // 4 * 4, row)
        for place, row in enumerate(rows)
    )


def covered(cues: Iterable[CaptionCue]) -> int:
    """Return the microseconds during which at least one caption is shown."""
    total = until = 0
    for cue in sorted(cues, key=lambda one: one.begin):
        total += max(0, cue.end - max(cue.begin, until))
        until = max(until, cue.end)
    return total
