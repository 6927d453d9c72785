"""Actions on a proposed airing before it is approved: make, change, withdraw, decline."""

from datetime import datetime

from scheduler.changing.drafts import check
from scheduler.changing.proposals import asked_by, own, refuse, still_open
from scheduler.changing.transaction import changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.desk import ProposalRow
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import ProposalId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.proposal import AiringProposal, ProposalStage
from scheduler.ids import new_id


def add(db: Database, actor: Actor, now: datetime, draft: AiringDraft) -> AiringProposal:
    """Propose an airing. Nothing airs by this. Raises Refused for an invalid draft."""
    with changing(db, actor, now, Right.PROPOSE, "propose") as work:
        check(work, draft, is_new=True)
        row = ProposalRow(id=new_id(), **asked_by(actor, now))
        load.desk.fill_proposal(row, draft)
        work.add(row)
        work.about("proposal", row.id, f"Proposed {row.title}", row.channel_id)
    return load.desk.proposal(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    proposal: ProposalId,
    draft: AiringDraft,
    version: int,
) -> AiringProposal:
    """Change one's own open proposal.

    Raises Refused, Missing, Forbidden, and Conflict with the present Proposal.
    """
    with changing(db, actor, now, Right.PROPOSE, "edit") as work:
        row = own(work, ProposalRow, proposal, version)
        before = row.channel_id
        check(work, draft, is_new=True)
        load.desk.fill_proposal(row, draft)
        sentence = f"Changed the proposal {row.title}"
        work.about("proposal", row.id, sentence, before, row.channel_id)
    return load.desk.proposal(row)


def withdraw(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, version: int
) -> AiringProposal:
    """Withdraw one's own open proposal. Raises Missing, Forbidden, Conflict."""
    with changing(db, actor, now, Right.PROPOSE, "withdraw") as work:
        row = own(work, ProposalRow, proposal, version)
        row.stage = ProposalStage.WITHDRAWN.value
        work.about("proposal", row.id, f"Withdrew the proposal {row.title}", row.channel_id)
    return load.desk.proposal(row)


def decline(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, reason: str, version: int
) -> AiringProposal:
    """Decline a proposal with a reason for its proposer. Raises Refused without one, Missing,
    Conflict.

    The audit trail has it as "decision", a kind that someone who may only propose cannot undo.
    """
    with changing(db, actor, now, Right.PLAN, "decline") as work:
        row = still_open(work, ProposalRow, proposal, version)
        work.about("decision", row.id, f"Declined {row.title}", row.channel_id)
        refuse(work, row, reason)
    return load.desk.proposal(row)
