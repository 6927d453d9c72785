"""Rows of the names and crawls planned with an airing: filled from it, and read back as typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import request

from config import bounded
from config.times import length as length_words
from config.typed import read_length
from playout.model.graphics import SHOWN_FOR
from scheduler.domain.model.airing_graphics import (
    MOST_GRAPHICS,
    AiringGraphic,
    AiringGraphicKind,
)
from scheduler.refusals import Refused

FIELDS = ("kind", "at", "first", "second", "seconds", "passes")
"""Names of the fields of each row, behind `graphic-`."""
USUAL_SECONDS = f"{SHOWN_FOR.total_seconds():g}"


@dataclass(frozen=True)
class GraphicRow:
    """One row as typed."""

    kind: str = AiringGraphicKind.LOWER_THIRD.value
    at: str = ""
    """How long after the start, in words; empty to show it by hand."""
    first: str = ""
    second: str = ""
    seconds: str = USUAL_SECONDS
    passes: str = "1"


def rows_of(graphics: Sequence[AiringGraphic]) -> tuple[GraphicRow, ...]:
    """Return the rows that show these graphics."""
    return tuple(
        GraphicRow(
            one.kind.value,
            "" if one.after is None else length_words(one.after) or "0 s",
            one.first,
            one.second,
            f"{one.shown_for.total_seconds():g}",
            str(one.passes),
        )
        for one in graphics
    )


def typed_rows() -> tuple[GraphicRow, ...] | None:
    """Return the rows of the form as typed, without empty ones; None for a form that has no such
    rows.
    """
    columns = [request.values.getlist(f"graphic-{name}")[: MOST_GRAPHICS + 1] for name in FIELDS]
    if not columns[0]:
        return None
    rows = (GraphicRow(*row) for row in zip(*columns, strict=False))
    return tuple(row for row in rows if (row.at + row.first + row.second).strip())


def typed_graphics(before: tuple[AiringGraphic, ...] = ()) -> tuple[AiringGraphic, ...]:
    """Return the graphics as typed, the timed ones first and in order; `before` where the form has
    no rows for them.

    Raises Refused for a row that cannot be read.
    """
    rows = typed_rows()
    if rows is None:
        return before
    read = [_read(row) for row in rows]
    timed = sorted(
        (one for one in read if one.after is not None), key=lambda one: one.after or timedelta(0)
    )
    return (*timed, *(one for one in read if one.after is None))


def _read(row: GraphicRow) -> AiringGraphic:
    name = row.first.strip()[:30]
    kind = next((one for one in AiringGraphicKind if one.value == row.kind), None)
    seconds, passes = bounded.whole(row.seconds, 0, 3600), bounded.whole(row.passes, 0, 3600)
    try:
        after = read_length(row.at) if row.at.strip() else None
    except ValueError as error:
        raise Refused({"graphics": f"“{name}”: {error}"}) from error
    if kind is None or seconds is None or passes is None:
        raise Refused({"graphics": f"“{name}”: enter whole seconds or passes."})
    if kind is AiringGraphicKind.CRAWL:
        return AiringGraphic(row.first.strip(), kind=kind, after=after, passes=passes)
    lasts = timedelta(seconds=seconds)
    return AiringGraphic(row.first.strip(), row.second.strip(), kind, after, lasts)
