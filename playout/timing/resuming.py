"""Items that were interrupted: who waits to come back, and with which piece."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import CueId
from playout.timing.durations import Placed, guess

LEAST_LEFT_TO_JOIN = timedelta(seconds=5)
"""Less than this left of an item is not worth joining."""


def still_wanted(suspended: Iterable[Placed], at: datetime) -> list[Placed]:
    """Those with something left at `at`; a held live goes on, whatever interrupted it."""
    waiting = []
    for one in suspended:
        if one.cue.held:
            one = replace(one, cue=replace(one.cue, end=guess(one.cue.end, at)))
        if one.cue.end - at > LEAST_LEFT_TO_JOIN:
            waiting.append(one)
    return waiting


def next_piece(placed: Placed, at: datetime, number: int) -> Placed:
    """The interrupted item as it goes on at `at`, where it would be by now."""
    cue = placed.cue
    base = cue.id.rsplit("#", 1)[0]
    gone = cue.offset + (at - cue.start)
    return replace(placed, cue=replace(cue, id=CueId(f"{base}#{number}"), start=at, offset=gone))
