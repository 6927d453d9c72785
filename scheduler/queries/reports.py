"""As-run as the station keeps it on record, with what did not go as planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from playout.model.cue_ids import without_piece
from playout.model.loudness import DayLoudness, Measured, joined
from playout.model.wire import AsRun, Status
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.house import AsRunRow
from scheduler.domain.model.channel import Channel
from scheduler.domain.reported.air_share import Share, share
from scheduler.domain.reported.aired import Account, AiredPiece
from scheduler.domain.reported.outcome import Discrepancy, discrepancy
from scheduler.domain.series.wall_time import instant
from scheduler.reading.accounts import read_account
from scheduler.reading.host_state import last_status
from scheduler.reading.snapshot import read_channel
from scheduler.refusals import Missing, Refused

TOLD_WITHIN = timedelta(days=1)
"""Time after the end of a report in which what aired in it may still be measured and told."""
LONGEST_REPORT = timedelta(days=62)
"""The longest stretch of one report."""


@dataclass(frozen=True)
class MachineRun:
    """An as-run row of a machine that should not have aired the channel."""

    machine: str
    run: AsRun


@dataclass(frozen=True)
class AsRunDay:
    """A stretch of local time on a channel, usually a day, as it was seen on air."""

    channel: Channel
    day: date
    """The local day on which it begins."""
    starts: datetime
    ends: datetime
    runs: tuple[AsRun, ...]
    """Closed as-run rows."""
    account: Account
    discrepancies: tuple[Discrepancy, ...]
    share: Share
    """Shares of what is on record, from the channel's first start on."""
    unreadable: int = 0
    """Number of unreadable rows, which are left out."""
    loudness: DayLoudness | None = None
    """The loudness of the day on which it begins, while the broadcast machine still tells it."""
    measured: Mapping[str, Measured] = field(default_factory=dict)
    """The loudness of what aired, by the id that all pieces of a cue have in common."""
    uncounted: tuple[MachineRun, ...] = ()
    """What a second machine sent beside the one that the server obeys."""
    senders: Mapping[tuple[str, datetime], str] = field(default_factory=dict)
    """Name of the machine that sent a row, by its cue and start; empty where there was but one."""

    def loudness_of(self, run: AsRun) -> Measured | None:
        """Return how loud an airing was, all its pieces together; None if it was not measured."""
        return self.measured.get(without_piece(run.cue))

    def machine_of(self, run: AsRun) -> str:
        """Return the name of the machine that sent a row; empty where one machine sent all."""
        return self.senders.get((run.cue, run.start), "")


def as_run(
    db: Database, slug: ChannelId, since: datetime, until: datetime, now: datetime
) -> AsRunDay:
    """Return what aired in [since, until), naive local times of the channel, as known at `now`.

    Raises Missing for an unknown channel, and Refused for a stretch that is empty or too long.
    """
    if not timedelta(0) < until - since <= LONGEST_REPORT:
        raise Refused(
            message=f"Choose an end after the start, at most {LONGEST_REPORT.days} days later."
        )
    with db.read() as session:
        read = read_channel(session, slug)
        if read is None:
            raise Missing("channel")
        zone = ZoneInfo(read.channel.zone)
        starts, ends = instant(since, zone), instant(until, zone)
        rows = find.house.as_run(session, slug, starts, ends)
        runs, _ = load.journal.drawable(rows)
        names = {row.tag: row.name for row in find.machines.of_channel(session, slug)}
        doubled = find.house.as_run(session, slug, starts, ends, counts=False)
        made, unreadable = read_account(session, slug, starts, ends, now)
        status = last_status(session, slug)
        measured = _measured(session, slug, starts, ends + TOLD_WITHIN)
        judged = [load.plan.airing(row) for row in find.plan.airings(session, slug, starts, ends)]
    return AsRunDay(
        channel=read.channel,
        day=since.date(),
        starts=starts,
        ends=ends,
        runs=runs,
        account=made,
        discrepancies=tuple(d for d in map(discrepancy, judged) if d is not None),
        share=share(made),
        unreadable=unreadable,
        loudness=_loudness_of(since.date(), status),
        measured=measured,
        uncounted=_uncounted(doubled, names),
        senders=_senders(rows, names),
    )


def _uncounted(rows: Sequence[AsRunRow], names: Mapping[str, str]) -> tuple[MachineRun, ...]:
    return tuple(
        MachineRun(names.get(row.tag, ""), run)
        for row in rows
        for run in load.journal.drawable([row])[0]
    )


def _senders(rows: Sequence[AsRunRow], names: Mapping[str, str]) -> dict[tuple[str, datetime], str]:
    if len({row.tag for row in rows}) < 2:
        return {}
    return {(row.cue, row.start): names.get(row.tag, "") for row in rows}


def _loudness_of(day: date, status: Status | None) -> DayLoudness | None:
    told = status.loudness if status is not None else ()
    return next((one for one in told if one.day == day), None)


def _measured(
    session: Session, channel: ChannelId, since: datetime, until: datetime
) -> Mapping[str, Measured]:
    """Return the latest figures of each cue, those of all its pieces joined."""
    rows = find.house.measured(session, channel, since, until)
    entries = (load.journal.entry(row) for row in rows)
    facts = (entry.fact for entry in entries if entry is not None)
    latest = {fact.cue: fact for fact in facts if isinstance(fact, Measured)}
    pieces: dict[str, list[Measured]] = {}
    for heard in latest.values():
        pieces.setdefault(without_piece(heard.cue), []).append(heard)
    return {name: whole for name, of in pieces.items() if (whole := joined(of)) is not None}


def pieces_between(
    db: Database, slug: ChannelId, since: datetime, until: datetime
) -> tuple[AiredPiece, ...]:
    """Return each stretch seen in [since, until), with what is on air, for the strip of hours."""
    with db.read() as session:
        made, _ = read_account(session, slug, since, until, until, with_presses=False)
        return made.pieces
