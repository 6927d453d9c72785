"""Captions as several actions store them."""

from datetime import datetime

from media.caption_files import StoredCaptions
from scheduler.domain.model.captions import CaptionEntry
from scheduler.domain.model.text import one_line


def caption_entry(captions: StoredCaptions, name: str, by: str, now: datetime) -> CaptionEntry:
    """Return captions of the store as the captions of a file, given by `by` under a file name."""
    name = one_line(name)[:200]
    return CaptionEntry(captions.key, captions.size, captions.facts, name, now, by)
