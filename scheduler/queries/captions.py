"""Corrections of captions, as pages show them."""

from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.details import CaptionCorrectionRow
from scheduler.domain.model.captions import CaptionCorrection
from scheduler.domain.model.ids import AssetId

MOST_CORRECTIONS = 5000
"""Corrections of a file that its page reads, the newest."""


def corrections(db: Database, asset: AssetId) -> tuple[CaptionCorrection, ...]:
    """Return the corrections of the captions of a file, the newest first."""
    with db.read() as session:
        rows = find.library.caption_corrections(session, asset, MOST_CORRECTIONS)
        return tuple(map(_correction, rows))


def _correction(row: CaptionCorrectionRow) -> CaptionCorrection:
    return CaptionCorrection(
        row.begin, row.before, row.after, row.corrected, row.corrected_by, row.removed
    )
