"""Placement of items: a sweep through time that turns rules into stretches of air."""

from datetime import datetime, timedelta

from playout.model.plan import ContentKind, Item, MissedStart, Plan, Rank, StartRule
from playout.state.air_state import AirState
from playout.timing import durations
from playout.timing.durations import LEAST_AIR, PlacedItems, start_rule
from playout.timing.precedence import (
    cuts,
    delay_in_words,
    is_hard,
    keeps_off,
    precedence,
)
from playout.timing.resuming import next_piece, still_wanted
from playout.timing.walk import Walk


def place(plan: Plan, happened: AirState, now: datetime, until: datetime) -> PlacedItems:
    """Give every item of the plan its time on air up to `until`, or a reason why it has none."""
    sweep = _Sweep(plan, happened, now, until)
    sweep.run()
    displaced = sorted(sweep.displaced.values(), key=lambda one: (one.planned, one.item))
    return PlacedItems(tuple(sweep.cues), tuple(displaced), sweep.starts)


class _Sweep(Walk):
    """The decisions of a walk through time, taken only at instants where something changes.

    Such an instant is an item's planned start, the end of its wait, the end of the cue on air, or
    the instant at which that cue begins to overrun (`Placed.claim`). At each, the sweep asks who
    gets the air: with an item on, which due item may cut it (`precedence.cuts`); with free air,
    whether an interrupted item rejoins, else the best due item starts (`precedence.precedence`).
    An item leaves `pending` once, on air or displaced with a reason.

    Example, at 21:20 on an evening with a meeting that overruns:

        council  live, held, 19:00 to 21:00     on air, not adjourned
        parks    30 min, 21:00, waits 40 min    soft
        news     30 min, 21:15, hard start      joins in progress when missed
        film     60 min, 22:00, hard start

        21:20  council is held, so its end is estimated: 21:25, in steps of five minutes
        21:25  parks and news are due; news ranks higher and joins ten minutes late
        21:40  parks has waited 40 minutes and cannot cut news: displaced
        21:45  news ends as planned, because it joined in progress; nothing is due: a gap
        22:00  film starts on time

    `test_placement` runs this example.
    """

    def run(self) -> None:
        """Walk from the first open instant to `until`."""
        while self.at < self.until:
            if self.current is not None and self.current.cue.end <= self.at:
                self.close(self.at)
            self._choose()
            self.at = self._next_event()
        if self.current is not None:
            self.close(self.until)

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

    def _choose(self) -> None:
        self._drop_impatient()
        if self.current is not None and self.current.cue.rank > Rank.FILLER:
            for item in sorted(self.due(), key=precedence):
                if cuts(item, self.current, self.at, self.floor):
                    self._interrupt(item)
                    return
            return
        while True:
            # After an abrupt end nothing overdue starts before `ready`; an item that is due at
            # this very instant was cued for it and may.
            due = [i for i in self.due() if self.at >= self.ready or i.start >= self.at]
            if self._resume(due) or not due:
                return
            if self._start(min(due, key=precedence)):
                return

    def _drop_impatient(self) -> None:
        """Drop items that have waited to their limit behind a program they cannot cut."""
        if self.current is None:
            return
        for item in self.due():
            if start_rule(item) is not StartRule.WAIT or item.kind is ContentKind.LIVE:
                continue
            late = self.at - item.start - item.wait_limit
            # At the limit itself the item may still cut; only if it cannot has it waited in vain.
            if late > timedelta(0) or (
                not late and not cuts(item, self.current, self.at, self.floor)
            ):
                self.pending.remove(item)
                self.displace(item, f"{self.current.cue.title} was still on air")

    def _interrupt(self, item: Item) -> None:
        """Let the item cut the program on air."""
        assert self.current is not None
        before = self.current
        if not self._begun(item):
            return
        left = before.cue.end > self.at
        self.close(self.at)
        whole = self.item_of(before.cue)
        # What an override falls upon resumes after it; what a program cuts is cut for good.
        if item.rank >= Rank.OVERRIDE and item.rank > before.cue.rank:
            self.suspended.append(before)
        elif whole is not None and left:
            self.displace(whole, f"cut short by {item.title}")
        self._go(item)

    def _begun(self, item: Item) -> bool:
        """Return whether the item has any air if started now; displace it for good if not."""
        if durations.has_air(item, self.at, self.happened):
            return True
        self.pending.remove(item)
        self.displace(item, "its time passed while another program was on")
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
            self.close(self.at)
        number = self.pieces.get(best.cue.item, 0) + 1 if best.cue.item is not None else 1
        self.current = next_piece(best, self.at, number)
        return True

    def _start(self, item: Item) -> bool:
        """Start the item in free air; return False if it turns out to have none."""
        late = self.at - item.start
        if late > timedelta(0) and is_hard(item) and item.missed is MissedStart.SKIP:
            return self.refuse(item, "its start was missed")
        # A live never gives up by waiting: it joins whenever the air is free.
        waits = start_rule(item) is StartRule.WAIT and item.kind is not ContentKind.LIVE
        if waits and late > item.wait_limit:
            return self.refuse(item, "its longest wait had passed")
        if not self._begun(item):
            return False
        if not is_hard(item) and item.missed is MissedStart.SKIP and not self._fits(item):
            return self.refuse(item, "it does not fit before the next fixed start")
        self._go(item)
        return True

    def _fits(self, item: Item) -> bool:
        """Return whether the item, started now, ends before the next hard start."""
        hard = [i.start for i in self.pending if is_hard(i) and i.start > self.at]
        return not hard or durations.natural_end(item, self.at, self.happened) <= min(hard)

    def _go(self, item: Item) -> None:
        """Put the item on air at this instant."""
        piece = self.pieces.get(item.id, 0) + 1
        placed = durations.begin_item(item, self.at, self.happened, self.now, piece)
        assert placed is not None
        if self.current is not None:
            self.close(self.at)
        self.pending.remove(item)
        if self.at - item.start >= LEAST_AIR:
            behind = self.cues[-1].title if self.cues else "the break"
            late = delay_in_words(self.at - item.start)
            self.displace(item, f"starts {late} late, after {behind}")
        self.current = placed
        if is_hard(item):
            self.overtake(item)
