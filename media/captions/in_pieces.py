"""Captions of pieces of a file, moved to where the pieces are shown (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from media.captions.cue import CaptionCue

SHORTEST_REST = 100_000
"""Microseconds under which the rest of a caption that a piece cuts off is only a flicker."""


def in_pieces(
    cues: Iterable[CaptionCue], spans: Sequence[tuple[int, int]]
) -> tuple[CaptionCue, ...]:
    """Return the captions shown while these spans of a file play one after the other.

    A span is [begin, end) in microseconds of the file. A caption ends with its span, as the screen
    is cleared at each join on air.

    Example: of the spans 10 to 20 s and 40 to 50 s, a caption from 18 to 22 s is shown from 8 to
    10 s, and one from 41 to 43 s from 11 to 13 s.
    """
    known, gone, moved = list(cues), 0, []
    for begin, end in spans:
        for cue in known:
            first, last = max(cue.begin, begin), min(cue.end, end)
            if last - first >= min(SHORTEST_REST, cue.end - cue.begin):
                shift = gone - begin
                moved.append(replace(cue, begin=first + shift, end=last + shift))
        gone += end - begin
    return tuple(sorted(moved, key=lambda cue: cue.begin))
