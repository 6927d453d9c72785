"""The rows of a rundown page: every second of the day in exactly one row, each gap with its fix."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from playout.model.plan import ContentKind, Outcome, StartRule
from scheduler.domain.air.readiness import AiringView, Light
from scheduler.domain.model.airing import Airing
from scheduler.domain.reported.states import NOT_RECORDED, state_word
from scheduler.queries import grid
from scheduler.queries.rundown import DayRundown, RundownLine
from web.kit import words
from web.schedule.kinds import kind_word

START_NOTES = {
    StartRule.HARD: "at its time",
    StartRule.WAIT: "may wait",
    StartRule.FOLLOW: "follows",
}
NOT_REPORTED = "Not recorded"
MIXED = "Filler and bulletins"
SECOND = timedelta(seconds=1)
SHORTEST_ROW = SECOND
"""Filler shorter than this gets no row of its own."""
SHORTEST_FREE = timedelta(minutes=1)
"""Shortest fold ahead that offers to plan something in it."""
HOUR = timedelta(hours=1)
GOOD_OUTCOMES = frozenset({Outcome.AIRED, Outcome.JOINED})


@dataclass(frozen=True)
class RundownRow:
    """One row of the rundown table."""

    start: datetime
    end: datetime
    title: str
    fold: bool
    on_air: bool
    past: bool
    airing: str = ""
    detail: str = ""
    starts: str = ""
    readiness: str = Light.READY.value
    why: str = ""
    outcome: str = ""
    outcome_state: str = "past"
    by: str = ""
    exact: bool = False
    silent: timedelta = timedelta(0)
    """How much of a fold the as-run does not account for."""
    block: str = ""
    """The id of the block behind a fold."""
    policy: str = ""
    """The name of the block that chose what fills a gap."""
    programs: int = 0
    """How many files a fold plays."""
    shift: bool = False
    """True for the row that names the hour the clocks skip or repeat."""
    proposal: str = ""
    """The id of the proposal, for a row that is only proposed."""
    kind: str = ""
    """The kind of airing, as viewers see it: live, replay, slate or program; empty for a fold."""
    free: bool = False
    """True for a coming fold of filler that is long enough to plan something in."""


def rows(sheet: DayRundown, planned: Sequence[AiringView], now: datetime) -> list[RundownRow]:
    """Return the day's rows in order, with planned airings that will not air marked as such.

    Consecutive lines of one airing become one row.
    """
    day_rows: list[RundownRow] = []
    for line in sheet.lines:
        row = _row(line, now)
        last = day_rows[-1] if day_rows else None
        if row.on_air and line.airing is not None and last is not None and not last.airing:
            row, day_rows[-1] = _from_planned_start(row, last, line.airing.airing.start)
            last = day_rows[-1]
        if last is not None and row.airing and last.airing == row.airing:
            day_rows[-1] = _merged_airing(last, row)
        else:
            day_rows.append(row)
    shown = {row.airing for row in day_rows}
    gone = {one.airing: one.reason for one in sheet.displaced}
    for view in planned:
        if view.id not in shown and view.airing.end > now:
            day_rows.append(_absent(view, gone.get(view.id, "")))
    day_rows += clock_change(sheet, now)
    return folded(sorted(day_rows, key=lambda row: (row.start, not row.shift)))


def clock_change(sheet: DayRundown, now: datetime) -> list[RundownRow]:
    """Return the row that names the hour the clocks skip or repeat on this day, if they do."""
    day = grid.day_span(sheet.day, sheet.channel.zone)
    if day.shift is None:
        return []
    tz = sheet.channel.tz
    if day.hours < 24:
        # Wall time goes on from 01:59:59 to what would have been 02:00, which reads 03:00.
        skipped = words.time_of_day(((day.shift - SECOND).astimezone(tz) + SECOND).time())
        new = words.clock(day.shift, tz)
        text = f"The clocks go forward: {skipped} is {new}. This day has {day.hours:g} hours."
    else:
        repeated = words.time_of_day((day.shift - HOUR).astimezone(tz).time())
        text = f"The clocks go back: {repeated} comes again. This day has {day.hours:g} hours."
    return [RundownRow(day.shift, day.shift, text, False, False, day.shift <= now, shift=True)]


def folded(rows: Sequence[RundownRow]) -> list[RundownRow]:
    """Fold consecutive filler into one row, and drop filler shorter than `SHORTEST_ROW`.

    For example, ten minutes that were not recorded, two minutes of slate and a council meeting
    become two rows: "Not recorded" with the detail "Slate for 2 min", and the meeting.
    """
    merged: list[RundownRow] = []
    for row in rows:
        last = merged[-1] if merged else None
        if last is None or not row.fold:
            merged.append(row)
        elif last.fold and _fold_key(last) == _fold_key(row):
            merged[-1] = _merged_fold(last, row)
        elif row.end - row.start < SHORTEST_ROW and not row.on_air:
            merged[-1] = replace(last, end=row.end)
        else:
            merged.append(row)
    return [_with_details(row) if row.fold else row for row in merged]


def _fold_key(row: RundownRow) -> tuple[bool, str, str]:
    """Return what two neighboring folds must share to become one."""
    return row.past, row.block, row.policy


def caption(sheet: DayRundown, now: datetime) -> str:
    """Say where the table comes from: as-run, the plan, or the broadcast machine's forecast."""
    if sheet.ends <= now:
        return "as it aired"
    if sheet.predicted:
        return "as planned"
    return "as the broadcast machine expects it"


def _row(line: RundownLine, now: datetime) -> RundownRow:
    on_air = line.start <= now < line.end
    if line.airing is None:
        unknown = line.length if line.state == "unknown" else timedelta(0)
        past = line.end <= now
        return RundownRow(
            line.start,
            line.end,
            line.title if line.block else _fold_title(line),
            True,
            on_air,
            past,
            silent=unknown,
            block=line.block,
            policy=line.policy,
            programs=line.folded,
            free=not line.block and line.end - max(line.start, now) >= SHORTEST_FREE,
        )
    view, airing = line.airing, line.airing.airing
    outcome = airing.outcome if line.end <= now else None
    detail = view.program_title if view.program_title != airing.title else view.series_words
    return RundownRow(
        start=line.start,
        end=line.end,
        title=airing.title,
        fold=False,
        on_air=on_air,
        past=line.end <= now,
        airing=airing.id,
        detail=detail,
        starts=START_NOTES[airing.draft.start_rule],
        readiness=view.readiness.value,
        why=view.why,
        outcome=_outcome(airing) if line.end <= now else "",
        outcome_state="past" if outcome in GOOD_OUTCOMES else "amber",
        by=airing.updated_by,
        exact=bool(line.start.second),
        kind=kind_word(airing.draft),
    )


def _outcome(airing: Airing) -> str:
    """Return the word for an airing's outcome; `not recorded` where none was reported."""
    if airing.outcome is None:
        return NOT_RECORDED
    return state_word(airing.outcome, seen=airing.aired_start is not None)


def _absent(view: AiringView, reason: str) -> RundownRow:
    airing = view.airing
    why = reason or ("" if view.readiness is Light.READY else view.why)
    return RundownRow(
        start=airing.start,
        end=airing.end,
        title=airing.title,
        fold=False,
        on_air=False,
        past=False,
        airing=airing.id,
        detail=why,
        starts=START_NOTES[airing.draft.start_rule],
        readiness=Light.RED.value,
        why=why,
        by=airing.updated_by,
        exact=bool(airing.start.second),
        kind=kind_word(airing.draft),
    )


def _fold_title(line: RundownLine) -> str:
    if line.state == "unknown":
        return line.title
    if line.kind is ContentKind.BOARD and line.title != MIXED:
        return "Bulletins"
    return line.title if line.folded == 1 else MIXED


def _merged_fold(first: RundownRow, second: RundownRow) -> RundownRow:
    named = {row.title for row in (first, second) if row.title != NOT_REPORTED}
    return replace(
        first,
        end=second.end,
        title=named.pop() if len(named) == 1 else MIXED if named else NOT_REPORTED,
        on_air=first.on_air or second.on_air,
        programs=first.programs + second.programs,
        free=first.free or second.free,
        silent=first.silent + second.silent,
    )


def _with_details(row: RundownRow) -> RundownRow:
    """Add the details of a fold: how long its smaller part lasted, how many programs a block plays,
    or which block chose the filler.
    """
    if row.block:
        return replace(row, detail=words.a_count(row.programs, "program"))
    if row.policy:
        row = replace(row, detail=f"chosen by {row.policy}")
    reported = row.end - row.start - row.silent
    if row.silent < SHORTEST_ROW or reported < SHORTEST_ROW:
        return row
    if row.silent > reported:
        return replace(row, title=NOT_REPORTED, detail=f"{row.title} for {words.length(reported)}")
    return replace(row, detail=f"{words.length(row.silent)} not recorded")


def _from_planned_start(
    row: RundownRow, before: RundownRow, start: datetime
) -> tuple[RundownRow, RundownRow]:
    """Begin the row of what is on air at its planned start.

    As-run reports an airing only once it ends; until then its beginning would read "Not recorded".
    """
    if not before.start < start < row.start or before.title != NOT_REPORTED:
        return row, before
    return replace(row, start=start, exact=bool(start.second)), replace(before, end=start)


def _merged_airing(first: RundownRow, second: RundownRow) -> RundownRow:
    state = second if second.on_air or not second.past else first
    return replace(state, start=first.start, end=second.end, exact=first.exact)
