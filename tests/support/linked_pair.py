"""Two real peer links on one machine: real datagrams, ports and gates, on a simulated clock."""

import os
import socket
from datetime import UTC, datetime
from typing import Any

from config.clock import SimulatedClock
from config.names import ChannelId
from playout.engine.links.gate import Gate, make_gate
from playout.engine.links.port import Port, make_shared_state, port_pair
from playout.engine.links.sight import SightMemory
from playout.lease.messages import VoteAnswer, VoteRequest
from playout.lease.voter import Voter
from playout.model.sight import Sight
from playout.pair.line import AgentLine
from playout.pair.link import LinkParts, PeerLink
from playout.pair.seat import MS, Member
from playout.pair.witness import WitnessError, WitnessLine

KEY = b"a secret of both machines"


class FakeWitness:
    """A witness on the same clock; `is_away` makes it fail."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock, self._voter = clock, Voter(0)
        self.is_away = False

    def ask(self, request: VoteRequest) -> VoteAnswer:
        if self.is_away:
            raise WitnessError("away")
        return self._voter.answer(request, self._clock.monotonic())


class LinkedMachine:
    """One machine: its link, its gate, and the agent's end of its line."""

    def __init__(self, name: str, key: bytes, clock: SimulatedClock, witness: FakeWitness) -> None:
        self.door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.door.setblocking(False)
        self.door.bind(("127.0.0.1", 0))
        self._handle = make_gate()
        self.gate = Gate(self._handle)
        mine, theirs = port_pair()
        self.agent, self._clock = AgentLine(mine), clock
        member = Member(f"{name}-1", ChannelId("ch13"), name == "a")
        self.parts = LinkParts(
            member, key, self.door, ("127.0.0.1", 9), self.gate, Port(theirs),
            clock.monotonic() - 10**15, 20 * MS, SightMemory(make_shared_state()),
        )  # fmt: skip
        self.sight: Sight | None = None
        """What its watcher sees; None while it does not run."""
        self.line = WitnessLine(witness, clock, lambda: None)
        self.link = PeerLink(self.parts, self.line, clock)

    def turn(self) -> None:
        """Run one turn of the link, of the witness's thread, and of the agent."""
        self.gate.note_picture(self._clock.monotonic())
        if self.sight is not None and isinstance(self.parts.sight, SightMemory):
            self.parts.sight.write(self.sight, self._clock.monotonic())
        self.link.turn()
        if not self.line._questions.empty():
            self.line.turn()
        self.agent.receive()

    def close(self) -> None:
        self.door.close()
        self.parts.agent.close()
        self.agent.close()
        os.close(self._handle)

    @property
    def sends(self) -> bool:
        return self.gate.is_open(self._clock.monotonic())

    @property
    def status(self) -> Any:
        return self.agent.news.status if self.agent.news is not None else None


class LinkedPair:
    """Machines `a` and `b`, which hear each other."""

    def __init__(self, other_key: bytes = KEY) -> None:
        self.clock = SimulatedClock(datetime(2026, 3, 3, tzinfo=UTC))
        self.witness = FakeWitness(self.clock)
        self.machines = {
            name: LinkedMachine(name, key, self.clock, self.witness)
            for name, key in (("a", KEY), ("b", other_key))
        }
        a, b = self.machines.values()
        a.parts.peer, b.parts.peer = b.door.getsockname(), a.door.getsockname()

    def run(self, seconds: float, of: str = "ab") -> None:
        """Let these machines work for so long, all of them in each ten milliseconds."""
        for _ in range(round(seconds * 100)):
            for name in of:
                self.machines[name].turn()
            assert sum(one.sends for one in self.machines.values()) < 2
            self.clock.wait(0.01)

    def close(self) -> None:
        for machine in self.machines.values():
            machine.close()

    @property
    def sending(self) -> list[str]:
        return [name for name, one in self.machines.items() if one.sends]
