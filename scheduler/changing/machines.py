"""The machine that reports on a channel, told from others, and whether its account counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from config.names import ChannelId
from playout.model.history import ServerKnowledge
from playout.model.pair import PairStatus
from playout.model.wire import Report, encode
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.house import EntryRow
from scheduler.db.tables.machines import MachineRow
from scheduler.domain.air.machines import Caller, Machine
from scheduler.domain.air.pairs import sender
from scheduler.domain.library.copies import machine_place
from scheduler.reading.host_state import is_silent
from scheduler.reading.machines import caller_heard, reported_status


@dataclass(frozen=True)
class Reporter:
    """The journal that a report is from."""

    tag: str = ""
    kin: tuple[str, ...] = ()
    """Tags of journals that began as this one: those of its clones, before they were told apart."""
    sends: bool = True
    """True when its status is the channel's."""
    machine: Machine | None = None
    """None where the channel is known to have one machine alone."""
    believed: bool = True
    """False for one of two machines that does not know of the other, and so does not know what of
    its pictures was sent."""
    speaks_from: datetime | None = None
    """What ended before is for the other machine to tell, which is away; None for no such."""

    @property
    def place(self) -> str:
        """The place that its disk is for files; empty where it is not known which machine it is."""
        return machine_place(self.machine.host) if self.machine is not None else ""

    def counts(self, at: datetime) -> bool:
        """Return True when what it says of `at` belongs to the channel's account."""
        return self.believed and (self.machine is None or self.machine.counts(at))

    def has(self, session: Session, channel: ChannelId, entry: str) -> bool:
        """Return True when the entry of this id is stored from its journal, or from its past."""
        return any(
            session.get(EntryRow, (channel, load.journal.stored_id(entry, tag))) is not None
            for tag in (self.tag, *self.kin)
        )


ONLY_MACHINE = Reporter()
"""The reporter where nobody asks which machine it was."""


def note_report(
    session: Session,
    channel: ChannelId,
    caller: Caller,
    report: Report,
    told: ServerKnowledge,
    now: datetime,
) -> Reporter:
    """Store that the machine reported, and return what it is to the channel."""
    heard, known = caller_heard(session, channel, caller, now)
    before = [load.machines.machine(row) for row in known]
    rows = {row.tag: row for row in known}
    for machine in heard.machines:
        if machine.tag in rows:
            load.machines.fill_machine(rows[machine.tag], machine)
        else:
            rows[machine.tag] = load.machines.machine_row(channel, machine)
            session.add(rows[machine.tag])
    own, pair = heard.caller, report.status.pair
    row = rows[own.tag]
    was_at = next((one.at for one in before if one.tag == own.tag), None)
    row.ready_since = _ready_since(row, pair, was_at, now)
    row.status, row.plan_tag = encode(report.status).decode(), told.plan
    is_pair = find.machines.pair(session, channel) is not None
    sends = _sender(rows.values(), now) if is_pair else own.tag if own.holds else None
    for other in rows.values():
        other.sends = other.tag == sends if sends is not None else other.sends
    session.flush()
    kin = tuple(
        one.tag for one in heard.machines if one.machine == own.machine and one.tag != own.tag
    )
    return Reporter(
        own.tag, kin, row.sends, own,
        believed=not is_pair or pair is not None or row.sends,
        speaks_from=_speaks_from(heard.machines, own, pair, now) if is_pair else None,
    )  # fmt: skip


def _sender(rows: Iterable[MachineRow], now: datetime) -> str | None:
    """Return the tag of the one of two machines that sends."""
    last = next((row.tag for row in rows if row.sends), None)
    reported = [(load.machines.machine(row), reported_status(row)) for row in rows]
    return sender([(one, status.pair if status else None) for one, status in reported], last, now)


def _ready_since(
    row: MachineRow, pair: PairStatus | None, was_at: datetime | None, now: datetime
) -> datetime | None:
    if pair is None or not (pair.ready or pair.state == "sending"):
        return None
    is_back = was_at is None or is_silent(was_at, now)
    return now if is_back or row.ready_since is None else row.ready_since


def _speaks_from(
    machines: Iterable[Machine], own: Machine, pair: PairStatus | None, now: datetime
) -> datetime | None:
    """Return when the sender took over from a machine that cannot report now; None for no such."""
    away = any(one.holds and one.is_silent(now) for one in machines if one.tag != own.tag)
    return pair.since if away and pair is not None and pair.state == "sending" else None
