"""A capture of what left the machine: UDP into a file, and readers of its pictures and sound."""

import os
import select
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from support.clips import BURST_LEVEL
from support.marks import read_mark

SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35
BUFFER_BYTES = 32 << 20
BLACK_LUMA = 24.0
STEP_BACK, LEAP = 0.5, 3600.0
"""Seconds between the time stamps of two pictures, back or ahead, from which the sender has
restarted. No encoder orders pictures half a second apart. A leap ahead means that the new clock is
a minute or more below where the capture began: libav takes it for one that wrapped, and adds 26
hours."""
ARRIVAL = struct.Struct("<QQ")
"""One record of the arrivals file: bytes before this packet, its arrival in UTC nanoseconds."""


class Capture:
    """A child process that writes every datagram of a UDP port to `path` until it is stopped.

    Beside it `path + ".arrivals"` holds the kernel's arrival time of each datagram. It is a child,
    so that a busy test cannot make it lose packets.
    """

    def __init__(self, port: int, path: Path, inside: Sequence[str] = ()) -> None:
        """`inside` are words before its command, as `ip netns exec NAME`."""
        self.port, self.path, self._inside = port, path, inside
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Capture":
        self._child = subprocess.Popen(
            [*self._inside, sys.executable, __file__, str(self.port), str(self.path)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._child.stdout is not None
        self._child.stdout.readline()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> Path:
        """End the capture and return the file."""
        if self._child is not None:
            self._child.communicate()
            self._child = None
        return self.path


def capture_udp(port: int, seconds: float, path: Path) -> Path:
    """Capture `port` on loopback for `seconds` of real time."""
    with Capture(port, path) as capture, suppress(subprocess.TimeoutExpired):
        assert capture._child is not None
        capture._child.wait(seconds)
    return path


def _receive(port: int, path: Path) -> None:
    """Receive until standard input closes (in the child)."""
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    except PermissionError:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    door.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    door.bind(("127.0.0.1", port))
    print("ready", flush=True)
    written = 0
    with path.open("wb") as data, Path(f"{path}.arrivals").open("wb") as arrivals:
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [])
            if door in ready:
                packet, notes, _, _ = door.recvmsg(65536, 64)
                seconds, nanos = struct.unpack("qq", notes[0][2][:16])
                arrivals.write(ARRIVAL.pack(written, seconds * 1_000_000_000 + nanos))
                data.write(packet)
                written += len(packet)
            elif sys.stdin in ready:
                return


@dataclass(frozen=True)
class CapturedPicture:
    """One picture of a capture, in the order it would be shown."""

    pts: float
    """Seconds on the stream's own clock."""
    ident: int | None
    frame: int | None
    luma_mean: float
    flash: bool = False
    arrived: float | None = None
    """UTC seconds at which its first packet arrived, where arrivals were recorded."""
    life: int = 0
    """Counts the starts of the sender since the capture began: each start has a clock of its own
    (support/stream_clock)."""

    @property
    def black(self) -> bool:
        return self.luma_mean < BLACK_LUMA


@dataclass(frozen=True)
class Burst:
    """One sound burst: when it began on the stream's clock, its pitch, how long it was heard."""

    pts: float
    hz: float
    seconds: float


def _arrivals(path: Path) -> tuple[NDArray[np.uint64], NDArray[np.uint64]] | None:
    beside = Path(f"{path}.arrivals")
    if not beside.exists():
        return None
    raw = beside.read_bytes()
    table = np.frombuffer(raw[: len(raw) // 16 * 16], "<u8").reshape(-1, 2)
    return table[:, 0], table[:, 1]


def read_ts(path: Path) -> list[CapturedPicture]:
    """Read every picture of a captured stream (or of any file), with its mark.

    A stream whose clock restarts uses time stamps twice: the newest arrival of one counts, and the
    pictures from there on belong to another life.
    """
    arrivals, arrived_at = _arrivals(path), {}
    seen: list[CapturedPicture] = []
    life = 0
    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        stream.thread_type = "SLICE"
        for packet in source.demux(stream):
            if arrivals is not None and packet.pts is not None and packet.pos is not None:
                row = int(np.searchsorted(arrivals[0], packet.pos, side="right")) - 1
                arrived_at[packet.pts] = int(arrivals[1][max(0, row)]) / 1e9
            for frame in _decoded(packet):
                if frame.pts is None:
                    continue
                one = _captured_picture(frame, arrived_at.get(frame.pts))
                step = one.pts - seen[-1].pts if seen else 0.0
                life += step < -STEP_BACK or step > LEAP
                seen.append(replace(one, life=life))
    return seen


def _captured_picture(frame: av.VideoFrame, arrived: float | None) -> CapturedPicture:
    luma = luma_of(frame)
    mark, mean = read_mark(luma), float(luma[::4, ::4].mean())
    assert frame.pts is not None
    pts = float(frame.pts * frame.time_base)
    if mark is None:
        return CapturedPicture(pts, None, None, mean, arrived=arrived)
    return CapturedPicture(pts, mark.ident, mark.frame, mean, mark.flash, arrived)


def _decoded(packet: av.Packet) -> list[av.VideoFrame]:
    """Return the frames of a packet; none of a broken one, such as the first of a capture."""
    try:
        return list(packet.decode())  # type: ignore[arg-type]
    except av.FFmpegError:
        return []


def luma_of(frame: av.VideoFrame) -> NDArray[np.uint8]:
    if frame.format.name in ("yuv420p", "yuvj420p"):
        plane = frame.planes[0]
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        return rows[: frame.height, : frame.width]
    return frame.to_ndarray(format="gray")


def sound_of(path: Path) -> tuple[NDArray[np.float32], int, float]:
    """Return the mono sound of a file, its rate, and the stream time of its first sample.

    Holes in the stream's time stay holes, filled with exact zeros.
    """
    pieces: list[tuple[int, NDArray[np.float32]]] = []
    with av.open(str(path)) as source:
        stream = source.streams.audio[0]
        rate = stream.rate
        for frame in _audio_frames(source, stream):
            if frame.pts is None:
                continue
            planes = frame.to_ndarray()
            if not frame.format.is_planar:
                planes = planes.reshape(-1, frame.layout.nb_channels).T
            mono = planes.astype(np.float32).mean(axis=0)
            if planes.dtype == np.int16:
                mono /= 32768
            at = round(Fraction(frame.pts) * frame.time_base * rate)
            pieces.append((at, mono.astype(np.float32)))
    if not pieces:
        return np.zeros(0, np.float32), rate, 0.0
    first = min(at for at, _ in pieces)
    whole = np.zeros(max(at + len(mono) for at, mono in pieces) - first, np.float32)
    for at, mono in pieces:
        whole[at - first : at - first + len(mono)] = mono
    return whole, rate, first / rate


def _audio_frames(
    source: av.container.InputContainer, stream: av.AudioStream
) -> Iterator[av.AudioFrame]:
    for packet in source.demux(stream):
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def read_bursts(path: Path) -> list[Burst]:
    """Return onset and pitch of every burst, the onset to a few milliseconds."""
    sound, rate, first = sound_of(path)
    step = rate // 1000
    level = np.abs(sound[: len(sound) // step * step]).reshape(-1, step).max(axis=1, initial=0)
    loud = level > BURST_LEVEL / 6
    bursts, quiet_since = [], -1000
    for place in np.flatnonzero(loud):
        if place - quiet_since > 250:
            peak = level[place : place + 60].max()
            onset = place + int(np.argmax(level[place : place + 60] > peak * 0.5))
            tone = sound[(onset + 10) * step : (onset + 80) * step]
            if len(tone) == 70 * step:
                heard = np.flatnonzero(level[onset : onset + 200] > peak * 0.5)[-1] + 1
                bursts.append(Burst(first + onset / 1000, _pitch(tone, rate), heard / 1000))
        quiet_since = int(place)
    return bursts


def _pitch(tone: NDArray[np.float32], rate: int) -> float:
    power = np.abs(np.fft.rfft(tone * np.hanning(len(tone)), 1 << 15))
    return float(np.argmax(power)) * rate / (1 << 15)


def silent_stretches(path: Path, longer_than: float = 0.02) -> list[tuple[float, float]]:
    """Return (start, end) of stretches quieter than the clips' background tone, on the stream's
    clock.
    """
    sound, rate, first = sound_of(path)
    step = rate // 200
    level = np.abs(sound[: len(sound) // step * step]).reshape(-1, step).max(axis=1, initial=0)
    quiet = np.concatenate([[False], level < 0.002, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    spans = [(first + a / 200, first + b / 200) for a, b in edges.reshape(-1, 2)]
    return [span for span in spans if span[1] - span[0] > longer_than]


if __name__ == "__main__":
    _receive(int(sys.argv[1]), Path(sys.argv[2]))
