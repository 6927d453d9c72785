"""Captions as several actions store them."""

from datetime import datetime

from media.caption_files import StoredCaptions
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.captions import CaptionEntry
from scheduler.domain.model.text import one_line
from scheduler.refusals import Refused


def caption_entry(captions: StoredCaptions, name: str, by: str, now: datetime) -> CaptionEntry:
    """Return captions of the store as the captions of a file, given by `by` under a file name."""
    name = one_line(name)[:200]
    return CaptionEntry(captions.key, captions.size, captions.facts, name, now, by)


def give_captions(work: UnitOfWork, row: AssetRow, entry: CaptionEntry | None) -> None:
    """Let captions air with a file and with every cut of it; None for none."""
    load.plan.fill_captions(row, entry)
    for cut in find.plan.cuts_of(work.session, row.id, archived=True):
        if cut.key == row.key:
            work.watch(cut)
            load.plan.fill_captions(cut, entry)


def refuse_timeless(asset: Asset) -> None:
    """Raise Refused for a file that takes no captions of its own."""
    if asset.cut_of is not None:
        raise Refused(message=f"{asset.title} has the captions of the file that it is a cut of.")
    if asset.state is not AssetState.READY or asset.media is None:
        raise Refused(message=f"{asset.title} cannot air yet, so it takes no captions.")
    if not asset.media.length:
        raise Refused(message=f"{asset.title} is a still picture, so it takes no captions.")
