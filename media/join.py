"""Makes one file of the pieces of a recording, and says what is true of it (in the child only)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av

from media.headers import snapped, streams_of
from media.loudness import LoudnessMeter
from media.remux import RemuxError, remux

Progress = Callable[[float], None]
LOOKS = 24
"""Places of the joined file at which a second of picture is decoded."""
LEAST_DECODED = 0.9
SILENT_SHARE = 0.98
MOST_SPACES = 2000
TICK = Fraction(1, 90000)
SAMPLES = 48000


@dataclass(frozen=True)
class Joined:
    """What is true of the joined file."""

    length: float
    rate: str | None
    has_picture: bool
    has_sound: bool
    loudness: float | None
    silent_share: float
    """Part of it in which nothing is heard."""
    decoded: float
    """Part of the places looked at whose picture could be decoded."""
    encoded: bool
    """It had to be encoded, because its coding changed on the way."""


def span(piece: Path) -> tuple[float, float]:
    """First and last moment of a piece by its own clock, seconds; both 0 where nothing is in it."""
    low, high = float("inf"), float("-inf")
    with av.open(str(piece), format="mpegts") as source:
        streams = streams_of(source)
        leading = streams.picture or streams.sound
        if leading is None:
            return 0.0, 0.0
        for packet in source.demux(leading):
            if packet.pts is None or packet.time_base is None:
                continue
            low = min(low, float(packet.pts * packet.time_base))
            high = max(high, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return (low, high) if high >= low else (0.0, 0.0)


def _span_or_none(piece: Path) -> tuple[float, float]:
    """Its span; nothing for a piece that was cut off before anything was in it."""
    try:
        return span(piece)
    except (av.FFmpegError, OSError):
        return 0.0, 0.0


def join(pieces: Sequence[Path], to: Path, progress: Progress) -> tuple[list[float], Joined]:
    """Write `to`, an MP4, and say how long each piece is and what came of it.

    Nothing is encoded again unless the coding changes between two pieces. Raises RemuxError or
    av.FFmpegError where nothing can be made of them.
    """
    spans = []
    for piece in pieces:
        spans.append(_span_or_none(piece))
        progress(0.2 * len(spans) / len(pieces))
    lengths = [end - begin for begin, end in spans]
    good = [piece for piece, length in zip(pieces, lengths, strict=True) if length > 0]
    if not good:
        raise RemuxError("there is neither picture nor sound in it")
    encoded = False
    try:
        remux(good, to, lambda share: progress(0.2 + share * 0.4))
    except RemuxError:
        encoded = True
        _encode(good, to, lambda share: progress(0.2 + share * 0.4))
    return lengths, _judged(to, encoded, lambda share: progress(0.6 + share * 0.4))


def _judged(path: Path, encoded: bool, progress: Progress) -> Joined:
    meter, heard = LoudnessMeter(), 0.0
    with av.open(str(path)) as source:
        streams = streams_of(source)
        length = _length(source, streams.picture or streams.sound)
        if streams.sound is not None:
            for frame in source.decode(streams.sound):
                meter.hear(frame)
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
    """Its rate by the spaces between its pictures, those across gaps and joins left out."""
    with av.open(str(path)) as source:
        picture = source.streams.video[0]
        found = (packet.pts for packet in islice(source.demux(picture), MOST_SPACES))
        times = sorted(pts for pts in found if pts is not None)
        spaces = sorted(b - a for a, b in zip(times, times[1:], strict=False) if b > a)
        if not spaces or picture.time_base is None:
            return None
        usual = spaces[len(spaces) // 2]
        fair = [space for space in spaces if usual / 2 < space < usual * 3 / 2]
        return snapped(Fraction(len(fair), sum(fair)) / picture.time_base)


def _length(source: Any, stream: Any) -> float:
    if stream is not None and stream.duration:
        return float(stream.duration * stream.time_base)
    return float((source.duration or 0) / av.time_base)


def _decodable(path: Path, length: float) -> float:
    good = 0
    with av.open(str(path)) as source:
        picture = source.streams.video[0]
        picture.codec_context.thread_count = 1
        for place in range(LOOKS):
            at = max(0.0, length - 1.0) * place / LOOKS
            try:
                source.seek(round(at * av.time_base))
                good += next(source.decode(picture), None) is not None
            except av.FFmpegError:
                continue
    return good / LOOKS


class _Lane:
    """One track being encoded anew, its time going on from piece to piece."""

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
        """Whatever the encoder still holds."""
        self.out.mux(self.stream.encode(None))


def _encode(pieces: Sequence[Path], to: Path, progress: Progress) -> None:
    with av.open(str(pieces[0]), format="mpegts") as first:
        streams = streams_of(first)
        size = (streams.picture.width, streams.picture.height) if streams.picture else (640, 360)
        rate = snapped(streams.picture.average_rate) if streams.picture else None
    with av.open(str(to), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        lanes: dict[str, _Lane] = {}
        picture: Any = out.add_stream("libx264", rate=rate or 30, options={"preset": "veryfast"})
        picture.width, picture.height = (side // 2 * 2 for side in size)
        picture.pix_fmt, picture.codec_context.time_base = "yuv420p", TICK
        lanes["video"] = _Lane(out, picture, TICK)
        sound: Any = out.add_stream("aac", rate=SAMPLES, layout="stereo")
        lanes["audio"] = _Lane(out, sound, Fraction(1, SAMPLES))
        offset = 0.0
        for done, piece in enumerate(pieces):
            offset += _encode_piece(piece, lanes, offset)
            progress((done + 1) / len(pieces))
        for lane in lanes.values():
            lane.finish()


def _encode_piece(piece: Path, lanes: dict[str, _Lane], offset: float) -> float:
    """Encode one piece from `offset` on; how long it is."""
    begin, end = span(piece)
    resampler = av.AudioResampler("fltp", "stereo", SAMPLES)
    with av.open(str(piece), format="mpegts") as source:
        streams = streams_of(source)
        for packet in source.demux([s for s in (streams.picture, streams.sound) if s]):
            for frame in _decoded(packet):
                if frame.pts is None:
                    continue
                at = offset + max(0.0, float(frame.pts * frame.time_base) - begin)
                if isinstance(frame, av.VideoFrame):
                    wanted = lanes["video"].stream
                    scaled = frame.reformat(wanted.width, wanted.height, "yuv420p")
                    scaled.pict_type = av.video.frame.PictureType.NONE
                    lanes["video"].push(scaled, at)
                else:
                    for part in resampler.resample(frame):
                        lanes["audio"].push(part, at)
    return end - begin


def _decoded(packet: Any) -> list[Any]:
    try:
        return list(packet.decode())
    except av.FFmpegError:
        return []
