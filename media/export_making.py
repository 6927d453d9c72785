"""The making of a file from pieces of another, to the frame and to the sample (in the child only).

Frames are numbered by their times from the first picture on, as on air. Each piece is read from a
key picture before it, and gets exactly its frames: one that is missing repeats the one before it.
Its sound is cut at the samples where its frames begin.

Example: the pieces [10, 35) and [50, 60) of a film of 25 frames a second make a film of 35. Frame
50 becomes frame 25, shown after 1 s; samples 96,000 to 115,199 of the sound become 48,000 to
67,199.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer

from config.names import SAMPLE_RATE
from media.export import Export
from media.export_pieces import PiecePictures, PieceSound
from media.export_writer import ExportWriter, NothingReadError, describe
from media.filtered import AnyFrame
from media.formats import Family
from media.local import open_local
from media.tracks import streams_of

BEFORE_SECONDS = (2, 15)
"""How long before a piece reading begins; where no key picture and no sound lies there, at the
beginning of the file."""
FEW_PACKETS = 2000
"""Packets in which both picture and sound must come after a seek."""
BEHIND_SECONDS = 5
"""How far reading goes on behind a piece whose sound does not come."""


def make(
    export: Export,
    path: Path,
    family: Family,
    cues: Sequence[tuple[int, int, str]],
    to: Path,
    progress: Callable[[float], None],
) -> int:
    """Write the file; return how many pictures could not be read.

    Raises NothingReadError, and av.FFmpegError or OSError where nothing opens.
    """
    options = {"movflags": "+faststart"}
    with av.open(str(to), "w", format="mp4", options=options) as out:
        with open_local(path, family) as source:
            writer = ExportWriter(export, out, streams_of(source).picture)
        describe(export, out)
        writer.write_texts(cues)
        repeated = gone = 0
        for number, piece in enumerate(export.pieces, start=1):
            with open_local(path, family) as source:
                reading = _PieceReading(export, source, piece, writer, number, gone)
                reading.read(lambda frames, gone=gone: progress((gone + frames) / export.frames))  # type: ignore[misc]
            repeated += reading.repeated
            gone += piece[1] - piece[0]
        writer.finish()
    return repeated


def sample_at(frame: int, steps: Fraction) -> int:
    """Return the first sample of a frame."""
    return int(frame * SAMPLE_RATE / steps)


class _PieceReading:
    """The reading of one piece."""

    def __init__(
        self,
        export: Export,
        source: InputContainer,
        piece: tuple[int, int],
        writer: ExportWriter,
        number: int,
        gone: int,
    ) -> None:
        self._source, self._number = source, number
        streams = streams_of(source)
        self._streams: list[Any] = []
        self._begin, self._end = (frame / export.steps for frame in piece)
        self._start = Fraction(0)
        self._pictures: PiecePictures | None = None
        self._sounds: PieceSound | None = None
        if export.has_picture and streams.picture is not None:
            self._streams.append(streams.picture)
            self._start = _begin_of(streams.picture)
            self._pictures = PiecePictures(export, piece, self._start, writer)
        if export.has_sound and streams.sound is not None:
            self._streams.append(streams.sound)
            if self._pictures is None:
                self._start = _begin_of(streams.sound)
            last = sample_at(gone + piece[1] - piece[0], export.steps)
            samples = last - sample_at(gone, export.steps)
            first = sample_at(piece[0], export.steps)
            self._sounds = PieceSound(first, samples, self._start, writer)
        self._steps = export.steps

    @property
    def repeated(self) -> int:
        """The number of its pictures that could not be read."""
        return self._pictures.repeated if self._pictures is not None else 0

    def read(self, progress: Callable[[int], None]) -> None:
        """Write the piece. Raises NothingReadError."""
        self._seek()
        pictures, sounds, reported = self._pictures, self._sounds, 0
        for packet in self._source.demux(self._streams):
            at = _time_of(packet)
            if at is not None:
                frames = int((min(at - self._start, self._end) - self._begin) * self._steps)
                if frames - reported >= self._steps:
                    reported = frames
                    progress(frames)
            for frame in _decoded(packet):
                if isinstance(frame, av.VideoFrame) and pictures is not None:
                    pictures.take(frame)
                elif isinstance(frame, av.AudioFrame) and sounds is not None:
                    sounds.take(frame)
            if self._is_over(at):
                break
        self._finish()

    def _is_over(self, at: Fraction | None) -> bool:
        parts = [one for one in (self._pictures, self._sounds) if one is not None]
        late = at is not None and at - self._start > self._end + BEHIND_SECONDS
        return late or all(one.is_whole for one in parts)

    def _finish(self) -> None:
        if self._pictures is not None and not self._pictures.finish():
            words = f"No picture of piece {self._number} can be read: the file is damaged there."
            raise NothingReadError(words)
        if self._sounds is not None:
            self._sounds.finish()

    def _seek(self) -> None:
        """Go to where picture and sound of the piece can be read from."""
        for before in BEFORE_SECONDS:
            if self._begin <= before:
                break
            place = self._start + self._begin - before
            self._source.seek(int(place * av.time_base))
            if self._both_come():
                self._source.seek(int(place * av.time_base))
                return
        self._source.seek(int(min(self._start, Fraction(0)) * av.time_base))

    def _both_come(self) -> bool:
        """Tell whether from here on both tracks come before the piece begins."""
        waiting = {stream.index for stream in self._streams}
        for count, packet in enumerate(self._source.demux(self._streams)):
            at = _time_of(packet)
            usable = packet.is_keyframe or packet.stream.type == "audio"
            if at is None or not usable or packet.stream.index not in waiting:
                if count > FEW_PACKETS:
                    return False
                continue
            if at - self._start > self._begin:
                return False
            waiting.discard(packet.stream.index)
            if not waiting:
                return True
        return False


def _begin_of(stream: Any) -> Fraction:
    """Return when the first frame of a track is shown or heard, in seconds of the file's clock."""
    return Fraction(stream.start_time or 0) * Fraction(stream.time_base)


def _time_of(packet: Any) -> Fraction | None:
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None or packet.time_base is None:
        return None
    return Fraction(stamp) * Fraction(packet.time_base)


def _decoded(packet: Any) -> Iterator[AnyFrame]:
    """Yield the frames that a packet completes; none where it is damaged."""
    try:
        frames = packet.decode()
    except av.FFmpegError:
        return
    for frame in frames:
        if isinstance(frame, av.VideoFrame | av.AudioFrame):
            yield frame
