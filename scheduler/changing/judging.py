"""The outcome of airings, judged from the reports of a broadcast machine, and the news of it to
viewers.
"""

from collections.abc import Iterable
from datetime import datetime

from config.names import AiringId, ChannelId
from playout.model.wire import Report
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.house import RetoldRow
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.air.build_plan import media_of
from scheduler.domain.model.airing import Airing
from scheduler.domain.reported.outcome import judge
from scheduler.domain.reported.retimed import AnnouncedTimes
from scheduler.domain.reported.states import is_over_for_viewers, never_aired
from scheduler.reading.accounts import running_airings
from scheduler.reading.host_state import last_expected


def judge_airings(
    session: Session,
    channel: ChannelId,
    report: Report,
    touched: Iterable[AiringId],
    heard_until: datetime | None,
    now: datetime,
    *,
    since: datetime | None = None,
) -> None:
    """Judge the airings that the report speaks of, and those that ended without an outcome.

    `heard_until` is the instant up to which the host's account reaches; None for a machine that
    does not air the channel now: what it does not speak of may have aired. What ended before
    `since` is for another machine to tell.
    """
    ended = find.plan.unjudged(session, channel, heard_until) if heard_until else ()
    due = {row.id: row for row in ended if since is None or row.end > since}
    for id in touched:
        row = find.plan.airing_of(session, channel, id)
        if row is not None:
            due[row.id] = row
    still = _open(session, channel, report, heard_until or now) if due else frozenset()
    for row in due.values():
        before = load.plan.airing(row)
        _judge(session, row, heard_until, is_open=row.id in still)
        _tell(session, before, load.plan.airing(row), now)


def _open(
    session: Session, channel: ChannelId, report: Report, at: datetime
) -> frozenset[AiringId]:
    """Return airings that are on air, or that the host still expects to air."""
    expected = report.expected or last_expected(session, channel)
    coming = (cue.airing for cue in expected.cues if cue.end > at) if expected else ()
    return running_airings(report.status) | {one for one in coming if one is not None}


def _judge(
    session: Session, row: AiringRow, heard_until: datetime | None, *, is_open: bool
) -> None:
    rows = find.house.as_run_of(session, ChannelId(row.channel_id), row.id)
    seen = load.journal.drawable(rows)[0]
    airing = load.plan.airing(row)
    files = [
        load.plan.asset(file) for file in find.plan.assets_by_id(session, [row.asset_id]).values()
    ]
    playable = media_of(airing, {file.id: file for file in files}) is not None
    verdict = judge(airing, seen, heard_until, playable=playable, is_open=is_open)
    if verdict is None:
        return
    row.outcome, row.outcome_reason = verdict.outcome.value, verdict.reason
    row.aired_start, row.aired_end = verdict.start, verdict.end


def _tell(session: Session, before: Airing, after: Airing, now: datetime) -> None:
    """Tell viewers once that a meeting or a replay did not air, or take that back.

    The coming replays of a meeting that did not air have nothing to show, so they are told with it.
    """
    never = never_aired(after)
    if never == never_aired(before) or not is_over_for_viewers(after):
        return
    _stamp(session, after, now, off=never)
    for row in find.meetings.replays_of(session, after.id):
        replay = load.plan.airing(row)
        waits = replay.draft.asset is None and replay.draft.substitute is None
        if replay.start > now and waits and not replay.cancelled:
            _stamp(session, replay, now, off=never)


def _stamp(session: Session, airing: Airing, now: datetime, *, off: bool) -> None:
    """Give an airing a new public stamp, so that calendars fetch it again."""
    row = find.house.retold(session, [airing.id]).get(airing.id)
    count = load.house.told(row).count if row else 0
    if row is None:
        row = RetoldRow(airing_id=airing.id, channel_id=airing.channel)
        session.add(row)
    times = AnnouncedTimes(airing.start, airing.start, airing.end, count + 1, now, off=off)
    load.house.fill_told(row, times)
