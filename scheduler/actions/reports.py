"""The reports of a broadcast machine: its state, what it expects, and what was seen on air."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from config.bounded import LONGEST_SPAN
from config.names import AiringId, ChannelId
from playout.model.events import Recorded
from playout.model.history import ServerKnowledge
from playout.model.rundown import Rundown
from playout.model.wire import Ack, JournalEntry, Report, encode
from scheduler.changing import recordings
from scheduler.changing.judging import judge_airings
from scheduler.changing.machines import ONLY_MACHINE, Reporter, note_report
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.house import EntryRow, HeardRow, RetoldRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.air.machines import Caller
from scheduler.domain.model.airing import LONGEST_AIRING
from scheduler.domain.reported.retimed import announce, announce_off, expected_times, off_the_air
from scheduler.refusals import Missing, Refused

NOTHING_TOLD = ServerKnowledge()
HOST_CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a broadcast machine's clock may be ahead of ours."""


def accept_report(
    db: Database,
    channel: ChannelId,
    report: Report,
    now: datetime,
    *,
    caller: Caller | None = None,
    told: ServerKnowledge = NOTHING_TOLD,
    watching: bool = False,
    looking: tuple[str, ...] = (),
) -> Ack:
    """Store what a host reports; an entry sent twice is stored once. Raises Missing.

    Airings that it speaks of are judged in the same transaction. Only entries of this report are
    acknowledged, 0 when it has none, because a host with a new journal counts from 1 again. `told`
    names the plan, rundown and last acknowledged entry as the host knows them. Raises Refused for a
    report that no retry can make valid.

    `caller` is the machine that reports; None where the channel has that one alone. The status of
    one that does not air the channel is kept as its own, and its entries do not count.
    """
    _refuse_nonsense(report, now)
    with db.write() as session:
        if session.get(ChannelRow, channel) is None:
            raise Missing("channel")
        by = note_report(session, channel, caller, report, told, now) if caller else ONLY_MACHINE
        ack = _store(session, channel, report, told, by, now)
    return replace(ack, watching=watching and by.sends, looking=looking if by.sends else ())


def _store(
    session: Session,
    channel: ChannelId,
    report: Report,
    told: ServerKnowledge,
    by: Reporter,
    now: datetime,
) -> Ack:
    resume_after = _resume_after(session, channel, told, by)
    stored = believable(report.entries, now) if resume_after is None else ()
    if resume_after is None:
        touched = _keep_entries(session, channel, stored, by)
        until = _heard_until(report, now) if by.sends else None
        judge_airings(session, channel, report, touched, until, now, since=by.speaks_from)
    wants_expected = by.sends and _hear(session, channel, report, now, told)
    if report.expected is not None and by.sends:
        _retell(session, channel, report.expected, now)
    return Ack(
        acknowledged=max((entry.number for entry in stored), default=0),
        watching=False,
        plan_revision=find.house.published_number(session, channel),
        command_number=find.house.last_command(session, channel),
        resume_after=resume_after,
        wants_expected=wants_expected,
    )


def _resume_after(
    session: Session, channel: ChannelId, told: ServerKnowledge, by: Reporter
) -> str | None:
    """Return the newest entry of this database if it lacks the one the host was acknowledged, else
    None.

    Entries of a journal are stored in order, so a database that has an entry has all before it, and
    so has every backup of it. To keep this true, nothing of a report is stored while earlier
    entries are missing.
    """
    if not told.acknowledged or by.has(session, channel, told.acknowledged):
        return None
    newest = find.machines.newest_of(session, channel, by.tag)
    return str(newest.data.get("id", newest.id)) if newest is not None else ""


def _refuse_nonsense(report: Report, now: datetime) -> None:
    """Raise Refused for an entry older than a year, and for a rundown longer than a year."""
    for entry in report.entries:
        if _seen(entry)[0] < now - LONGEST_SPAN:
            raise Refused(message=f"Journal entry {entry.number} is older than a year.")
    expected = report.expected
    if expected is not None and not (
        now - LONGEST_SPAN < expected.starts < expected.ends < now + LONGEST_SPAN
    ):
        raise Refused(message="The rundown covers more than a year.")


def _seen(entry: JournalEntry) -> tuple[datetime, datetime]:
    """Return the first and last instant at which the entry says that something was seen."""
    run = entry.as_run
    instants = (entry.at, run.start, run.end) if run else (entry.at,)
    return min(instants), max(instants)


def believable(entries: Sequence[JournalEntry], now: datetime) -> Sequence[JournalEntry]:
    """Return the entries before the first that speaks of the future. It and all later ones wait.

    Nobody has seen the future. After its clock was set back, a host's house clock may be ahead for
    hours. It sends again what is not acknowledged, so nothing is lost.
    """
    ahead = (n for n, entry in enumerate(entries) if _seen(entry)[1] > now + HOST_CLOCK_TOLERANCE)
    return entries[: next(ahead, len(entries))]


def _keep_entries(
    session: Session, channel: ChannelId, entries: Sequence[JournalEntry], by: Reporter
) -> set[AiringId]:
    """Store the entries; return the airings that new ones speak of."""
    fresh = [entry for entry in entries if _keep_entry(session, channel, entry, by)]
    session.flush()
    return {e.as_run.airing for e in fresh if e.as_run and e.as_run.airing}


def _heard_until(report: Report, now: datetime) -> datetime:
    """Return how far the host's account reaches, but not beyond `now`.

    After an outage the oldest entries come first, so the account may end hours ago.
    """
    return min(now, max((entry.at for entry in report.entries), default=report.status.at))


def _keep_entry(session: Session, channel: ChannelId, entry: JournalEntry, by: Reporter) -> bool:
    row = load.journal.entry_row(channel, entry, by.tag, counts=by.counts(entry.at))
    if _is_stored(session, channel, row, entry.id, by):
        return False
    session.add(row)
    if entry.as_run is not None:
        of_channel = find.plan.airing_of(session, channel, entry.as_run.airing)
        airing = AiringId(of_channel.id) if of_channel is not None else None
        session.add(load.journal.as_run_row(row, entry.as_run, airing))
    if not row.counts:
        return False
    if entry.command is not None:
        _answer(session, channel, entry, by)
    if isinstance(entry.fact, Recorded):
        recordings.store_recording(session, channel, entry.fact.recording, entry.at, by.place)
    return True


def _is_stored(session: Session, channel: ChannelId, row: EntryRow, id: str, by: Reporter) -> bool:
    """Return True for an entry sent before, also by a clone whose journal has the same past."""
    if session.get(EntryRow, (channel, row.id)) is not None:
        return True
    past = (session.get(EntryRow, (channel, load.journal.stored_id(id, tag))) for tag in by.kin)
    return any(other is not None and other.data == row.data for other in past)


def _answer(session: Session, channel: ChannelId, entry: JournalEntry, by: Reporter) -> None:
    """Store the answer to a command. Of two machines that obey it the sender's holds."""
    given = find.house.command(session, channel, entry.command.id) if entry.command else None
    if given is None or (given.answer and not by.sends):
        return
    given.answer = "refused" if entry.kind == "refused" else "accepted"
    given.reason = entry.text


def _hear(
    session: Session, channel: ChannelId, report: Report, now: datetime, told: ServerKnowledge
) -> bool:
    """Store the host's last report; return True when the rundown it says it has sent is missing
    here.
    """
    heard = session.get(HeardRow, channel, with_for_update=True)
    if heard is None:
        heard = HeardRow(channel_id=channel, host="", at=now, status="")
        session.add(heard)
    heard.host = report.status.host
    heard.at = now
    heard.status = encode(report.status).decode()
    heard.plan_tag = told.plan
    if report.expected is not None:
        heard.expected = encode(report.expected).decode()
        heard.expected_at, heard.expected_tag = now, told.expected
    return heard.expected_tag != told.expected and bool(told.expected)


def _retell(session: Session, channel: ChannelId, expected: Rundown, now: datetime) -> None:
    """Store new times for viewers where the host expects other times than planned."""
    times = expected_times(expected, now)
    gone = off_the_air(expected, times)
    rows = find.plan.airings(session, channel, expected.starts - LONGEST_AIRING, expected.ends)
    known = find.house.retold(session, [*times, *gone])
    for row in rows:
        airing, last = load.plan.airing(row), known.get(row.id)
        before = load.house.told(last) if last else None
        if airing.id in gone and row.aired_start is None:
            announced = announce_off(airing, before, now)
        elif airing.id in times:
            announced = announce(airing, before, times[airing.id], now)
        else:
            continue
        if announced is None:
            continue
        if last is None:
            last = RetoldRow(airing_id=row.id, channel_id=channel)
            session.add(last)
        load.house.fill_told(last, announced)
