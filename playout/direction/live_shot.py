"""What a live shows at an instant: its source, or a slate that says why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.model.layer import Layer
from playout.model.rundown import Cue
from playout.state.air_state import AirState

BOARD_AFTER = timedelta(minutes=5)
"""Signal lost for so long gives way to the bulletin board; the source is tried on."""
FIRST_PICTURE_WITHIN = timedelta(seconds=5)
"""A source put on air by hand may take so long to its first picture; then its slate airs."""


@dataclass(frozen=True)
class LiveShot:
    """The layer of a live's shot, what lies beneath it, and the words of its slate."""

    layer: Layer
    beneath: Layer = Layer.SLATE
    text: str = ""
    waits: bool = False
    """Whether what is on air stays until the source has a picture."""


def live_shot(cue: Cue, happened: AirState, now: datetime) -> LiveShot:
    """What the live cue shows at `now`, or will at its start where that lies ahead."""
    lost = happened.lost.get(cue.source or "")
    if cue.item is None:
        return _source(cue, lost, now, "")
    begun = cue.item in happened.begun
    if cue.item in happened.recess:
        return LiveShot(Layer.SLATE, text=_recess(cue) if begun else _shortly(cue))
    if begun or (cue.start > now and lost is None):
        return _source(cue, lost, now, "" if begun else _shortly(cue))
    return LiveShot(Layer.SLATE, text=_shortly(cue))


def _source(cue: Cue, lost: datetime | None, now: datetime, text: str) -> LiveShot:
    by_hand = cue.id.startswith(("take-", "over-"))
    waits = by_hand and lost is None and now - cue.start < FIRST_PICTURE_WITHIN
    gone = now - max(lost, cue.start) if lost is not None else timedelta(0)
    beneath = Layer.BOARD if gone >= BOARD_AFTER else Layer.SLATE
    return LiveShot(Layer.DECK, beneath, text, waits)


def _shortly(cue: Cue) -> str:
    return cue.slate_text or f"{cue.title} will begin shortly"


def _recess(cue: Cue) -> str:
    return f"{cue.title} is in recess"
