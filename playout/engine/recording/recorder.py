"""Writes a source to disk as it arrives: pieces of transport stream that can each be used alone."""

import logging
import os
import queue
import shutil
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from config.disk import RECORDING_STOPS_BELOW
from playout.engine.links.packets import CodedPacket, CodedTrack, StreamFormat
from playout.engine.recording.pieces import (
    LONGEST_PIECE_SECONDS,
    PIECE_SECONDS,
    SMALLEST_GAP,
    note_beginning,
    piece_name,
)

log = logging.getLogger(__name__)

PTS_UNIT = Fraction(1, 90000)
"""Seconds in one step of an MPEG clock."""
MUX_OPTIONS = {"flush_packets": "1", "max_interleave_delta": "200000", "mpegts_copyts": "1"}
BEGINNING_KNOWN_AFTER = 2.0
"""Seconds into a stretch after which its true beginning is known, and written down."""


class RecordError(Exception):
    """A disk that takes no more; the text is for staff."""


class _File:
    """A file without a buffer in this process: bytes reach the kernel at once, so a crash loses
    none.
    """

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self.handle = os.open(path, flags, 0o640)
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write all of it. libav would swallow an error, so the error is kept for `PieceFile` to
        ask for.
        """
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self.handle, left) :]
        except OSError as error:
            self.error = error
            raise
        return len(data)


def mux_stream(container: Any, track: CodedTrack) -> Any:
    """Add a stream for packets that are already encoded."""
    if track.kind == "video":
        size: dict[str, Any] = {}
        if track.width and track.height:
            size = {"width": track.width, "height": track.height}
        return container.add_mux_stream(
            track.codec, rate=track.rate or 25, time_base=track.time_base, **size
        )
    rate = track.sample_rate or 48000
    return container.add_mux_stream(track.codec, rate=rate, time_base=track.time_base)


def packet_of(pack: CodedPacket, track: CodedTrack, stream: Any) -> Any:
    """Return a packet in the form that libav muxes."""
    packet: Any = av.Packet(pack.data)
    packet.pts, packet.dts = pack.pts, pack.dts
    packet.duration, packet.time_base = pack.duration, track.time_base
    packet.is_keyframe, packet.stream = pack.key, stream
    return packet


class PieceFile:
    """One piece while it is being written."""

    def __init__(self, path: Path, form: StreamFormat) -> None:
        self._file = _File(path)
        self._out: Any = av.open(self._file, "w", format="mpegts", options=MUX_OPTIONS)
        self._tracks = form.tracks
        self._streams = [mux_stream(self._out, track) for track in form.tracks]

    def write(self, pack: CodedPacket) -> None:
        """Add a packet. Raises RecordError when the disk refuses it."""
        track = self._tracks[pack.track]
        try:
            self._out.mux_one(packet_of(pack, track, self._streams[pack.track]))
        except (av.FFmpegError, OSError) as error:
            self._check()
            log.warning("A packet could not be recorded: %s", type(error).__name__)
        self._check()

    def _check(self) -> None:
        if self._file.error is not None:
            raise RecordError(f"The recording disk refuses: {self._file.error.strerror}.")

    def close(self, closer: "FileCloser") -> None:
        """End the file."""
        with suppress(av.FFmpegError, OSError):
            self._out.close()
        closer.close(self._file.handle)


class FileCloser:
    """Syncs finished files in a thread of its own, so that packets never wait for the disk."""

    def __init__(self) -> None:
        self._handles: queue.Queue[int] = queue.Queue()
        threading.Thread(target=self._run, name="sync", daemon=True).start()

    def close(self, handle: int) -> None:
        """Sync a file to disk and close it, soon."""
        self._handles.put(handle)

    def _run(self) -> None:
        while True:
            handle = self._handles.get()
            with suppress(OSError):
                os.fsync(handle)
            os.close(handle)


class Recorder:
    """The recording of one airing. Give it every format and packet in order."""

    def __init__(self, folder: Path, closer: FileCloser) -> None:
        self._folder, self._closer = folder, closer
        self._form: StreamFormat | None = None
        self._piece: PieceFile | None = None
        self._wall: datetime | None = None
        self._true: datetime | None = None
        self._settled = False
        self._first = self._piece_first = self._newest = 0.0
        self._kept = 0.0
        self._recess = False

    @property
    def seconds(self) -> float:
        """Seconds recorded since this recorder began."""
        return self._kept + (max(0.0, self._newest - self._first) if self._wall else 0.0)

    def begin(self, form: StreamFormat) -> None:
        """Begin a stretch: packets come in this format now, on a clock that does not continue the
        last.
        """
        self.close()
        self._form = form

    def recess(self, on: bool) -> None:
        """Write into pieces of a recess from now on, or no longer."""
        if on != self._recess:
            self.close()
            self._recess = on

    def write(self, pack: CodedPacket, now: datetime) -> None:
        """Write a packet; `now` is its arrival, UTC. Raises RecordError when the disk takes no
        more.
        """
        form = self._form
        if form is None:
            return
        track = form.tracks[pack.track]
        at = track.seconds(pack.dts)
        self._place(now, at, track)
        if self._is_full(track, pack, at):
            self._end_piece()
        if self._piece is None:
            self._piece = self._open(at)
        self._newest = max(self._newest, at + track.seconds(pack.duration))
        self._piece.write(pack)

    def _place(self, now: datetime, at: float, track: CodedTrack) -> None:
        """Work out when the stretch began: the packets that libav probed first arrived late, so the
        beginning is the earliest that any packet of the first seconds implies.
        """
        if self._wall is None:
            self._wall = self._true = now
            self._first = self._newest = at
            self._settled = False
        if self._settled or self._true is None:
            return
        self._true = min(self._true, now - timedelta(seconds=at - self._first))
        if at - self._first > BEGINNING_KNOWN_AFTER:
            self._settled = True
            if self._wall - self._true > SMALLEST_GAP:
                with suppress(OSError):
                    note_beginning(self._folder, self._wall, self._true)

    def _is_full(self, track: CodedTrack, pack: CodedPacket, at: float) -> bool:
        assert self._form is not None
        long = at - self._piece_first
        at_key = pack.key and (track.kind == "video" or not self._form.has_picture)
        return self._piece is not None and (
            (at_key and long >= PIECE_SECONDS) or long >= LONGEST_PIECE_SECONDS
        )

    def _open(self, at: float) -> PieceFile:
        assert self._form is not None and self._wall is not None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free < RECORDING_STOPS_BELOW:
                raise RecordError("The recording disk is full; make room on it.")
            offset = timedelta(seconds=at - self._first)
            name = piece_name(self._wall, offset, recess=self._recess)
            piece = PieceFile(self._folder / name, self._form)
        except OSError as error:
            raise RecordError(f"The recording disk refuses: {error.strerror}.") from error
        self._piece_first = at
        return piece

    def _end_piece(self) -> None:
        if self._piece is not None:
            self._piece.close(self._closer)
            self._piece = None

    def close(self) -> None:
        """End the current piece; everything recorded stays."""
        self._end_piece()
        self._kept, self._wall = self.seconds, None
