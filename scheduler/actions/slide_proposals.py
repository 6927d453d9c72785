"""Proposals about bulletins, a new one, a change or a removal, and the answers to them."""

from datetime import datetime

from scheduler.changing import bulletins
from scheduler.changing.proposals import answer, asked_by, own, refuse, still_open
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.desk import SlideProposalRow
from scheduler.db.tables.plan import SlideRow
from scheduler.domain.model.ids import ProposalId, SlideId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.proposal import ProposalStage, SlideProposal
from scheduler.domain.model.slide import Slide, SlideDraft
from scheduler.ids import new_id
from scheduler.refusals import Conflict, Refused

ENTITY = "bulletin proposal"


def add(
    db: Database,
    actor: Actor,
    now: datetime,
    draft: SlideDraft,
    slide: SlideId | None = None,
    version: int = 0,
) -> SlideProposal:
    """Propose a new bulletin, or a change of `slide` as it was read at `version`.

    The board does not change by this. Raises Refused, Missing, and Conflict with the present Slide.
    """
    with changing(db, actor, now, Right.PREPARE, "propose") as work:
        bulletins.check(work, draft)
        if slide is not None:
            _seen(work, slide, version)
        row = _row(work, draft, slide)
        what = "Proposed a change of the bulletin" if slide else "Proposed the bulletin"
        work.about(ENTITY, row.id, f"{what} {row.heading}")
    return load.desk.slide_proposal(row)


def remove(
    db: Database, actor: Actor, now: datetime, slide: SlideId, version: int
) -> SlideProposal:
    """Propose to take a bulletin off the board. Raises Missing, and Conflict with the present
    Slide.
    """
    with changing(db, actor, now, Right.PREPARE, "propose") as work:
        row = _row(work, load.plan.slide_draft(_seen(work, slide, version)), slide, removes=True)
        work.about(ENTITY, row.id, f"Proposed to take off the bulletin {row.heading}")
    return load.desk.slide_proposal(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    proposal: ProposalId,
    draft: SlideDraft,
    version: int,
) -> SlideProposal:
    """Change one's own open proposal. Raises Refused, Missing, Forbidden, Conflict."""
    with changing(db, actor, now, Right.PREPARE, "edit") as work:
        row = own(work, SlideProposalRow, proposal, version)
        if row.removes:
            raise Refused(message="A proposal to take a bulletin off has no words to change.")
        bulletins.check(work, draft)
        load.plan.fill_slide(row, draft)
        work.about(ENTITY, row.id, f"Changed the proposed bulletin {row.heading}")
    return load.desk.slide_proposal(row)


def withdraw(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, version: int
) -> SlideProposal:
    """Withdraw one's own open proposal. Raises Missing, Forbidden, Conflict."""
    with changing(db, actor, now, Right.PREPARE, "withdraw") as work:
        row = own(work, SlideProposalRow, proposal, version)
        row.stage = ProposalStage.WITHDRAWN.value
        work.about(ENTITY, row.id, f"Withdrew the proposed bulletin {row.heading}")
    return load.desk.slide_proposal(row)


def accept(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, version: int, stood: int = 0
) -> Slide:
    """Approve a proposal. `stood` is the version of the bulletin that the approver read.

    Raises Refused for a bulletin that is no longer valid, Missing, Forbidden for a channel of
    others, and Conflict where the proposal or its bulletin changed since.
    """
    with changing(db, actor, now, Right.PLAN, "accept") as work:
        row = still_open(work, SlideProposalRow, proposal, version)
        slide = _approved(work, row, stood)
        row.slide_id = slide.id
        word = "Approved taking off the bulletin" if row.removes else "Approved the bulletin"
        work.about("slide", slide.id, f"{word} {row.heading}")
        answer(work, row, ProposalStage.ACCEPTED)
    return load.plan.slide(slide)


def decline(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, reason: str, version: int
) -> SlideProposal:
    """Decline a proposal with a reason. Raises Refused without it, Missing, Forbidden, Conflict."""
    with changing(db, actor, now, Right.PLAN, "decline") as work:
        row = still_open(work, SlideProposalRow, proposal, version)
        shown = bulletins.shown_on(work, row)
        work.about("decision", row.id, f"Declined the bulletin {row.heading}", *shown)
        refuse(work, row, reason)
    return load.desk.slide_proposal(row)


def _approved(work: UnitOfWork, row: SlideProposalRow, stood: int) -> SlideRow:
    """Change the board as proposed; return the bulletin."""
    draft = load.plan.slide_draft(row)
    if row.slide_id is None:
        bulletins.check(work, draft)
        return bulletins.put_up(work, draft)
    slide = _seen(work, SlideId(row.slide_id), stood)
    if row.removes:
        bulletins.take_off(work, slide)
    else:
        bulletins.check(work, draft)
        bulletins.rewrite(work, slide, draft)
    return slide


def _seen(work: UnitOfWork, slide: SlideId, version: int) -> SlideRow:
    row = work.get(SlideRow, slide, "slide")
    if row.removed:
        raise Conflict(None, bulletins.REMOVED_REASON)
    work.expect_version(row, version, load.plan.slide(row))
    return row


def _row(
    work: UnitOfWork, draft: SlideDraft, slide: SlideId | None, *, removes: bool = False
) -> SlideProposalRow:
    asked = asked_by(work.actor, work.now)
    row = SlideProposalRow(id=new_id(), slide_id=slide, removes=removes, **asked)
    load.plan.fill_slide(row, draft)
    work.add(row)
    return row
