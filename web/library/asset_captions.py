"""The captions section of a file's page."""

from typing import Any

from flask import Blueprint

from scheduler.queries.library import LibraryEntry
from web.library import caption_words
from web.library.asset import SectionData, section

bp = Blueprint("caption_lines", __name__, url_prefix="/media")


@section("captions")
def captions_section(entry: LibraryEntry, again: Any) -> SectionData | None:
    """Return what the section shows; None for a still, and for what cannot air."""
    del again
    asset = entry.asset
    if not asset.fit or not asset.length:
        return None
    return {"words": caption_words.in_short(asset)}
