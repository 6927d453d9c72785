"""Forward error correction, and the same of libav beside it."""

import random
import socket
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from support.clips import numbered_clip

from playout.engine.relay.fec import FecMatrix

PAYLOADS = [random.Random(number).randbytes(1316) for number in range(200)]
Sent = dict[tuple[bool, int], bytes]
"""Corrections without their RTP headers, by whether it is a row and the first packet's number."""


def corrections(matrix: FecMatrix, packets: list[tuple[int, int, bytes]]) -> Sent:
    found: Sent = {}
    for number, stamp, payload in packets:
        for is_row, packet in enumerate(matrix.take(number, stamp, payload)):
            if packet is not None:
                found[bool(is_row), int.from_bytes(packet[12:14], "big")] = packet[12:]
    return found


def mended(correction: bytes, others: list[bytes]) -> bytes:
    value = int.from_bytes(correction[16:], "big")
    for other in others:
        value ^= int.from_bytes(other, "big")
    return value.to_bytes(1316, "big")


def test_a_lost_packet_is_the_sum_of_the_rest_of_its_row_or_column() -> None:
    packets = [(65_500 + number & 0xFFFF, 7 * number, PAYLOADS[number]) for number in range(80)]
    found = corrections(FecMatrix(5, 4), packets)
    row = found[True, (65_500 + 45) & 0xFFFF]
    column = found[False, (65_500 + 43) & 0xFFFF]

    assert mended(row, [PAYLOADS[at] for at in (45, 46, 48, 49)]) == PAYLOADS[47]
    assert mended(column, [PAYLOADS[at] for at in (43, 48, 58)]) == PAYLOADS[53]


def test_a_correction_says_which_packets_it_covers() -> None:
    packets = [(number, 0, PAYLOADS[number]) for number in range(80)]
    found = corrections(FecMatrix(5, 4), packets)
    described = {
        key: (body[4] >> 7, body[12] >> 6 & 1, body[13], body[14]) for key, body in found.items()
    }

    assert described[True, 10] == (1, 1, 1, 5)
    assert described[False, 22] == (1, 0, 5, 4)
    assert sorted(first for is_row, first in found if is_row) == list(range(0, 80, 5))
    assert sorted(first for is_row, first in found if not is_row) == [
        *range(5), *range(20, 25), *range(40, 45)
    ]  # fmt: skip


def test_columns_come_spread_over_the_next_matrix() -> None:
    matrix = FecMatrix(5, 4)
    sent = [matrix.take(number, 0, PAYLOADS[number])[0] is not None for number in range(60)]

    assert sent == [False] * 20 + ([True] + [False] * 3) * 5 + ([True] + [False] * 3) * 5


@pytest.fixture
def doors() -> Iterator[list[socket.socket]]:
    """Open three sockets on one port and those two and four above it."""
    for base in range(21_000, 60_000, 10):
        found: list[socket.socket] = []
        try:
            for beside in (0, 2, 4):
                found.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                found[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
                found[-1].bind(("127.0.0.1", base + beside))
                found[-1].setblocking(False)
        except OSError:
            for door in found:
                door.close()
            continue
        break
    yield found
    for door in found:
        door.close()


def received(door: socket.socket) -> list[bytes]:
    datagrams = []
    while True:
        try:
            datagrams.append(door.recv(2000))
        except BlockingIOError:
            return datagrams


def test_libav_makes_the_same_corrections_of_the_same_packets(
    doors: list[socket.socket], tmp_path: Path
) -> None:
    clip = numbered_clip(tmp_path / "a.mp4", frames=300, ident=1).path
    port = doors[0].getsockname()[1]
    url = f"rtp://127.0.0.1:{port}?fec=prompeg=l=5:d=4"
    with (
        av.open(str(clip)) as source,
        av.open(url, "w", format="rtp_mpegts") as out,
    ):
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
    media, columns, rows = map(received, doors)
    full = [one for one in media if len(one) == 1328]
    packets = [
        (int.from_bytes(one[2:4], "big"), int.from_bytes(one[4:8], "big"), one[12:]) for one in full
    ]
    ours = corrections(FecMatrix(5, 4), packets)
    theirs = {
        (is_row, int.from_bytes(one[12:14], "big")): one[12:]
        for is_row, sent in ((False, columns), (True, rows))
        for one in sent
    }
    common = ours.keys() & theirs.keys()

    assert len([key for key in common if key[0]]) > 5
    assert len([key for key in common if not key[0]]) > 5
    assert {key: ours[key] for key in common} == {key: theirs[key] for key in common}
