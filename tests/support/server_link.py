"""A TCP forwarder between broadcast machine and server that a test can cut."""

import contextlib
import socket
import threading


class ServerLink:
    """A forwarder from a loopback port to another; while cut, it refuses and drops every
    connection.
    """

    def __init__(self, to_port: int) -> None:
        self._to = to_port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self._whole = True
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Drop all connections and refuse new ones."""
        self._whole = False
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        far = None
        if self._whole:
            with contextlib.suppress(OSError):
                far = socket.create_connection(("127.0.0.1", self._to))
        if far is None:
            near.close()
            return
        with self._lock:
            self._open |= {near, far}
        left = [2]
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(source, target, left), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, left: list[int]) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(65536):
                target.sendall(block)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        with self._lock:
            left[0] -= 1
            if not left[0]:
                for end in (source, target):
                    self._open.discard(end)
                    end.close()
