"""Actions of engineers on sources: add, edit, retire."""

from datetime import datetime

from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.meetings import SourceRow
from scheduler.domain.model.ids import SourceId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.source import KnownSource, SourceDraft, problems
from scheduler.ids import new_id
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: SourceDraft) -> KnownSource:
    """Add a source. Its address is never shown again. Raises Refused."""
    with changing(db, actor, now, Right.EQUIP, "add") as work:
        row = SourceRow(id=new_id(), address="")
        _fill(work, row, draft, is_new=True)
        work.add(row)
        work.about("source", row.id, f"Added the source {row.name}", *all_channels(work.session))
    return load.meetings.known_source(row)


def edit(
    db: Database, actor: Actor, now: datetime, source: SourceId, draft: SourceDraft, version: int
) -> KnownSource:
    """Set what engineers may set. An empty address keeps the present one.

    Raises Refused, Missing, and Conflict with the present KnownSource.
    """
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        row = work.get(SourceRow, source, "source")
        work.expect_version(row, version, load.meetings.known_source(row))
        _fill(work, row, draft, is_new=False)
        work.about("source", row.id, f"Changed the source {row.name}", *all_channels(work.session))
    return load.meetings.known_source(row)


def retire(
    db: Database, actor: Actor, now: datetime, source: SourceId, version: int
) -> KnownSource:
    """Retire a source. Raises Refused while an airing to come needs it."""
    with changing(db, actor, now, Right.EQUIP, "retire") as work:
        row = work.get(SourceRow, source, "source")
        work.expect_version(row, version, load.meetings.known_source(row))
        needed = find.meetings.airings_from(work.session, source, now)
        if needed:
            raise Refused(message=f"{needed[0].title} still comes from it.")
        row.retired = True
        work.about("source", row.id, f"Retired the source {row.name}", *all_channels(work.session))
    return load.meetings.known_source(row)


def _fill(work: UnitOfWork, row: SourceRow, draft: SourceDraft, *, is_new: bool) -> None:
    errors = problems(draft, is_new=is_new)
    names = {one.name.lower(): one.id for one in find.meetings.sources(work.session)}
    if names.get(draft.name.strip().lower(), row.id) != row.id:
        errors["name"] = "There is already a source with this name."
    if errors:
        raise Refused(errors)
    load.meetings.fill_source(row, draft)
