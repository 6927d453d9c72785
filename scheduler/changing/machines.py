"""The machine that reports on a channel, told from others, and whether its account counts."""

from dataclasses import dataclass
from datetime import datetime

from config.names import ChannelId
from playout.model.history import ServerKnowledge
from playout.model.wire import Report, encode
from scheduler.db import load
from scheduler.db.store import Session
from scheduler.db.tables.house import EntryRow
from scheduler.domain.air.machines import Caller, Machine
from scheduler.reading.machines import caller_heard


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

    def counts(self, at: datetime) -> bool:
        """Return True when what it says of `at` belongs to the channel's account."""
        return self.machine is None or self.machine.counts(at)

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
    rows = {row.tag: row for row in known}
    for machine in heard.machines:
        if machine.tag in rows:
            load.machines.fill_machine(rows[machine.tag], machine)
        else:
            rows[machine.tag] = load.machines.machine_row(channel, machine)
            session.add(rows[machine.tag])
    own = heard.caller
    row = rows[own.tag]
    row.status, row.plan_tag = encode(report.status).decode(), told.plan
    for other in rows.values():
        other.sends = other.tag == own.tag if own.holds else other.sends and other.tag != own.tag
    session.flush()
    kin = tuple(
        one.tag for one in heard.machines if one.machine == own.machine and one.tag != own.tag
    )
    return Reporter(own.tag, kin, row.sends, own)
