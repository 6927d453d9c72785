"""Captions as several actions store them."""

from datetime import datetime

from media.caption_files import StoredCaptions
from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.captions import CaptionEntry
from scheduler.domain.model.text import one_line


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
