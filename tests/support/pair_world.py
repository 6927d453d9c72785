"""Two machines of a channel and a witness on a simulated network, in real time of no one's clock.

Each machine has its own monotonic clock and a gate, which is a deadline by that clock. The machines
are real (`playout.pair.seat`); what carries their beats may lose, hold back or double them.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from config.names import ChannelId
from playout.lease.voter import Voter
from playout.model.sight import UNSEEN, Sight
from playout.pair.seat import MS, Member, OwnState, Seat
from playout.pair.sight import SightKeeper

TURN = 10 * MS
BEAT = 100 * MS
WITNESS_EVERY = 150 * MS


@dataclass
class Machine:
    """A machine, its clock and its gate."""

    name: str
    preferred: bool
    offset: int
    rate: float
    goes_on_alone: bool = False
    start: int = 0
    seat: Seat | None = None
    gate: int = 0
    beat_at: int = 0
    asked_at: int = 0
    still_until: int = 0
    has_power: bool = True
    picture_lost_at: int | None = None
    ahead: int = 0
    """Nanoseconds by which its stream's clock is ahead."""
    not_ready: tuple[str, ...] = ()
    runs: int = 0
    keeper: SightKeeper | None = None

    def at(self, real: int) -> int:
        return self.offset + round(real * self.rate)


@dataclass
class PairWorld:
    """Machines `a`, which is preferred, and `b`."""

    seed: int = 0
    goes_on_alone: bool = False
    now: int = 0
    cut: set[frozenset[str]] = field(default_factory=set)
    delays: tuple[int, int] = (MS // 5, 2 * MS)
    loss: float = 0.0
    doubles: float = 0.0
    together: int = 0
    """How often a gate opened beside an open one."""
    sent: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Stretches of real time in which each machine's gate was open, as seen every ten ms."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.machines = {
            name: Machine(
                name, name == "a", self.random.randrange(10**15),
                1 + self.random.uniform(-2e-4, 2e-4), self.goes_on_alone,
            )
            for name in ("a", "b")
        }  # fmt: skip
        self.witness = Voter(0)
        self.witness_away = False
        for name in self.machines:
            self.boot(name)
            self._after(self.random.randrange(TURN), lambda name=name: self._turn(name))

    def boot(self, name: str) -> None:
        """Start a machine's channel: a new run, and a closed gate."""
        machine = self.machines[name]
        machine.runs += 1
        machine.gate, machine.has_power = 0, True
        self.restart_link(name)

    def restart_link(self, name: str) -> None:
        """Start the link of a machine again; its gate is as it was."""
        machine = self.machines[name]
        member = Member(
            f"{name}-{machine.runs}", ChannelId("ch13"), machine.preferred, machine.goes_on_alone
        )
        machine.seat = Seat(member, machine.at(self.now))
        machine.keeper = SightKeeper(member.machine, member.channel)

    def cut_off(self, name: str) -> None:
        """Pull a machine's cable."""
        others = {"a", "b", "witness"} - {name}
        self.cut |= {frozenset((name, other)) for other in others}

    def run(self, seconds: float) -> None:
        end = self.now + round(seconds * 1e9)
        while self._events and self._events[0][0] <= end:
            self.now, _, event = heapq.heappop(self._events)
            event()
        self.now = end

    @property
    def sending(self) -> list[str]:
        """The machines whose gates are open."""
        return [
            one.name
            for one in self.machines.values()
            if one.has_power and one.at(self.now) < one.gate
        ]

    def stopped_for(self, seconds: float) -> float:
        """Let so many seconds pass; return the longest time in which no gate was open."""
        longest, since = 0, None
        for _ in range(round(seconds * 1000)):
            self.run(0.001)
            if self.sending:
                since = None
            else:
                since = self.now if since is None else since
                longest = max(longest, self.now - since)
        return longest / 1e9

    def seat(self, name: str) -> Seat:
        seat = self.machines[name].seat
        assert seat is not None
        return seat

    def sight(self, _machine: Machine) -> Sight:
        """Return what a machine sees of both outputs: nothing, unless the world shows it."""
        return UNSEEN

    def keeper(self, name: str) -> SightKeeper:
        keeper = self.machines[name].keeper
        assert keeper is not None
        return keeper

    def _own(self, machine: Machine) -> OwnState:
        lost = machine.picture_lost_at
        age = self.now - lost if lost is not None else 20 * MS
        return OwnState(
            age < 2000 * MS, not machine.not_ready, age, self.now + machine.ahead, machine.gate,
            not_ready=machine.not_ready,
        )  # fmt: skip

    def _after(self, delay: int, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + delay, next(self._count), event))

    def _does(self, machine: Machine, run: int, event: Callable[[], None]) -> None:
        late = machine.still_until - self.now
        if not machine.has_power or run != machine.runs:
            return
        if late > 0:
            self._after(late, lambda: self._does(machine, run, event))
        else:
            event()

    def _turn(self, name: str) -> None:
        machine = self.machines[name]
        self._after(TURN, lambda: self._turn(name))
        if machine.has_power and self.now >= machine.still_until:
            self._look(machine)

    def _look(self, machine: Machine) -> None:
        seat, keeper, at = self.seat(machine.name), self.keeper(machine.name), machine.at(self.now)
        keeper.own = self.sight(machine)
        seat.why_invited = keeper.why_invited(at)
        if keeper.look(is_sending=at < machine.gate, now=at) and seat.offer(at):
            keeper.refused()
        if seat.look(self._own(machine), at) == "give":
            machine.gate = 0
            seat.gave(1000, "00", at)
        self._open(machine, at)
        if at - machine.beat_at >= BEAT or seat.is_urgent:
            machine.beat_at = at
            self._send_beat(machine)
        if at - machine.asked_at >= WITNESS_EVERY:
            machine.asked_at = at
            self._ask_witness(machine)

    def _open(self, machine: Machine, at: int) -> None:
        until = self.seat(machine.name).may_send_until(at)
        if until <= machine.gate:
            return
        machine.gate = until
        self.together += len(self.sending) > 1

    def _send_beat(self, machine: Machine) -> None:
        beat = self.seat(machine.name).beat(self._own(machine), machine.at(self.now))
        report = self.keeper(machine.name).report(beat.number, machine.at(self.now))
        other = self.machines["b" if machine.name == "a" else "a"]

        def arrives() -> None:
            self.keeper(other.name).hear(report, other.at(self.now))
            self.seat(other.name).hear(beat, self._own(other), other.at(self.now))
            self._look(other)

        self._carry(machine.name, other.name, lambda: self._does(other, other.runs, arrives))

    def _ask_witness(self, machine: Machine) -> None:
        number, request = self.seat(machine.name).ask_witness(machine.at(self.now))

        def arrives() -> None:
            if self.witness_away:
                return
            answer = self.witness.answer(request, self.now)

            def back() -> None:
                at = machine.at(self.now)
                self.seat(machine.name).hear_witness(number, answer, at)
                self._open(machine, at)

            run = machine.runs
            self._carry("witness", machine.name, lambda: self._does(machine, run, back))

        self._carry(machine.name, "witness", arrives)

    def _carry(self, start: str, end: str, event: Callable[[], None]) -> None:
        if self.random.random() < self.loss:
            return
        for _ in range(1 + (self.random.random() < self.doubles)):
            if frozenset((start, end)) not in self.cut:
                self._after(self.random.randint(*self.delays), event)
