"""The as-run day as a page and as a table for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from playout.rundown import Outcome
from playout.wire import AsRun
from scheduler.queries.reports import AsRunDay
from web import words

COLUMNS = (
    "channel", "planned start", "start", "end", "seconds", "title", "outcome", "reason",
    "layer", "frames", "held", "dropped", "airing", "file",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell beginning so would be a formula to a spreadsheet."""


@dataclass(frozen=True)
class Row:
    """One line of the page: an item as it ran, or a stretch of filling folded to one line."""

    start: datetime
    end: datetime
    title: str
    planned: datetime | None
    """None for what nobody planned by name."""
    outcome: str
    state: str
    """Class of its light: ready or amber; empty for a fold."""
    reason: str
    airing: str


def rows(day: AsRunDay) -> list[Row]:
    """The day's lines in order of time; items nobody saw stand at their planned start."""
    made: list[Row] = []
    for named, runs in groupby(day.runs, key=lambda run: run.item is not None):
        stretch = list(runs)
        made += [_row(run) for run in stretch] if named else [_fold(stretch)]
    return made


def _row(run: AsRun) -> Row:
    return Row(
        start=run.start,
        end=run.end,
        title=run.title,
        planned=run.planned_start,
        outcome=run.outcome.value,
        state="ready" if run.outcome is Outcome.AIRED else "amber",
        reason=run.reason,
        airing=run.airing or "",
    )


def _fold(runs: Sequence[AsRun]) -> Row:
    """Filler, bulletins and slate between two items."""
    counts = [
        (sum(r.ticks > 0 and r.layer == "deck" for r in runs), "filler clip"),
        (sum(r.ticks > 0 and r.layer == "board" for r in runs), "stretch of bulletins"),
        (sum(r.ticks > 0 and r.layer == "slate" for r in runs), "slate"),
    ]
    said = [_count(number, noun) for number, noun in counts if number]
    end = max(run.end for run in runs)
    return Row(runs[0].start, end, ", ".join(said) or "nothing seen", None, "", "", "", "")


def _count(number: int, noun: str) -> str:
    if noun == "stretch of bulletins":
        return "bulletins"
    return words.a_count(number, noun)


def as_csv(day: AsRunDay) -> str:
    """Every stretch of the day, unfolded: instants in the channel's zone with their offset."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    zone = day.channel.tz

    def instant(at: datetime) -> str:
        return at.astimezone(zone).isoformat(timespec="milliseconds")

    for run in day.runs:
        cells = (
            day.channel.id, instant(run.planned_start), instant(run.start), instant(run.end),
            f"{(run.end - run.start) / timedelta(seconds=1):.3f}", run.title, run.outcome.value,
            run.reason, run.layer, run.ticks, run.held, run.dropped, run.airing or "",
            run.asset or "",
        )  # fmt: skip
        table.writerow([_plain(str(cell)) for cell in cells])
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
