"""A library entry: a file that staff uploaded, the result of its check, and whether it may air."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from playout.model.plan import Media
from scheduler.domain.library.cuts import Chapter
from scheduler.domain.model.captions import CaptionEntry
from scheduler.domain.model.ids import AssetId


class AssetState(StrEnum):
    """The stages of a file on its way into the library."""

    WAITING = "waiting"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"
    GONE = "gone"
    """Deleted for good: its title and history stay, its bytes are gone."""


@dataclass(frozen=True)
class Asset:
    """A library entry as stored."""

    id: AssetId
    title: str
    original_name: str
    """For staff only: the name the file had on somebody's disk."""
    state: AssetState
    summary: str
    """The verdict in words, or why it was refused."""
    problems: tuple[str, ...]
    media: Media | None
    """What airs (the house copy where one was made); None until the file is ready."""
    facts: Mapping[str, Any]
    """What was found in the file as it came, as media.asset writes it; empty until checked."""
    captions: bool
    """Whether captions were found in the file as it came."""
    has_thumbnail: bool
    uploaded: datetime
    uploaded_by: str
    archived: bool
    """Whether staff retired it. Its bytes stay where they are: the archive is another matter."""
    version: int
    caption_entry: CaptionEntry | None = None
    """The captions that air with it."""
    caption_draft: CaptionEntry | None = None
    """Captions that a machine wrote and nobody has let on air yet."""
    cut_of: AssetId | None = None
    """The file that it is a cut of; its `media` names the pieces. None for a whole file."""
    chapters: tuple[Chapter, ...] = ()

    @property
    def length(self) -> timedelta | None:
        """Its playing time, once that is known."""
        return self.media.length if self.media else None

    @property
    def fit(self) -> bool:
        """True when it may go on air."""
        return self.state is AssetState.READY and self.media is not None
