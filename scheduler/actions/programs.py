"""Actions of staff on programs: add, edit, retire."""

from datetime import datetime

from scheduler.changing.collection import EditableCollection
from scheduler.changing.drafts import check_file
from scheduler.changing.transaction import UnitOfWork, all_channels
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow, ProgramRow
from scheduler.domain.model.ids import ProgramId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.program import Program, ProgramDraft, problems
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: ProgramDraft) -> Program:
    """Add a program. Raises Refused."""
    return _PROGRAMS.add(db, actor, now, draft)


def edit(
    db: Database, actor: Actor, now: datetime, program: ProgramId, draft: ProgramDraft, version: int
) -> Program:
    """Set everything that staff may set. Viewers of its coming airings see what changed.

    Raises Refused, Missing, and Conflict with the present Program.
    """
    return _PROGRAMS.edit(db, actor, now, program, draft, version)


def retire(db: Database, actor: Actor, now: datetime, program: ProgramId, version: int) -> Program:
    """Retire a program. Airings that are already scheduled still air."""
    return _PROGRAMS.retire(db, actor, now, program, version)


def _check(work: UnitOfWork, draft: ProgramDraft, program: str | None) -> None:
    errors = problems(draft)
    if draft.asset is not None and work.session.get(AssetRow, draft.asset) is None:
        errors["asset"] = "Choose a file from the library."
    if errors:
        raise Refused(errors)
    if program is not None:
        check_file(work, work.get(ProgramRow, program, "program"), draft.asset)


def _watch(work: UnitOfWork, row: ProgramRow) -> None:
    work.watch_program(row.id)
    work.channels.update(all_channels(work.session))


_PROGRAMS = EditableCollection(
    ProgramRow,
    "program",
    "program",
    Right.PREPARE,
    name=lambda row: row.title,
    load=load.plan.program,
    fill=load.plan.fill_program,
    check=_check,
    before=_watch,
)
