"""What every way to a target promises, run against the real ones and the fake."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.ports import free_udp_port

from config.targetaddress import Secret, SrtTarget
from playout.engine.fakes.sender import FakeSender
from playout.engine.libsrt import SrtError, SrtOption, SrtSocket
from playout.engine.targets.file import FileSender
from playout.engine.targets.sender import CHUNK_BYTES, SendError, TargetSender
from playout.engine.targets.srt import SrtCaller, SrtListener

SECRET = "correct-horse"


def chunk(number: int) -> bytes:
    return (b"\x47" + number.to_bytes(4, "big") + bytes(183)) * 7


@dataclass
class Place:
    """A sender, what its receiver has got, and a way to have the sender refused."""

    sender: TargetSender
    received: Callable[[], bytes]
    refuse: Callable[[], None]
    accept: Callable[[], None]
    call: Callable[[], None] = field(default=lambda: None)
    """Has the receiver come, where it is the one that calls."""


def fake(_folder: Path) -> Iterator[Place]:
    sender = FakeSender()

    def fault(words: str) -> Callable[[], None]:
        return lambda: setattr(sender, "fault", words)

    yield Place(sender, lambda: bytes(sender.taken), fault("the line is dead"), fault(""))


def file(folder: Path) -> Iterator[Place]:
    path = folder / "there" / "out.ts"
    path.parent.mkdir()

    def refuse() -> None:
        path.parent.rename(folder / "elsewhere")

    def accept() -> None:
        (folder / "elsewhere").rename(path.parent)

    yield Place(FileSender(path), lambda: path.read_bytes(), refuse, accept)


class Receiver:
    """An SRT receiver of the tests' own: it listens, or calls."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._listener: SrtSocket | None = None
        self._reader: SrtSocket | None = None
        self._got = bytearray()

    def listen(self, passphrase: str) -> None:
        self.close()
        self._listener = SrtSocket()
        self._listener.set(SrtOption.PASSPHRASE, passphrase.encode())
        self._listener.listen("127.0.0.1", self.port)

    def call(self) -> None:
        self._reader = SrtSocket()
        self._reader.set(SrtOption.PASSPHRASE, SECRET.encode())
        self._reader.connect("127.0.0.1", self.port)
        time.sleep(0.3)  # The sender takes a caller that it finds waiting; it waits for none.

    def received(self) -> bytes:
        if self._reader is None and self._listener is not None:
            self._reader = self._listener.accept_within(3.0)
        assert self._reader is not None
        self._reader.set(SrtOption.RECEIVE_TIMEOUT, 600)
        try:
            while True:
                self._got += self._reader.receive()
        except SrtError:
            return bytes(self._got)

    def close(self) -> None:
        for one in (self._reader, self._listener):
            if one is not None:
                one.close()
        self._reader = self._listener = None


def srt_caller(_folder: Path) -> Iterator[Place]:
    receiver = Receiver(free_udp_port())
    receiver.listen(SECRET)
    target = SrtTarget("127.0.0.1", receiver.port, latency=120, passphrase=Secret(SECRET))
    yield Place(
        SrtCaller(target), receiver.received, lambda: receiver.listen("another-horse"),
        lambda: receiver.listen(SECRET),
    )  # fmt: skip
    receiver.close()


def srt_listener(_folder: Path) -> Iterator[Place]:
    receiver = Receiver(free_udp_port())
    target = SrtTarget(
        "127.0.0.1", receiver.port, listens=True, latency=120, passphrase=Secret(SECRET)
    )
    other = SrtListener(target)
    yield Place(SrtListener(target), receiver.received, other.open, other.close, receiver.call)
    receiver.close()
    other.close()


PLACES = [fake, file, srt_caller, srt_listener]


@pytest.fixture(params=PLACES, ids=lambda make: make.__name__)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    for made in request.param(tmp_path):
        yield made
        made.sender.close()


def test_what_is_sent_arrives_in_order(place: Place) -> None:
    place.sender.open()
    place.call()
    chunks = b"".join(map(chunk, range(200)))

    dropped = sum(
        place.sender.send(chunks[at : at + CHUNK_BYTES])
        for at in range(0, len(chunks), CHUNK_BYTES)
    )

    assert place.received().endswith(chunks[dropped:])
    assert dropped < len(chunks) // 2


def test_a_refusal_is_said_in_words_without_the_secret(place: Place) -> None:
    place.refuse()

    with pytest.raises(SendError) as refusal:
        place.sender.open()

    assert len(str(refusal.value).split()) > 1
    assert SECRET not in str(refusal.value)


def test_a_sender_that_was_refused_can_be_opened_later(place: Place) -> None:
    place.refuse()
    with pytest.raises(SendError):
        place.sender.open()
    place.accept()

    place.sender.open()
    place.call()
    for number in range(50):
        place.sender.send(chunk(number))

    assert place.received().endswith(chunk(49))


def test_a_closed_sender_may_be_closed_again_and_sends_nothing(place: Place) -> None:
    place.sender.open()
    place.sender.close()
    place.sender.close()

    with pytest.raises(SendError):
        place.sender.send(chunk(0))
