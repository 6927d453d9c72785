"""The caption track: sorted, bounded, and the same bytes for the same captions."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.captions.track import (
    LONGEST_MICROSECONDS,
    MOST_TRIPLETS,
    CaptionError,
    CaptionPacket,
    CaptionTrack,
)

HELLO = bytes.fromhex("fcc8e5")
SECOND_FIELD = bytes.fromhex("fd9420")
DTVCC = bytes.fromhex("ff0241fe4242")

triplet = st.tuples(st.sampled_from([0xFC, 0xFD, 0xFE, 0xFF]), st.binary(min_size=2, max_size=2))
triplets = st.lists(triplet.map(lambda t: bytes([t[0]]) + t[1]), min_size=1, max_size=31)
packets = st.lists(
    st.builds(CaptionPacket, st.integers(0, LONGEST_MICROSECONDS), triplets.map(b"".join)),
    unique_by=lambda packet: packet.microseconds,
    max_size=20,
)


@given(packets)
def test_a_track_comes_back_from_its_bytes_as_it_was(given_packets: list[CaptionPacket]) -> None:
    track = CaptionTrack(given_packets)
    read = CaptionTrack.from_bytes(track.to_bytes())

    assert read == track
    assert list(read) == sorted(given_packets, key=lambda packet: packet.microseconds)
    assert len(track.to_bytes()) == track.size


@given(st.binary(max_size=200))
def test_hostile_bytes_are_a_track_or_a_plain_error(data: bytes) -> None:
    for form in (data, b"GAVELCC\x01" + data):
        try:
            track = CaptionTrack.from_bytes(form)
        except CaptionError as error:
            assert str(error).endswith(".")
        else:
            assert track.to_bytes() == form


def test_packets_are_sorted_and_those_of_one_time_joined() -> None:
    track = CaptionTrack(
        [CaptionPacket(200, HELLO), CaptionPacket(100, HELLO), CaptionPacket(200, SECOND_FIELD)]
    )

    assert list(track) == [CaptionPacket(100, HELLO), CaptionPacket(200, HELLO + SECOND_FIELD)]


def test_a_stretch_has_its_first_moment_and_not_its_last() -> None:
    track = CaptionTrack(CaptionPacket(time, HELLO) for time in (0, 100, 200, 300))

    assert [packet.microseconds for packet in track.between(100, 300)] == [100, 200]
    assert track.place_of(101) == 2
    assert track.place_of(301) == 4
    assert track[-1].microseconds == 300


@pytest.mark.parametrize(
    ("microseconds", "bad"),
    [
        (-1, HELLO),
        (LONGEST_MICROSECONDS + 1, HELLO),
        (0, b""),
        (0, HELLO[:2]),
        (0, HELLO + b"\xfc"),
        (0, b"\xfa\x00\x00"),
        (0, HELLO * (MOST_TRIPLETS + 1)),
    ],
)
def test_a_packet_no_picture_can_have_is_refused(microseconds: int, bad: bytes) -> None:
    with pytest.raises(CaptionError):
        CaptionPacket(microseconds, bad)


def test_packets_of_one_time_that_are_too_many_together_are_refused() -> None:
    with pytest.raises(CaptionError, match="31"):
        CaptionTrack([CaptionPacket(5, HELLO * 31), CaptionPacket(5, DTVCC)])


def _form(version: int, times: list[int], counts: list[int], data: bytes) -> bytes:
    head = struct.pack("<7sBI", b"GAVELCC", version, len(times))
    return head + struct.pack(f"<{len(times)}q", *times) + bytes(counts) + data


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (b"", "size"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello", "no caption track"),
        (_form(2, [], [], b""), "version 2; update Gavel"),
        (_form(1, [0, 0], [1, 1], HELLO * 2), "order of time"),
        (_form(1, [9, 3], [1, 1], HELLO * 2), "order of time"),
        (_form(1, [-1], [1], HELLO), "impossible time"),
        (_form(1, [LONGEST_MICROSECONDS + 1], [1], HELLO), "impossible time"),
        (_form(1, [0], [0], b""), "without triplets"),
        (_form(1, [0], [32], HELLO * 32), "too many"),
        (_form(1, [0], [2], HELLO), "damaged"),
        (_form(1, [0], [1], b"\x00\x00\x00"), "damaged"),
        (_form(1, [0], [1], HELLO)[:-1], "damaged"),
        (_form(1, [0, 1], [1, 1], HELLO)[:20], "cut off"),
        (b"GAVELCC\x01\xff\xff\xff\xff", "cut off"),
    ],
)
def test_a_damaged_track_is_refused_in_words(form: bytes, words: str) -> None:
    with pytest.raises(CaptionError, match=words):
        CaptionTrack.from_bytes(form)


def test_a_track_without_captions_is_one_too() -> None:
    assert list(CaptionTrack.from_bytes(CaptionTrack().to_bytes())) == []
