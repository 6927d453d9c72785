"""Captions in coded pictures, as another decoder finds them."""

from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from media.captions.track import triplets_of
from playout.engine.captions.words import WordEar
from playout.engine.links.fed import FedFrame
from playout.engine.relay.a53 import CaptionInserter, cc_data, with_captions, words_in

NTSC, DOUBLE, PAL = Fraction(30000, 1001), Fraction(60000, 1001), Fraction(25)
A, B, OTHER = b"\xfcAA", b"\xfcBB", b"\xfdxx"
NULL_1, NULL_2, PADDING = b"\xfc\x80\x80", b"\xfd\x80\x80", b"\xfa\x00\x00"
PACKET = b"\xff\x02\x21\xfe\x00\x00"


@pytest.mark.parametrize(
    ("triplets", "picture", "rate", "expected"),
    [
        (b"", 0, NTSC, [NULL_1, NULL_2, *[PADDING] * 18]),
        (A, 0, NTSC, [A, NULL_2, *[PADDING] * 18]),
        (OTHER, 0, NTSC, [NULL_1, OTHER, *[PADDING] * 18]),
        (A + OTHER + PACKET, 0, NTSC, [A, OTHER, PACKET[:3], PACKET[3:], *[PADDING] * 16]),
        (b"", 0, DOUBLE, [NULL_1, *[PADDING] * 9]),
        (b"", 1, DOUBLE, [NULL_2, *[PADDING] * 9]),
        (OTHER + PACKET, 1, DOUBLE, [OTHER, PACKET[:3], PACKET[3:], *[PADDING] * 7]),
        (A + OTHER + B, 0, PAL, [A, B, OTHER, *[PADDING] * 21]),
    ],
)
def test_a_picture_has_as_many_triplets_as_its_rate_has_room_for(
    triplets: bytes, picture: int, rate: Fraction, expected: list[bytes]
) -> None:
    assert list(triplets_of(cc_data(triplets, picture, rate))) == expected


def pictures(codec: str, count: int = 12) -> list[bytes]:
    """Coded pictures without B frames, each whole."""
    context: Any = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = 64, 48, "yuv420p"
    context.framerate, context.time_base = NTSC, 1 / NTSC
    context.max_b_frames = 0
    if codec == "libx264":
        context.options = {"tune": "zerolatency", "x264-params": "aud=1"}
    units = []
    for number in range(count):
        noise = np.random.default_rng(number).integers(16, 235, (72, 64), np.uint8)
        frame = av.VideoFrame.from_ndarray(noise, "yuv420p")
        frame.pts = number
        units += [bytes(packet) for packet in context.encode(frame)]
    return units + [bytes(packet) for packet in context.encode()]


def decoded(codec: str, units: list[bytes]) -> list[bytes]:
    """The captions that libav finds in each picture."""
    context: Any = av.CodecContext.create(codec, "r")
    frames = [frame for unit in units for frame in context.decode(av.Packet(unit))]
    frames += context.decode()
    return [
        b"".join(bytes(one) for one in frame.side_data if one.type.name == "A53_CC")
        for frame in frames
    ]


CODINGS = [("libx264", "h264"), ("mpeg2video", "mpeg2video")]


@pytest.mark.parametrize(("encoder", "decoder"), CODINGS)
def test_libav_finds_the_captions_in_every_picture(encoder: str, decoder: str) -> None:
    carried = [cc_data(bytes((0xFC, 0x20, 0x30 + n)), n, NTSC) for n in range(12)]
    units = [with_captions(unit, cc) for unit, cc in zip(pictures(encoder), carried, strict=True)]

    assert decoded(decoder, units) == carried


@pytest.mark.parametrize(("encoder", "decoder"), CODINGS)
def test_bytes_that_look_like_a_start_code_pass_unharmed(encoder: str, decoder: str) -> None:
    cc = cc_data(b"\xff\x00\x00\xfe\x00\x00\xfe\x01\x00\xfe\x00\x03" * 4, 0, NTSC)
    units = [with_captions(unit, cc) for unit in pictures(encoder)]

    assert decoded(decoder, units) == [cc] * 12


@pytest.mark.parametrize("encoder", ["libx264", "mpeg2video"])
@pytest.mark.parametrize(
    ("triplets", "words"),
    [
        (b"", 0), (A, 1), (A + OTHER, 2), (b"\xfc\x94\x2c", 0), (PACKET, 1),
        (A + b"\xff\x00\x00\xfe\x00\x00\xfe\x01\x00\xff\x02\x21", 3),
    ],
)  # fmt: skip
def test_words_are_counted_as_they_left(encoder: str, triplets: bytes, words: int) -> None:
    cc = cc_data(triplets, 0, NTSC)

    assert {words_in(with_captions(unit, cc), WordEar()) for unit in pictures(encoder)} == {words}


@pytest.mark.parametrize("unit", [b"", b"GA94", b"GA94\x03", b"\x00\x00\x01\x65 no captions"])
def test_a_picture_without_captions_has_no_words(unit: bytes) -> None:
    assert words_in(unit, WordEar()) == 0


@pytest.mark.parametrize("unit", [b"", b"\x00\x00\x01", b"\x00\x00\x01\x09\xf0", b"no start code"])
def test_what_has_no_slice_stays_as_it_is(unit: bytes) -> None:
    assert with_captions(unit, cc_data(A, 0, NTSC)) == unit


def carried_by(inserter: CaptionInserter, microseconds: int) -> list[bytes]:
    """What a picture of the frame fed then carries, without padding and pairs that say nothing."""
    unit = inserter.insert(microseconds, b"\x00\x00\x01\x65rest")
    begin = unit.index(b"GA94") + 7
    cc = unit[begin : unit.index(b"\x00\x00\x01\x65") - 2]
    empty = (NULL_1, NULL_2, PADDING)
    return [
        one for one in triplets_of(cc.replace(b"\x00\x00\x03", b"\x00\x00")) if one not in empty
    ]


def stamp(number: int, rate: Fraction = NTSC) -> int:
    return 1_000_000 + int(number * 1_000_000 / rate)


RCL, CHANNELS = b"\xfc\x94\x20", (0x94, 0x1C)
CLEAR = [bytes((0xFC, channel, code)) for channel in CHANNELS for code in (0x2C, 0x2C, 0xAE, 0xAE)]


def begun(rate: Fraction = NTSC, run: int = 7) -> CaptionInserter:
    """An inserter that has cleared the screen and let the beginning of a caption of each field
    pass.
    """
    inserter = CaptionInserter(rate)
    inserter.take(FedFrame(run, 1, RCL + b"\xfd\x15\x20"))
    for number in range(20):
        inserter.insert(number, b"\x00\x00\x01\x65")
    return inserter


def field_1(inserter: CaptionInserter, microseconds: int) -> list[bytes]:
    return [one for one in carried_by(inserter, microseconds) if one[0] == 0xFC]


def test_a_relay_clears_every_channel_first_and_begins_with_a_whole_caption() -> None:
    inserter = CaptionInserter(NTSC)
    for number, triplets in enumerate((A, b"\xfc\x94\x2f", RCL, B)):
        inserter.take(FedFrame(7, stamp(number), triplets))
    sent = [field_1(inserter, stamp(number)) for number in range(11)]

    assert sent == [*[[one] for one in CLEAR], [RCL], [B], []]


def test_each_picture_carries_the_captions_of_its_frame() -> None:
    inserter = begun()
    for number, triplets in enumerate((A, b"", B + OTHER, b"", A)):
        inserter.take(FedFrame(7, stamp(number), triplets))
    sent = [carried_by(inserter, stamp(number) + 9) for number in range(5)]

    assert sent == [[A], [], [B, OTHER], [], [A]]


def test_captions_of_a_picture_that_never_came_go_into_those_after_it() -> None:
    inserter = begun()
    for number, triplets in enumerate((A, B, A + OTHER, b"", b"")):
        inserter.take(FedFrame(7, stamp(number), triplets))
    sent = [carried_by(inserter, stamp(number)) for number in (2, 3, 4)]

    assert sent == [[A, OTHER], [B], [A]]


def test_a_new_run_clears_forgets_what_the_one_before_left_and_begins_with_a_caption() -> None:
    inserter = begun()
    inserter.take(FedFrame(7, stamp(90), A))
    for number, triplets in enumerate((B, RCL, B)):
        inserter.take(FedFrame(8, stamp(number), triplets))
    sent = [field_1(inserter, stamp(number)) for number in range(10)]

    assert sent == [*[[one] for one in CLEAR], [RCL], [B]]


def test_at_double_rate_fields_take_turns_and_follow_what_is_fed() -> None:
    inserter = begun(DOUBLE)
    for number, triplets in enumerate((A, OTHER, b"", b"", B)):
        inserter.take(FedFrame(7, stamp(number, DOUBLE), triplets))
    units = [inserter.insert(stamp(n, DOUBLE), b"\x00\x00\x01\x65") for n in range(6)]
    first = [unit[unit.index(b"GA94") + 7 :][:3] for unit in units]

    assert first == [A, OTHER, NULL_1, NULL_2, B, NULL_2]


def test_captions_for_pictures_that_never_come_are_bounded() -> None:
    inserter = CaptionInserter(NTSC)
    for number in range(100_000):
        inserter.take(FedFrame(7, stamp(number), A))

    assert len(inserter._waiting) < 130
