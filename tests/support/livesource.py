"""An encoder as a chamber has one: sends a numbered clip in real time, over any way asked."""

import argparse
import ctypes
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av

DATAGRAM = 1316
GOP = 30


@dataclass
class Sending:
    """A sender under way. `mute` are stretches, in seconds from its start, in which nothing is
    sent; at `reset` its clock begins anew, as after a reboot; `ppm` is how much too fast."""

    clip: Path
    to: str
    mute: tuple[tuple[float, float], ...] = ()
    reset: float | None = None
    ppm: float = 0.0
    started: float = 0.0
    """UTC seconds of its first packet."""
    _child: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    def __enter__(self) -> "Sending":
        argv = [sys.executable, __file__, str(self.clip), self.to, f"--ppm={self.ppm}"]
        argv += [f"--mute={begin}:{end}" for begin, end in self.mute]
        argv += [f"--reset={self.reset}"] if self.reset is not None else []
        here = {"PYTHONPATH": f"{Path(__file__).parent.parent}:{Path(__file__).parents[2]}"}
        self._child = subprocess.Popen(
            argv, env=os.environ | here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._child.stdout is not None
        self.started = float(self._child.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        assert self._child is not None
        self._child.kill()
        self._child.communicate()


class Datagrams:
    """A file-like object whose bytes leave as datagrams of a transport stream."""

    def __init__(self, send: Callable[[bytes], Any]) -> None:
        self._send, self._left = send, b""
        self.muted = False

    def write(self, data: bytes) -> int:
        self._left += data
        while len(self._left) >= DATAGRAM:
            piece, self._left = self._left[:DATAGRAM], self._left[DATAGRAM:]
            if not self.muted:
                self._send(piece)
        return len(data)


PUSHED = {"rtmp": "flv", "rtsp": "rtsp"}
"""Ways on which libav itself pushes the stream to whoever listens."""


def way(to: str) -> Callable[[bytes], Any]:
    """What sends bytes to this address."""
    parts = urlsplit(to)
    host, port = parts.hostname or "127.0.0.1", parts.port or 0
    if parts.scheme == "udp":
        door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        return lambda piece: door.sendto(piece, (host, port))
    if parts.scheme == "http":
        return Served(host, port).send
    return srt_way(host, port)


class Served:
    """A web server that gives whoever asks the stream from now on."""

    def __init__(self, host: str, port: int) -> None:
        self._door = socket.create_server((host, port), reuse_port=False)
        self._guests: list[socket.socket] = []
        threading.Thread(target=self._welcome, daemon=True).start()

    def _welcome(self) -> None:
        while True:
            guest, _ = self._door.accept()
            guest.recv(4096)
            guest.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
            guest.settimeout(0.5)
            self._guests.append(guest)

    def send(self, piece: bytes) -> None:
        for guest in list(self._guests):
            try:
                guest.sendall(piece)
            except OSError:
                self._guests.remove(guest)


def srt_way(host: str, port: int) -> Callable[[bytes], Any]:
    """An SRT listener that sends to its one caller, with the system's libsrt."""
    from playout.engine.gatewaysrt import _library, _sockaddr

    library: Any = _library()
    listener = library.srt_create_socket()
    place = _sockaddr(host, port)
    assert library.srt_bind(listener, place, len(place)) == 0
    library.srt_listen(listener, 4)
    guests: list[int] = []

    def welcome() -> None:
        while True:
            guest = library.srt_accept(listener, None, None)
            if guest >= 0:
                guests.append(guest)

    threading.Thread(target=welcome, daemon=True).start()

    def send(piece: bytes) -> None:
        for guest in list(guests):
            if library.srt_sendmsg(guest, ctypes.c_char_p(piece), len(piece), -1, 1) < 0:
                guests.remove(guest)

    return send


def send(given: argparse.Namespace) -> None:
    """The child: send the clip once, in its own time."""
    pushed = PUSHED.get(urlsplit(given.to).scheme)
    out_of = Datagrams(way(given.to)) if pushed is None else None
    mutes = [tuple(map(float, text.split(":"))) for text in given.mute]
    print(time.time(), flush=True)
    begin, shift, first = time.monotonic(), 0, None
    with av.open(str(given.clip)) as source:
        tracks = (source.streams.video[0], source.streams.audio[0])
        sink: Any = None
        for packet in source.demux(tracks):
            if packet.dts is None:
                continue
            at = float(packet.dts * packet.time_base)
            first = at if first is None else first
            gone = (at - first) / (1 + given.ppm * 1e-6)
            time.sleep(max(0.0, begin + gone - time.monotonic()))
            if out_of is not None:
                out_of.muted = any(low <= gone < high for low, high in mutes)
            again = given.reset is not None and not shift and gone >= given.reset
            if sink is None or (again and packet.is_keyframe):
                if again:
                    shift = packet.dts
                sink = sink_of(out_of or given.to, tracks, pushed or "mpegts")
            packet.pts -= shift if packet.stream is tracks[0] else round(shift)
            packet.dts -= shift
            packet.stream = sink[1][packet.stream.index]
            sink[0].mux(packet)


def sink_of(out_of: Datagrams | str, tracks: Any, form: str) -> Any:
    """A muxer over the way out, as an encoder has that just started."""
    more = {"rtsp_transport": "tcp"} if form == "rtsp" else {}
    sink: Any = av.open(out_of, "w", format=form, options={"flush_packets": "1"} | more)
    return sink, {track.index: sink.add_stream_from_template(track) for track in tracks}


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("clip", type=Path)
    words.add_argument("to")
    words.add_argument("--mute", action="append", default=[])
    words.add_argument("--reset", type=float)
    words.add_argument("--ppm", type=float, default=0.0)
    send(words.parse_args())
