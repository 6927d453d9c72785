"""An encoder like the one in a council chamber: sends a numbered clip in real time over any
protocol.
"""

import argparse
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
from support.camera import Camera

DATAGRAM = 1316


@dataclass
class EncoderProcess:
    """A child process that sends a clip `loops` times, then the clips in `then`.

    The clips follow without a pause on the same packet ids, each from an encoder whose clock starts
    again. `mute` lists stretches, in seconds from the start, in which it sends nothing. At `reset`
    its clock restarts, as after a reboot. Its clock runs `ppm` parts per million fast.
    """

    clip: Path
    to: str
    mute: tuple[tuple[float, float], ...] = ()
    reset: float | None = None
    ppm: float = 0.0
    loops: int = 1
    then: tuple[Path, ...] = ()
    inside: tuple[str, ...] = ()
    """Words before its command, as `ip netns exec NAME`."""
    started: float = 0.0
    """UTC seconds of its first packet."""
    _child: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    def __enter__(self) -> "EncoderProcess":
        argv = [*self.inside, sys.executable, __file__, str(self.clip), self.to]
        argv += [f"--ppm={self.ppm}", f"--loops={self.loops}"]
        argv += [f"--then={clip}" for clip in self.then]
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
    """A file-like object that sends its bytes as datagrams of a transport stream."""

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


def push_target(to: str, beside: Path) -> tuple[str, str] | None:
    """Return where and in which format libav itself sends the stream: to a listener, or as HLS
    segments that a web server serves. None where the test sends its bytes.
    """
    parts = urlsplit(to)
    if parts.scheme == "rtmp":
        return to, "flv"
    if parts.path.endswith(".m3u8"):
        folder = tempfile.mkdtemp(prefix="hls-", dir=beside)
        shown = partial(SimpleHTTPRequestHandler, directory=folder)
        server = ThreadingHTTPServer((parts.hostname or "127.0.0.1", parts.port or 0), shown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return folder + parts.path, "hls"
    return None


def sender_for(to: str) -> Callable[[bytes], Any]:
    """Return the function that sends bytes to this address."""
    parts = urlsplit(to)
    host, port = parts.hostname or "127.0.0.1", parts.port or 0
    if parts.scheme == "udp":
        door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        return lambda piece: door.sendto(piece, (host, port))
    if parts.scheme == "rtp":
        return RtpSender(host, port).send
    if parts.scheme == "rtsp":
        return RtspStreamServer(host, port).send
    if parts.scheme == "http":
        return HttpStreamServer(host, port).send
    return srt_sender(host, port)


class HttpStreamServer:
    """A web server that sends each client the stream from the moment it connects."""

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


def rtp(number: int, piece: bytes) -> bytes:
    """Return a piece of transport stream as RTP carries it (RFC 2250)."""
    stamp = int(time.monotonic() * 90000) & 0xFFFFFFFF
    return struct.pack("!BBHII", 0x80, 33, number & 0xFFFF, stamp, 9) + piece


class RtpSender:
    """RTP over UDP, with sequence numbers."""

    def __init__(self, host: str, port: int) -> None:
        self._door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._to, self._number = (host, port), 0

    def send(self, piece: bytes) -> None:
        self._number += 1
        self._door.sendto(rtp(self._number, piece), self._to)


class RtspStreamServer:
    """An RTSP camera that sends its one stream to each client inside the RTSP connection."""

    SDP = "\r\n".join(
        (
            "v=0",
            "o=- 0 0 IN IP4 127.0.0.1",
            "s=Hall",
            "t=0 0",
            "m=video 0 RTP/AVP 33",
            "a=control:1",
            "",
        )
    )

    def __init__(self, host: str, port: int) -> None:
        self._door = socket.create_server((host, port), reuse_port=False)
        self._guests: list[socket.socket] = []
        self._number = 0
        threading.Thread(target=self._welcome, daemon=True).start()

    def _welcome(self) -> None:
        while True:
            guest, _ = self._door.accept()
            threading.Thread(target=self._talk, args=(guest,), daemon=True).start()

    def _talk(self, guest: socket.socket) -> None:
        lines = guest.makefile("rb")
        while request := self._request(lines):
            answer = f"RTSP/1.0 200 OK\r\nCSeq: {request['cseq']}\r\nSession: 7\r\n"
            body = ""
            if request["verb"] == "DESCRIBE":
                body = self.SDP
                answer += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
            elif request["verb"] == "SETUP":
                answer += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
            guest.sendall(f"{answer}\r\n{body}".encode())
            if request["verb"] == "PLAY":
                self._guests.append(guest)

    @staticmethod
    def _request(lines: Any) -> dict[str, str]:
        """Return a caller's next request, skipping its reception reports."""
        while True:
            first = lines.readline()
            if not first.startswith(b"$"):
                break
            lines.read(int.from_bytes((first + lines.read(4))[2:4], "big"))
        if not first:
            return {}
        request = {"verb": first.decode().split()[0]}
        while (line := lines.readline().decode().strip()) != "":
            name, _, value = line.partition(":")
            request[name.lower()] = value.strip()
        return request

    def send(self, piece: bytes) -> None:
        self._number += 1
        packet = rtp(self._number, piece)
        whole = b"$\0" + len(packet).to_bytes(2, "big") + packet
        for guest in list(self._guests):
            try:
                guest.sendall(whole)
            except OSError:
                self._guests.remove(guest)


def srt_sender(host: str, port: int) -> Callable[[bytes], Any]:
    """Return an SRT listener that sends to its callers, with the system's libsrt."""
    from playout.engine.libsrt import SrtError, SrtSocket

    listener = SrtSocket()
    listener.listen(host, port, 4)
    guests: list[SrtSocket] = []

    def send(piece: bytes) -> None:
        guest = listener.accept()
        if guest is not None:
            guests.append(guest)
        for guest in list(guests):
            try:
                guest.send(piece)
            except SrtError:
                guests.remove(guest)

    return send


def packets(clip: Path, loops: int) -> Iterator[tuple[float, Any]]:
    """Yield the clip's packets again and again with rising times: seconds from the first, and
    packet.
    """
    base = 0.0
    for _ in range(loops):
        with av.open(str(clip)) as source:
            tracks = (*source.streams.video[:1], *source.streams.audio[:1])
            first, end = None, 0.0
            for packet in source.demux(tracks):
                if packet.dts is None:
                    continue
                at = float(packet.dts * packet.time_base)
                first = at if first is None else first
                if packet.stream is tracks[0]:
                    end = max(end, at - first + 1001 / 30000)
                moved = round(base / packet.time_base)
                packet.pts, packet.dts = packet.pts + moved, packet.dts + moved
                yield base + at - first, packet
            base += end


def send(given: argparse.Namespace) -> None:
    """Send the clips in their own time (in the child)."""
    if urlsplit(given.to).path == "/camera":
        play_camera(given)
        return
    place = push_target(given.to, given.clip.parent)
    out_of = Datagrams(sender_for(given.to)) if place is None else None
    print(time.time(), flush=True)
    begin = time.monotonic()
    begin = send_clip(given, given.clip, place or (out_of, "mpegts"), begin)
    for clip in given.then:
        begin = send_clip(given, clip, place or (out_of, "mpegts"), begin)


def send_clip(given: argparse.Namespace, clip: Path, to: Any, begin: float) -> float:
    """Send one clip from `begin` on. Return when it is over; both are monotonic."""
    mutes = [tuple(map(float, text.split(":"))) for text in given.mute]
    shift, sink, gone, before = 0, None, 0.0, 0.0
    with av.open(str(clip)) as pattern:
        for at, packet in packets(clip, given.loops):
            before, gone = gone, at / (1 + given.ppm * 1e-6)
            time.sleep(max(0.0, begin + gone - time.monotonic()))
            if isinstance(to[0], Datagrams):
                to[0].muted = any(low <= gone < high for low, high in mutes)
            again = given.reset is not None and not shift and gone >= given.reset
            if sink is None or (again and packet.is_keyframe and packet.stream.type == "video"):
                shift = packet.dts if again else 0
                tracks = (*pattern.streams.video[:1], *pattern.streams.audio[:1])
                sink = muxer_for(*to, tracks)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            packet.stream = sink[1][packet.stream.index]
            sink[0].mux(packet)
    return begin + gone + max(0.0, gone - before)


def play_camera(given: argparse.Namespace) -> None:
    """Play the clip in the camera's own time, whether or not a client watches."""
    parts = urlsplit(given.to)
    camera = Camera(given.clip, parts.hostname or "127.0.0.1", parts.port or 0)
    print(time.time(), flush=True)
    begin = time.monotonic()
    for at, packet in packets(given.clip, given.loops):
        time.sleep(max(0.0, begin + at - time.monotonic()))
        camera.mux(packet)


def muxer_for(out_of: Any, form: str, tracks: Any) -> Any:
    """Return a muxer over the transport, as an encoder that just started has it."""
    options = {"flush_packets": "1"}
    if form == "hls":
        options |= {"hls_time": "1", "hls_list_size": "8"}
    for _ in range(40):
        try:
            sink: Any = av.open(out_of, "w", format=form, options=options)
            streams = {track.index: sink.add_stream_from_template(track) for track in tracks}
            sink.start_encoding()
        except av.FFmpegError:
            time.sleep(0.25)
            continue
        return sink, streams
    raise SystemExit("no listener at the address")


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("clip", type=Path)
    words.add_argument("to")
    words.add_argument("--mute", action="append", default=[])
    words.add_argument("--reset", type=float)
    words.add_argument("--ppm", type=float, default=0.0)
    words.add_argument("--loops", type=int, default=1)
    words.add_argument("--then", type=Path, action="append", default=[])
    send(words.parse_args())
