"""An authority of a test's own, certificates by it, and a front that takes TLS for a plain server.

The certificates are made by the openssl of the machine.
"""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=30)


class Authority:
    """An authority for certificates; `file` is what a machine needs to trust it."""

    def __init__(self, folder: Path, name: str = "test authority") -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.file, self._key = folder / "authority.pem", folder / "authority.key"
        _openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", self._key, "-out", self.file, "-subj", f"/CN={name}", "-days", "30",
        )  # fmt: skip

    def server(self, names: str = "DNS:localhost,IP:127.0.0.1", days: int = 30) -> ssl.SSLContext:
        """Return what a server of these names shows; with negative days it has expired."""
        place = self._folder / str(len(list(self._folder.iterdir())))
        key, asked, about, made = (place.with_suffix(s) for s in (".key", ".csr", ".ext", ".pem"))
        about.write_text(f"subjectAltName={names}\n")
        _openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", asked, "-subj", "/CN=a server",
        )  # fmt: skip
        _openssl(
            "x509", "-req", "-in", asked, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial",
            "-extfile", about, "-out", made, "-days", str(days),
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made, key)
        return context


class TlsFront:
    """Takes one connection after another over TLS, and hands its bytes to a plain port."""

    def __init__(self, context: ssl.SSLContext, behind: int) -> None:
        self._context, self._behind = context, behind
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._door.accept()
            except OSError:
                return
            try:
                safe = self._context.wrap_socket(guest, server_side=True)
            except OSError:
                guest.close()
                continue
            try:
                inside = _reached(self._behind)
            except OSError:
                safe.close()
                continue
            for source, sink in ((safe, inside), (inside, safe)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _reached(port: int) -> socket.socket:
    """Return a connection to a server on this machine, which may still be starting."""
    for _ in range(400):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise ConnectionRefusedError


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with (
        suppress(OSError),
        source,
        sink,
        source.makefile("rb", buffering=0) as reading,
        sink.makefile("wb", buffering=0) as writing,
    ):
        shutil.copyfileobj(reading, writing)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
