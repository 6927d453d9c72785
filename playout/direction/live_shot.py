"""The shot of a live at an instant: its source, or a slate that says why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.model.cue_ids import Origin
from playout.model.layer import Layer
from playout.model.rundown import Cue
from playout.state.air_state import AirState

BOARD_AFTER = timedelta(minutes=5)
"""After this long without signal the board replaces the slate; the gateway keeps trying."""
FIRST_PICTURE_WITHIN = timedelta(seconds=5)
"""How long a source put on air by hand may take to its first picture before its slate airs."""


@dataclass(frozen=True)
class LiveShot:
    """The layer of a live's shot, the layer beneath it, and the text of its slate."""

    layer: Layer
    beneath: Layer = Layer.SLATE
    text: str = ""
    waits: bool = False
    """Whether the cue before stays on air until the source has a picture."""


def live_shot(cue: Cue, happened: AirState, now: datetime) -> LiveShot:
    """Return what the live shows at `now`, or at its start if that is still to come."""
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
    by_hand = cue.origin in (Origin.TAKE, Origin.OVERRIDE)
    waits = by_hand and lost is None and now - cue.start < FIRST_PICTURE_WITHIN
    gone = now - max(lost, cue.start) if lost is not None else timedelta(0)
    beneath = Layer.BOARD if gone >= BOARD_AFTER else Layer.SLATE
    return LiveShot(Layer.DECK, beneath, text, waits)


def _shortly(cue: Cue) -> str:
    return cue.slate_text or f"{cue.title} will begin shortly"


def _recess(cue: Cue) -> str:
    return f"{cue.title} is in recess"
