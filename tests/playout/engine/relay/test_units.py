"""What a coded picture says of itself."""

import pytest

from playout.engine.relay.units import is_key_picture, upper_field_first

SEQUENCE = bytes.fromhex("000001b32801e024075323700000 01b51482000100".replace(" ", "")) + b"\0\0"
GROUP = bytes.fromhex("000001b800080780")
PICTURE = bytes.fromhex("00000100000e9738000001b58ffff3000000") + b"\x00\x00\x01\x01slices"


@pytest.mark.parametrize(
    ("data", "is_key"),
    [
        (SEQUENCE + GROUP + PICTURE, True),
        (PICTURE, False),
        (GROUP + PICTURE, False),
        (PICTURE[:18] + bytes.fromhex("00000105aabb00000107cc"), False),
        (b"\0\0\0\1\x09\xf0\0\0\0\1\x67sps", True),
        (b"\0\0\1\x65idr", True),
        (b"\0\0\0\1\x09\xf0\0\0\0\1\x41slice", False),
        (b"", False),
    ],
)
def test_decoding_begins_at_a_sequence_or_an_idr_picture(data: bytes, is_key: bool) -> None:
    assert is_key_picture(data) == is_key


@pytest.mark.parametrize("before", [b"", SEQUENCE + GROUP])
def test_only_the_bit_of_the_upper_field_changes(before: bytes) -> None:
    data = before + PICTURE
    changed = upper_field_first(data)
    differing = [at for at, (a, b) in enumerate(zip(data, changed, strict=True)) if a != b]

    assert differing == [len(before) + 8 + 4 + 3]
    assert data[differing[0]] ^ changed[differing[0]] == 0x80


@pytest.mark.parametrize("data", [b"", b"\0\0\1\xb5", SEQUENCE, b"\0\0\1\x41" + b"h264" * 50])
def test_anything_else_stays_as_it_is(data: bytes) -> None:
    assert upper_field_first(data) == data
