"""The time of every packet of one or more stretches in one copy (pure).

Times stay as they came. Where they leap or run back, the next packet follows the last one, and no
picture is dropped for that: dropping a picture that others refer to breaks them all.

Worked example, with pictures that last 1. The first of two encodes ends with a picture decoded at
149 and shown at 150, so it ends at 151. The second begins one too early: its first picture is
decoded at 148 and shown at 150. It must be shown at 151, so its times and all later ones, those of
the sound too, move by 1. It would be decoded at 149, which is taken, so it is decoded a
LEAST_DECODE_STEP later.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

JUMP_SECONDS = Fraction(3, 2)
"""Seconds that times may leap in either direction; beyond this the source has restarted."""
LEAST_DECODE_STEP = Fraction(1, 1000)
"""Seconds between the decoding of two packets at least, so that any MP4 tells them apart."""


class LeftOut(StrEnum):
    """A reason for which a packet is not in the copy."""

    EARLY = "before the first whole picture of its stretch"
    COVERED = "sound at a time that has sound already"


@dataclass(frozen=True)
class PacketTimes:
    """The times of one packet, in seconds on its piece's clock."""

    decoded: Fraction
    shown: Fraction
    lasts: Fraction


@dataclass
class SplicedTrack:
    """One track on its way into the copy. Times are seconds from the first picture."""

    wanted: Fraction | None = None
    """When the next packet is due to be decoded if none was lost."""
    last: Fraction | None = None
    """When the last packet is decoded."""
    ends: Fraction = Fraction(0)
    """When everything placed so far has been shown."""
    before: Fraction | None = None
    """The shift before its last packet, if that packet changed it."""
    squeezed: bool = False
    """Whether its last packet is decoded later than its own time says."""
    read: int = 0
    """Packets read."""
    left: Counter[LeftOut] = field(default_factory=Counter)
    """Packets read and not written, by reason."""

    @property
    def written(self) -> int:
        """Packets that the copy must hold."""
        return self.read - self.left.total()


class Splice:
    """Keeps all tracks in step. `leading` is the track of which no packet is dropped."""

    def __init__(self, leading: str, tracks: dict[str, SplicedTrack]) -> None:
        self._leading, self._tracks = leading, tracks
        self._shift = self._from = Fraction(0)

    def begin(self, shown: Fraction) -> None:
        """Begin a stretch: its clock's `shown` is placed at the end of the stretch before."""
        self._from = self._tracks[self._leading].ends
        self._shift = self._from - shown
        for track in self._tracks.values():
            track.wanted = None

    def place(self, kind: str, packet: PacketTimes) -> tuple[Fraction, Fraction] | LeftOut:
        """Return when a packet is decoded and shown in the copy, or why it has no place there."""
        track, shift = self._tracks[kind], self._shifted(self._tracks[kind], packet.decoded)
        before, self._shift = self._shift, shift
        if packet.shown + self._shift < self._from:
            return self._leave(track, LeftOut.EARLY)
        if track.last is not None and packet.decoded + self._shift <= track.last:
            if kind != self._leading:
                return self._leave(track, LeftOut.COVERED)
            self._follow(track, packet.shown)
        else:
            track.squeezed = False
        track.before = before if before != self._shift else None
        return self._placed(track, packet)

    def _shifted(self, track: SplicedTrack, decoded: Fraction) -> Fraction:
        """Return the shift for a packet. If only the packet before it leapt, the former shift still
        fits.
        """
        if track.wanted is None:
            return self._shift
        shift = self._shift
        if track.before is not None:
            known = (shift, track.before)
            shift = min(known, key=lambda shift: abs(decoded + shift - (track.wanted or 0)))
        far = abs(decoded + shift - track.wanted) > JUMP_SECONDS
        return track.wanted - decoded if far else shift

    def _follow(self, track: SplicedTrack, shown: Fraction) -> None:
        """Move everything from here on behind the last picture; once for each time the times run
        back.
        """
        if not track.squeezed:
            self._shift += max(Fraction(0), track.ends - shown - self._shift)
        track.squeezed = True

    def _placed(self, track: SplicedTrack, packet: PacketTimes) -> tuple[Fraction, Fraction]:
        decoded = packet.decoded + self._shift
        track.wanted = decoded + packet.lasts
        if track.last is not None:
            decoded = max(decoded, track.last + LEAST_DECODE_STEP)
        shown = max(decoded, packet.shown + self._shift)
        track.last = decoded
        track.ends = max(track.ends, shown + packet.lasts)
        return decoded, shown

    @staticmethod
    def _leave(track: SplicedTrack, reason: LeftOut) -> LeftOut:
        track.left[reason] += 1
        return reason
