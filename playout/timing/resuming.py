"""Interrupted items: which of them may resume, and with which piece."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from playout.model.cue_ids import piece_of
from playout.timing.durations import Placed, guess

LEAST_LEFT_TO_JOIN = timedelta(seconds=5)
"""An item with less than this left does not rejoin."""


def still_wanted(suspended: Iterable[Placed], at: datetime) -> list[Placed]:
    """Return those with something left at `at`; a held live goes on, whatever interrupted it."""
    waiting = []
    for placed in suspended:
        if placed.cue.held:
            placed = replace(placed, cue=replace(placed.cue, end=guess(placed.cue.end, at)))
        if placed.cue.end - at > LEAST_LEFT_TO_JOIN:
            waiting.append(placed)
    return waiting


def next_piece(placed: Placed, at: datetime, number: int) -> Placed:
    """Return the next piece of an interrupted item, joined at `at` where it would be by now."""
    cue = placed.cue
    gone = cue.offset + (at - cue.start)
    return replace(placed, cue=replace(cue, id=piece_of(cue.id, number), start=at, offset=gone))
