"""The part of the desk that only a live has: its times, the state of its source, its buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import ItemId
from scheduler.domain.air.readiness import AiringView
from scheduler.domain.model.ids import MeetingId
from scheduler.queries.button_effects import ButtonEffect, ButtonEffects
from scheduler.queries.onair import OnAir
from web.kit import words
from web.onair.buttons import Button
from web.onair.live_buttons import is_live, live_buttons


@dataclass(frozen=True)
class LivePart:
    """The live on air, as an operator needs it."""

    expected: datetime | None
    """Expected end; None where nobody planned it."""
    limit: datetime | None
    """Latest end, which nothing extends; None without a limit."""
    over: bool
    """True once the expected end has passed."""
    state: str
    """`in recess`, `not started`, or empty while viewers see it."""
    source: tuple[str, str]
    """State and words for its source."""
    buttons: tuple[Button, ...]
    meeting: MeetingId | None


def live_part(
    on: OnAir, planned: tuple[AiringView, ...], evening: ButtonEffects, now: datetime
) -> LivePart | None:
    """Return what a live adds to the desk; None while the host reports no planned live on air."""
    foreseen = evening.by
    if not is_live(on.cue) or on.state != "on air" or not foreseen:
        return None
    view = next((one for one in planned if one.id == on.cue.airing), None)
    item = on.cue.item or ItemId("")
    limit = evening.limits.get(item)
    expected = view.airing.end + evening.known.extended.get(item, timedelta(0)) if view else None
    if expected and not on.cue.held:
        expected = on.cue.end
    return LivePart(
        expected=expected,
        limit=limit,
        over=expected is not None and now >= expected,
        state=_state(foreseen),
        source=_source(on, now),
        buttons=live_buttons(on, evening),
        meeting=view.airing.draft.meeting if view else None,
    )


def _state(foreseen: Mapping[str, ButtonEffect]) -> str:
    if not foreseen["resume"].refused:
        return "in recess"
    return "" if foreseen["go"].refused else "not started"


def _source(on: OnAir, now: datetime) -> tuple[str, str]:
    """Return the state and words of the gateway's report on the source."""
    reports = on.status.sources if on.status is not None else ()
    report = next((one for one in reports if one.source == on.cue.source), None)
    if report is None:
        return "amber", "source not open"
    if not report.has_signal:
        why = f": {report.reason}" if report.reason else ""
        return "amber", f"no signal for {words.about(now - report.since)}{why}"
    if report.reason:
        return "amber", f"signal good, but: {report.reason}"
    recorded = timedelta(seconds=report.recorded)
    is_long = report.airing and report.recorded >= 60
    minutes = f", {words.about(recorded)} recorded" if is_long else ""
    return "ready", f"signal good{minutes or (', recording' if report.airing else '')}"
