"""MPEG transport and program streams rewrapped as one indexed MP4, bit for bit (in the child only).

libVLC seeks exactly in an MP4; in a stream without an index it lands up to half a second off.
Nothing is encoded again: pictures, fields, captions and sound stay as they are.
"""

from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import Flags, InputContainer, OutputContainer
from av.video.stream import VideoStream

from media.formats import FAMILIES, HEAD_BYTES, Family
from media.headers import Streams, open_local, streams_of
from media.splice import LeftOut, PacketTimes, Splice, SplicedTrack

TIME_TOLERANCE = Fraction(1, 1000)
"""Seconds by which a time may differ in the copy: its container rounds."""
EARLY_SOUND_KEPT = 2000
"""Packets of sound held that come in the file before the first picture but may belong to it."""

AnyPacket: TypeAlias = "av.Packet[Any]"
AnyStream: TypeAlias = VideoStream | AudioStream


class RemuxError(Exception):
    """A stream that cannot be rewrapped, or a copy that differs from it; the text is for the
    log."""


@dataclass
class _Lane(SplicedTrack):
    """One track of the copy."""

    out: AnyStream | None = None
    codec: tuple[object, ...] = ()
    shown: "array[float]" = field(default_factory=lambda: array("d"))
    """When each packet is shown, in seconds of the copy."""


def remux(
    stretches: Sequence[Sequence[Path]], to: Path, progress: Callable[[float], None]
) -> float:
    """Write the picture and sound of `stretches`, in order, to `to`, an MP4; return its length in
    seconds.

    A stretch is one or more pieces of one unbroken stream. It begins with its first key picture, at
    the end of the stretch before it. Within a stretch times stay as they are; where they leap or
    run back, the next packet follows at once (media.splice). Every packet read is written, or
    counted with a reason (LeftOut). Then the copy is read again and compared: each packet written
    is there at its time, and the first picture is the same. Raises RemuxError otherwise, and
    av.FFmpegError where nothing can be read or written.
    """
    writer = _Writer(to)
    pieces = [piece for stretch in stretches for piece in stretch]
    total, done, reported = sum(piece.stat().st_size for piece in pieces) or 1, 0, -1.0
    with writer:
        for stretch in stretches:
            writer.begin()
            for size in (size for piece in stretch for size in writer.take(piece)):
                done += size
                if done / total > reported + 0.01:
                    reported = done / total
                    progress(min(1.0, reported))
        writer.finish()
    _verify(to, writer)
    return float(writer.leading.ends)


class _Writer:
    """Writes one MP4 from any number of pieces, and accounts for every packet it reads."""

    def __init__(self, to: Path) -> None:
        self._to = to
        self._files = ExitStack()
        self._out: OutputContainer | None = None
        self.lanes: dict[str, _Lane] = {}
        self._splice: Splice | None = None
        self._waits = True
        """Whether the first key picture of the stretch is still to come."""
        self.begun: tuple[Path, Fraction] | None = None
        """The piece the copy begins in, and where, by the clock of that piece."""
        self._early: deque[AnyPacket] = deque()

    @property
    def leading(self) -> _Lane:
        """The track whose times the copy follows: the picture where there is one."""
        return self.lanes.get("video") or self.lanes["audio"]

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def begin(self) -> None:
        """Begin a new stretch with the next piece."""
        self._waits = True
        self._forget_early()

    def take(self, piece: Path) -> Iterator[int]:
        """Copy one piece; yield the bytes of each packet read."""
        with _opened(piece) as source:
            streams = streams_of(source)
            self._prepare(streams)
            for packet in source.demux([s for s in (streams.picture, streams.sound) if s]):
                if packet.dts is None and packet.pts is None and not packet.size:
                    continue
                yield packet.size
                self.lanes[packet.stream.type].read += 1
                self._pass(packet, streams.picture, piece)

    def finish(self) -> None:
        """Count the sound that waited for a picture that never came."""
        self._forget_early()

    def _prepare(self, streams: Streams) -> None:
        """Make the tracks from the first piece. Raises RemuxError where a later piece is coded
        differently.
        """
        found = {s.type: s for s in (streams.picture, streams.sound) if s is not None}
        if self._out is None:
            self._out = self._files.enter_context(av.open(str(self._to), "w", format="mp4"))
            for kind, stream in found.items():
                self.lanes[kind] = _Lane(out=_copied(self._out, stream), codec=_coding(stream))
            leading = "video" if "video" in found else "audio"
            self._splice = Splice(leading, dict(self.lanes))
        if {kind: _coding(stream) for kind, stream in found.items()} != {
            kind: lane.codec for kind, lane in self.lanes.items()
        }:
            raise RemuxError("its coding changes from one piece to the next")

    def _pass(self, packet: AnyPacket, picture: VideoStream | None, piece: Path) -> None:
        if self._waits and picture is not None:
            if packet.stream is not picture:
                self._wait(packet)
                return
            if not packet.is_keyframe:
                self.lanes["video"].left[LeftOut.EARLY] += 1
                return
        if self._waits:
            self._begin_at(_times(packet).shown, piece)
        self._place(packet)

    def _wait(self, packet: AnyPacket) -> None:
        """Hold sound that comes in the file before the first picture but may belong to it."""
        if len(self._early) == EARLY_SOUND_KEPT:
            self._early.popleft()
            self.lanes["audio"].left[LeftOut.EARLY] += 1
        self._early.append(packet)

    def _forget_early(self) -> None:
        if self._early:
            self.lanes["audio"].left[LeftOut.EARLY] += len(self._early)
            self._early.clear()

    def _begin_at(self, shown: Fraction, piece: Path) -> None:
        """Begin the stretch with the picture shown at `shown`, at the end of the stretch before."""
        assert self._splice is not None
        self._waits = False
        self._splice.begin(shown)
        self.begun = self.begun or (piece, shown)
        while self._early:
            self._place(self._early.popleft())

    def _place(self, packet: AnyPacket) -> None:
        """Write a packet at its time in the copy, unless it has no place there."""
        assert self._splice is not None
        placed = self._splice.place(packet.stream.type, _times(packet))
        if not isinstance(placed, LeftOut):
            self._write(packet, self.lanes[packet.stream.type], *placed)

    def _write(self, packet: AnyPacket, lane: _Lane, decoded: Fraction, shown: Fraction) -> None:
        assert packet.time_base is not None and self._out is not None and lane.out is not None
        lane.shown.append(float(shown))
        packet.dts = round(decoded / packet.time_base)
        packet.pts = round(shown / packet.time_base)
        packet.stream = lane.out
        self._out.mux(packet)


def _times(packet: AnyPacket) -> PacketTimes:
    """Return the times of a packet on its own clock. Raises RemuxError where it has none."""
    base = packet.time_base
    if packet.pts is None or packet.dts is None or base is None:
        raise RemuxError("a packet has no time")
    return PacketTimes(packet.dts * base, packet.pts * base, (packet.duration or 0) * base)


def _opened(piece: Path) -> InputContainer:
    with piece.open("rb") as file:
        head = file.read(HEAD_BYTES)
    family = next((known for known in FAMILIES if known.starts(head)), None)
    if family is None or family.still:
        raise RemuxError(f"{piece.name} is no stream")
    source = open_local(piece, family)
    source.flags |= int(cast(int, Flags.gen_pts.value))
    return source


def _copied(out: OutputContainer, stream: AnyStream) -> AnyStream:
    try:
        track = out.add_stream_from_template(stream)
    except ValueError as error:
        raise RemuxError(f"{stream.codec_context.name} cannot be kept in an MP4") from error
    assert isinstance(track, VideoStream | AudioStream)
    return track


def _coding(stream: AnyStream) -> tuple[object, ...]:
    """Return everything that must be equal in every piece."""
    context = stream.codec_context
    if isinstance(stream, VideoStream):
        return context.name, stream.width, stream.height, stream.sample_aspect_ratio
    return context.name, stream.rate, stream.channels


def _verify(to: Path, writer: _Writer) -> None:
    """Raise RemuxError unless the copy holds every packet that was read and not left out, at its
    time.
    """
    if writer.begun is None or not any(lane.shown for lane in writer.lanes.values()):
        raise RemuxError("there is nothing in it that could be copied")
    found: dict[str, array[float]] = {kind: array("d") for kind in writer.lanes}
    with open_local(to, _family("mp4")) as copy:
        for packet in copy.demux():
            if packet.pts is not None and packet.time_base is not None:
                found[packet.stream.type].append(float(packet.pts * packet.time_base))
    for kind, lane in writer.lanes.items():
        if len(found[kind]) != lane.written:
            raise RemuxError(f"{len(found[kind])} of {lane.written} {kind} packets are there")
        apart = np.abs(np.sort(found[kind]) - np.sort(lane.shown))
        if apart.size and apart.max() > TIME_TOLERANCE:
            raise RemuxError(f"the times of its {kind} moved by {apart.max():.3f} s")
    if "video" in writer.lanes:
        _same_picture(*writer.begun, to)


def _same_picture(piece: Path, at: Fraction, to: Path) -> None:
    with _opened(piece) as source, open_local(to, _family("mp4")) as copy:
        before, after = _picture_at(source, at), _picture_at(copy, Fraction(0))
    if before is None or after is None or not np.array_equal(before, after):
        raise RemuxError("its first picture is not the same")


def _picture_at(source: InputContainer, at: Fraction) -> Any:
    """Decode the picture shown at this time; None where there is none."""
    picture = streams_of(source).picture
    if picture is None:
        return None
    picture.codec_context.thread_count = 1
    for frame in source.decode(picture):
        if frame.pts is not None and frame.time_base is not None:
            when = frame.pts * frame.time_base
            if abs(when - at) <= TIME_TOLERANCE:
                return frame.to_ndarray()
            if when > at:
                break
    return None


def _family(name: str) -> Family:
    return next(family for family in FAMILIES if family.name == name)
