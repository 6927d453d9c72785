"""Gives every packet of one or more stretches of stream its time in one copy (pure).

Times go on as they came. Where they leap, or run back, what comes next follows what came before,
and no picture is left out for it: a picture that others refer to takes them all with it.

One example, with pictures that last 1: the first of two encodes ends with a picture decoded at 149
and shown at 150, so it ends at 151. The second begins one too early: its first picture is decoded
at 148 and shown at 150. It has to be shown at 151, so its times, and all behind it, those of the
sound too, move by 1: it is decoded at 149, which is taken, so a TICK later.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

JUMP_SECONDS = Fraction(3, 2)
"""Seconds by which times may leap within a stretch; further, in either direction, it began anew."""
LEAST_DECODE_STEP = Fraction(1, 1000)
"""Least seconds between the times at which two packets are decoded; any MP4 tells them apart."""


class LeftOut(StrEnum):
    """A reason for which a packet is not in the copy."""

    EARLY = "before the first whole picture of its stretch"
    COVERED = "sound at a time that has sound already"


@dataclass(frozen=True)
class PacketTimes:
    """The times of one packet, in seconds by the clock of its piece."""

    decoded: Fraction
    shown: Fraction
    lasts: Fraction


@dataclass
class SplicedTrack:
    """One track on its way into the copy. Times are seconds from the first picture."""

    wanted: Fraction | None = None
    """When the next packet is decoded if nothing was lost."""
    last: Fraction | None = None
    """When the last packet is decoded."""
    ends: Fraction = Fraction(0)
    """When all that came so far has been shown."""
    before: Fraction | None = None
    """The shift before its last packet, where that packet moved it."""
    squeezed: bool = False
    """Its last packet is decoded later than its own time, for the one before was as late."""
    read: int = 0
    """Packets read."""
    left: Counter[LeftOut] = field(default_factory=Counter)
    """Packets read and not written, by reason."""

    @property
    def written(self) -> int:
        """Packets that the copy must hold."""
        return self.read - self.left.total()


class Splice:
    """Keeps the times of all tracks in step; `leading` is the track that is never thinned out."""

    def __init__(self, leading: str, tracks: dict[str, SplicedTrack]) -> None:
        self._leading, self._tracks = leading, tracks
        self._shift = self._from = Fraction(0)

    def begin(self, shown: Fraction) -> None:
        """Begin a stretch with what its clock shows at `shown`, where the one before ended."""
        self._from = self._tracks[self._leading].ends
        self._shift = self._from - shown
        for track in self._tracks.values():
            track.wanted = None

    def place(self, kind: str, packet: PacketTimes) -> tuple[Fraction, Fraction] | LeftOut:
        """Say when a packet is decoded and shown in the copy, or why it has no place in it."""
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
        """Give the shift that fits a packet: the former one, if only the packet before leapt."""
        if track.wanted is None:
            return self._shift
        shift = self._shift
        if track.before is not None:
            known = (shift, track.before)
            shift = min(known, key=lambda one: abs(decoded + one - (track.wanted or 0)))
        far = abs(decoded + shift - track.wanted) > JUMP_SECONDS
        return track.wanted - decoded if far else shift

    def _follow(self, track: SplicedTrack, shown: Fraction) -> None:
        """Move all that comes behind what was shown; once for each time that times run back."""
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
