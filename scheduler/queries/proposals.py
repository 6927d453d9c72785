"""Proposals of airings, bulletins and filler: those that wait, and a person's own."""

from datetime import datetime, timedelta

from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.desk import FillerProposalRow, ProposalRow, SlideProposalRow
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.ids import PersonId, ProposalId
from scheduler.domain.model.proposal import AiringProposal, FillerProposal, SlideProposal
from scheduler.refusals import Missing

ANSWERS_SHOWN_FOR = timedelta(days=7)
"""How long a person's answered proposals stay listed."""


def waiting(db: Database, now: datetime) -> tuple[AiringProposal, ...]:
    """Return the proposals of every channel that can still be approved, by start."""
    with db.read() as session:
        return tuple(map(load.desk.proposal, find.desk.open_proposals(session, now)))


def own(db: Database, person: PersonId, now: datetime) -> tuple[AiringProposal, ...]:
    """Return a person's own proposals, by start: open, or answered within a week."""
    with db.read() as session:
        return tuple(
            map(
                load.desk.proposal, find.desk.proposals_of(session, person, now - ANSWERS_SHOWN_FOR)
            )
        )


def proposal(db: Database, proposal: ProposalId) -> AiringProposal:
    """Return one proposal at any stage. Raises Missing."""
    with db.read() as session:
        row = session.get(ProposalRow, proposal)
        if row is None:
            raise Missing("proposal")
        return load.desk.proposal(row)


def bulletins(
    db: Database, now: datetime, person: PersonId | None = None
) -> tuple[SlideProposal, ...]:
    """Return proposed bulletins, the newest first: all open ones, or a person's own.

    A person's own stay listed for a week after their answer.
    """
    with db.read() as session:
        rows = find.desk.slide_proposals(session, person, now - ANSWERS_SHOWN_FOR)
        return tuple(map(load.desk.slide_proposal, rows))


def filler(
    db: Database, now: datetime, person: PersonId | None = None
) -> tuple[FillerProposal, ...]:
    """Return proposed filler, the newest first: all open, or a person's own, as for bulletins."""
    with db.read() as session:
        rows = find.desk.filler_proposals(session, person, now - ANSWERS_SHOWN_FOR)
        return tuple(load.desk.filler_proposal(row, file) for row, file in rows)


def bulletin(db: Database, proposal: ProposalId) -> SlideProposal:
    """Return one proposed bulletin at any stage. Raises Missing."""
    with db.read() as session:
        row = session.get(SlideProposalRow, proposal)
        if row is None:
            raise Missing("proposal")
        return load.desk.slide_proposal(row)


def filler_of(db: Database, proposal: ProposalId) -> FillerProposal:
    """Return one proposed filler file at any stage. Raises Missing."""
    with db.read() as session:
        row = session.get(FillerProposalRow, proposal)
        file = session.get(AssetRow, row.asset_id) if row else None
        if row is None or file is None:
            raise Missing("proposal")
        return load.desk.filler_proposal(row, file)
