"""The walk of a sweep through time: where it stands, and the committed cues it starts from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from config.names import ItemId
from playout.model.cue_ids import Origin
from playout.model.plan import Item, MissedStart, Plan
from playout.model.rundown import Cue, Displaced
from playout.state.air_state import AirState
from playout.timing import durations
from playout.timing.durations import CUE_LEAD, Placed
from playout.timing.precedence import has_had_its_air, is_hard, strength, why_it_cannot_air


class Walk:
    """The state of a sweep at the instant `at`: what is on air, what waits and what has aired.

    It begins where the first decision is still open: behind committed cues, and no nearer to now
    than a deck needs to be cued.
    """

    def __init__(self, plan: Plan, happened: AirState, now: datetime, until: datetime) -> None:
        self.happened, self.now, self.until = happened, now, until
        self.items: Mapping[ItemId, Item] = {item.id: item for item in plan.items}
        self.cues: list[Cue] = []
        self.displaced: dict[ItemId, Displaced] = {}
        """Items that air otherwise than planned, or not at all, and why."""
        self.current: Placed | None = None
        """The item on air at `at`."""
        self.suspended: list[Placed] = []
        """Interrupted items that may rejoin."""
        self.pieces: dict[ItemId, int] = {}
        """How many pieces of each item have aired, to number the next."""
        self.pending = sorted(filter(self._waits, plan.items), key=lambda i: (i.start, i.id))
        self.starts = plan.starts
        self.at = plan.starts
        self.ready = plan.starts
        """Nothing overdue starts before this: a deck needs a moment after an abrupt end."""
        self.floor: datetime | None = None
        """The first instant still open to decision; None where the whole plan is."""
        self._begin()

    def _waits(self, item: Item) -> bool:
        """Return whether the item still has air to come; displace it if it cannot air at all."""
        if has_had_its_air(item, self.happened):
            return False
        reason = why_it_cannot_air(item, self.happened, self.now)
        if reason is not None:
            self.displace(item, reason)
        return reason is None

    def _begin(self) -> None:
        """Take over committed cues as they are, and move to the first instant still open to
        decision.
        """
        pinned = self.happened.pinned
        if self.happened.since is not None:
            self._miss_what_was_over(self.happened.since)
        if not pinned:
            if self.happened.since is not None:
                self.starts = self.at = self.ready = self.floor = self.happened.since
            return
        self.starts = pinned[0].start
        for cue, after in zip(pinned, pinned[1:], strict=False):
            end = min(after.start, self.happened.ended.get(cue.id, after.start))
            if end > cue.start:
                self.append(replace(cue, end=end, held=False))
        self._stand_on(pinned[-1])
        self._bring_back()
        # A take is no planned start: what an operator took early displaces none that came before.
        for cue in pinned:
            item = self.item_of(cue)
            if item is not None and is_hard(item) and cue.origin is not Origin.TAKE:
                self.overtake(item)

    def _stand_on(self, last: Cue) -> None:
        """Go on from the newest committed cue: still on air, just ended, or ended long ago."""
        item = self.item_of(last)
        placed = durations.continue_cue(last, item, self.happened, self.now)
        self.floor = max(self.now + CUE_LEAD, last.start)
        if placed.cue.end > self.now and last.id not in self.happened.ended:
            self.current = placed
            self.at = self.ready = min(self.floor, placed.cue.end)
            return
        if (end := placed.cue.end) > last.start:
            self.append(replace(placed.cue, end=end, held=False))
        self.at, self.ready = end, end + CUE_LEAD
        if self.now > self.ready:
            self._off_air(end, self.now)

    def _off_air(self, start: datetime, end: datetime) -> None:
        """Cover a stretch for which nothing is known, because the agent was down."""
        self.append(durations.off_air(start, end))
        self.at = self.ready = end
        self._miss_what_was_over(end)

    def _miss_what_was_over(self, since: datetime) -> None:
        """Displace items whose whole time passed before the channel came on air."""
        for item in list(self.pending):
            if item.start < since and item.start + item.length <= since:
                self.pending.remove(item)
                self.displace(item, "the channel was not on air then")

    def _bring_back(self) -> None:
        """Let items that an override or emergency interrupted wait to rejoin in progress."""
        for item in [i for i in self.pending if i.id in self.happened.interrupted]:
            pieces = self.happened.pieces(item.id)
            if self.current is not None and self.current.cue.item == item.id:
                self.pending.remove(item)
            elif pieces:
                self.pending.remove(item)
                # It was ended by what interrupted it; its own end is the one it would have had.
                uncut = replace(self.happened, ended={})
                cue = durations.replaced_file(pieces[-1], item, self.happened)
                self.suspended.append(durations.continue_cue(cue, item, uncut, self.now))

    def item_of(self, cue: Cue) -> Item | None:
        """Return the cue's item in today's plan; None if it was deleted or the cue has none."""
        return self.items.get(cue.item) if cue.item is not None else None

    def close(self, at: datetime) -> None:
        """End the item on air at `at`."""
        assert self.current is not None
        cue = self.current.cue
        self.current = None
        if at > cue.start:
            self.append(replace(cue, end=at))

    def append(self, cue: Cue) -> None:
        """Add a finished stretch."""
        if cue.item is not None:
            self.pieces[cue.item] = self.pieces.get(cue.item, 0) + 1
        self.cues.append(cue)

    def due(self) -> list[Item]:
        """Return waiting items whose planned start has come, in order of it."""
        due = []
        for item in self.pending:
            if item.start > self.at:
                break
            due.append(item)
        return due

    def refuse(self, item: Item, reason: str) -> bool:
        """Displace a waiting item; always False."""
        self.pending.remove(item)
        self.displace(item, reason)
        return False

    def overtake(self, item: Item) -> None:
        """Drop earlier hard-start items that this one would have cut, so they do not resume after
        it.
        """
        for other in [i for i in self.due() if is_hard(i) and i.missed is MissedStart.JOIN]:
            if other.start < item.start and strength(other) <= strength(item):
                self.pending.remove(other)
                self.displace(other, f"{item.title} was due by then")

    def displace(self, item: Item, reason: str) -> None:
        """Note why the item does not air as planned; the last reason counts."""
        self.displaced[item.id] = Displaced(item.id, item.airing, item.title, item.start, reason)
