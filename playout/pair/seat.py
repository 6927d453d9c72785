"""One machine of a pair: whether it sends, from what it hears of the other and of the witness.

Pure: time is an argument (monotonic nanoseconds), and what it hears is handed to it. Until when it
may send follows from the lease alone (`playout.lease`); the rules here only say when to ask for it
and when to give it up.

Worked example, in milliseconds. A sends and is preferred, B stands by. At 0 A's power fails; B
heard its last beat at -40. At 360 B has not heard A for 400 and asks for the lease. Its own vote
and that of the witness are promised to A until 460 at the latest. At 460 B asks again, has two of
three votes, and sends.
"""

from dataclasses import dataclass
from typing import Literal

from config.names import ChannelId
from playout.lease.holder import LeaseHolder
from playout.lease.messages import VoteAnswer, VoteRequest
from playout.lease.voter import Voter
from playout.model.pair import PairState
from playout.pair.clock import ClockComparison
from playout.pair.messages import Beat

MS = 1_000_000
PEER_SILENT_NS = 400 * MS
"""Nanoseconds without a beat after which the other machine counts as away."""
PICTURE_LOST_NS = 800 * MS
"""Nanoseconds without a picture after which a sender offers the other machine to send."""
FRESH_PICTURE_NS = 400 * MS
FIRST_BEATS_NS = 600 * MS
START_PATIENCE_NS = 4_000 * MS
"""Nanoseconds that a machine waits for the other to be heard at all: the preferred one, and the
other one."""
BEGIN_PATIENCE_NS = 1_000 * MS
"""Nanoseconds that it waits for the preferred one to begin, and a machine after it gave up."""
PICTURE_PATIENCE_NS = 6_000 * MS
"""Nanoseconds that it waits for the preferred one to have pictures: both may have just started."""
OFFER_NS = 4_000 * MS
"""Nanoseconds for which a sender goes on offering."""
ALONE_NS = 3_000 * MS
"""Nanoseconds without any other voter after which a machine is alone."""
LOST_VOTERS = "It stopped: neither the other machine nor the server answers it."
FREED_BEATS = 10
"""Beats that repeat to voters that a term is over."""
Step = Literal["", "give"]


@dataclass(frozen=True)
class Member:
    """One machine as its settings name it."""

    machine: str
    channel: ChannelId
    preferred: bool
    goes_on_alone: bool = False


@dataclass(frozen=True)
class OwnState:
    """State of a machine as it knows it at one instant."""

    can_send: bool
    ready: bool
    picture_ns: int
    """Nanoseconds since its relay got a picture."""
    stream_ns: int
    gate_until: int = 0
    key: tuple[int, int] = (0, 0)
    """Stamp of the newest key picture, and the distance of two, in units of 90 kHz."""
    cut: int = 0
    """The stamp of the key picture with which the other machine is to go on."""
    not_ready: tuple[str, ...] = ()


class Seat:
    """One machine's place in the pair."""

    def __init__(self, member: Member, now: int) -> None:
        self.member = member
        self.voter, self.holder = Voter(now), LeaseHolder(member.machine)
        self.comparison = ClockComparison()
        self.peer: Beat | None = None
        """The newest beat of the other machine."""
        self.peer_at = self.witness_at = -1
        """When the other machine and the witness were heard last; -1 for never."""
        self.is_urgent = False
        """Whether a beat should leave at once."""
        self.why, self.move_problem = "It has just started.", ""
        self.why_invited = ""
        """Why the other machine offers its stream, where it has said so."""
        self.given: tuple[int, str] = 0, ""
        """Slot and counters at which it gave the stream to the other machine last."""
        self._started, self._free = now, VoteRequest(member.machine, 0, "look")
        self._free_left = 0
        self._answer: VoteAnswer | None = None
        self._offers_until = self._invited_until = self._gave_at = self._idle_since = 0
        self._taker_asked = self._was_sending = self._is_alone = False
        self._number = 0

    def may_send_until(self, now: int) -> int:
        """Return until when this machine may send."""
        return now + PEER_SILENT_NS if self._is_alone else self.holder.until

    def state(self, own: OwnState, now: int) -> PairState:
        """Return the word for what it does."""
        if now < self.may_send_until(now):
            return "sending"
        return "standing by" if own.can_send else "stopped"

    def hears_peer(self, now: int) -> bool:
        """Tell whether the other machine was heard a moment ago."""
        return self.peer_at >= 0 and now - self.peer_at < PEER_SILENT_NS

    def hear(self, beat: Beat, own: OwnState, now: int) -> None:
        """Take a beat of the other machine."""
        if beat.machine == self.member.machine or beat.channel != self.member.channel:
            return
        if self.peer is not None and beat.machine == self.peer.machine:
            if beat.number <= self.peer.number:
                return
        else:
            self.comparison = ClockComparison()
        self.peer, self.peer_at = beat, now
        if beat.heard_machine == self.member.machine:
            self.comparison.take(beat.heard, beat.held_ns, beat.stream_ns, own.stream_ns, now)
            if beat.answer is not None:
                self.holder.take("peer", beat.heard, beat.answer)
        self._answer = self.voter.answer(beat.ask, now)
        asks_for_more = beat.ask.wants == "renew" and beat.ask.term > self.holder.term
        if self._offers_until and asks_for_more:
            self._taker_asked = True
        if beat.offers and own.can_send and not self.holder.wants:
            self._invited_until = now + OFFER_NS // 2

    def hear_witness(self, number: int, answer: VoteAnswer, now: int) -> None:
        """Take the witness's answer to the request of this number."""
        self.witness_at = now
        self.holder.take("witness", number, answer)

    def ask_witness(self, now: int) -> tuple[int, VoteRequest]:
        """Return the next question for the witness, and its number."""
        number = self._next_number(now)
        if not self.holder.wants and self._free_left:
            return number, self._free
        return number, self.holder.ask("witness", number, now)

    def is_offering(self, now: int) -> bool:
        """Tell whether it offers the other machine to send."""
        return now < self._offers_until

    def offer(self, now: int) -> str:
        """Offer the other machine to send from now on. Return why that is not possible, or ""."""
        peer = self.peer if self.hears_peer(now) else None
        if not now < self.may_send_until(now):
            return "This machine does not send."
        if peer is None:
            return "The other machine is not heard."
        if not peer.ready:
            return peer.not_ready[0] if peer.not_ready else "The other machine is not ready."
        self._offers_until = now + OFFER_NS
        self.is_urgent = True
        return ""

    def look(self, own: OwnState, now: int) -> Step:
        """Decide again. Return `give` where the gate must be closed for the other machine."""
        peer = self.peer if self.hears_peer(now) else None
        step: Step = ""
        self._look_if_alone(own, now)
        if self.holder.wants:
            self._vote(now)
            step = self._as_holder(own, peer, now)
        else:
            self._as_standby(own, peer, now)
        self._note_change(now)
        return step

    def gave(self, sent: int, counters: str, now: int) -> None:
        """Give the lease up, once nothing can leave any more; `sent` is the slot after the last."""
        self.given, self._gave_at = (sent, counters), now
        self._end(now)
        self._offers_until, self._taker_asked = 0, False
        if self.peer is not None:
            self._answer = self.voter.answer(self.peer.ask, now)
        self.why = "It gave the stream to the other machine."

    def beat(self, own: OwnState, now: int, entries_of: str = "", has_entries: int = 0) -> Beat:
        """Return the beat to send now; it says how far the other's journal is known here."""
        self.is_urgent = False
        number = self._next_number(now)
        self.comparison.sent(number, now)
        frees = not self.holder.wants and self._free_left > 0
        self._free_left -= frees
        ask = self._free if frees else self.holder.ask("peer", number, now)
        peer = self.peer
        return Beat(
            self.member.machine, self.member.channel, number, max(0, own.stream_ns), ask,
            self.state(own, now), self.member.preferred, own.ready, own.can_send, own.picture_ns,
            heard_machine=peer.machine if peer is not None else "",
            heard=peer.number if peer is not None else 0,
            held_ns=now - self.peer_at if peer is not None else 0,
            answer=self._answer, offers=self.is_offering(now),
            gave=bool(self._gave_at) and now - self._gave_at < BEGIN_PATIENCE_NS,
            sent=self.given[0], counters=self.given[1], not_ready=own.not_ready,
            key=own.key[0], group=own.key[1], cut=own.cut,
            entries_of=entries_of, has_entries=has_entries,
        )  # fmt: skip

    def _next_number(self, now: int) -> int:
        """Return a number that rises, also over a start of the link."""
        self._number = max(self._number + 1, now // MS)
        return self._number

    def _vote(self, now: int) -> None:
        if self.holder.heard_term > self.holder.term:
            self.holder.climb()
        number = self._next_number(now)
        request = self.holder.ask("own", number, now)
        self.holder.take("own", number, self.voter.answer(request, now))

    def _as_holder(self, own: OwnState, peer: Beat | None, now: int) -> Step:
        if not self.holder.may_send(now):
            defers = peer is not None and (
                peer.state == "sending" or (peer.ask.wants == "renew" and peer.preferred)
            )
            if defers and now >= self._invited_until:
                self._end(now)
            return ""
        has_other = peer is not None and peer.ready and peer.picture_ns < FRESH_PICTURE_NS
        if own.picture_ns > PICTURE_LOST_NS and has_other and not self._offers_until:
            self.offer(now)
        if now >= self._offers_until or peer is None:
            self._offers_until, self._taker_asked = 0, False
        return "give" if self._taker_asked else ""

    def _as_standby(self, own: OwnState, peer: Beat | None, now: int) -> None:
        if now < own.gate_until:
            # The link has just started again, and what it had been promised still lasts.
            self._begin("It continues after a restart of its link.", now)
        elif own.can_send and now - self._gave_at >= BEGIN_PATIENCE_NS:
            why = self._reason_to_begin(peer, now)
            if why:
                self._begin(why, now)

    def _reason_to_begin(self, peer: Beat | None, now: int) -> str:
        if peer is None:
            self._idle_since = 0
            patience = FIRST_BEATS_NS if self.member.preferred else START_PATIENCE_NS
            if self.peer_at < 0 and now - self._started < patience:
                return ""
            return "It took over: the other machine is not heard."
        if now < self._invited_until:
            return self.why_invited or "It took over: the other machine asked it to."
        if peer.state == "sending" or (peer.gave and peer.can_send):
            self._idle_since = 0
            return ""
        if self.member.preferred:
            return "It is the preferred machine, and no other sends."
        self._idle_since = self._idle_since or now
        if now - self._idle_since < (BEGIN_PATIENCE_NS if peer.can_send else PICTURE_PATIENCE_NS):
            return ""
        if not peer.can_send:
            return "It took over: the other machine has no picture."
        return "It took over: the other machine does not send."

    def _begin(self, why: str, now: int) -> None:
        self.holder.begin()
        self.why, self.is_urgent = why, True
        self._vote(now)

    def _end(self, now: int) -> None:
        """Stop asking, and free the voters. Nothing may leave this machine any more."""
        self._free = self.holder.end()
        self._free_left, self.is_urgent = FREED_BEATS, True
        self.voter.answer(self._free, now)

    def _look_if_alone(self, own: OwnState, now: int) -> None:
        heard = max(self.peer_at, self.witness_at, self._started)
        is_alone = self.member.preferred and self.member.goes_on_alone and own.can_send
        self._is_alone = is_alone and now - heard >= ALONE_NS
        if self._is_alone and not self._was_sending:
            self.why = "It is alone: neither the other machine nor the server is heard."

    def _note_change(self, now: int) -> None:
        is_sending = now < self.may_send_until(now)
        if self._was_sending and not is_sending and self.holder.wants:
            self.why = LOST_VOTERS
        elif is_sending and self.why == LOST_VOTERS:
            self.why = "It sends again: it is answered."
        self._was_sending = is_sending
