"""Actions of staff on single captions: corrected one by one, and gone through as a whole."""

from dataclasses import replace
from datetime import datetime

from config.names import AssetKey
from media.caption_files import StoredCaptions
from media.captions.correct import LineCorrection
from scheduler.changing.captions import give_captions, refuse_timeless
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.details import CaptionCorrectionRow
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.captions import CaptionEntry
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id
from scheduler.refusals import Conflict, Refused


def correct(
    db: Database,
    actor: Actor,
    now: datetime,
    asset: AssetId,
    line: LineCorrection,
    seen: AssetKey,
    captions: StoredCaptions,
) -> Asset:
    """Store `captions`, the captions `seen` with one line corrected, in place of these.

    The draft is corrected where one waits, else what airs. Raises Refused, Missing, and Conflict
    with the present Asset where the captions are no longer `seen`.
    """
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row, entry = _open(work, asset, seen)
        made = replace(
            entry, key=captions.key, size=captions.size, facts=captions.facts, corrected=True
        )
        _write(work, row, made)
        stored = CaptionCorrectionRow(
            id=new_id(),
            asset_id=row.id,
            begin=line.begin,
            before=line.before,
            after=line.after,
            corrected=work.now,
            corrected_by=actor.name,
            removed=False,
        )
        work.add(stored)
        verb = "Corrected" if line.after else "Deleted"
        channels = () if row.caption_draft else all_channels(work.session)
        work.about("asset", row.id, f"{verb} a caption of {row.title}", *channels)
    return load.plan.asset(row)


def check(db: Database, actor: Actor, now: datetime, asset: AssetId, seen: AssetKey) -> Asset:
    """Store that a person has read all captions of a file; automatic ones then lose their mark.

    Raises Refused, Missing, and Conflict with the present Asset where they are no longer `seen`.
    """
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row, entry = _open(work, asset, seen)
        _write(work, row, replace(entry, checked=work.now, checked_by=actor.name))
        work.about("asset", row.id, f"Went through the captions of {row.title}")
    return load.plan.asset(row)


def _open(work: UnitOfWork, asset: AssetId, seen: AssetKey) -> tuple[AssetRow, CaptionEntry]:
    """Return the row of a file and the captions that its page lists."""
    row = work.get(AssetRow, asset, "file")
    stored = load.plan.asset(row)
    refuse_timeless(stored)
    entry = stored.caption_draft or stored.caption_entry
    if entry is None:
        raise Refused(message=f"{row.title} has no captions.")
    if entry.key != seen:
        raise Conflict(stored, f"The captions of {row.title} have changed since.")
    return row, entry


def _write(work: UnitOfWork, row: AssetRow, entry: CaptionEntry) -> None:
    if row.caption_draft:
        load.plan.fill_caption_draft(row, entry)
    else:
        give_captions(work, row, entry)
