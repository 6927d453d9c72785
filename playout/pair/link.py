"""The process of the peer link: it keeps this machine's lease, and its gate open or closed."""

import logging
import os
import select
import socket
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.child import beat as beat_supervisor
from config.clock import Clock
from playout.engine.links.gate import Gate
from playout.engine.links.port import Port
from playout.engine.links.sight import OutputSight, Unseen
from playout.engine.priority import ask_for_realtime
from playout.model.pair import PairNews
from playout.model.wire import JournalEntry
from playout.pair.change import PlannedChange
from playout.pair.messages import (
    LARGEST_DATAGRAM,
    Batch,
    Beat,
    NotOurs,
    SightReport,
    pack,
    unpack,
)
from playout.pair.report import PairReport
from playout.pair.seat import FRESH_PICTURE_NS, MS, Member, OwnState, Seat
from playout.pair.sight import SightKeeper
from playout.pair.witness import WitnessLine

log = logging.getLogger(__name__)

TURN_NS = 10 * MS
BEAT_NS = 100 * MS
WITNESS_NS = 150 * MS
TELL_NS = 200 * MS
CAN_SEND_NS = 2000 * MS
"""Nanoseconds without a picture after which there is nothing to send."""
AGENT_SILENT_NS = 10_000 * MS
RELAY_ENDS_NS = 3 * MS
"""Nanoseconds from closing the gate until no chunk that passed before is still on its way."""
RELAY_BEGINS_NS = 500 * MS
"""Nanoseconds from opening the gate until the relay has surely seen where it is to go on."""
_ENTRIES = TypeAdapter(tuple[JournalEntry, ...])
_NEWS = TypeAdapter(PairNews)


@dataclass
class LinkParts:
    """The parts of a link."""

    member: Member
    key: bytes
    door: socket.socket
    """Bound to where this machine hears the other one; it does not wait."""
    peer: tuple[str, int]
    gate: Gate
    agent: Port
    common_start: int
    """Monotonic nanoseconds, negative as a rule, at which the stream's clock was zero."""
    clock_bound_ns: int
    sight: OutputSight = field(default_factory=Unseen)
    """What the watcher of the output sees."""


class PeerLink:
    """The link, one turn at a time."""

    def __init__(self, parts: LinkParts, witness: WitnessLine, clock: Clock) -> None:
        self.parts, self._witness, self._clock = parts, witness, clock
        now = clock.monotonic()
        self.seat = Seat(parts.member, now)
        self.sight = SightKeeper(parts.member.machine, parts.member.channel)
        self.report = PairReport(clock)
        self._change = PlannedChange(parts.gate, parts.common_start)
        self._beat_at = self._asked_at = self._told_at = 0
        self._agent_at = now
        self._not_ready: tuple[str, ...] = ("Its agent has not reported yet.",)
        self._has: tuple[str, int] = "", 0
        self._refused = ""
        self._last_state = ""
        open_since = [(parts.gate.opened_at, 0)] if parts.gate.is_open(now) else []
        self._sent = deque[tuple[int, int]](open_since, maxlen=20)

    def turn(self) -> None:
        """Take what has come, decide, set the gate, and send what is due."""
        now = self._clock.monotonic()
        self._hear(now)
        for message in self.parts.agent.receive():
            self._obey(message, now)
        now = self._clock.monotonic()
        own = self._own(now)
        self._look_at_outputs(now)
        if self.seat.look(own, now) == "give" and self._may_give(own, now):
            self._give()
        now = self._clock.monotonic()
        self._keep_cut(now)
        self._set_gate(now)
        self._send(now)
        beat_supervisor()

    def _hear(self, now: int) -> None:
        while True:
            try:
                datagram, _ = self.parts.door.recvfrom(LARGEST_DATAGRAM + 64)
                message = unpack(self.parts.key, datagram)
            except NotOurs:
                continue
            except OSError:
                break
            if isinstance(message, Beat):
                self.seat.hear(message, self._own(now), now)
            elif isinstance(message, SightReport):
                # A report of an earlier start, recorded and sent again, is not of this peer.
                if self.seat.peer is not None and message.machine == self.seat.peer.machine:
                    self.sight.hear(message, now)
            else:
                self._pass_on(message)
        while not self._witness.answers.empty():
            number, answer = self._witness.answers.get()
            self.seat.hear_witness(number, answer, now)

    def _look_at_outputs(self, now: int) -> None:
        """Offer the stream where this machine's output is seen to be faulty."""
        self.sight.own = self.parts.sight.read(now)
        self.seat.why_invited = self.sight.why_invited(now)
        is_sending = self.parts.gate.is_open(now)
        if self.sight.look(is_sending=is_sending, now=now) and self.seat.offer(now):
            self.sight.refused()

    def _pass_on(self, batch: Batch) -> None:
        """Give entries of the other machine's journal to the agent."""
        member = self.parts.member
        if batch.channel == member.channel and batch.machine != member.machine:
            entries = _ENTRIES.dump_python(batch.entries, mode="json")
            self.parts.agent.send({"entries": entries, "of": batch.machine, "after": batch.after})

    def _obey(self, message: dict[str, Any], now: int) -> None:
        """Take what the agent says."""
        self._agent_at = now
        if "not_ready" in message:
            self._not_ready = tuple(str(one)[:300] for one in message["not_ready"][:19])
            self._has = str(message.get("of", ""))[:80], int(message.get("has", 0))
        elif "move" in message:
            self._refused = self._offer(str(message["move"]), now)
        elif "entries" in message:
            try:
                entries = _ENTRIES.validate_python(message["entries"])
                member = self.parts.member
                batch = Batch(member.machine, member.channel, int(message["after"]), entries)
            except (ValidationError, KeyError, ValueError):
                return
            self._put(pack(self.parts.key, batch))

    def _offer(self, machine: str, now: int) -> str:
        peer = self.seat.peer
        if machine and (peer is None or machine not in (peer.machine, name_of(peer.machine))):
            return "The machine that is to send is not the other one."
        return self.seat.offer(now)

    def _may_give(self, own: OwnState, now: int) -> bool:
        before = self.parts.gate.cut
        is_seen = own.picture_ns < FRESH_PICTURE_NS and not self.sight.is_hurried(now)
        may = self._change.may_give(self.seat.peer, is_seen, now)
        self.seat.is_urgent |= self.parts.gate.cut != before
        return may

    def _keep_cut(self, now: int) -> None:
        """Follow the cut of a sender; forget an own one that came to nothing, or is over."""
        if not self.parts.gate.is_open(now):
            self._change.follow(self.seat.peer if self.seat.hears_peer(now) else None, now)
        elif not self.seat.is_offering(now) and now - self.parts.gate.opened_at > RELAY_BEGINS_NS:
            self._change.forget()

    def _give(self) -> None:
        """Close the gate, and give the lease up once the relay can have nothing under way."""
        self.parts.gate.close()
        self._clock.wait(RELAY_ENDS_NS / 1e9)
        end, counters = self.parts.gate.sent
        self.seat.gave(end, counters.hex(), self._clock.monotonic())

    def _set_gate(self, now: int) -> None:
        until, gate = self.seat.may_send_until(now), self.parts.gate
        is_open = gate.is_open(now)
        if now < until:
            gate.open(until, now)
            if not is_open:
                self._sent.append((now, 0))
        elif is_open and not self.seat.holder.wants:
            gate.close()
        if not gate.is_open(now) and self._sent and not self._sent[-1][1]:
            self._sent[-1] = self._sent[-1][0], now
        state = self.seat.state(self._own(now), now)
        if state != self._last_state:
            log.warning("This machine is %s. %s", state, self.seat.why)
            self._last_state = state

    def _send(self, now: int) -> None:
        if self.seat.is_urgent or now - self._beat_at >= BEAT_NS:
            self._beat_at = now
            beat = self._beat(now)
            self._put(pack(self.parts.key, self.sight.report(beat.number, now)))
            self._put(pack(self.parts.key, beat))
        if now - self._asked_at >= WITNESS_NS:
            self._asked_at = now
            self._witness.ask(self.seat.ask_witness(now))
        if now - self._told_at >= TELL_NS:
            self._told_at = now
            news = self.report.news(self.seat, self._own(now), now, self._sent, self._refused)
            self.parts.agent.send({"news": _NEWS.dump_python(news, mode="json")})

    def _beat(self, now: int) -> Beat:
        of, has = self._has
        return self.seat.beat(self._own(now), now, of, has)

    def _put(self, datagram: bytes) -> None:
        with suppress(OSError):
            self.parts.door.sendto(datagram, self.parts.peer)

    def _own(self, now: int) -> OwnState:
        gate = self.parts.gate
        age = max(0, now - gate.picture_at)
        not_ready = self._not_ready
        if now - self._agent_at > AGENT_SILENT_NS:
            not_ready = ("Its agent does not respond.",)
        not_ready = (*not_ready, *self._faults(age))
        return OwnState(
            age < CAN_SEND_NS, not not_ready, age, now - self.parts.common_start, gate.until,
            gate.key, gate.cut, not_ready,
        )  # fmt: skip

    def _faults(self, age: int) -> tuple[str, ...]:
        """Return what the link itself sees that would be seen in a change."""
        faults = []
        if age >= CAN_SEND_NS:
            faults.append("It has no picture.")
        difference = self.seat.comparison.difference
        if difference is not None and abs(difference) > self.parts.clock_bound_ns:
            faults.append(
                f"The clocks of the two machines differ by {abs(difference) / 1e6:.0f} ms: let "
                "chrony keep both, then restart the channel that stands by."
            )
        return tuple(faults)


def name_of(machine: str) -> str:
    """Return the name in the settings of a machine that names itself with its start."""
    return machine.rpartition("-")[0]


def run_link(parts: LinkParts, line: WitnessLine, wake: int, clock: Clock) -> None:
    """Run the link until it is killed. `wake` is a descriptor on which the witness's thread says
    that it has an answer.
    """
    link = PeerLink(parts, line, clock)
    threading.Thread(target=line.run, daemon=True, name="witness").start()
    ask_for_realtime()
    waiting = select.poll()
    for handle in (parts.door.fileno(), parts.agent.fileno(), wake):
        waiting.register(handle, select.POLLIN)
    while True:
        link.turn()
        for handle, _ in waiting.poll(TURN_NS / MS):
            if handle == wake:
                os.read(wake, 8)
