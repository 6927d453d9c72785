"""Actions of staff on public bodies: add one, change how it usually meets, retire it."""

from datetime import datetime

from scheduler.changing.collection import EditableCollection
from scheduler.changing.drafts import unknown_of_meeting
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.meetings import BodyRow
from scheduler.domain.meetings.body import BodyDraft, PublicBody, problems
from scheduler.domain.model.ids import BodyId
from scheduler.domain.model.people import Actor, Right
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: BodyDraft) -> PublicBody:
    """Add a body. Its new meetings begin with its usual settings. Raises Refused."""
    return _BODIES.add(db, actor, now, draft)


def edit(
    db: Database, actor: Actor, now: datetime, body: BodyId, draft: BodyDraft, version: int
) -> PublicBody:
    """Change how a body usually meets. Existing meetings and series keep what they have.

    Raises Refused, Missing, and Conflict with the present Body.
    """
    return _BODIES.edit(db, actor, now, body, draft, version)


def retire(db: Database, actor: Actor, now: datetime, body: BodyId, version: int) -> PublicBody:
    """Retire a body, so that forms no longer offer it. Its meetings stay."""
    return _BODIES.retire(db, actor, now, body, version)


def _check(work: UnitOfWork, draft: BodyDraft, body: str | None) -> None:
    errors = problems(draft) | unknown_of_meeting(work, draft.usual)
    others = (row for row in find.bodies.bodies(work.session) if row.id != body)
    if any(row.body.casefold() == draft.name.strip().casefold() for row in others):
        errors["body"] = "There is already a body with this name."
    if errors:
        raise Refused(errors)


_BODIES = EditableCollection(
    BodyRow,
    "body",
    "public body",
    Right.PLAN,
    name=lambda row: row.body,
    load=load.bodies.body,
    fill=load.bodies.fill_body,
    check=_check,
)
