"""Which item is on air when: a sweep through time that turns rules into stretches of air."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import ItemId
from playout.model.cue_ids import Origin
from playout.model.plan import ContentKind, Item, MissedStart, Plan, Rank, StartRule
from playout.model.rundown import Cue, Displaced
from playout.state.air_state import AirState
from playout.timing import durations
from playout.timing.durations import CUE_LEAD, LEAST_AIR, Placed, PlacedItems, start_rule
from playout.timing.precedence import (
    cuts,
    delay_in_words,
    has_had_its_air,
    is_hard,
    keeps_off,
    precedence,
    strength,
    why_it_cannot_air,
)
from playout.timing.resuming import next_piece, still_wanted


def place(plan: Plan, happened: AirState, now: datetime, until: datetime) -> PlacedItems:
    """Give every item of the plan its time on air up to `until`, or a reason why it has none."""
    sweep = _Sweep(plan, happened, now, until)
    sweep.run()
    displaced = sorted(sweep.displaced.values(), key=lambda one: (one.planned, one.item))
    return PlacedItems(tuple(sweep.cues), tuple(displaced), sweep.starts)


class _Sweep:
    """A walk through time from the present on; decisions are taken only where something changes."""

    def __init__(self, plan: Plan, happened: AirState, now: datetime, until: datetime) -> None:
        self.happened, self.now, self.until = happened, now, until
        self.items: Mapping[ItemId, Item] = {item.id: item for item in plan.items}
        self.cues: list[Cue] = []
        self.displaced: dict[ItemId, Displaced] = {}
        self.current: Placed | None = None
        self.suspended: list[Placed] = []
        self.pieces: dict[ItemId, int] = {}
        self.pending = sorted(filter(self._waits, plan.items), key=lambda i: (i.start, i.id))
        self.starts = plan.starts
        self.at = plan.starts
        self.ready = plan.starts
        """Nothing overdue starts before this: a deck needs a moment after an abrupt end."""
        self.floor: datetime | None = None
        self._begin()

    def _waits(self, item: Item) -> bool:
        """Return whether the item still has air to come; displace it if it cannot air at all."""
        if has_had_its_air(item, self.happened):
            return False
        reason = why_it_cannot_air(item, self.happened, self.now)
        if reason is not None:
            self._displace(item, reason)
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
                self._append(replace(cue, end=end, held=False))
        self._stand_on(pinned[-1])
        self._bring_back()
        for cue in pinned:
            item = self._item_of(cue)
            if item is not None and is_hard(item) and cue.origin is not Origin.TAKE:
                self._overtake(item)

    def _stand_on(self, last: Cue) -> None:
        item = self._item_of(last)
        placed = durations.continue_cue(last, item, self.happened, self.now)
        self.floor = max(self.now + CUE_LEAD, last.start)
        if placed.cue.end > self.now and last.id not in self.happened.ended:
            self.current = placed
            self.at = self.ready = min(self.floor, placed.cue.end)
            return
        if (end := placed.cue.end) > last.start:
            self._append(replace(placed.cue, end=end, held=False))
        self.at, self.ready = end, end + CUE_LEAD
        if self.now > self.ready:
            self._off_air(end, self.now)

    def _item_of(self, cue: Cue) -> Item | None:
        return self.items.get(cue.item) if cue.item is not None else None

    def _off_air(self, start: datetime, end: datetime) -> None:
        """Cover a stretch for which nothing is known, because the agent was down."""
        self._append(durations.off_air(start, end))
        self.at = self.ready = end
        self._miss_what_was_over(end)

    def _miss_what_was_over(self, since: datetime) -> None:
        for item in list(self.pending):
            if item.start < since and item.start + item.length <= since:
                self.pending.remove(item)
                self._displace(item, "the channel was not on air then")

    def _bring_back(self) -> None:
        """Let items that an override or emergency interrupted wait to rejoin in progress."""
        for item in [i for i in self.pending if i.id in self.happened.interrupted]:
            pieces = [c for c in self.happened.pinned if c.item == item.id]
            if self.current is not None and self.current.cue.item == item.id:
                self.pending.remove(item)
            elif pieces:
                self.pending.remove(item)
                uncut = replace(self.happened, ended={})
                self.suspended.append(durations.continue_cue(pieces[-1], item, uncut, self.now))

    def run(self) -> None:
        while self.at < self.until:
            if self.current is not None and self.current.cue.end <= self.at:
                self._close(self.at)
            self._choose()
            self.at = self._next_event()
        if self.current is not None:
            self._close(self.until)

    def _close(self, at: datetime) -> None:
        assert self.current is not None
        cue = self.current.cue
        self.current = None
        if at > cue.start:
            self._append(replace(cue, end=at))

    def _append(self, cue: Cue) -> None:
        if cue.item is not None:
            self.pieces[cue.item] = self.pieces.get(cue.item, 0) + 1
        self.cues.append(cue)

    def _next_event(self) -> datetime:
        events = [self.until]
        if self.current is not None:
            events += [self.current.cue.end, max(self.current.claim, self.at)]
        events.append(max(self.ready, self.at))
        for item in self.pending:
            if item.start > self.at:
                events.append(item.start)
                break
            deadline = item.start + item.wait_limit
            if start_rule(item) is StartRule.WAIT and deadline > self.at:
                events.append(deadline)
        return min(event for event in events if event > self.at)

    def _due(self) -> list[Item]:
        due = []
        for item in self.pending:
            if item.start > self.at:
                break
            due.append(item)
        return due

    def _choose(self) -> None:
        self._drop_impatient()
        if self.current is not None and self.current.cue.rank > Rank.FILLER:
            for item in sorted(self._due(), key=precedence):
                if cuts(item, self.current, self.at, self.floor):
                    self._interrupt(item)
                    return
            return
        while True:
            due = [i for i in self._due() if self.at >= self.ready or i.start >= self.at]
            if self._resume(due) or not due:
                return
            if self._start(min(due, key=precedence)):
                return

    def _drop_impatient(self) -> None:
        """Drop items that have waited to their limit behind a program they cannot cut."""
        if self.current is None:
            return
        for item in self._due():
            if start_rule(item) is not StartRule.WAIT or item.kind is ContentKind.LIVE:
                continue
            late = self.at - item.start - item.wait_limit
            if late > timedelta(0) or (
                not late and not cuts(item, self.current, self.at, self.floor)
            ):
                self.pending.remove(item)
                self._displace(item, f"{self.current.cue.title} was still on air")

    def _interrupt(self, item: Item) -> None:
        assert self.current is not None
        before = self.current
        if not self._begun(item):
            return
        left = before.cue.end > self.at
        self._close(self.at)
        whole = self._item_of(before.cue)
        if item.rank >= Rank.OVERRIDE and item.rank > before.cue.rank:
            self.suspended.append(before)
        elif whole is not None and left:
            self._displace(whole, f"cut short by {item.title}")
        self._go(item)

    def _begun(self, item: Item) -> bool:
        """Return whether the item has any air if started now; displace it for good if not."""
        if durations.has_air(item, self.at, self.happened):
            return True
        self.pending.remove(item)
        self._displace(item, "its time passed while another program was on")
        return False

    def _resume(self, due: list[Item]) -> bool:
        """Rejoin an interrupted item, unless something due outranks it."""
        self.suspended = still_wanted(self.suspended, self.at)
        if not self.suspended or self.at < self.ready:
            return False
        best = max(self.suspended, key=lambda one: (one.cue.rank, one.cue.start))
        if any(keeps_off(i, best) for i in due if is_hard(i)):
            return False
        self.suspended.remove(best)
        if self.current is not None:
            self._close(self.at)
        number = self.pieces.get(best.cue.item, 0) + 1 if best.cue.item is not None else 1
        self.current = next_piece(best, self.at, number)
        return True

    def _start(self, item: Item) -> bool:
        """Start the item in free air; return False if it turns out to have none."""
        late = self.at - item.start
        if late > timedelta(0) and is_hard(item) and item.missed is MissedStart.SKIP:
            return self._refuse(item, "its start was missed")
        waits = start_rule(item) is StartRule.WAIT and item.kind is not ContentKind.LIVE
        if waits and late > item.wait_limit:
            return self._refuse(item, "its longest wait had passed")
        if not self._begun(item):
            return False
        if not is_hard(item) and item.missed is MissedStart.SKIP and not self._fits(item):
            return self._refuse(item, "it does not fit before the next fixed start")
        self._go(item)
        return True

    def _refuse(self, item: Item, reason: str) -> bool:
        self.pending.remove(item)
        self._displace(item, reason)
        return False

    def _fits(self, item: Item) -> bool:
        hard = [i.start for i in self.pending if is_hard(i) and i.start > self.at]
        return not hard or durations.natural_end(item, self.at, self.happened) <= min(hard)

    def _go(self, item: Item) -> None:
        """Put the item on air at this instant."""
        piece = self.pieces.get(item.id, 0) + 1
        placed = durations.begin_item(item, self.at, self.happened, self.now, piece)
        assert placed is not None
        if self.current is not None:
            self._close(self.at)
        self.pending.remove(item)
        if self.at - item.start >= LEAST_AIR:
            behind = self.cues[-1].title if self.cues else "the break"
            late = delay_in_words(self.at - item.start)
            self._displace(item, f"starts {late} late, after {behind}")
        self.current = placed
        if is_hard(item):
            self._overtake(item)

    def _overtake(self, item: Item) -> None:
        """Drop earlier hard-start items that this one would have cut, so they do not resume after
        it.
        """
        for other in [i for i in self._due() if is_hard(i) and i.missed is MissedStart.JOIN]:
            if other.start < item.start and strength(other) <= strength(item):
                self.pending.remove(other)
                self._displace(other, f"{item.title} was due by then")

    def _displace(self, item: Item, reason: str) -> None:
        self.displaced[item.id] = Displaced(item.id, item.airing, item.title, item.start, reason)
