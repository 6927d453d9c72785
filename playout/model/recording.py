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

ABOUT_AS_LONG = timedelta(seconds=1)
"""Recordings of one meeting that differ by less hold the same; encoders round lengths."""


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

    @property
    def span(self) -> tuple[timedelta, timedelta]:
        """In and out point in the media: from the mark to the adjournment, else its own edges."""
        whole = self.media.length if self.media is not None else timedelta(0)
        first = self.place(self.begins or self.began)
        last = self.place(self.ends) if self.ends is not None else whole
        return first, last if last > first else whole

    def outdoes(self, known: "Recording") -> bool:
        """Return whether this one is kept instead of `known`, of the same airing.

        Both machines of a pair record, and a meeting that resumes is closed twice. The longer one
        holds more of the meeting; of two about equally long the first is kept. Host and server
        judge by this rule alone, so they keep the same one.
        """
        if known.state is not RecordingState.WHOLE or known.media is None:
            return True
        if self.state is not RecordingState.WHOLE or self.media is None:
            return False
        same = self.media.key == known.media.key
        return same or self.media.length > known.media.length + ABOUT_AS_LONG

    def place(self, at: datetime) -> timedelta:
        """Return the position of instant `at` in the media; gaps have no length there."""
        lost = sum((min(at, g.end) - g.start for g in self.gaps if g.start < at), timedelta(0))
        whole = self.media.length if self.media is not None else timedelta(0)
        return min(max(at - self.began - lost, timedelta(0)), whole)
