"""The facts of a caption track: where it comes from, and what it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import TypeAdapter

from config.bounded import STRICT
from media.captions.cue import CaptionCue, covered
from media.captions.decode import CHANNELS, decode
from media.captions.dtvcc import decode_708
from media.captions.track import DTVCC_DATA, TRIPLET_BYTES, CaptionTrack

OF_708 = "708"
"""The name of 708 among the caption channels of a track."""


class CaptionOrigin(StrEnum):
    """The kinds of captions by where they were found."""

    EMBEDDED_608 = "embedded 608"
    EMBEDDED_708 = "embedded 708"
    """Only 708 inside the file; with 608 beside it, the origin is that."""
    TRACK_608 = "608 track"
    """A track of its own inside a QuickTime file (`c608`)."""
    SRT = "SRT"
    VTT = "WebVTT"
    SCC = "SCC"
    TTML = "TTML"
    AUTOMATIC = "automatic"
    """Written by a speech model, not by people."""

    @property
    def embedded(self) -> bool:
        """Tell whether they came inside the file itself."""
        return self in (self.EMBEDDED_608, self.EMBEDDED_708, self.TRACK_608)


@dataclass(frozen=True)
class CaptionFacts:
    """The origin of a caption track, and the time it covers."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    origin: CaptionOrigin
    language: str
    """A language tag such as `en`; empty where the captions do not say."""
    services: tuple[str, ...]
    """The caption channels that say something: CC1 to CC4, and `708`."""
    count: int
    """Captions of the first of them that can be read."""
    first: timedelta
    """Beginning of the first caption; zero without any."""
    last: timedelta
    """End of the last caption."""
    covered: timedelta
    """Time during which a caption is shown."""
    notes: tuple[str, ...] = ()
    """What staff should know, a sentence each."""

    def share(self, length: timedelta) -> float:
        """Return the part of a file of this length during which a caption is shown, 0 to 1."""
        return min(1.0, self.covered / length) if length else 0.0


CAPTION_FACTS: TypeAdapter[CaptionFacts] = TypeAdapter(CaptionFacts)


def facts_of(
    track: CaptionTrack,
    origin: CaptionOrigin,
    length: timedelta,
    language: str = "",
    notes: Sequence[str] = (),
) -> CaptionFacts | None:
    """Return the facts of a track for a file of this length; None where it says nothing."""
    found = decoded(track, length)
    cues = main_cues(found)
    if not cues:
        return None
    services = (*(name for name in found if name != OF_708), *([OF_708] if has_708(track) else []))
    if services == (OF_708,):
        origin = CaptionOrigin.EMBEDDED_708
    return CaptionFacts(
        origin=origin,
        language=language,
        services=services,
        count=len(cues),
        first=timedelta(microseconds=cues[0].begin if cues else 0),
        last=timedelta(microseconds=max((cue.end for cue in cues), default=0)),
        covered=timedelta(microseconds=covered(cues)),
        notes=tuple(notes),
    )


def decoded(track: CaptionTrack, length: timedelta) -> dict[str, tuple[CaptionCue, ...]]:
    """Return the captions of each channel of a file of this length, CC1 to CC4; those of 708 where
    there are none.
    """
    until = length // timedelta(microseconds=1)
    found = decode(track, until)
    if not found and has_708(track) and (cues := decode_708(track.pieces(), until)):
        return {OF_708: cues}
    return found


def main_cues(found: dict[str, tuple[CaptionCue, ...]]) -> tuple[CaptionCue, ...]:
    """Return the captions of the first channel that has any."""
    return next((found[name] for name in (*CHANNELS, OF_708) if name in found), ())


def readable(track: CaptionTrack, length: timedelta) -> tuple[CaptionCue, ...]:
    """Return the captions of a track as people read them."""
    return main_cues(decoded(track, length))


def has_708(track: CaptionTrack) -> bool:
    """Tell whether a track holds bytes of 708."""
    triplets = track.columns[2]
    return max(triplets[::TRIPLET_BYTES], default=0) >= DTVCC_DATA
