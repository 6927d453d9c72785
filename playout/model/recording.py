"""A recording as the host knows it: its file, its gaps, and the instants its replays begin and
end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from config.bounded import STRICT, AiringRef, Instant
from playout.model.graphics import Unused
from playout.model.media import Media
from playout.model.search import SearchFacts


class RecordingState(StrEnum):
    """The state of a recording after its intake has closed."""

    CLOSING = "closing"
    """Being joined and checked; it may still become either of the others."""
    WHOLE = "whole"
    """Filed in the host's own store, and good."""
    FAILED = "failed"
    """Nothing that could be aired was kept."""


@dataclass(frozen=True)
class RecordingGap:
    """A stretch [start, end), UTC, missing from a recording: no signal, no recorder, or a
    recess."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    start: Instant
    end: Instant


@dataclass(frozen=True)
class Recording:
    """The recording of one airing. Its media begins at `began`, and gaps are closed up in it."""

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
    """Why it failed, or what staff should know about it, in words."""
    begins: Instant | None = None
    """In point, UTC: the operator's mark, else the take or the go; set when it is journalled."""
    ends: Instant | None = None
    """Out point, UTC: the adjournment. Set like `begins`."""
    facts: Annotated[SearchFacts | None, Unused] = None
    """What its airing is, for saved searches; None where the plan did not say. Set like `begins`.
    """

    def in_words(self, title: str) -> str:
        """Return what staff must know about the recording of `title`; empty when all is well."""
        if self.state is RecordingState.FAILED:
            return f"The recording of {title} failed: {self.reason or 'Nothing was kept.'}"
        if self.state is RecordingState.WHOLE and self.reason:
            return f"The recording of {title} needs attention: {self.reason}"
        return ""

    def place(self, at: datetime) -> timedelta:
        """Return the position of instant `at` in the media; gaps have no length there."""
        lost = sum((min(at, g.end) - g.start for g in self.gaps if g.start < at), timedelta(0))
        whole = self.media.length if self.media is not None else timedelta(0)
        return min(max(at - self.began - lost, timedelta(0)), whole)
