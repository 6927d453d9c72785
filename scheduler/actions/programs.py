"""What staff do with programs: add, edit, put away."""

from datetime import datetime

from scheduler.changes import Work, all_channels, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables import AssetRow, ProgramRow
from scheduler.domain.names import ProgramId
from scheduler.domain.people import Actor, Right
from scheduler.domain.program import Program, ProgramDraft, problems
from scheduler.drafts import check_file
from scheduler.ids import new_id
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: ProgramDraft) -> Program:
    """Keep a new program. Raises Refused."""
    with changing(db, actor, now, Right.PREPARE, "add") as work:
        _check(work, draft)
        row = ProgramRow(id=new_id())
        load.fill_program(row, draft)
        work.add(row)
        work.about("program", row.id, f"Added the program {row.title}")
    return load.program(row)


def edit(
    db: Database, actor: Actor, now: datetime, program: ProgramId, draft: ProgramDraft, version: int
) -> Program:
    """Set all that staff may set; viewers of its coming airings are told what changed.

    Raises Refused, Missing, and Conflict with the Program as it is.
    """
    with changing(db, actor, now, Right.PREPARE, "edit") as work:
        row = work.get(ProgramRow, program, "program")
        work.same(row, version, load.program(row))
        _check(work, draft)
        work.watch_program(row.id)
        before = row.asset_id
        load.fill_program(row, draft)
        check_file(work, row, before)
        work.about("program", row.id, f"Changed the program {row.title}")
        work.channels.update(all_channels(work.session))
    return load.program(row)


def archive(db: Database, actor: Actor, now: datetime, program: ProgramId, version: int) -> Program:
    """Put a program away; what is already scheduled of it still airs."""
    with changing(db, actor, now, Right.PREPARE, "archive") as work:
        row = work.get(ProgramRow, program, "program")
        work.same(row, version, load.program(row))
        row.archived = True
        work.about("program", row.id, f"Put the program {row.title} away")
    return load.program(row)


def _check(work: Work, draft: ProgramDraft) -> None:
    found = problems(draft)
    if draft.asset is not None and work.session.get(AssetRow, draft.asset) is None:
        found["asset"] = "Choose a file from the library."
    if found:
        raise Refused(found)
