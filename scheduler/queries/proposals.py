"""What is proposed: what waits for an answer, and what became of one's own."""

from datetime import datetime, timedelta

from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.desk import FillerProposalRow, ProposalRow, SlideProposalRow
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.ids import PersonId, ProposalId
from scheduler.domain.model.proposal import AiringProposal, FillerProposal, SlideProposal
from scheduler.refusals import Missing

ANSWERS_SHOWN_FOR = timedelta(days=7)
"""How long who proposed something sees what became of it."""


def waiting(db: Database, now: datetime) -> tuple[AiringProposal, ...]:
    """Those of every channel that a scheduler can still approve, by start."""
    with db.read() as session:
        return tuple(map(load.desk.proposal, find.desk.open_proposals(session, now)))


def own(db: Database, person: PersonId, now: datetime) -> tuple[AiringProposal, ...]:
    """What a person has proposed, by start: unanswered, or answered within a week."""
    with db.read() as session:
        return tuple(
            map(
                load.desk.proposal, find.desk.proposals_of(session, person, now - ANSWERS_SHOWN_FOR)
            )
        )


def proposal(db: Database, proposal: ProposalId) -> AiringProposal:
    """One of them, whatever became of it. Raises Missing."""
    with db.read() as session:
        row = session.get(ProposalRow, proposal)
        if row is None:
            raise Missing("proposal")
        return load.desk.proposal(row)


def bulletins(
    db: Database, now: datetime, person: PersonId | None = None
) -> tuple[SlideProposal, ...]:
    """Proposed bulletins, the newest first: all that wait, or a person's own, which are listed
    for a week after their answer too."""
    with db.read() as session:
        rows = find.desk.slide_proposals(session, person, now - ANSWERS_SHOWN_FOR)
        return tuple(map(load.desk.slide_proposal, rows))


def filler(
    db: Database, now: datetime, person: PersonId | None = None
) -> tuple[FillerProposal, ...]:
    """Proposed filler, the newest first: all that waits, or a person's own, as above."""
    with db.read() as session:
        rows = find.desk.filler_proposals(session, person, now - ANSWERS_SHOWN_FOR)
        return tuple(load.desk.filler_proposal(row, file) for row, file in rows)


def bulletin(db: Database, proposal: ProposalId) -> SlideProposal:
    """One proposed bulletin, whatever became of it. Raises Missing."""
    with db.read() as session:
        row = session.get(SlideProposalRow, proposal)
        if row is None:
            raise Missing("proposal")
        return load.desk.slide_proposal(row)


def filler_of(db: Database, proposal: ProposalId) -> FillerProposal:
    """One proposed filler, whatever became of it. Raises Missing."""
    with db.read() as session:
        row = session.get(FillerProposalRow, proposal)
        file = session.get(AssetRow, row.asset_id) if row else None
        if row is None or file is None:
            raise Missing("proposal")
        return load.desk.filler_proposal(row, file)
