"""The lineup for viewers, now and next. Nothing here comes from a private column."""

from datetime import datetime

from config.names import AiringId, ChannelId
from scheduler.changing.listings import current_lines
from scheduler.db import find, listings, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.desk import BlockRow
from scheduler.db.tables.plan import AiringRow, ChannelRow
from scheduler.domain.model.airing import LONGEST_AIRING
from scheduler.domain.model.ids import BlockId
from scheduler.domain.model.text import one_line
from scheduler.domain.reported.listings import ListingWords, PublishedListing
from scheduler.domain.reported.public import (
    CANCELLED_LISTED_FOR,
    PublicAiring,
    PublicChannel,
    as_expected,
    block_airing,
    project,
    public_channel,
)
from scheduler.domain.reported.retimed import expected_times, off_the_air
from scheduler.reading.host_state import forecast


def channels(db: Database) -> tuple[PublicChannel, ...]:
    """Return every channel in use, by slug."""
    with db.read() as session:
        rows = find.plan.channels(session)
        return tuple(public_channel(load.plan.channel(row)) for row, _ in rows)


def channel(db: Database, slug: ChannelId) -> PublicChannel | None:
    """Return one channel; None for an unknown or retired one."""
    with db.read() as session:
        row = session.get(ChannelRow, slug)
        return public_channel(load.plan.channel(row)) if row and not row.retired else None


def mark(db: Database, slug: ChannelId) -> tuple[object, ...]:
    """Return a value that changes whenever the lineup may: cached feeds are checked against it."""
    with db.read() as session:
        versions = find.plan.plan_versions(session)
        newest = listings.newest_change(session, slug)
        return versions.get(slug, 0), find.house.times_retold(session, slug), *newest


class PageMarks:
    """A cache of what each public page depends on, read again only when the database changed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: tuple[object, dict[ChannelId, tuple[object, ...]]] = (None, {})

    def mark(self, slug: ChannelId) -> tuple[object, ...] | None:
        """Return a value that changes whenever the channel's public page may; None for an unknown
        channel.

        A page depends on the schedule, on the host's reports, and on the names in the list of
        channels.
        """
        version = self._db.version()
        at, marks = self._known
        if at == version and slug in marks:
            return marks[slug]
        with self._db.read() as session:
            page_mark = listings.page_mark(session, slug)
        if page_mark is not None:
            self._known = (version, {**(marks if at == version else {}), slug: page_mark})
        return page_mark


def lineup(
    db: Database,
    slug: ChannelId,
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    live_only: bool = False,
) -> tuple[PublicAiring, ...]:
    """Return public airings and block lines that touch [since, until), by start and id.

    Cancelled airings stay for seven days after they were cancelled.
    """
    with db.read() as session:
        lines = () if live_only else listings.lines(session, slug, since, until)
        shown = [block_airing(line, slug) for line in lines if not line.gone]
        shown += _airings(session, slug, since, until, now, live_only=live_only)
        return tuple(sorted(shown, key=lambda a: (a.start, a.id)))


def _airings(
    session: Session,
    slug: ChannelId,
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    live_only: bool = False,
) -> list[PublicAiring]:
    rows = find.plan.airings(session, slug, since, until, cancelled=True, live_only=live_only)
    return _projected(session, [row for row in rows if _still_told(row, now)])


def airing(db: Database, airing: AiringId) -> PublicAiring | None:
    """Return one public airing; None for any other."""
    with db.read() as session:
        row = session.get(AiringRow, airing)
        return next(iter(_projected(session, [row])), None) if row else None


def of_block(db: Database, block: BlockId, start: datetime, end: datetime) -> PublicAiring | None:
    """Return a moment of a block that has no line of its own, named after the block; None if
    unknown.
    """
    with db.read() as session:
        row = session.get(BlockRow, block)
        if row is None:
            return None
        words = ListingWords(one_line(row.name))
        line = PublishedListing(f"{block}-now", block, "", words, start, end, 0, start)
        return block_airing(line, ChannelId(row.channel_id))


def planned_end(db: Database, airing: AiringId) -> datetime | None:
    """Return the planned end of an airing, whatever viewers were told since."""
    with db.read() as session:
        row = session.get(AiringRow, airing)
        return row.end if row else None


def current_lineup(
    db: Database, slug: ChannelId, now: datetime, until: datetime
) -> tuple[PublicAiring, ...]:
    """Return the lineup from now on for a page, at the settled times that staff pages show.

    The times are the host's, or our forecast's while it is silent. Feeds announce a new time in
    steps, because each change disturbs subscribers; a page has no such reason to wait.
    """
    with db.read() as session:
        planned = _airings(session, slug, now - LONGEST_AIRING, until, now)
        coming = forecast(session, slug, now)
        lines = current_lines(session, slug, now, coming.rundown)
    times = expected_times(coming.rundown, now)
    off = off_the_air(coming.rundown, times)
    shown = [as_expected(one, times.get(one.id), off=one.id in off) for one in planned]
    shown += [block_airing(line, slug) for line in lines if line.start < until]
    return tuple(sorted((one for one in shown if one.end > now), key=lambda a: (a.start, a.id)))


def _still_told(row: AiringRow, now: datetime) -> bool:
    return row.cancelled_at is None or now - row.cancelled_at < CANCELLED_LISTED_FOR


def _projected(session: Session, rows: list[AiringRow]) -> list[PublicAiring]:
    programs = find.plan.programs_by_id(session, (row.program_id for row in rows))
    meetings = find.meetings.meetings_by_id(session, (row.meeting_id for row in rows))
    announced = find.house.retold(session, (row.id for row in rows))
    projected = []
    for row in rows:
        program = programs.get(row.program_id) if row.program_id else None
        meeting = meetings.get(row.meeting_id) if row.meeting_id else None
        public = project(
            load.plan.airing(row),
            load.plan.program(program) if program else None,
            load.house.told(announced[row.id]) if row.id in announced else None,
            load.meetings.meeting(meeting) if meeting else None,
        )
        if public is not None:
            projected.append(public)
    return projected
