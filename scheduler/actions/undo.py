"""Undo: every row that a change touched gets back the values it had before."""

from datetime import datetime
from typing import Any

from scheduler.changing.drafts import check_file
from scheduler.changing.logos import check_logos
from scheduler.changing.pairs import check_pair
from scheduler.changing.series_common import meeting_series_observing, series_observing
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db.rows import find_row, restore, snapshot
from scheduler.db.store import Database
from scheduler.db.tables.base import Base
from scheduler.db.tables.desk import CalendarRow, FillerProposalRow, ProposalRow, SlideProposalRow
from scheduler.db.tables.house import ChangeRow
from scheduler.db.tables.keeping import HoldRow
from scheduler.db.tables.machines import PairRow
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow, ChannelRow, ProgramRow
from scheduler.domain.model.audit import UNDOABLE
from scheduler.domain.model.ids import ChangeId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.proposal import ProposalStage
from scheduler.refusals import Conflict, Forbidden, Missing, Refused

PROPOSAL_ROWS = (ProposalRow, SlideProposalRow, FillerProposalRow)
RIGHT_TO_UNDO = {
    "airing": Right.PLAN,
    "series": Right.PLAN,
    "meeting": Right.PLAN,
    "meeting series": Right.PLAN,
    "body": Right.PLAN,
    "channel": Right.EQUIP,
    "channel machines": Right.EQUIP,
    "graphics": Right.EQUIP,
    "crawl": Right.PLAN,
    "clock": Right.PLAN,
    "logo": Right.EQUIP,
    "contact": Right.EQUIP,
    "station": Right.EQUIP,
    "source": Right.EQUIP,
    "calendar": Right.PLAN,
    "anchor": Right.PLAN,
    "block": Right.PLAN,
    "proposal": Right.PROPOSE,
    "slide": Right.PLAN,
    "filler": Right.PLAN,
    "decision": Right.PLAN,
    "hold": Right.DISPOSE,
    "retention class": Right.DISPOSE,
    "search": Right.PLAN,
}
"""The right needed to undo a change: the same as to make it."""


def undo(db: Database, actor: Actor, now: datetime, change: ChangeId) -> str:
    """Undo the change and return a sentence about it. Undoing that one redoes the first.

    A row that was added is cancelled, removed or retired, never deleted. Raises Missing,
    Forbidden, Refused for a change that cannot be undone, and Conflict when a row was changed again
    since.
    """
    with changing(db, actor, now, Right.PREPARE, "undo") as work:
        row = work.session.get(ChangeRow, change, with_for_update=True)
        if row is None:
            raise Missing("change")
        if row.entity not in UNDOABLE:
            raise Refused(message="This change cannot be undone.")
        if row.undone_by is not None:
            raise Refused(message="This change is undone already.")
        needed = RIGHT_TO_UNDO.get(row.entity, Right.PREPARE)
        if not actor.may(needed):
            raise Forbidden(needed.value)
        work.undoes = row.id
        for part in row.parts:
            _take_back(work, part)
        check_logos(work)
        sentence = _said(row)
        work.about(row.entity, row.entity_id, sentence, *row.channels)
        work.within_reach(needed)
    return sentence


def _said(change: ChangeRow) -> str:
    """Return `Undid: Moved X`; for the undo of that one `Redid: Moved X`, and so on in turn."""
    if change.undoes is None:
        return f"Undid: {change.sentence}"
    verb, _, said = change.sentence.partition(": ")
    return f"{'Redid' if verb == 'Undid' else 'Undid'}: {said}"


def _take_back(work: UnitOfWork, part: dict[str, Any]) -> None:
    row = find_row(work.session, part["table"], part["key"])
    if row is None:
        raise Missing(part["table"])
    _check(work, row, part)
    work.watch(row)
    if isinstance(row, ProgramRow):
        work.watch_program(row.id)
    file = row.asset_id if isinstance(row, ProgramRow) else None
    if part["before"] is None:
        _put_away(work, row)
    else:
        restore(row, part["before"])
    if isinstance(row, ProgramRow):
        check_file(work, row, file)
    if isinstance(row, CalendarRow):
        series_observing(work, row.id)
        meeting_series_observing(work, row.id)
    if isinstance(row, ChannelRow):
        work.restamp_channel(row.id)
    if isinstance(row, PairRow):
        check_pair(work, row)


def _check(work: UnitOfWork, row: Base, part: dict[str, Any]) -> None:
    # A change that an older version recorded has not every column of today.
    current = snapshot(row)
    if any(current[name] != said for name, said in part["after"].items() if name in current):
        raise Conflict(None, "It has changed again since; undo the later change first.")
    before = part["before"] or {}
    if before.get("address", part["after"].get("address")) != part["after"].get("address"):
        raise Refused(message="The previous address is not stored: type it in again.")
    theirs = isinstance(row, PROPOSAL_ROWS) and row.by_id != work.actor.id
    if theirs and not work.actor.may(Right.PLAN):
        raise Forbidden("undo what someone else proposed")


_PUT_AWAY = ("retired", "removed", "archived", "ended")
"""Columns of which each puts a row away."""


def _put_away(work: UnitOfWork, row: Base) -> None:
    if isinstance(row, AiringRow):
        row.cancelled, row.cancelled_at = True, work.now
    elif isinstance(row, MeetingRow):
        row.cancelled = True
    elif isinstance(row, PROPOSAL_ROWS):
        row.stage = ProposalStage.WITHDRAWN.value
    elif isinstance(row, PairRow):
        row.primary_id = row.standby_id = row.quiet_minutes = None
    elif isinstance(row, HoldRow):
        row.lifted, row.lifted_by, row.lifted_reason = work.now, work.actor.name, "Undone."
    elif put_away := next((name for name in _PUT_AWAY if hasattr(row, name)), None):
        setattr(row, put_away, True)
    else:
        raise Refused(message="This change cannot be undone.")
