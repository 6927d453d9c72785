"""The channel's other machine, as the agent deals with it: what it waits on, copies and gives.

While the other machine sends, its journal decides. This one copies every fact and command of it and
decides nothing itself, so it shows the same on the same tick and could go on at any moment. Once
it sends, it gives its own journal to the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from config.clock import Clock
from playout.asrun.sent import SentStretches, remembered
from playout.host.channel_state import ChannelState
from playout.host.journal import Journal
from playout.host.sent_file import SentFile
from playout.lease.voter import LEASE_NS
from playout.model.commands import Command
from playout.model.events import Absent
from playout.model.loudness import Measured
from playout.model.pair import PairNews, PairStatus
from playout.model.wire import JournalEntry, encode

FIRST_WORD_WITHIN = timedelta(seconds=5)
"""How long an agent that has just started waits to hear whether the other machine sends."""
GIVEN_FROM = timedelta(hours=12)
"""How far back the journal is given to a machine that has nothing of it."""
BATCH_ENTRIES, BATCH_BYTES = 60, 45_000
LINK_SILENT_NS = 1_500_000_000
"""Nanoseconds without a word of the peer link after which it does not respond: it tells five times
a second. Its gate closes half a second after its last turn, whether it hangs or has died."""
LINK_SILENT = "It stopped: its link to the other machine does not respond."
STANDS_BY = "This machine stands by. Give the command on the page, or on the machine that sends."
COPIED = "copied from the other machine"
"""The text of a copied fact: it is not given back to the machine from which it came."""


ONE_MACHINE = (Measured, Absent)
"""Facts of one machine alone: what it heard of its own sound, and when it was off."""


class Partner(Protocol):
    """The line to the peer link (`playout.pair.line.AgentLine`)."""

    news: PairNews | None

    def receive(self) -> None:
        """Take what the link has sent."""

    def take_entries(self) -> Sequence[JournalEntry]:
        """Return entries of the other machine's journal, in order and once."""

    def tell(self, not_ready: Sequence[str]) -> None:
        """Tell why this machine is not ready for a planned change."""

    def offer(self, machine: str | None) -> None:
        """Ask for a move to the other machine."""

    def give_entries(self, after: int, entries: Sequence[JournalEntry]) -> None:
        """Give entries of this machine's journal to the other one."""


class OtherMachine:
    """The agent's dealings with it. With no partner the channel has one machine, and leads."""

    def __init__(
        self, partner: Partner | None, journal: Journal, clock: Clock, folder: Path
    ) -> None:
        self._partner, self._journal, self._clock = partner, journal, clock
        self._started = clock.monotonic()
        self._nothing_for: tuple[int, int] | None = None
        self._told: PairNews | None = None
        self._told_at = self._started
        """What the link told last, and when that came."""
        self._silent_since: datetime | None = None
        self._sent: tuple[tuple[int, int], ...] = ()
        self._sent_file = SentFile(folder)
        self.sent = self._sent_file.read() if partner is not None else SentStretches()

    @property
    def status(self) -> PairStatus | None:
        """Status of the pair; None where there is none, or it is not known yet."""
        if self._told is None or self._silent_since is None:
            return self._told.status if self._told is not None else None
        return _without_link(self._told.status, self._silent_since, self._silent_ns)

    def receive(self, utc: datetime) -> None:
        """Take what the link has sent; `utc` is the instant of the house clock."""
        if self._partner is None:
            return
        self._partner.receive()
        now, news = self._clock.monotonic(), self._partner.news
        if news is None:
            return
        if news is not self._told:
            self._sent = remembered(self._sent, news.sent, self._told_at + LEASE_NS)
            self._told, self._told_at = news, now
        is_silent = self._silent_ns > LINK_SILENT_NS
        self._silent_since = (self._silent_since or utc) if is_silent else None
        ended = self._told_at + LEASE_NS if is_silent else 0
        self.sent.take([(begin, end or ended) for begin, end in self._sent], now, utc)
        self._sent_file.keep(self.sent)

    @property
    def _silent_ns(self) -> int:
        return self._clock.monotonic() - self._told_at

    @property
    def decides(self) -> bool:
        """Tell whether the other machine's journal decides what happens."""
        if self._partner is None:
            return False
        news = self._partner.news
        if news is None or (news.status.peer_heard < 0 and news.status.state != "sending"):
            return self._is_young
        return news.follows

    @property
    def knows_what_was_sent(self) -> bool:
        """Tell whether the air may be judged: the link has told, or is waited for no longer."""
        return self._partner is None or self._partner.news is not None or not self._is_young

    @property
    def _is_young(self) -> bool:
        gone = self._clock.monotonic() - self._started
        return gone < FIRST_WORD_WITHIN.total_seconds() * 1e9

    def copy(self, state: ChannelState, now: datetime) -> None:
        """Copy what the other machine has journalled."""
        for entry in self._partner.take_entries() if self._partner is not None else ():
            state.copy(now, replace(entry, text=entry.text or COPIED))

    def exchange(self, state: ChannelState, problem: str) -> None:
        """Tell the link what is not ready here; give the journal while this machine decides."""
        partner = self._partner
        if partner is None:
            return
        partner.tell(tuple(_not_ready(state, problem)))
        news, status = partner.news, self.status
        if news is not None and status is not None and status.state == "sending":
            self._give(partner, news)

    def move(self, command: Command) -> str | None:
        """Move the channel to the other machine. Return why not, or None where it is under way."""
        partner = self._partner
        status = self.status
        if partner is None or partner.news is None or status is None:
            return "This channel has no second machine."
        if status.state != "sending":
            return "This machine does not send. Ask the one that does."
        if status.peer_state == "away":
            return "The other machine is not heard."
        if partner.news.peer_not_ready:
            return partner.news.peer_not_ready[0]
        partner.offer(command.machine)
        return None

    def _give(self, partner: Partner, news: PairNews) -> None:
        last = self._journal.last_number
        known = news.peer_has if news.peer_has_of == news.status.machine else None
        if known is not None and (known >= last or self._nothing_for == (known, last)):
            return
        after = known if known is not None else self._first_given()
        entries = [*_batch(self._journal.kept(after))]
        self._nothing_for = None if entries else (after, last)
        partner.give_entries(after, entries)

    def _first_given(self) -> int:
        """Return the number of the last entry that is too old to be given."""
        since = self._clock.utc() - GIVEN_FROM
        return max((entry.number for entry in self._journal.kept() if entry.at < since), default=0)


def _without_link(told: PairStatus, since: datetime, silent_ns: int) -> PairStatus:
    """Return the status of a machine whose link is silent: its gate is closed, and nobody can open
    it.
    """
    later = silent_ns / 1e9
    return replace(
        told, state="stopped", why=LINK_SILENT, since=since, peer_state="away",
        peer_heard=told.peer_heard + later if told.peer_heard >= 0 else told.peer_heard,
        witness_heard=told.witness_heard + later if told.witness_heard >= 0 else told.witness_heard,
        ready=False, not_ready=(LINK_SILENT,),
    )  # fmt: skip


def _batch(entries: Iterator[JournalEntry]) -> Iterator[JournalEntry]:
    """Yield the first entries that the other machine must have and that fit into a datagram."""
    count, size = 0, 0
    for entry in entries:
        if not _is_own(entry):
            continue
        count, size = count + 1, size + len(encode(entry))
        if count > BATCH_ENTRIES or size > BATCH_BYTES:
            return
        yield entry


def _is_own(entry: JournalEntry) -> bool:
    """Tell whether an entry is of this machine, and decides what happens on both."""
    if entry.kind == "fact":
        return entry.text != COPIED and not isinstance(entry.fact, ONE_MACHINE)
    return entry.kind in ("command", "refused") and entry.text != COPIED


def _not_ready(state: ChannelState, problem: str) -> Iterator[str]:
    if problem:
        yield problem
    if not state.revision:
        yield "It has no plan."
    lacking = state.lacking()
    if lacking:
        files = "1 file is" if lacking == 1 else f"{lacking} files are"
        yield f"{files} missing there that may air within the hour."
