"""The life of a proposal: only an open one can be answered, and only once."""

from datetime import datetime
from typing import TypeVar

from scheduler.changing.transaction import UnitOfWork
from scheduler.db import load
from scheduler.db.load.desk import AnyProposalRow
from scheduler.db.tables.desk import FillerProposalRow, ProposalRow, SlideProposalRow
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.ids import ProposalId
from scheduler.domain.model.people import Actor
from scheduler.domain.model.proposal import (
    AiringProposal,
    FillerProposal,
    ProposalStage,
    SlideProposal,
    reason_problems,
)
from scheduler.domain.model.text import one_line
from scheduler.refusals import Conflict, Forbidden, Missing, Refused

AnyRow = TypeVar("AnyRow", ProposalRow, SlideProposalRow, FillerProposalRow)


def asked_by(actor: Actor, now: datetime) -> dict[str, object]:
    """Return the columns that name who proposes and when, for a new proposal of any kind."""
    return {
        "by_id": actor.id,
        "by_name": actor.name,
        "created": now,
        "stage": ProposalStage.OPEN.value,
    }


def still_open(work: UnitOfWork, table: type[AnyRow], proposal: ProposalId, version: int) -> AnyRow:
    """Return the row, watched. Raises Missing, and Conflict with the proposal as it is now."""
    row = work.get(table, proposal, "proposal")
    current = value_of(work, row)
    if not current.open:
        raise Conflict(current, f"This proposal has been {current.stage.word} since.")
    work.expect_version(row, version, current)
    return row


def own(work: UnitOfWork, table: type[AnyRow], proposal: ProposalId, version: int) -> AnyRow:
    """Return the actor's own open row. Raises Missing, Conflict, Forbidden for someone else's."""
    row = still_open(work, table, proposal, version)
    if row.by_id != work.actor.id:
        raise Forbidden("change what someone else proposed")
    return row


def value_of(
    work: UnitOfWork, row: AnyProposalRow
) -> AiringProposal | SlideProposal | FillerProposal:
    """Return the row as a frozen value. Raises Missing when its file is gone."""
    if isinstance(row, ProposalRow):
        return load.desk.proposal(row)
    if isinstance(row, SlideProposalRow):
        return load.desk.slide_proposal(row)
    file = work.session.get(AssetRow, row.asset_id)
    if file is None:
        raise Missing("file")
    return load.desk.filler_proposal(row, file)


def answer(work: UnitOfWork, row: AnyProposalRow, stage: ProposalStage) -> None:
    """Close the proposal, and name its proposer in the sentence of the change."""
    close(work, row, stage)
    work.sentence += f", proposed by {row.by_name}"


def close(work: UnitOfWork, row: AnyProposalRow, stage: ProposalStage, reason: str = "") -> None:
    """Close the proposal in the name of the actor."""
    row.stage, row.reason = stage.value, reason
    row.decided, row.decided_by = work.now, work.actor.name


def refuse(work: UnitOfWork, row: AnyProposalRow, reason: str) -> None:
    """Decline the proposal with a reason for its proposer. Raises Refused without a reason."""
    errors = reason_problems(reason)
    if errors:
        raise Refused(errors)
    answer(work, row, ProposalStage.DECLINED)
    row.reason = one_line(reason)
    work.sentence += f": {row.reason}"
