"""What is looked up before a draft becomes a row: its file, and whether all it names exists."""

from dataclasses import replace

from scheduler.changes import Work
from scheduler.db import load
from scheduler.db.store import Session
from scheduler.db.tables import AssetRow, ChannelRow, ProgramRow
from scheduler.domain.airing import AiringDraft, problems
from scheduler.refusals import Refused


def with_file(session: Session, draft: AiringDraft) -> AiringDraft:
    """Its program's file where it names none: that is what it would air."""
    if draft.program is None or draft.asset or draft.source or draft.slate_text:
        return draft
    program = session.get(ProgramRow, draft.program)
    return replace(draft, asset=load.program(program).asset if program else None)


def check(work: Work, draft: AiringDraft, *, is_new: bool) -> None:
    """Raise Refused with a sentence for each field at fault."""
    found = problems(draft, work.now, is_new=is_new)
    for field, table, id, words in (
        ("channel", ChannelRow, draft.channel, "Choose a channel."),
        ("program", ProgramRow, draft.program, "Choose a program from the list."),
        ("asset", AssetRow, draft.asset, "Choose a file from the library."),
    ):
        if id is not None and work.session.get(table, id) is None:
            found[field] = words
    if found:
        raise Refused(found)
