"""An RTMP server as a test wants it: one that refuses, reads nothing, or says strange things; and
ffmpeg as a real one.
"""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support.ports import free_tcp_port

from playout.engine.targets.amf import AmfValue, dump, load
from playout.engine.targets.rtmp_chunks import ChunkReader, Kind, Message, chunks


@contextmanager
def ffmpeg_server(path: Path, key: str) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Give the port of a server that takes one stream with this key, and writes it into a file."""
    port = free_tcp_port()
    command = ["ffmpeg", "-v", "error", "-y", "-listen", "1", "-f", "flv"]
    command += ["-i", f"rtmp://127.0.0.1:{port}/live/{key}", "-c", "copy", "-f", "flv", str(path)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port, process
    finally:
        process.kill()
        process.wait()


class RtmpServer:
    """Takes one connection after another. `answers` maps a command to what is said to it."""

    def __init__(self, wrap: Callable[[socket.socket], socket.socket] | None = None) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._wrap = wrap
        self._guests: list[socket.socket] = []
        self.answers: dict[str, list[AmfValue]] = {
            "connect": ["_result", 1.0, {}, {"code": "NetConnection.Connect.Success"}],
            "createStream": ["_result", 4.0, None, 1.0],
            "publish": ["onStatus", 0.0, None, {"code": "NetStream.Publish.Start"}],
        }
        self.reads = True
        """Whether it reads on once the stream is published."""
        self.commands: list[str] = []
        self.kinds: list[int] = []
        self.after: bytes = b""
        """What it sends once the stream is published."""
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections, and end those there are."""
        self._door.close()
        for guest in self._guests:
            guest.close()

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._door.accept()
            except OSError:
                return
            self._guests.append(guest)
            threading.Thread(target=self._talk, args=(guest,), daemon=True).start()

    def _talk(self, guest: socket.socket) -> None:
        try:
            if self._wrap is not None:
                guest = self._wrap(guest)
                self._guests.append(guest)
            hello = b""
            while len(hello) < 1537:
                hello += guest.recv(1537 - len(hello))
            guest.sendall(b"\x03" + bytes(1536) + hello[1:])
            skipped = 0
            while skipped < 1536:
                skipped += len(guest.recv(1536 - skipped))
            self._listen(guest)
        except OSError:
            guest.close()

    def _listen(self, guest: socket.socket) -> None:
        reader = ChunkReader()
        while True:
            data = guest.recv(65_536)
            if not data:
                guest.close()
                return
            for message in reader.take(data):
                self.kinds.append(message.kind)
                if message.kind != Kind.COMMAND:
                    continue
                name = str(load(message.body)[0])
                self.commands.append(name)
                if name in self.answers:
                    answer = Message(Kind.COMMAND, dump(*self.answers[name]))
                    guest.sendall(chunks(answer, 3, 128))
                if name == "publish":
                    guest.sendall(self.after)
                    while not self.reads:
                        threading.Event().wait(0.05)
