"""A world of two machines and three voters on a network that does what it likes.

Each machine has a clock of its own (an offset and a rate), its questions may wait, come twice, come
late or never, and its process may stand still. Its gate is a deadline, as in the relay: it is
looked at by the machine's clock, whether or not the process runs.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from playout.lease.holder import LeaseHolder
from playout.lease.messages import VoteAnswer, VoteRequest
from playout.lease.voter import Voter

MS = 1_000_000
EVERY = 100 * MS


@dataclass
class OwnClock:
    """Monotonic nanoseconds as one machine counts them."""

    offset: int
    rate: float

    def at(self, real: int) -> int:
        return self.offset + round(real * self.rate)


@dataclass
class Seat:
    """One machine, or the witness, which only votes."""

    name: str
    clock: OwnClock
    voter: Voter
    holder: LeaseHolder
    stands_still_until: int = 0
    gate: int = 0
    """Its gate's deadline, by its own clock."""
    number: int = 0
    wants: bool = True
    asked: dict[int, int] = field(default_factory=dict)
    """The real time of each of its questions."""


class LeaseWorld:
    """Events in real time. `open_together` counts how often a gate opened beside an open one."""

    def __init__(self, seed: int, fault: str = "") -> None:
        """`fault` plants one: an `amnesic` voter that starts again promises at once, and a `hasty`
        machine counts the time of a promise from the answer and not from its question.
        """
        self.random = random.Random(seed)
        self.now = 0
        self._fault = fault
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.seats = {name: self._seat(name) for name in ("a", "b", "witness")}
        self.cut: set[frozenset[str]] = set()
        self.delays, self.loss, self.doubles = (0, 20 * MS), 0.0, 0.0
        self.open_together = 0
        self.changes: list[tuple[int, str]] = []
        """When another machine than before was seen to send."""
        for name in ("a", "b"):
            self._after(self.random.randrange(EVERY), lambda name=name: self._turn(name))

    def _seat(self, name: str) -> Seat:
        clock = OwnClock(self.random.randrange(10**15), 1 + self.random.uniform(-2e-4, 2e-4))
        return Seat(name, clock, Voter(clock.at(0)), LeaseHolder(f"{name}-1"))

    def run(self, seconds: float) -> None:
        """Let so many seconds pass."""
        end = self.now + round(seconds * 1e9)
        while self._events and self._events[0][0] <= end:
            self.now, _, event = heapq.heappop(self._events)
            event()
        self.now = end

    def stop(self, name: str, seconds: float) -> None:
        """Let a machine's process stand still, as after SIGSTOP; what arrives waits."""
        self.seats[name].stands_still_until = self.now + round(seconds * 1e9)

    def forget(self, name: str) -> None:
        """Start a machine's process again: it knows nothing, but its gate's memory is there."""
        seat = self.seats[name]
        at = seat.clock.at(self.now)
        seat.voter = Voter(at - 10**9 if self._fault == "amnesic" else at)
        seat.holder = LeaseHolder(seat.holder.machine)

    @property
    def sending(self) -> list[str]:
        """The machines whose gates are open."""
        return [s.name for s in self.seats.values() if s.clock.at(self.now) < s.gate]

    def _after(self, delay: int, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + delay, next(self._count), event))

    def _does(self, name: str, event: Callable[[], None]) -> None:
        """Let a machine do something, once it no longer stands still."""
        late = self.seats[name].stands_still_until - self.now
        if late > 0:
            self._after(late + self.random.randrange(MS), lambda: self._does(name, event))
        else:
            event()

    def _turn(self, name: str) -> None:
        self._after(EVERY, lambda: self._does(name, lambda: self._turn(name)))
        seat = self.seats[name]
        at = seat.clock.at(self.now)
        if seat.wants and not seat.holder.wants:
            seat.holder.begin()
        elif seat.holder.wants and (not seat.wants or self._lost(seat, at)):
            self._let_go(seat)
        for voter in self.seats:
            seat.number += 1
            seat.asked[seat.number] = self.now
            request = seat.holder.ask(voter, seat.number, at)
            self._ask(name, voter, seat.number, request)

    def _lost(self, seat: Seat, at: int) -> bool:
        """Return whether to begin again: two that ask at once may have halved the votes."""
        return not seat.holder.may_send(at) and self.random.random() < 0.2

    def _let_go(self, seat: Seat) -> None:
        seat.gate = 0
        wish = seat.holder.end()
        for voter in self.seats:
            self._ask(seat.name, voter, -1, wish)

    def _ask(self, name: str, voter: str, number: int, request: VoteRequest) -> None:
        def arrives() -> None:
            other = self.seats[voter]
            answer = other.voter.answer(request, other.clock.at(self.now))
            self._carry(voter, name, lambda: self._take(name, voter, number, answer))

        self._carry(name, voter, arrives)

    def _take(self, name: str, voter: str, number: int, answer: VoteAnswer) -> None:
        seat = self.seats[name]
        seat.holder.take(voter, number, answer)
        late = self.now - self.seats[name].asked.get(number, self.now)
        late = late if self._fault == "hasty" else 0
        before, seat.gate = seat.gate, max(seat.gate, seat.holder.until + late)
        if seat.gate > before:
            self._judge(name)

    def _judge(self, name: str) -> None:
        """Judge the instant at which a gate was opened, or opened for longer."""
        sending = self.sending
        self.open_together += len(sending) > 1
        if name in sending and (not self.changes or self.changes[-1][1] != name):
            self.changes.append((self.now, name))

    def _carry(self, start: str, end: str, event: Callable[[], None]) -> None:
        if start == end:
            self._does(end, event)
            return
        times = 0 if self.random.random() < self.loss else 1 + (self.random.random() < self.doubles)
        for _ in range(times):
            if frozenset((start, end)) not in self.cut:
                self._after(self.random.randint(*self.delays), lambda: self._does(end, event))
