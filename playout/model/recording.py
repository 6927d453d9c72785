"""A recording as the host knows it: what was kept of an airing, and where its parts lie in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from config.bounded import STRICT, AiringRef, Instant
from playout.model.plan import Media


class RecordingState(StrEnum):
    """What became of a recording once its intake had closed."""

    CLOSING = "closing"
    """Being joined and checked; it may still become either of the others."""
    WHOLE = "whole"
    """Filed in the host's own store, and good."""
    FAILED = "failed"
    """Nothing that could be aired was kept."""


@dataclass(frozen=True)
class RecordingGap:
    """A stretch [start, end), UTC, that is not in it: no signal, nobody recorded, or a recess."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    start: Instant
    end: Instant


@dataclass(frozen=True)
class Recording:
    """What was kept of one airing. Its media begins at `began`; gaps are closed up in it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    airing: AiringRef
    state: RecordingState
    began: Instant
    """UTC instant of the first moment kept."""
    media: Media | None = None
    """The whole file, pre-roll and post-roll included; only when WHOLE."""
    gaps: tuple[RecordingGap, ...] = ()
    """In order of time, none overlapping."""
    reason: str = ""
    """Why it failed, or what staff should know of it, in words."""
    begins: Instant | None = None
    """In point, UTC: the operator's mark, else the take or the go; set when this is journalled."""
    ends: Instant | None = None
    """Out point, UTC: the adjournment. Set like `begins`."""

    def in_words(self, title: str) -> str:
        """What staff must hear of the recording of `title`; empty where all is well."""
        if self.state is RecordingState.FAILED:
            return f"The recording of {title} failed: {self.reason or 'Nothing was kept.'}"
        if self.state is RecordingState.WHOLE and self.reason:
            return f"The recording of {title} needs attention: {self.reason}"
        return ""

    def place(self, at: datetime) -> timedelta:
        """Where in the media the instant `at` lies: gaps have no length there."""
        lost = sum((min(at, g.end) - g.start for g in self.gaps if g.start < at), timedelta(0))
        whole = self.media.length if self.media is not None else timedelta(0)
        return min(max(at - self.began - lost, timedelta(0)), whole)
