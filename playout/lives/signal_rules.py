"""What sources do to lives: they begin, seem to be over, come back; rules, and no clock of its own.

Before its expected end nothing ends a live. After it, three minutes without signal adjourn it
provisionally, and ten minutes of silence only where its source is so configured. Of one in recess
somebody said that it goes on: silence means nothing, and only an hour without signal does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from playout.lives.sessions import (
    RECORD_UNATTENDED_FOR,
    RESUMABLE_FOR,
    expected_end,
    in_session,
    is_held,
    resumed_cue,
    within_limit,
)
from playout.model.events import Begun, Event, LiveClosed, Off, On, Recorded, SignalBack, SignalLost
from playout.model.plan import ContentKind, Item, Plan, Rank
from playout.model.recording import Recording
from playout.model.rundown import Cue
from playout.model.source import Source, SourceReport
from playout.state.air_state import AirState, Situation
from playout.timing.replays import meeting_span

SOURCE_OPENS_WITHIN = timedelta(seconds=10)
"""A source that was never good for longer than this after it was opened had no signal yet."""
START_GRACE = timedelta(seconds=15)
"""Signal that comes this long after the start is no late start: a source takes time to open."""
ADJOURN_WITHOUT_SIGNAL_AFTER = timedelta(minutes=3)
SILENT_AFTER = timedelta(minutes=10)
SIGNAL_BACK_AFTER = timedelta(seconds=5)
"""Signal this long good is back."""


def signal_changes(happened: AirState, reports: Iterable[SourceReport]) -> Iterator[Event]:
    """Signal lost and signal back, as facts."""
    told: set[str] = set()
    for report in reports:
        if report.source in told:
            continue
        told.add(report.source)
        lost = report.source in happened.lost
        if not report.has_signal and not lost:
            yield SignalLost(report.source, report.since)
        elif report.has_signal and lost:
            yield SignalBack(report.source, report.since)


def recording_changes(
    happened: AirState, told: Iterable[Recording], now: datetime
) -> Iterator[Recorded]:
    """What became of recordings, where that is news, with their in and out points."""
    for recording in told:
        known = happened.recordings.get(recording.airing)
        if known is None or replace(known, begins=None, ends=None) != recording:
            begins, ends = meeting_span(recording, happened)
            if begins is None and known is not None:
                begins, ends = known.begins, known.ends
            yield Recorded(now, replace(recording, begins=begins, ends=ends))


def live_events(air: Situation, reports: Iterable[SourceReport]) -> tuple[Event, ...]:
    """What the sources make of the lives now. Ask again after each answer that is not empty."""
    heard = {report.source: report for report in reports}
    items = {item.id: item for item in air.plan.items}
    current = air.current
    item = items.get(current.item) if current.item is not None else None
    if item is not None and item.kind is ContentKind.LIVE and current.kind is ContentKind.LIVE:
        event = _begins(item, heard.get(item.source or ""), air) or _ends(item, heard, air)
        if event is not None:
            return (event,)
    for other in items.values():
        if other.kind is ContentKind.LIVE:
            event = _off_air(other, heard.get(other.source or ""), air)
            if event is not None:
                return (event,)
    return ()


def _begins(item: Item, report: SourceReport | None, air: Situation) -> Event | None:
    """From its slate to its source: at its start with signal there, or by signal where so set.

    A host that was away when it was to begin does not wait for anybody.
    """
    known = air.happened
    if item.id in known.begun or item.id in known.recess or report is None:
        return None
    start = air.current.start
    if air.now < start:
        return None
    lost = known.lost.get(item.source or "")
    if _was_good(item, report, lost, start):
        return Begun(item.id, air.now, "time")
    source = _source(item.source, air.plan)
    was_away = known.since is not None and known.since > item.start
    by_signal = was_away or (source is not None and source.starts_on_signal)
    if lost is None and report.has_signal and by_signal:
        return Begun(item.id, air.now, "signal")
    return None


def _was_good(item: Item, report: SourceReport, lost: datetime | None, start: datetime) -> bool:
    """Whether there was signal when it was to begin, or just before."""
    if report.has_signal:
        return report.since <= start + START_GRACE
    opened = item.start - item.pre_roll
    return lost is not None and opened + SOURCE_OPENS_WITHIN < lost <= start + START_GRACE


def _ends(item: Item, heard: dict[str, SourceReport], air: Situation) -> Event | None:
    """Whether the live on air seems to be over; never before its expected end."""
    end, known = expected_end(item, air.happened), air.happened
    report = heard.get(item.source or "")
    if report is None or air.now < end or not air.current.held:
        return None
    end = max(end, known.resumed.get(item.id, end))
    lost = known.lost.get(report.source)
    if lost is not None:
        patience, words = signal_patience(item, known)
        if air.now >= max(lost, end) + patience:
            return _off(air, "provisional", f"no signal for {words} after its scheduled end")
        return None
    if item.id in known.recess:
        return None
    if item.id not in known.begun:
        return _off(air, "provisional", "it had not started by its scheduled end")
    quiet = _ends_on_silence(item, air.plan) and is_silent(report, end, air.now)
    return _off(air, "adjourned", "ten minutes of silence") if quiet else None


def signal_patience(item: Item, happened: AirState) -> tuple[timedelta, str]:
    """How long a live past its expected end is waited for without signal, also in words."""
    if item.id in happened.recess:
        return RESUMABLE_FOR, "an hour"
    return ADJOURN_WITHOUT_SIGNAL_AFTER, "three minutes"


def _ends_on_silence(item: Item, plan: Plan) -> bool:
    source = _source(item.source, plan)
    return source is not None and source.ends_on_silence


def is_silent(report: SourceReport, end: datetime, now: datetime) -> bool:
    """Ten minutes without a sound after the expected end."""
    since = report.silent_since
    return since is not None and now >= max(since, end) + SILENT_AFTER


def _off(air: Situation, why: Literal["adjourned", "provisional"], reason: str) -> Off:
    return Off(air.current.id, air.now, why, reason)


def _off_air(item: Item, report: SourceReport | None, air: Situation) -> Event | None:
    """A live that is not on air: one adjourned provisionally, or one only being recorded."""
    since = air.happened.provisional.get(item.id)
    if since is not None:
        if air.now >= since + RESUMABLE_FOR:
            return LiveClosed(item.id, air.now, "no signal for an hour after its adjournment")
        return _returns(item, since, report, air)
    if not in_session(item, air.current, air.happened, air.now):
        return _unattended(item, air)
    end = expected_end(item, air.happened)
    if report is None or air.now < end:
        return None
    lost = air.happened.lost.get(report.source)
    if lost is not None and air.now >= max(lost, end) + ADJOURN_WITHOUT_SIGNAL_AFTER:
        return LiveClosed(item.id, air.now, "no signal for three minutes after its scheduled end")
    if _ends_on_silence(item, air.plan) and is_silent(report, end, air.now):
        return LiveClosed(item.id, air.now, "ten minutes of silence after its scheduled end")
    return None


def _unattended(item: Item, air: Situation) -> Event | None:
    """Nobody aired it and nobody ended it, for hours."""
    known = air.happened
    if item.id in known.over or item.id in known.skipped or not is_held(item, known):
        return None
    if air.current.item == item.id or item.id not in known.aired:
        return None
    if air.now < expected_end(item, known) + RECORD_UNATTENDED_FOR:
        return None
    return LiveClosed(item.id, air.now, "no one ended it")


def _returns(item: Item, since: datetime, report: SourceReport | None, air: Situation) -> On | None:
    """Good signal brings it back, unless an operator or another live has the air."""
    if report is None or not report.has_signal or report.since <= since:
        return None
    if air.now - report.since < SIGNAL_BACK_AFTER or air.current.rank >= Rank.HELD:
        return None
    if not within_limit(item.id, air.plan, air.now):
        return None
    last = _last(item, air.happened)
    return On(resumed_cue(last, air.now)) if last is not None else None


def _last(item: Item, happened: AirState) -> Cue | None:
    pieces = [cue for cue in happened.pinned if cue.item == item.id]
    return pieces[-1] if pieces else None


def _source(source: str | None, plan: Plan) -> Source | None:
    return next((one for one in plan.sources if one.id == source), None)
