"""New rows of airings, made alike for a form, a meeting and a series."""

from datetime import date

from scheduler.changing.transaction import UnitOfWork
from scheduler.db import load
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.model.airing import AiringDraft
from scheduler.ids import new_id


def add_airing(
    work: UnitOfWork, draft: AiringDraft, series: str | None = None, day: date | None = None
) -> AiringRow:
    """Put a new airing on the schedule and return its row; its channel's plan counts as changed.

    `series` and `day` name the series that makes it and the local day that it is made for.
    """
    row = AiringRow(
        id=new_id(),
        series_id=series,
        series_day=day,
        public_modified=work.now.replace(microsecond=0),
        created=work.now,
        updated=work.now,
        updated_by=work.actor.name,
    )
    load.plan.fill_airing(row, draft)
    work.add(row)
    work.channels.add(row.channel_id)
    return row
