"""Checks that several actions of keeping share."""

from scheduler.changing.transaction import UnitOfWork
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.keeping import KeepingFacts, KeepingVerdict
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.text import one_line
from scheduler.reading import keeping
from scheduler.refusals import Refused

LONGEST_REASON = 400


def reason_of(text: str, field: str, ask: str) -> str:
    """Return a reason as one line. Raises Refused with `ask` where there is none."""
    reason = one_line(text)
    if not reason:
        raise Refused({field: ask}, ask)
    if len(reason) > LONGEST_REASON:
        sentence = f"Use at most {LONGEST_REASON} characters."
        raise Refused({field: sentence}, sentence)
    return reason


def file_of(work: UnitOfWork, asset: str) -> AssetRow:
    """Return the row of a file that is still there, locked and watched. Raises Missing and
    Refused.
    """
    row = work.get(AssetRow, asset, "file")
    if row.state == AssetState.GONE.value:
        raise Refused(message=f"{row.title} is gone: {row.summary}")
    return row


def judged(work: UnitOfWork, row: AssetRow) -> tuple[KeepingFacts, KeepingVerdict]:
    """Return the facts about a file, published plans included, and the verdict on it now."""
    facts = keeping.thorough_facts(work.session, row, work.now)
    return facts, keeping.judged(work.session, facts, work.now)
