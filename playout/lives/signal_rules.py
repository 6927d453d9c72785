"""Rules by which a source's signal begins, ends and brings back live airings.

Nothing ends a live before its expected end. After it, three minutes without signal adjourn the live
provisionally; ten minutes of silence adjourn it only if its source is configured so. A recess means
that someone expects the meeting to go on: then silence means nothing, and only an hour without
signal adjourns it. The rules are pure and take `air.now` for the time.
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
"""A loss within this time of opening does not count as lost signal: there was none yet."""
START_GRACE = timedelta(seconds=15)
"""Signal that arrives within this time of the start is on time: a source takes time to open."""
ADJOURN_WITHOUT_SIGNAL_AFTER = timedelta(minutes=3)
SILENT_AFTER = timedelta(minutes=10)
SIGNAL_BACK_AFTER = timedelta(seconds=5)
"""Signal that stays good for this long brings an adjourned live back on air."""


def signal_changes(happened: AirState, reports: Iterable[SourceReport]) -> Iterator[Event]:
    """Yield SignalLost and SignalBack for each source whose signal differs from the state of air.

    If two gateways report the same source, the first report counts.
    """
    reported: set[str] = set()
    for report in reports:
        if report.source in reported:
            continue
        reported.add(report.source)
        lost = report.source in happened.lost
        if not report.has_signal and not lost:
            yield SignalLost(report.source, report.since)
        elif report.has_signal and lost:
            yield SignalBack(report.source, report.since)


def recording_changes(
    happened: AirState, reported: Iterable[Recording], now: datetime, plan: Plan | None = None
) -> Iterator[Recorded]:
    """Yield Recorded, with in and out points, for each recording that is new or has changed.

    `plan` says what each is the recording of; what was known of it before stays where it no longer
    does. One that is already known better, from the channel's other machine, is passed over.
    """
    for recording in reported:
        known = happened.recordings.get(recording.airing)
        if known is not None and not recording.outdoes(known):
            continue
        if known is None or _as_reported(known) != recording:
            begins, ends = meeting_span(recording, happened)
            if begins is None and known is not None:
                begins, ends = known.begins, known.ends
            named = _named(replace(recording, begins=begins, ends=ends), known, plan)
            yield Recorded(now, named)


def _as_reported(known: Recording) -> Recording:
    """Return the recording without what is set when it is journalled."""
    return replace(known, begins=None, ends=None, facts=None)


def _named(recording: Recording, known: Recording | None, plan: Plan | None) -> Recording:
    """Return the recording with what its airing is, for saved searches."""
    items = plan.items if plan is not None else ()
    item = next((one for one in items if one.airing == recording.airing), None)
    if item is not None and item.facts is not None:
        return replace(recording, facts=item.facts)
    if known is not None:
        return replace(recording, facts=known.facts)
    return recording


def live_events(air: Situation, reports: Iterable[SourceReport]) -> tuple[Event, ...]:
    """Return the next event that the sources cause for a live, or nothing; never more than one.

    Apply it and call again until the result is empty, because one event can make another due.
    """
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
    """Return Begun if the live on air now goes from its slate to its source.

    That happens at its start if signal is there, and later when signal arrives if its source is
    configured so. If the host was down at the planned start, signal is always enough: the meeting
    may have begun long ago.
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
    """Return whether there was signal at the start or just before it."""
    if report.has_signal:
        return report.since <= start + START_GRACE
    opened = item.start - item.pre_roll
    return lost is not None and opened + SOURCE_OPENS_WITHIN < lost <= start + START_GRACE


def _ends(item: Item, heard: dict[str, SourceReport], air: Situation) -> Event | None:
    """Return Off if the live on air seems to be over; never before its expected end."""
    end, known = expected_end(item, air.happened), air.happened
    report = heard.get(item.source or "")
    if report is None or air.now < end or not air.current.held:
        return None
    # After a recess past the expected end, silence and loss count only from the resume on.
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
    """Return how long a live past its expected end waits for signal, as a span and in words."""
    if item.id in happened.recess:
        return RESUMABLE_FOR, "an hour"
    return ADJOURN_WITHOUT_SIGNAL_AFTER, "three minutes"


def _ends_on_silence(item: Item, plan: Plan) -> bool:
    source = _source(item.source, plan)
    return source is not None and source.ends_on_silence


def is_silent(report: SourceReport, end: datetime, now: datetime) -> bool:
    """Return whether the source has been silent for ten minutes since the expected end."""
    since = report.silent_since
    return since is not None and now >= max(since, end) + SILENT_AFTER


def _off(air: Situation, why: Literal["adjourned", "provisional"], reason: str) -> Off:
    return Off(air.current.id, air.now, why, reason)


def _off_air(item: Item, report: SourceReport | None, air: Situation) -> Event | None:
    """Return the event due for a live off the air: provisionally adjourned or only recorded."""
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
    """Return Closed for a live that once aired and that no one has ended for many hours."""
    known = air.happened
    if item.id in known.over or item.id in known.skipped or not is_held(item, known):
        return None
    if air.current.item == item.id or item.id not in known.aired:
        return None
    if air.now < expected_end(item, known) + RECORD_UNATTENDED_FOR:
        return None
    return LiveClosed(item.id, air.now, "no one ended it")


def _returns(item: Item, since: datetime, report: SourceReport | None, air: Situation) -> On | None:
    """Return On if good signal brings the live back.

    It does not take the air from another live or from an operator's choice.
    """
    # Only signal that came after the adjournment: a live adjourned because it never began had
    # signal all the time.
    if report is None or not report.has_signal or report.since <= since:
        return None
    if air.now - report.since < SIGNAL_BACK_AFTER or air.current.rank >= Rank.HELD:
        return None
    if not within_limit(item.id, air.plan, air.now):
        return None
    last = _last(item, air.happened)
    return On(resumed_cue(last, air.now)) if last is not None else None


def _last(item: Item, happened: AirState) -> Cue | None:
    pieces = happened.pieces(item.id)
    return pieces[-1] if pieces else None


def _source(source: str | None, plan: Plan) -> Source | None:
    return next((one for one in plan.sources if one.id == source), None)
