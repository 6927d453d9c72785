"""Actions of staff on what is known of a file: its details and its documents."""

from dataclasses import replace
from datetime import datetime

from config.names import AssetKey
from scheduler.changing.details import open_details
from scheduler.changing.transaction import changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.details import DetailsRow, DocumentRow
from scheduler.db.tables.plan import AssetRow, ProgramRow
from scheduler.domain.library.details import (
    MOST_DOCUMENTS,
    Details,
    Document,
    DocumentId,
    document_name,
    document_problem,
    problems,
    tidied,
)
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id
from scheduler.refusals import Conflict, Missing, Refused


def edit(
    db: Database, actor: Actor, now: datetime, asset: AssetId, details: Details, version: int
) -> Details:
    """Set all that staff may write about a file; `version` is the one that was read, 0 for none.

    Texts of fields that the station no longer names stay as they are. Raises Refused, Missing, and
    Conflict with the present Details.
    """
    with changing(db, actor, now, Right.PREPARE, "edit") as work:
        row = work.get(AssetRow, asset, "file")
        stored = work.session.get(DetailsRow, asset)
        before = load.details.details(stored)
        if before.version != version:
            raise Conflict(before)
        typed = tidied(details)
        errors = problems(typed)
        if typed.program and work.session.get(ProgramRow, typed.program) is None:
            errors["program"] = "Choose a program."
        if errors:
            raise Refused(errors)
        kept = {id: text for id, text in before.fields.items() if id not in details.fields}
        opened = open_details(work, asset)
        load.details.fill_details(opened, replace(typed, fields=kept | dict(typed.fields)))
        work.about("asset", asset, f"Changed the details of {row.title}")
        work.session.flush()
    return load.details.details(opened)


def add_document(
    db: Database, actor: Actor, now: datetime, asset: AssetId, name: str, key: AssetKey, size: int
) -> Document:
    """Attach a document whose bytes are in the media store. Raises Refused and Missing."""
    named, suffix = document_name(name)
    problem = document_problem(named, suffix, size)
    if problem:
        raise Refused({"document": problem}, problem)
    with changing(db, actor, now, Right.PREPARE, "attach") as work:
        file = work.get(AssetRow, asset, "file")
        there = find.library.documents(work.session, asset)
        if len(there) >= MOST_DOCUMENTS:
            full = f"{file.title} has {MOST_DOCUMENTS} documents already. Remove one first."
            raise Refused({"document": full}, full)
        if any((one.key, one.name) == (key, named) for one in there):
            twice = f"{named} is attached already."
            raise Refused({"document": twice}, twice)
        row = DocumentRow(
            id=new_id(),
            asset_id=asset,
            name=named,
            key=key,
            suffix=suffix,
            size=size,
            added=now,
            added_by=actor.name,
            removed=False,
        )
        work.add(row)
        work.about("asset", asset, f"Attached {named} to {file.title}")
    return load.details.document(row)


def remove_document(
    db: Database, actor: Actor, now: datetime, asset: AssetId, document: DocumentId, version: int
) -> str:
    """Take a document off its file and return its name; undo brings it back.

    Raises Missing and Conflict.
    """
    with changing(db, actor, now, Right.PREPARE, "remove") as work:
        row = work.get(DocumentRow, document, "document")
        file = work.get(AssetRow, row.asset_id, "file")
        if row.asset_id != asset or row.removed:
            raise Missing("document")
        work.expect_version(row, version, load.details.document(row))
        row.removed = True
        work.about("asset", asset, f"Removed {row.name} from {file.title}")
    return row.name
