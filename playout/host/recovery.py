"""Recovery on air: what replaces a cue that cannot be shown, and takes that came late."""

from dataclasses import replace
from datetime import datetime, timedelta

from config.names import CueId
from playout.direction import director
from playout.host.channel_state import ChannelState
from playout.model.cue_ids import Origin
from playout.model.engine import Desired, Observation
from playout.model.events import Failed, Off, On
from playout.model.layer import Layer
from playout.model.plan import ContentKind, Rank
from playout.timing.retry import due_retries

TAKE_LATE_BY = timedelta(milliseconds=40)
"""A take that went on air this much later than asked is moved to where it was seen."""


class Recovery:
    """Remembers for how long each cue was covered, and replaces what cannot be shown."""

    def __init__(self) -> None:
        self._covered: tuple[CueId, datetime] | None = None
        self._appeared: CueId | None = None
        self._anchored: set[CueId] = set()
        self._waited: set[CueId] = set()

    def anchor(self, state: ChannelState, seen: Observation | None, now: datetime) -> None:
        """Move a file's take to the instant its first frame was seen, and its end with it.

        A deck needs a moment to open the file that was taken, so the take airs late. Without this
        the file would lose that moment at its end.

        Only if this agent saw it wait, or begin a moment ago: an agent that finds a take on air
        when it starts knows no better than the journal.
        """
        pinned = state.happened.pinned
        if seen is None or not pinned or pinned[-1].origin is not Origin.TAKE:
            return
        cue = pinned[-1]
        if cue.kind is not ContentKind.FILE or cue.id in self._anchored:
            return
        if seen.cue != cue.id:
            self._waited.add(cue.id)
            return
        late = seen.utc - cue.start
        if seen.layer is not Layer.DECK:
            return
        self._anchored.add(cue.id)
        if late > TAKE_LATE_BY and (cue.id in self._waited or late <= director.PICTURE_PATIENCE):
            state.record(now, On(replace(cue, start=seen.utc, end=cue.end + late)))

    def replace_faulty(
        self, state: ChannelState, shown: Desired | None, seen: Observation | None, now: datetime
    ) -> None:
        """End or skip a cue that cannot be shown, so that something else airs in its place."""
        if shown is None:
            return
        fault = director.refused_by_a_deck(shown, seen) or self._stuck(shown, seen, now)
        cue = state.cue_of(fault.cue) if fault is not None else None
        if fault is None or cue is None or cue.id in state.happened.ended:
            return
        if cue.start <= now:
            state.record(now, Off(cue.id, now, "failed", fault.reason))
        elif cue.item is not None and cue.item not in state.happened.failed:
            state.record(now, Failed(now, fault.reason, item=cue.item))
        # A filler clip is not tied to an item, so it is the file that must rest for a while. Nor is
        # what a saved search took: while it rests, the next file that was found airs.
        item = state.plan.item(cue.item)
        replaceable = cue.rank <= Rank.FILLER or (item is not None and item.choice)
        if replaceable and cue.media is not None:
            state.record(now, Failed(now, fault.reason, asset=cue.media.key))
        name = cue.title or cue.id
        state.journal.alarm(now, f"{name} cannot be played: {fault.reason}.")

    def try_again(self, state: ChannelState, now: datetime) -> None:
        """Give what failed a while ago another chance."""
        for event in [*due_retries(state.plan, state.happened, now)]:
            state.record(now, event)

    def _stuck(
        self, shown: Desired, seen: Observation | None, now: datetime
    ) -> director.CueFault | None:
        """Return the fault of a file that should be on air and has not been seen for too long."""
        cue = shown.on_air.cue
        # A deck that lacks memory or descriptors is the machine's fault and not the file's; the
        # engine reports it, and the time does not count against the file.
        if director.is_waiting(shown, seen):
            self._covered = None
            return None
        if not director.covered_for(shown, seen):
            self._covered = None
            if seen is not None and seen.cue == cue:
                self._appeared = cue
            return None
        if self._covered is None or self._covered[0] != cue:
            self._covered = (cue, now)
        # Once a file has been seen, the machine is up to it: then five seconds are enough, also
        # for a long item.
        appeared = self._appeared == cue
        limit = director.PICTURE_PATIENCE if appeared else director.picture_patience(shown, now)
        if director.is_opening(shown, seen):
            limit = max(limit, min(director.OPENING_PATIENCE, shown.on_air.until - now))
        if now - self._covered[1] < limit:
            return None
        words = "its picture stopped coming" if appeared else "no picture of it was seen"
        return director.CueFault(cue, words)
