"""The contract of a place where a leaving stream is read: tap, UDP, RTP, recording, fake."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from support.ports import free_udp_port

from config.clock import SystemClock
from config.targetgrammar import read
from playout.engine.fakes.multicast import FakeMulticast
from playout.engine.links.tap import CHUNK_BYTES, TapReader, TapWriter, make_tap
from playout.engine.relay.fec import MEDIA_TYPE, rtp_header
from playout.engine.watching.sources import (
    DatagramSource,
    RecordedSource,
    StreamSource,
    TapSource,
)

WITHIN = 2.0
Send = Callable[[bytes], None]


@dataclass
class Place:
    """A source, and how something gets there."""

    source: StreamSource
    send: Send
    door: socket.socket | None = None

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        self.source.close()
        if self.door is not None:
            self.door.close()


def tap() -> Place:
    handle = make_tap(2_000_000)
    writer = TapWriter(handle)
    return Place(TapSource(TapReader(handle)), lambda data: writer.put(data, 7))


def datagrams(scheme: str, host: str) -> Place:
    port = free_udp_port()
    target = read(f"{scheme}://{host}:{port}")
    source = DatagramSource(target, "here", SystemClock())  # type: ignore[arg-type]
    door, turn = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), iter(range(65_534, 70_000))

    def send(data: bytes) -> None:
        if scheme == "rtp":
            data = rtp_header(MEDIA_TYPE, next(turn) & 0xFFFF, 0, 1) + data
        door.sendto(data, (host, port))

    return Place(source, send, door)


def recording() -> Place:
    source = RecordedSource([])
    return Place(source, lambda data: source._left.append((source.now + 1, data)))


def fake() -> Place:
    source = FakeMulticast([], "here", SystemClock())
    return Place(source, source.put)


PLACES: dict[str, Callable[[], Place]] = {
    "tap": tap,
    "udp": lambda: datagrams("udp", "127.0.0.1"),
    "rtp": lambda: datagrams("rtp", "127.0.0.1"),
    "multicast": lambda: datagrams("udp", "239.255.13.13"),
    "recording": recording,
    "fake multicast": fake,
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with PLACES[request.param]() as made:
        yield made


def chunk(number: int) -> bytes:
    return (b"\x47" + bytes([number]) * 187) * (CHUNK_BYTES // 188)


def come(source: StreamSource, count: int) -> list[bytes]:
    """Return so many chunks, or those that came in time."""
    found: list[bytes] = []
    end = time.monotonic() + WITHIN
    while len(found) < count and time.monotonic() < end:
        batch = source.read()
        assert not batch.missed
        assert not batch.gaps
        found += [data for _, data in batch.chunks]
        time.sleep(0.01)
    return found


def test_nothing_comes_before_something_was_sent(place: Place) -> None:
    assert place.source.read().chunks == ()
    assert place.source.where


def test_what_is_sent_comes_whole_once_and_in_order(place: Place) -> None:
    place.source.read()
    for number in range(5):
        place.send(chunk(number))

    assert come(place.source, 5) == [chunk(number) for number in range(5)]
    assert place.source.read().chunks == ()


@pytest.fixture
def udp() -> Iterator[Place]:
    with datagrams("udp", "127.0.0.1") as made:
        yield made


def test_a_gap_in_the_sequence_of_rtp_is_counted() -> None:
    with datagrams("rtp", "127.0.0.1") as made:
        source = made.source
        assert isinstance(source, DatagramSource)
        gaps = [
            source._unwrapped(rtp_header(MEDIA_TYPE, number, 0, 1) + chunk(1))[1]
            for number in (5, 6, 8, 9, 65_535, 0)
        ]

    assert gaps == [0, 0, 1, 0, 1, 0]


def test_datagrams_that_are_no_stream_are_left_out(udp: Place) -> None:
    udp.send(b"hello")
    udp.send(chunk(3))

    assert come(udp.source, 1) == [chunk(3)]


def test_two_senders_are_told_apart(udp: Place) -> None:
    udp.send(chunk(1))
    source = udp.source
    assert isinstance(source, DatagramSource)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.sendto(chunk(2), source._socket.getsockname())
    time.sleep(0.05)

    assert source.read().senders == 2


def test_a_reader_that_was_too_late_says_so(udp: Place) -> None:
    """The kernel drops what a full buffer does not hold, and the watcher must not blame the
    stream for it.
    """
    source = udp.source
    assert isinstance(source, DatagramSource)
    source._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    for number in range(200):
        udp.send(chunk(number % 250))
    time.sleep(0.05)
    source.read()
    udp.send(chunk(1))
    time.sleep(0.05)

    assert source.read().missed


def test_datagrams_have_the_instant_at_which_they_came_and_not_that_of_the_reading(
    udp: Place,
) -> None:
    sent = SystemClock().monotonic()
    udp.send(chunk(1))
    time.sleep(0.4)
    chunks = udp.source.read().chunks

    assert [data for _, data in chunks] == [chunk(1)]
    assert abs(chunks[0][0] - sent) < 200_000_000
