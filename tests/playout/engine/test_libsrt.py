"""The system's libsrt: two sockets of this machine, one of which calls the other."""

import time
from collections.abc import Iterator

import pytest
from support.ports import free_udp_port

from playout.engine.gateway.address import SourceOpening
from playout.engine.gateway.srt import SrtStream
from playout.engine.libsrt import SrtError, SrtOption, SrtSocket

WORD, OTHER_WORD = b"ten letters", b"other letters"
CHUNK = bytes(range(188)) * 7


@pytest.fixture
def sockets() -> Iterator[list[SrtSocket]]:
    opened: list[SrtSocket] = []
    yield opened
    for one in reversed(opened):
        one.close()


def listening(sockets: list[SrtSocket], port: int, word: bytes = b"") -> SrtSocket:
    listener = SrtSocket()
    sockets.append(listener)
    if word:
        listener.set(SrtOption.PASSPHRASE, word)
    listener.listen("127.0.0.1", port, 4)
    return listener


def test_what_one_side_sends_the_other_receives(sockets: list[SrtSocket]) -> None:
    port = free_udp_port()
    listener = listening(sockets, port)
    reader = SrtStream(SourceOpening("srt", "", host="127.0.0.1", port=port), 3.0, 3.0)
    guest = listener.accept_within(3.0)
    sockets.append(guest)

    assert all(guest.send(CHUNK) for _ in range(20))
    assert reader.read() == CHUNK

    reader.close()


def test_a_listener_without_callers_returns_none(sockets: list[SrtSocket]) -> None:
    listener = listening(sockets, free_udp_port())

    assert listener.accept() is None


def test_a_caller_that_came_before_the_listener_looked_is_accepted(
    sockets: list[SrtSocket],
) -> None:
    port = free_udp_port()
    listener = listening(sockets, port)
    callers = [SrtSocket() for _ in range(3)]
    sockets += callers
    for caller in callers:
        caller.connect("127.0.0.1", port)
        time.sleep(0.05)
        guest = listener.accept_within(1.0)
        sockets.append(guest)

        assert guest.send(CHUNK)


def test_a_wrong_passphrase_is_refused_in_words_without_it(sockets: list[SrtSocket]) -> None:
    port = free_udp_port()
    listening(sockets, port, WORD)
    opening = SourceOpening(
        "srt", "", host="127.0.0.1", port=port, query={"passphrase": OTHER_WORD.decode()}
    )

    with pytest.raises(SrtError, match="the passphrases differ"):
        SrtStream(opening, 3.0, 3.0)


def test_a_passphrase_that_libsrt_does_not_take_never_leaves_the_stream_open(
    sockets: list[SrtSocket],
) -> None:
    port = free_udp_port()
    listening(sockets, port)
    opening = SourceOpening("srt", "", host="127.0.0.1", port=port, query={"passphrase": "short"})

    with pytest.raises(SrtError, match="this passphrase cannot be used") as refusal:
        SrtStream(opening, 3.0, 3.0)

    assert "short" not in str(refusal.value)


def test_sending_to_a_receiver_that_left_is_an_error(sockets: list[SrtSocket]) -> None:
    port = free_udp_port()
    listener = listening(sockets, port)
    reader = SrtStream(SourceOpening("srt", "", host="127.0.0.1", port=port), 3.0, 3.0)
    guest = listener.accept_within(3.0)
    sockets.append(guest)
    reader.close()

    with pytest.raises(SrtError):
        for _ in range(100_000):
            guest.send(CHUNK)
