"""The files that a deck is asked to play: what must be true of them before they are opened."""

import logging
import stat
from fractions import Fraction
from pathlib import Path

from config.readjson import read_bounded
from media.captions.track import MOST_BYTES, CaptionError, CaptionTrack
from playout.engine.captions.placing import PlacedCaptions
from playout.engine.decks.conform_job import CaptionsOfSlot, no_captions

log = logging.getLogger(__name__)


class DeckError(Exception):
    """A shot cannot be played. The text is the reason that staff read."""


def checked_file(path: str | None) -> Path:
    """Return the path of a regular, non-empty file. Raises DeckError saying what is wrong."""
    if not path:
        raise DeckError("no file was named")
    file = Path(path)
    if not file.is_absolute():
        raise DeckError(f"{path} is not a path of the house's own store")
    try:
        facts = file.stat()
    except OSError as error:
        raise DeckError(f"{file.name} is missing") from error
    if not stat.S_ISREG(facts.st_mode):
        raise DeckError(f"{file.name} is not a file")
    if facts.st_size == 0:
        raise DeckError(f"{file.name} is empty")
    return file


def read_captions(path: str | None, rate: Fraction) -> tuple[CaptionsOfSlot, str]:
    """Return the captions of each slot, and why there are none although the shot names some.

    A file airs without its captions where they cannot be read.
    """
    if path is None:
        return no_captions, ""
    try:
        track = CaptionTrack.from_bytes(read_bounded(checked_file(path), MOST_BYTES))
        return PlacedCaptions(track, rate).at, ""
    except (DeckError, CaptionError, OSError, ValueError, MemoryError) as error:
        log.warning("captions cannot be aired: %s", error)
        return no_captions, str(error) or type(error).__name__
