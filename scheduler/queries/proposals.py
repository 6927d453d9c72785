"""Airings that are proposed: those that wait for an answer, and what became of one's own."""

from datetime import datetime, timedelta

from scheduler.db import find_desk, load_desk
from scheduler.db.store import Database
from scheduler.db.tables_desk import ProposalRow
from scheduler.domain.names import PersonId, ProposalId
from scheduler.domain.proposal import Proposal
from scheduler.refusals import Missing

TOLD = timedelta(days=7)
"""How long who proposed something sees what became of it."""


def waiting(db: Database, now: datetime) -> tuple[Proposal, ...]:
    """Those of every channel that a scheduler can still accept, by start."""
    with db.read() as session:
        return tuple(map(load_desk.proposal, find_desk.open_proposals(session, now)))


def own(db: Database, person: PersonId, now: datetime) -> tuple[Proposal, ...]:
    """What a person has proposed, by start: unanswered, or answered within a week."""
    with db.read() as session:
        return tuple(map(load_desk.proposal, find_desk.proposals_of(session, person, now - TOLD)))


def proposal(db: Database, proposal: ProposalId) -> Proposal:
    """One of them, whatever became of it. Raises Missing."""
    with db.read() as session:
        row = session.get(ProposalRow, proposal)
        if row is None:
            raise Missing("proposal")
        return load_desk.proposal(row)
