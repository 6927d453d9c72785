"""One file made of the pieces of a recording, and the facts about it (in the child only)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av

from config.names import SAMPLE_RATE
from media.canvas import Canvas
from media.channels import in_order
from media.colour import say_house
from media.headers import nearest_rate, streams_of
from media.loudness import LoudnessMeter
from media.remux import RemuxError, remux
from media.resample import Resampler
from media.reshape import house_size

Progress = Callable[[float], None]
DECODE_CHECKS = 24
"""Places of the joined file at which one picture is decoded, to see that it can be."""
SPACES_MEASURED = 2000
"""Packets from which the picture rate is measured."""
PTS_UNIT = Fraction(1, 90000)
"""Seconds in one step of an MPEG clock."""


@dataclass(frozen=True)
class Joined:
    """The facts of the joined file."""

    length: float
    rate: str | None
    has_picture: bool
    has_sound: bool
    loudness: float | None
    silent_share: float
    """Share of its length that is silent, 0 to 1."""
    decoded: float
    """Share of DECODE_CHECKS whose picture could be decoded, 0 to 1."""
    encoded: bool
    """Whether it was encoded again, because the coding changed on the way."""


@dataclass(frozen=True)
class UsablePart:
    """The part of one piece that can be used, in seconds on the piece's own clock."""

    path: Path
    begin: float = 0.0
    front: float = 0.0
    """Where its use begins: with the first key picture, where a stretch begins in this piece."""
    end: float = 0.0

    @property
    def skipped(self) -> float:
        """Seconds dropped at its front."""
        return self.front - self.begin

    @property
    def length(self) -> float:
        """Seconds used; 0 where nothing can be."""
        return self.end - self.front


def usable_parts(stretch: Sequence[Path]) -> list[UsablePart]:
    """Return the usable part of each piece of an unbroken stretch, in order."""
    parts: list[UsablePart] = []
    begun = False
    for piece in stretch:
        part = _part_or_none(piece, whole=begun)
        begun = begun or part.length > 0
        parts.append(part)
    return parts


def _part_or_none(piece: Path, *, whole: bool) -> UsablePart:
    """Return an empty part for a piece that was cut off before anything was in it."""
    try:
        return _part(piece, whole=whole)
    except (av.FFmpegError, OSError):
        return UsablePart(piece)


def _part(piece: Path, *, whole: bool) -> UsablePart:
    """Use all of a piece if `whole`, else from its first key picture on."""
    low, front, high = float("inf"), float("inf"), float("-inf")
    with av.open(str(piece), format="mpegts") as source:
        streams = streams_of(source)
        leading = streams.picture or streams.sound
        for packet in source.demux(leading) if leading is not None else ():
            if packet.pts is None or packet.time_base is None:
                continue
            shown = float(packet.pts * packet.time_base)
            low = min(low, shown)
            if front > shown and (whole or packet.is_keyframe):
                front = shown
            high = max(high, shown + float((packet.duration or 0) * packet.time_base))
    return UsablePart(piece, low, front, high) if high >= front else UsablePart(piece)


def join(
    stretches: Sequence[Sequence[Path]], to: Path, progress: Progress
) -> tuple[list[UsablePart], Joined]:
    """Write `to`, an MP4; return the part used of each piece, and the facts of the file.

    Each stretch is the pieces of one unbroken stream. Nothing is encoded again unless the coding
    changes between two pieces. Raises RemuxError or av.FFmpegError where no file can be made.
    """
    groups: list[list[UsablePart]] = []
    for stretch in stretches:
        groups.append(usable_parts(stretch))
        progress(0.2 * len(groups) / len(stretches))
    parts = [part for group in groups for part in group]
    good = [[part.path for part in group if part.length > 0] for group in groups]
    if not any(good):
        raise RemuxError("there is neither picture nor sound in it")
    encoded = False
    try:
        remux(good, to, lambda share: progress(0.2 + share * 0.4))
    except RemuxError:
        encoded = True
        useful = [part for part in parts if part.length > 0]
        _encode(useful, to, lambda share: progress(0.2 + share * 0.4))
    return parts, _judged(to, encoded, lambda share: progress(0.6 + share * 0.4))


def _judged(path: Path, encoded: bool, progress: Progress) -> Joined:
    meter, heard = LoudnessMeter(), 0.0
    with av.open(str(path)) as source:
        streams = streams_of(source)
        length = _length(source, streams.picture or streams.sound)
        if streams.sound is not None:
            for frame in source.decode(streams.sound):
                meter.hear(in_order(frame))
                heard += frame.samples / frame.sample_rate
                progress(min(1.0, heard / max(length, 0.1)) * 0.7)
    silent = sum(stretch.length for stretch in meter.silent) / heard if heard else 1.0
    return Joined(
        length=length,
        rate=str(_rate(path) or "") or None if streams.picture else None,
        has_picture=streams.picture is not None,
        has_sound=streams.sound is not None and heard > 0,
        loudness=meter.integrated(),
        silent_share=round(silent, 3),
        decoded=_decodable(path, length) if streams.picture is not None else 1.0,
        encoded=encoded,
    )


def _rate(path: Path) -> Fraction | None:
    """Measure the rate by the spacing of its pictures, leaving out gaps and joins."""
    with av.open(str(path)) as source:
        picture = source.streams.video[0]
        shown = (packet.pts for packet in islice(source.demux(picture), SPACES_MEASURED))
        times = sorted(pts for pts in shown if pts is not None)
        spaces = sorted(b - a for a, b in zip(times, times[1:], strict=False) if b > a)
        if not spaces or picture.time_base is None:
            return None
        usual = spaces[len(spaces) // 2]
        fair = [space for space in spaces if usual / 2 < space < usual * 3 / 2]
        return nearest_rate(Fraction(len(fair), sum(fair)) / picture.time_base)


def _length(source: Any, stream: Any) -> float:
    if stream is not None and stream.duration:
        return float(stream.duration * stream.time_base)
    return float((source.duration or 0) / av.time_base)


def _decodable(path: Path, length: float) -> float:
    good = 0
    with av.open(str(path)) as source:
        picture = source.streams.video[0]
        picture.codec_context.thread_count = 1
        for place in range(DECODE_CHECKS):
            at = max(0.0, length - 1.0) * place / DECODE_CHECKS
            try:
                source.seek(round(at * av.time_base))
                good += next(source.decode(picture), None) is not None
            except av.FFmpegError:
                continue
    return good / DECODE_CHECKS


class _Lane:
    """One track being encoded again, on a clock that continues from piece to piece."""

    def __init__(self, out: Any, stream: Any, base: Fraction) -> None:
        self.out, self.stream, self._base = out, stream, base
        self._last = -1

    def push(self, frame: Any, seconds: float) -> None:
        """Encode a frame that belongs at `seconds`."""
        pts = round(seconds / self._base)
        if pts <= self._last:
            return
        frame.pts, frame.time_base, self._last = pts, self._base, pts
        self.out.mux(self.stream.encode(frame))

    def finish(self) -> None:
        """Write the packets the encoder still holds."""
        self.out.mux(self.stream.encode(None))


def _encode(parts: Sequence[UsablePart], to: Path, progress: Progress) -> None:
    size, rate = _largest(parts)
    with av.open(str(to), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        lanes: dict[str, _Lane] = {}
        picture: Any = out.add_stream("libx264", rate=rate or 30, options={"preset": "veryfast"})
        picture.width, picture.height = size
        picture.pix_fmt, picture.codec_context.time_base = "yuv420p", PTS_UNIT
        say_house(picture.codec_context)
        lanes["video"] = _Lane(out, picture, PTS_UNIT)
        sound: Any = out.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        lanes["audio"] = _Lane(out, sound, Fraction(1, SAMPLE_RATE))
        offset = 0.0
        for done, part in enumerate(parts):
            _encode_part(part, lanes, offset)
            offset += part.length
            progress((done + 1) / len(parts))
        for lane in lanes.values():
            lane.finish()


def _largest(parts: Sequence[UsablePart]) -> tuple[tuple[int, int], Fraction | None]:
    """Return the size of the largest picture among these parts, in square pixels, and its rate. A
    small picture loses nothing on a large canvas; a large one on a small canvas does.
    """
    size, rate, most = (640, 360), None, 0
    for part in parts:
        with av.open(str(part.path), format="mpegts") as source:
            picture = streams_of(source).picture
            if picture is None or picture.width * picture.height <= most:
                continue
            most = picture.width * picture.height
            pixel = picture.sample_aspect_ratio or Fraction(1)
            size = house_size(round(picture.width * pixel), picture.height)
            rate = nearest_rate(picture.average_rate)
    return size, rate


def _encode_part(part: UsablePart, lanes: dict[str, _Lane], offset: float) -> None:
    """Encode the usable part of a piece, from `offset` on."""
    resampler, stream = Resampler("fltp"), lanes["video"].stream
    canvas = Canvas((stream.width, stream.height))
    with av.open(str(part.path), format="mpegts") as source:
        streams = streams_of(source)
        for packet in source.demux([s for s in (streams.picture, streams.sound) if s]):
            for frame in _decoded(packet):
                if isinstance(frame, av.VideoFrame):
                    decoder: Any = packet.stream.codec_context
                    pixel = decoder.sample_aspect_ratio or Fraction(1)
                    _push(lanes["video"], canvas.take(frame, pixel), part, offset)
                else:
                    at = _seconds(frame) - part.front
                    for chunk in resampler.take(in_order(frame)) if at >= 0 else ():
                        lanes["audio"].push(chunk, at + offset)
    _push(lanes["video"], canvas.finish(), part, offset)


def _push(lane: _Lane, pictures: Sequence[Any], part: UsablePart, offset: float) -> None:
    for picture in pictures:
        at = _seconds(picture) - part.front
        if at >= 0:
            picture.pict_type = av.video.frame.PictureType.NONE
            lane.push(picture, at + offset)


def _seconds(frame: Any) -> float:
    """Return when a frame is shown, on its piece's clock; minus infinity where the frame has no
    time.
    """
    return float(frame.pts * frame.time_base) if frame.pts is not None else float("-inf")


def _decoded(packet: Any) -> list[Any]:
    try:
        return list(packet.decode())
    except av.FFmpegError:
        return []
