"""The picture of a companion where it is copied, because browsers play it as it is coded (in the
child only).
"""

from fractions import Fraction
from itertools import pairwise

from av.container import OutputContainer
from av.video.stream import VideoStream

from media.captions.user_data import nal_units
from media.companion import FilmOrder, browser_shows
from media.companion_strips import AnyPacket
from media.copied_times import UnfitError, decode_times, frames_after, key_number
from media.formats import Family
from media.headers import codec_name

LONGEST_GROUP_SECONDS = 12.0
"""Longest time between two pictures at which a browser can begin; it decodes all between."""
MOST_MISSING_SECONDS = 1.0
"""Longest time without a picture, inside the film and at its end."""
FEWEST_STEPS = 1000
"""Steps of a frame at least: pictures that refer to later ones are decoded a step apart."""
_SLICE, _INSTANT_REFRESH, _PARAMETERS = 1, 5, (7, 8)
"""Types of the parts of an H.264 picture (ITU-T H.264, table 7-1)."""


def can_be_copied(source: VideoStream | None, family: Family, order: FilmOrder) -> bool:
    """Tell whether browsers would show the picture of a film in an MP4 as it is coded, as far as
    its headers tell.
    """
    if source is None or not order.may_copy:
        return False
    context = source.codec_context
    shape = source.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1)
    indexed = family.name in ("mp4", "matroska") and (context.extradata or b"")[:1] == b"\1"
    shown = browser_shows(codec_name(source), context.pix_fmt or "", interlaced=order.interlaced)
    return indexed and shown and shape == 1


class PictureCopy:
    """The picture of one film on its way into the copy, a group of pictures at a time.

    Only a picture from which decoding can begin afresh (IDR) is marked as a key picture. Raises
    UnfitError as soon as a browser would not show each frame in its place.
    """

    def __init__(self, source: VideoStream, out: OutputContainer, order: FilmOrder) -> None:
        assert order.rate is not None
        self._rate, self._out = order.rate, out
        self._count = max(1, round(order.length.total_seconds() * order.rate))
        self._step = order.rate.denominator * -(-FEWEST_STEPS // order.rate.denominator)
        unit = 1 / (order.rate * self._step)
        self._stream = out.add_stream_from_template(source)
        self._stream.time_base = unit
        self._unit = unit
        extra = source.codec_context.extradata or b""
        self._extra, self._length_bytes = extra, (extra[4] & 3) + 1
        self._group: list[tuple[int, AnyPacket]] = []
        self._key = 0.0, 0
        """The time and the frame of the key picture of the group."""
        self._last = -1
        """The last frame of the groups that are written."""

    def take(self, packet: AnyPacket, at: float) -> None:
        """Take a packet, shown `at`, in seconds from the first picture of the film."""
        if packet.pts is None or packet.is_corrupt:
            raise UnfitError("a picture is damaged or has no time")
        begins = packet.is_keyframe and self._begins_afresh(bytes(packet))
        if begins:
            self._write()
            self._key = at, key_number(at, float(self._rate), self._last)
        elif not self._group:
            if at < 0:
                return
            raise UnfitError("it does not begin with a key picture")
        after = frames_after(at - self._key[0], float(self._rate))
        if after / self._rate > LONGEST_GROUP_SECONDS:
            raise UnfitError(f"no decoding can begin for long after frame {self._key[1]}")
        packet.is_keyframe = begins
        self._group.append((self._key[1] + after, packet))

    def finish(self) -> None:
        """Write the last group."""
        self._write(is_last=True)
        self._require_near(self._last, self._count)

    def _begins_afresh(self, unit: bytes) -> bool:
        """Tell whether decoding can begin with a picture. Raises UnfitError where it has parameters
        that are not those of the whole file, which alone an MP4 holds.
        """
        for part in nal_units(unit, self._length_bytes):
            if part[0] & 31 in _PARAMETERS and part not in self._extra:
                raise UnfitError("its coding changes on the way")
            if _SLICE <= part[0] & 31 <= _INSTANT_REFRESH:
                return part[0] & 31 == _INSTANT_REFRESH
        return False

    def _write(self, *, is_last: bool = False) -> None:
        if not self._group:
            return
        numbers = [number for number, _ in self._group]
        decoded = decode_times(numbers, self._step)
        self._require_order(numbers)
        ends = max(self._count, max(numbers) + 1) * self._step
        for place, (number, packet) in enumerate(self._group):
            packet.stream, packet.time_base = self._stream, self._unit
            packet.pts, packet.dts, packet.duration = (
                number * self._step,
                decoded[place],
                self._step,
            )
            if is_last and place == len(numbers) - 1:
                packet.duration = ends - decoded[place]
            self._out.mux_one(packet)
        self._group, self._last = [], max(numbers)

    def _require_order(self, numbers: list[int]) -> None:
        """Raise UnfitError unless a group follows what is written, without a long hole."""
        if self._last < 0 and numbers[0] != 0:
            raise UnfitError(f"its first whole picture is frame {numbers[0]}")
        if numbers[0] <= self._last:
            raise UnfitError(f"key frame {numbers[0]} comes after frame {self._last}")
        for before, after in pairwise([self._last, *sorted(numbers)]):
            self._require_near(before, after)

    def _require_near(self, before: int, after: int) -> None:
        if (after - before - 1) / self._rate > MOST_MISSING_SECONDS:
            raise UnfitError(f"there is no picture between frames {before} and {after}")
