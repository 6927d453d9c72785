"""Two broadcast machines of one channel in simulated time, and the lines between their agents."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from support.broadcast import Machine

from config.clock import SimulatedClock
from playout.model.commands import Command, Verb
from playout.model.pair import PairNews, PairStatus
from playout.model.plan import Plan
from playout.model.wire import JournalEntry, decode, encode


@dataclass
class FakePartner:
    """One agent's line. What it gives arrives at the other's at once, as over the wire."""

    machine: str
    news: PairNews | None = None
    waiting: list[JournalEntry] = field(default_factory=list)
    other: "FakePartner | None" = None
    not_ready: tuple[str, ...] = ()
    moves: list[str | None] = field(default_factory=list)
    has: int = 0
    of: str = ""

    def receive(self) -> None:
        """Hear the same again, as of a link that tells five times a second."""
        if self.news is not None:
            self.news = replace(self.news)

    def take_entries(self) -> Sequence[JournalEntry]:
        entries, self.waiting = self.waiting, []
        return entries

    def tell(self, not_ready: Sequence[str]) -> None:
        self.not_ready = tuple(not_ready)

    def offer(self, machine: str | None) -> None:
        self.moves.append(machine)

    def give_entries(self, after: int, entries: Sequence[JournalEntry]) -> None:
        other = self.other
        if other is None or other.news is None or other.news.status.peer_state == "away":
            return
        if other.of != self.machine:
            other.of, other.has = self.machine, after
        for entry in entries:
            if after <= other.has < entry.number:
                other.waiting.append(decode(JournalEntry, encode(entry)))
                other.has = entry.number


class PairedMachines:
    """Machines `a` and `b` on one clock; `a` sends."""

    def __init__(self, folder: Path, plan: Plan, start: datetime) -> None:
        self.clock = SimulatedClock(start)
        ends = {name: FakePartner(f"{name}-1") for name in "ab"}
        ends["a"].other, ends["b"].other = ends["b"], ends["a"]
        self.ends = ends
        self.sent: dict[str, list[tuple[int, int]]] = {"a": [], "b": []}
        self.sends("a")
        self.machines = {}
        for name in "ab":
            place = folder / name
            place.mkdir()
            self.machines[name] = Machine(place, plan, clock=self.clock, partner=ends[name])

    def sends(self, name: str, other_is_away: bool = False) -> None:
        """Let this machine send from now on."""
        at = self.clock.monotonic()
        for one, stretches in self.sent.items():
            if stretches and not stretches[-1][1]:
                stretches[-1] = stretches[-1][0], at
            if one == name:
                stretches.append((at, 0))
        self._tell(name, other_is_away)

    def _tell(self, sender: str, other_is_away: bool) -> None:
        for name, end in self.ends.items():
            is_sender = name == sender
            state = "sending" if is_sender else "standing by"
            peer = "away" if other_is_away else ("standing by" if is_sender else "sending")
            assert end.other is not None
            status = PairStatus(
                end.machine, name == "a", state, peer=end.other.machine, peer_state=peer,
                peer_heard=0.1,
            )  # type: ignore[arg-type] # fmt: skip
            end.news = PairNews(
                status, not is_sender and not other_is_away, end.other.has, end.other.of,
                end.other.not_ready, tuple(self.sent[name]),
            )  # fmt: skip

    def run_for(self, seconds: float, of: str = "ab", step: float = 0.25) -> None:
        """Let time pass in turns of these machines, so many seconds apart."""
        end = self.clock.utc() + timedelta(seconds=seconds)
        while self.clock.utc() < end:
            for name in of:
                self.machines[name].turn()
            sender = next(n for n, s in self.sent.items() if s and not s[-1][1])
            self._tell(sender, len(of) == 1)
            self.clock.advance(timedelta(seconds=step))

    def press(self, verb: Verb, on: str = "ab", **rest: object) -> Command:
        """Let the server give a command to these machines."""
        now = self.clock.utc()
        late = now + timedelta(seconds=10)
        command = Command(f"c{now:%H%M%S%f}", 7, verb, now, late, "ann", **rest)  # type: ignore[arg-type]
        for name in on:
            self.machines[name].parts.mailbox.commands.append(command)
        return command

    def on_air(self) -> tuple[str, str]:
        """Return the cues that both engines show."""
        return self.machines["a"].on_air(), self.machines["b"].on_air()
