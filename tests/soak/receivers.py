"""Other sides of a channel's targets: real ones that take the stream, and the same ones hung."""

import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from support.rtmp_server import RtmpServer

from playout.engine.targets.playlist import read_playlist
from playout.engine.targets.rtmp_chunks import Kind

END_WITHIN = 10.0


class Receiver:
    """A program that takes the stream and writes it into a file."""

    def __init__(self, path: Path, command: Sequence[str]) -> None:
        self.path, self._command = path, command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.path.open("wb") as got:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=got, stderr=subprocess.DEVNULL
            )

    def freeze(self) -> None:
        """Stop it by a signal, so that it is there and takes nothing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """End it, so that its file is complete."""
        if self._process is None:
            return
        self.thaw()
        self._process.terminate()
        try:
            self._process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def srt_receiver(path: Path, port: int) -> Receiver:
    """Return libsrt's own receiver, which listens and takes one caller after another."""
    words = ["srt-live-transmit", "-q", "-loglevel:fatal", f"srt://127.0.0.1:{port}?mode=listener"]
    return Receiver(path, [*words, "file://con"])


def rtmp_receiver(path: Path, port: int) -> Receiver:
    """Return ffmpeg as an RTMP server for one publisher."""
    words = ["ffmpeg", "-v", "error", "-listen", "1", "-f", "flv"]
    words += ["-i", f"rtmp://127.0.0.1:{port}/live/key", "-c", "copy", "-f", "flv", "-"]
    return Receiver(path, words)


class UnreadServer:
    """An RTMP server that takes every publisher, and reads nothing of what it sends until it is
    told to.
    """

    def __init__(self) -> None:
        self._server = RtmpServer()
        self._server.reads = False
        self.port = self._server.port

    def thaw(self) -> None:
        """Read from now on."""
        self._server.reads = True

    @property
    def pictures(self) -> int:
        """Pictures that it has read so far."""
        return self._server.kinds.count(Kind.PICTURE)

    def end(self) -> None:
        """Close it."""
        self._server.reads = True
        time.sleep(0.1)
        self._server.close()


def read_back(folder: Path, path: Path) -> Path:
    """Join the segments of an HLS folder in the order of its playlist, and return the file."""
    playlist = read_playlist((folder / "live.m3u8").read_text(), 1)
    with path.open("wb") as joined:
        for segment in playlist.segments:
            joined.write((folder / segment.name).read_bytes())
    return path
