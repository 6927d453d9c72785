"""A connection to an RTMP server on which one stream is published.

No words of the server reach a person, because some servers repeat the stream key in them: only the
code of an answer is read.
"""

import os
import re
import socket
import ssl

from config.clock import Clock
from config.targetaddress import RtmpTarget
from playout.engine.format.ticks import NS
from playout.engine.targets.amf import AmfError, AmfValue, dump, load
from playout.engine.targets.rtmp_chunks import (
    CHUNK_SIZE,
    ChunkError,
    ChunkReader,
    Kind,
    Message,
    chunks,
)
from playout.engine.targets.sender import GIVEN_UP_AFTER, SendError, reason

_VERSION, _HANDSHAKE_BYTES = b"\x03", 1536
_PING, _PONG = 6, 7
_CONTROL_STREAM, _COMMAND_STREAM = 2, 3
_READ_BYTES = 1 << 16
UNSENT_BYTES = 1 << 18
"""Bytes that wait in this machine beyond what is on the way. Without a limit Linux kept 2.9 MB for
a platform that read nothing: ten seconds of a slow stream, in which it would look well."""
_CODE = re.compile(r"[A-Za-z]{1,30}(?:\.[A-Za-z]{1,30}){1,4}")
REFUSALS = {
    "NetStream.Publish.BadName": "the platform does not take this stream key, or it is in use",
    "NetStream.Publish.Denied": "the platform does not take this stream key",
    "NetConnection.Connect.Rejected": "the platform refuses the connection",
    "NetConnection.Connect.InvalidApp": "the platform does not know the name after its address",
}
"""Codes of refusals, in words."""
CERTIFICATES = {
    9: "its certificate is not valid yet, or the clock of this machine is wrong",
    10: "its certificate has expired",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
}
"""Refusals of a certificate by OpenSSL's number (X509_V_ERR…), in words."""
_UNTRUSTED = "its certificate is not one that this machine trusts"
_CONNECT, _CREATE, _PUBLISH = 1.0, 4.0, 5.0
"""Numbers of our commands, by which answers name them."""


class RtmpLink:
    """An open connection. Every call raises SendError when it is broken or refused."""

    def __init__(self, target: RtmpTarget, key: str, clock: Clock) -> None:
        """Connect and publish, within GIVEN_UP_AFTER seconds and the time a name needs."""
        self._clock, self._until = clock, clock.monotonic() + round(GIVEN_UP_AFTER * NS)
        self._reader, self._messages = ChunkReader(), list[Message]()
        self._stream = 0
        self._received = self._acknowledged = 0
        self._window = 1 << 22
        self._socket = _connected(target)
        try:
            self._handshake()
            self._publish(target, key)
        except BaseException:
            self.close()
            raise

    def send(self, messages: list[tuple[int, Message]]) -> None:
        """Send messages, each with the chunk stream that carries it. Waits at most GIVEN_UP_AFTER
        seconds for the other side.
        """
        stream = self._stream
        data = b"".join(
            chunks(Message(one.kind, one.body, one.stamp, stream), carrier)
            for carrier, one in messages
        )
        self._write(data)
        self._listen()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _handshake(self) -> None:
        self._write(_VERSION + bytes(8) + os.urandom(_HANDSHAKE_BYTES - 8))
        answer = b""
        while len(answer) < 1 + 2 * _HANDSHAKE_BYTES:
            answer += self._read(1 + 2 * _HANDSHAKE_BYTES - len(answer))
        if answer[:1] != _VERSION:
            raise SendError("what answers there does not speak RTMP")
        self._write(answer[1 : 1 + _HANDSHAKE_BYTES])

    def _publish(self, target: RtmpTarget, key: str) -> None:
        size = Message(Kind.CHUNK_SIZE, CHUNK_SIZE.to_bytes(4, "big"))
        self._write(chunks(size, _CONTROL_STREAM, 128))
        place = f"[{target.host}]" if ":" in target.host else target.host
        usual = 443 if target.is_secure else 1935
        port = "" if target.port == usual else f":{target.port}"
        scheme = "rtmps" if target.is_secure else "rtmp"
        about: dict[str, AmfValue] = {
            "app": target.app, "type": "nonprivate", "flashVer": "FMLE/3.0 (compatible; Gavel)",
            "tcUrl": f"{scheme}://{place}{port}/{target.app}",
        }  # fmt: skip
        self._command("connect", _CONNECT, about)
        self._answer(_CONNECT)
        self._command("releaseStream", 2.0, None, key)
        self._command("FCPublish", 3.0, None, key)
        self._command("createStream", _CREATE, None)
        made = self._answer(_CREATE)
        number = made[3] if len(made) > 3 else None
        if not isinstance(number, float) or not 0 <= number < 1 << 31:
            raise SendError("the platform gives the stream no number")
        self._stream = int(number)
        self._command("publish", _PUBLISH, None, key, "live")
        self._answer(_PUBLISH)

    def _command(self, name: str, number: float, *values: AmfValue) -> None:
        message = Message(Kind.COMMAND, dump(name, number, *values), 0, self._stream)
        self._write(chunks(message, _COMMAND_STREAM))

    def _answer(self, number: float) -> list[AmfValue]:
        """Wait for the answer to a command. That to publishing is a status without its number."""
        while True:
            while not self._messages:
                self._messages += self._taken(self._read(_READ_BYTES))
            values = self._obey(self._messages.pop(0))
            if not values:
                continue
            if values[0] == "onStatus" and number == _PUBLISH:
                return values
            if values[0] == "_result" and len(values) > 1 and values[1] == number:
                return values

    def _listen(self) -> None:
        """Obey what has come, without waiting."""
        try:
            while True:
                # Whatever was answered below has set another time.
                self._socket.settimeout(0)
                data = self._socket.recv(_READ_BYTES)
                if not data:
                    raise SendError("the platform ended the connection")
                for message in self._taken(data):
                    self._obey(message)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError as error:
            raise SendError("the connection broke off") from error

    def _obey(self, message: Message) -> list[AmfValue]:
        """Do what a message asks; return the values of a command."""
        if message.kind == Kind.CONTROL and message.body[:2] == _PING.to_bytes(2, "big"):
            pong = Message(Kind.CONTROL, _PONG.to_bytes(2, "big") + message.body[2:6])
            self._write(chunks(pong, _CONTROL_STREAM))
        if message.kind == Kind.WINDOW and len(message.body) >= 4:
            self._window = max(1 << 12, int.from_bytes(message.body[:4], "big"))
        if message.kind != Kind.COMMAND:
            return []
        try:
            values = load(message.body)
        except AmfError as error:
            raise SendError("the platform answers what cannot be read") from error
        _check(values)
        return values

    def _taken(self, data: bytes) -> list[Message]:
        self._received += len(data)
        if self._received - self._acknowledged > self._window // 2:
            self._acknowledged = self._received
            count = (self._received % (1 << 32)).to_bytes(4, "big")
            self._write(chunks(Message(Kind.ACKNOWLEDGEMENT, count), _CONTROL_STREAM))
        try:
            return self._reader.take(data)
        except ChunkError as error:
            raise SendError("the platform answers what cannot be read") from error

    def _read(self, most: int) -> bytes:
        """Wait for bytes until the time for connecting is over."""
        left = (self._until - self._clock.monotonic()) / NS
        if left <= 0:
            raise SendError("it does not answer")
        self._socket.settimeout(left)
        try:
            data = self._socket.recv(most)
        except TimeoutError as error:
            raise SendError("it does not answer") from error
        except OSError as error:
            raise SendError("the connection broke off") from error
        if not data:
            raise SendError("the platform ended the connection")
        return data

    def _write(self, data: bytes) -> None:
        self._socket.settimeout(GIVEN_UP_AFTER)
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise SendError("it takes nothing any more") from error
        except OSError as error:
            raise SendError("the connection broke off") from error


def _connected(target: RtmpTarget) -> socket.socket:
    """Return a connection; over TLS, to a machine whose certificate this one trusts."""
    try:
        plain = socket.create_connection((target.host, target.port), GIVEN_UP_AFTER)
    except socket.gaierror as error:
        raise SendError("the name of that machine is not known here") from error
    except ConnectionRefusedError as error:
        raise SendError("that machine refuses the connection") from error
    except TimeoutError as error:
        raise SendError("it does not answer") from error
    except OSError as error:
        raise SendError(reason(error)) from error
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
    if not target.is_secure:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    except ssl.SSLCertVerificationError as error:
        plain.close()
        raise SendError(CERTIFICATES.get(error.verify_code, _UNTRUSTED)) from error
    except OSError as error:
        plain.close()
        raise SendError("it does not answer over TLS") from error


def _check(values: list[AmfValue]) -> None:
    """Raise SendError where a command says that something was refused."""
    about = values[3] if len(values) > 3 and isinstance(values[3], dict) else {}
    is_error = values[0] == "_error" if values else False
    if not is_error and about.get("level") != "error":
        return
    code = str(about.get("code", ""))
    told = f" ({code})" if _CODE.fullmatch(code) else ""
    raise SendError(REFUSALS.get(code, f"the platform refuses the stream{told}"))
