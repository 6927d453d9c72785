"""The captions section of a file's page: each caption beside the picture, with its frame."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Blueprint

from media.captions.cue import CaptionCue
from media.captions.track import CaptionError
from scheduler.queries.library import LibraryEntry
from web.library import caption_words
from web.library.asset import SOUND_STEPS, SectionData, section
from web.library.captions import cues_of

bp = Blueprint("caption_lines", __name__, url_prefix="/media")


@dataclass(frozen=True)
class CaptionLine:
    """One caption as the list shows it."""

    at: str
    first: int
    """The first frame on which it shows."""
    text: str


@section("captions")
def captions_section(entry: LibraryEntry, again: Any) -> SectionData | None:
    """Return what the section shows; None for a still, and for what cannot air."""
    del again
    asset = entry.asset
    if not asset.fit or not asset.length or asset.media is None:
        return None
    rate = asset.media.rate or SOUND_STEPS
    shown = asset.caption_draft or asset.caption_entry
    missing = ""
    lines: tuple[CaptionLine, ...] = ()
    try:
        cues = cues_of(asset, shown.key) if shown else ()
        lines = tuple(_line(cue, rate) for cue in cues)
    except CaptionError as error:
        missing = str(error)
    return {"words": caption_words.in_short(asset), "lines": lines, "missing": missing}


def _line(cue: CaptionCue, rate: Fraction) -> CaptionLine:
    """Return the line of a caption, with the first frame that begins no earlier than it."""
    first = -int(-cue.begin * rate // 1_000_000)
    return CaptionLine(caption_words.at(cue.begin), first, " ".join(cue.lines))
