"""Targets that are reached over SRT. A slow receiver loses packets and holds up no one."""

import socket
from collections.abc import Iterator

from config.targetaddress import NotATarget, SrtTarget, secret_of
from playout.engine.libsrt import SrtError, SrtMissing, SrtOption, SrtSocket
from playout.engine.targets.sender import CHUNK_BYTES, SendError

CONNECT_SECONDS = 5.0
MOST_RECEIVERS = 8
"""Receivers that a listener serves at once; each is one more stream out of this machine."""


def _opened(target: SrtTarget) -> SrtSocket:
    """Return a socket with the options of a target. Raises SendError."""
    try:
        opened = SrtSocket()
    except SrtMissing as error:
        raise SendError("it needs the package libsrt1.5-gnutls") from error
    try:
        opened.set(SrtOption.PEER_LATENCY, target.latency)
        opened.set(SrtOption.RECEIVE_LATENCY, target.latency)
        opened.set(SrtOption.CONNECT_TIMEOUT, round(CONNECT_SECONDS * 1000))
        passphrase = secret_of(target.passphrase, target.passphrase_file)
        if passphrase:
            opened.set(SrtOption.PASSPHRASE, passphrase.reveal().encode())
        if target.stream_id:
            opened.set(SrtOption.STREAM_ID, target.stream_id.reveal().encode())
    except (SrtError, NotATarget) as error:
        opened.close()
        raise SendError(_words(error)) from error
    return opened


def _words(error: Exception) -> str:
    text = str(error).rstrip(".")
    return text[:1].lower() + text[1:]


def _chunks(data: bytes) -> Iterator[bytes]:
    return (data[at : at + CHUNK_BYTES] for at in range(0, len(data), CHUNK_BYTES))


class SrtCaller:
    """Calls one receiver."""

    note = ""

    def __init__(self, target: SrtTarget) -> None:
        self._target = target
        self._socket: SrtSocket | None = None

    def open(self) -> None:
        """Call the receiver. Raises SendError."""
        called = _opened(self._target)
        try:
            called.connect(self._target.host, self._target.port)
            called.set(SrtOption.SEND_WAITS, 0)
        except socket.gaierror as error:
            called.close()
            raise SendError("the name of that machine is not known here") from error
        except OSError as error:
            why = called.refusal or _words(error)
            called.close()
            raise SendError(why) from error
        self._socket = called

    def send(self, chunks: bytes) -> int:
        """Send chunks. Raises SendError when the receiver is gone."""
        if self._socket is None:
            raise SendError("it is not connected")
        try:
            return sum(len(chunk) for chunk in _chunks(chunks) if not self._socket.send(chunk))
        except SrtError as error:
            raise SendError("the connection broke off") from error

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None


class SrtListener:
    """Waits for receivers that call, and sends to all of them. One that leaves may call again."""

    def __init__(self, target: SrtTarget) -> None:
        self._target = target
        self._listener: SrtSocket | None = None
        self._receivers: list[SrtSocket] = []

    @property
    def note(self) -> str:
        """The number of receivers."""
        count = len(self._receivers)
        if not count:
            return "No receiver is connected."
        return f"{count} receivers are connected." if count > 1 else "One receiver is connected."

    def open(self) -> None:
        """Begin to listen. Raises SendError."""
        listener = _opened(self._target)
        try:
            listener.listen(self._target.host, self._target.port, MOST_RECEIVERS)
        except OSError as error:
            listener.close()
            raise SendError(f"this machine cannot listen there ({_words(error)})") from error
        self._listener = listener

    def send(self, chunks: bytes) -> int:
        """Send chunks to all receivers, also to one that has called just now. Raises SendError when
        no one can call any more.
        """
        if self._listener is None:
            raise SendError("it is not open")
        self._welcome(self._listener)
        dropped = 0 if self._receivers else len(chunks)
        for receiver in [*self._receivers]:
            try:
                missed = sum(len(chunk) for chunk in _chunks(chunks) if not receiver.send(chunk))
            except SrtError:
                receiver.close()
                self._receivers.remove(receiver)
            else:
                dropped = max(dropped, missed)
        return dropped

    def close(self) -> None:
        """Hang up and stop listening."""
        for receiver in self._receivers:
            receiver.close()
        self._receivers = []
        if self._listener is not None:
            self._listener.close()
        self._listener = None

    def _welcome(self, listener: SrtSocket) -> None:
        try:
            receiver = listener.accept()
            if receiver is None:
                return
            receiver.set(SrtOption.SEND_WAITS, 0)
        except SrtError as error:
            raise SendError(_words(error)) from error
        if len(self._receivers) < MOST_RECEIVERS:
            self._receivers.append(receiver)
        else:
            receiver.close()
