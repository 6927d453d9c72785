"""What an answer does to a proposal: only an open one can be answered, and only once."""

from config.names import AiringId
from scheduler.changes import Work
from scheduler.db import load_desk
from scheduler.db.tables_desk import ProposalRow
from scheduler.domain.names import ProposalId
from scheduler.domain.proposal import Stage
from scheduler.refusals import Conflict


def still_open(work: Work, proposal: ProposalId, version: int) -> ProposalRow:
    """The row, watched. Raises Missing, and Conflict with the Proposal as it is."""
    row = work.get(ProposalRow, proposal, "proposal")
    current = load_desk.proposal(row)
    if not current.open:
        raise Conflict(current, f"This proposal was {current.stage.value} meanwhile.")
    work.same(row, version, current)
    return row


def answer(work: Work, row: ProposalRow, stage: Stage, airing: AiringId | None = None) -> None:
    """Close it, and say who proposed it in the sentence of the change."""
    row.stage, row.airing_id = stage.value, airing
    row.decided, row.decided_by = work.now, work.actor.name
    work.sentence += f", proposed by {row.by_name}"
