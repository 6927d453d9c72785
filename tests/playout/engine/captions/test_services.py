"""Services of 708 with windows on the screen are found in the packets, and the windows removed."""

import pytest

from playout.engine.captions.services import DtvccServices, PrimaryService


def packet(sequence: int, *blocks: bytes) -> bytes:
    """A packet of these blocks, as triplets."""
    body = b"".join(blocks)
    body += bytes((len(body) + 1) % 2)
    whole = bytes((sequence << 6 | (len(body) + 1) // 2,)) + body
    pieces = [whole[start : start + 2] for start in range(0, len(whole), 2)]
    return b"".join((b"\xfe" if n else b"\xff") + piece for n, piece in enumerate(pieces))


def block(service: int, text: bytes = b"HELLO") -> bytes:
    if service > 6:
        return bytes((7 << 5 | len(text), service)) + text
    return bytes((service << 5 | len(text),)) + text


@pytest.mark.parametrize("services", [(1,), (1, 2), (6, 9), (3, 63)])
def test_windows_of_each_service_that_was_heard_are_removed_once(services: tuple[int, ...]) -> None:
    heard = DtvccServices()
    heard.hear(packet(2, *(block(service) for service in services)))
    blocks = (block(service, b"\x8c\xff\x8f") for service in services)

    assert heard.clear() == packet(3, *blocks)
    assert heard.clear() == b""


def test_a_packet_in_pieces_counts_once_it_is_whole() -> None:
    heard, whole = DtvccServices(), packet(1, block(1))
    heard.hear(whole[:6])
    cut = heard.clear()
    heard.hear(whole[:6])
    heard.hear(whole[6:])

    assert (cut, heard.clear()) == (b"", packet(2, block(1, b"\x8c\xff\x8f")))


@pytest.mark.parametrize(
    "damaged", [b"\xff\xe2\xe0", b"\xfe\x41\x00" * 40, packet(0, b"\xe0"), b""]
)
def test_damaged_packets_name_no_service(damaged: bytes) -> None:
    heard = DtvccServices()
    heard.hear(damaged)

    assert heard.clear() == b""


WORDS, COMMAND, FIELD_2_WORDS = b"\xfc\x41\x42", b"\xfc\x94\x20", b"\xfd\x41\x42"
OF_1, OF_2 = b"\xff\x02\x22\xfe\x41\x42\xfe\x00\x00", b"\xff\x02\x42\xfe\x41\x42\xfe\x00\x00"
EMPTY = b"\xff\x02\x00\xfe\x00\x00\xfe\x00\x00"


@pytest.mark.parametrize(
    ("heard", "is_there"),
    [
        ([], False),
        ([(0, WORDS)], False),
        ([(0, OF_1)], True),
        ([(0, OF_1[:3]), (1, OF_1[3:])], True),
        ([(0, OF_2)], False),
        ([(0, EMPTY)], False),
        ([(0, OF_1), (99, COMMAND)], True),
        ([(0, OF_1), (99, FIELD_2_WORDS)], True),
        ([(0, OF_1), (10, WORDS)], True),
        ([(0, OF_1), (11, WORDS)], False),
        ([(0, OF_1), (11, WORDS), (12, OF_1)], True),
        ([(0, OF_1), (8, OF_1), (11, WORDS)], True),
        ([(0, OF_1), (8, OF_2), (11, WORDS)], False),
    ],
)
def test_service_1_is_there_until_line_21_says_words_without_it(
    heard: list[tuple[int, bytes]], is_there: bool
) -> None:
    primary = PrimaryService(10)
    for now, captions in heard:
        primary.hear(now, captions)

    assert primary.is_there is is_there
