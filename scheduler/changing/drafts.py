"""Checks of a draft before it becomes a row: its file, and whether every id it names exists."""

from dataclasses import replace

from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.base import Base
from scheduler.db.tables.meetings import SourceRow
from scheduler.db.tables.plan import AssetRow, ChannelRow, ProgramRow
from scheduler.db.tables.saved_searches import SavedSearchRow
from scheduler.domain.meetings.body import MeetingDefaults
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.airing import AiringDraft, problems
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.people import Right
from scheduler.refusals import Refused

UNKNOWN_ID_SENTENCES = {
    "channel": "Choose a channel.",
    "program": "Choose a program from the list.",
    "asset": "Choose a file from the library.",
    "substitute": "Choose a file from the library.",
    "source": "Choose a source from the list.",
    "search": "Choose a saved search from the list.",
}
"""The sentence for a field whose id does not exist."""


def check_file(work: UnitOfWork, row: ProgramRow, other: str | None) -> None:
    """Raise Refused where someone without the right to plan swaps a file that a series airs.

    `other` is the program's new file, or on undo the one it had before.
    """
    if row.asset_id == other or work.actor.may(Right.PLAN):
        return
    for series in find.plan.series(work.session):
        if series.program_id == row.id and airs_programs_file(
            load.plan.series(series).draft.airing
        ):
            sentence = (
                f"The series {series.name} airs this file by itself; ask a scheduler to change it."
            )
            raise Refused({"asset": sentence}, sentence)


def with_file(session: Session, draft: AiringDraft) -> AiringDraft:
    """Return the draft with the file of its program, where it names nothing else to air."""
    if not airs_programs_file(draft):
        return draft
    program = session.get(ProgramRow, draft.program)
    return replace(draft, asset=load.plan.program(program).asset if program else None)


def airs_programs_file(draft: AiringDraft) -> bool:
    """Return True where the draft has a program and names nothing else to air."""
    return draft.program is not None and not (
        draft.asset or draft.source or draft.slate_text or draft.search
    )


def check(work: UnitOfWork, draft: AiringDraft, *, is_new: bool) -> None:
    """Raise Refused with a sentence for each field at fault."""
    errors = (
        problems(draft, work.now, is_new=is_new)
        | unknown(
            work,
            channel=(ChannelRow, draft.channel),
            program=(ProgramRow, draft.program),
            asset=(AssetRow, draft.asset),
            search=(SavedSearchRow, draft.search),
        )
        | _deleted(work, draft)
    )
    if errors:
        raise Refused(errors)


def _deleted(work: UnitOfWork, draft: AiringDraft) -> dict[str, str]:
    """Return a sentence where an airing still to come names a file that was deleted."""
    row = work.session.get(AssetRow, draft.asset) if draft.asset else None
    if row is None or row.deleted is None or draft.start + draft.length <= work.now:
        return {}
    if row.state == AssetState.GONE.value:
        return {"asset": f"{row.title} was deleted for good. Choose another file."}
    return {"asset": f"{row.title} is deleted. Take it back under Library, Keeping, first."}


def unknown(work: UnitOfWork, **named: tuple[type[Base], str | None]) -> dict[str, str]:
    """Return a sentence for each field that names an id its table does not have."""
    return {
        field: UNKNOWN_ID_SENTENCES[field]
        for field, (table, id) in named.items()
        if id is not None and work.session.get(table, id) is None
    }


def unknown_of_meeting(work: UnitOfWork, draft: MeetingDraft | MeetingDefaults) -> dict[str, str]:
    """Return a sentence for each unknown id of a meeting, or of a body's usual settings."""
    return unknown(
        work,
        channel=(ChannelRow, draft.channel),
        source=(SourceRow, draft.source),
        substitute=(AssetRow, draft.substitute),
    )
