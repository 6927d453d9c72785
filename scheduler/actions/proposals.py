"""What becomes of a proposal short of the schedule: made, changed, withdrawn, declined."""

from datetime import datetime

from scheduler.changes import Work, changing
from scheduler.db import load_desk
from scheduler.db.store import Database
from scheduler.db.tables_desk import ProposalRow
from scheduler.domain.airing import AiringDraft
from scheduler.domain.names import ProposalId
from scheduler.domain.people import Actor, Right
from scheduler.domain.proposal import Proposal, Stage, reason_problems
from scheduler.domain.text import one_line
from scheduler.drafts import check
from scheduler.ids import new_id
from scheduler.proposals import answer, still_open
from scheduler.refusals import Forbidden, Refused


def add(db: Database, actor: Actor, now: datetime, draft: AiringDraft) -> Proposal:
    """Propose an airing; nothing airs of it. Raises Refused for what could not air either."""
    with changing(db, actor, now, Right.PROPOSE, "propose") as work:
        check(work, draft, is_new=True)
        row = ProposalRow(
            id=new_id(),
            by_id=actor.id,
            by_name=actor.name,
            created=now,
            stage=Stage.OPEN.value,
        )
        load_desk.fill_proposal(row, draft)
        work.add(row)
        work.about("proposal", row.id, f"Proposed {row.title}", row.channel_id)
    return load_desk.proposal(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    proposal: ProposalId,
    draft: AiringDraft,
    version: int,
) -> Proposal:
    """Change one's own while it is open.

    Raises Refused, Missing, Forbidden, and Conflict with the Proposal as it is.
    """
    with changing(db, actor, now, Right.PROPOSE, "edit") as work:
        row = _own(work, proposal, version)
        before = row.channel_id
        check(work, draft, is_new=True)
        load_desk.fill_proposal(row, draft)
        said = f"Changed the proposal {row.title}"
        work.about("proposal", row.id, said, before, row.channel_id)
    return load_desk.proposal(row)


def withdraw(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, version: int
) -> Proposal:
    """Take one's own back while it is open. Raises Missing, Forbidden, Conflict."""
    with changing(db, actor, now, Right.PROPOSE, "withdraw") as work:
        row = _own(work, proposal, version)
        row.stage = Stage.WITHDRAWN.value
        work.about("proposal", row.id, f"Withdrew the proposal {row.title}", row.channel_id)
    return load_desk.proposal(row)


def decline(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, reason: str, version: int
) -> Proposal:
    """Say no, and why, to who proposed it. Raises Refused without a reason, Missing, Conflict.

    It is an entry of its own kind in the audit trail: who may propose cannot undo it.
    """
    with changing(db, actor, now, Right.PLAN, "decline") as work:
        row = still_open(work, proposal, version)
        found = reason_problems(reason)
        if found:
            raise Refused(found)
        row.reason = one_line(reason)
        work.about("decision", row.id, f"Declined {row.title}", row.channel_id)
        answer(work, row, Stage.DECLINED)
        work.sentence += f": {row.reason}"
    return load_desk.proposal(row)


def _own(work: Work, proposal: ProposalId, version: int) -> ProposalRow:
    row = still_open(work, proposal, version)
    if row.by_id != work.actor.id:
        raise Forbidden("change what somebody else proposed")
    return row
