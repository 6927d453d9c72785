"""Actions of engineers on contacts: who is told of alerts, and how."""

from datetime import datetime

from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.alerts import ContactRow
from scheduler.domain.model.alerts import ContactDraft, KnownContact, problems
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id
from scheduler.refusals import Refused

MOST_CONTACTS = 100


def add(db: Database, actor: Actor, now: datetime, draft: ContactDraft) -> KnownContact:
    """Add a contact. Raises Refused."""
    with changing(db, actor, now, Right.EQUIP, "add") as work:
        if len(find.alerts.contacts(work.session)) >= MOST_CONTACTS:
            raise Refused(message=f"There are {MOST_CONTACTS} contacts; remove one first.")
        row = ContactRow(id=new_id())
        _fill(work, row, draft)
        work.add(row)
        work.about("contact", row.id, f"Added {row.name} to those who are told of alerts")
    return load.alerts.known_contact(row)


def edit(
    db: Database, actor: Actor, now: datetime, contact: str, draft: ContactDraft, version: int
) -> KnownContact:
    """Set what engineers may set. Raises Refused, Missing, and Conflict with the present one."""
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        row = work.get(ContactRow, contact, "contact")
        work.expect_version(row, version, load.alerts.known_contact(row))
        _fill(work, row, draft)
        work.about("contact", row.id, f"Changed how {row.name} is told of alerts")
    return load.alerts.known_contact(row)


def remove(db: Database, actor: Actor, now: datetime, contact: str, version: int) -> KnownContact:
    """Tell this contact no more. Raises Missing and Conflict."""
    with changing(db, actor, now, Right.EQUIP, "remove") as work:
        row = work.get(ContactRow, contact, "contact")
        work.expect_version(row, version, load.alerts.known_contact(row))
        row.archived = True
        work.about("contact", row.id, f"Removed {row.name} from those who are told of alerts")
    return load.alerts.known_contact(row)


def _fill(work: UnitOfWork, row: ContactRow, draft: ContactDraft) -> None:
    errors = problems(draft)
    known = {str(one.id) for one, _ in find.plan.channels(work.session)}
    if draft.channels is not None and not draft.channels <= known:
        errors["channels"] = "Choose from the channels there are."
    names = {one.name.lower(): one.id for one in find.alerts.contacts(work.session)}
    if names.get(draft.name.strip().lower(), row.id) != row.id:
        errors["name"] = "There is already a contact with this name."
    if errors:
        raise Refused(errors)
    load.alerts.fill_contact(row, draft)
