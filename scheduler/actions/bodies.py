"""What staff do with public bodies: add one, change how it usually meets, archive it."""

from datetime import datetime

from scheduler.changes import Work, changing
from scheduler.db import find_bodies, load_bodies
from scheduler.db.store import Database
from scheduler.db.tables_live import BodyRow
from scheduler.domain.body import Body, BodyDraft, problems
from scheduler.domain.names import BodyId
from scheduler.domain.people import Actor, Right
from scheduler.drafts import unknown_of_meeting
from scheduler.ids import new_id
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: BodyDraft) -> Body:
    """Keep a body: new meetings of it begin with what it usually has. Raises Refused."""
    with changing(db, actor, now, Right.PLAN, "add") as work:
        _check(work, draft, None)
        row = BodyRow(id=new_id())
        load_bodies.fill_body(row, draft)
        work.add(row)
        work.about("body", row.id, f"Added the public body {row.body}")
    return load_bodies.body(row)


def edit(
    db: Database, actor: Actor, now: datetime, body: BodyId, draft: BodyDraft, version: int
) -> Body:
    """Change how it usually meets; meetings and series that stand keep what they have.

    Raises Refused, Missing, and Conflict with the Body as it is.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = work.get(BodyRow, body, "public body")
        work.same(row, version, load_bodies.body(row))
        _check(work, draft, body)
        load_bodies.fill_body(row, draft)
        work.about("body", row.id, f"Changed the public body {row.body}")
    return load_bodies.body(row)


def archive(db: Database, actor: Actor, now: datetime, body: BodyId, version: int) -> Body:
    """Offer it no longer; its meetings stay."""
    with changing(db, actor, now, Right.PLAN, "archive") as work:
        row = work.get(BodyRow, body, "public body")
        work.same(row, version, load_bodies.body(row))
        row.archived = True
        work.about("body", row.id, f"Archived the public body {row.body}")
    return load_bodies.body(row)


def _check(work: Work, draft: BodyDraft, body: BodyId | None) -> None:
    found = problems(draft) | unknown_of_meeting(work, draft.usual)
    others = (row for row in find_bodies.bodies(work.session) if row.id != body)
    if any(row.body.casefold() == draft.name.strip().casefold() for row in others):
        found["body"] = "There is a body of that name."
    if found:
        raise Refused(found)
