"""The stream for the web: pictures and captions untouched, sound as AAC at its place."""

import av
import numpy as np
import pytest
from support.web_input import FIRST, captioned, chunks, pictures, sound, stamp, web_input

from playout.engine.targets.aac import AacSound, sample_at
from playout.engine.targets.web_stream import WebStream, WebUnit


def units_of(stream: list[bytes]) -> list[WebUnit]:
    web = WebStream()
    return [unit for chunk in stream for unit in web.take(chunk)]


def heard(frames: list[tuple[int, bytes]]) -> list[int]:
    """Return the samples at which a tone begins, as a player hears them."""
    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = b"\x11\x90"
    decoder.sample_rate = 48_000
    start = sample_at(frames[0][0])
    blocks = [
        frame.to_ndarray()[0] for _, data in frames for frame in decoder.decode(av.Packet(data))
    ]
    loud = np.abs(np.concatenate(blocks)) > 0.2
    at = np.flatnonzero(loud) + start
    return [int(one) for n, one in enumerate(at) if not n or one - at[n - 1] > 24_000]


def test_every_picture_leaves_byte_for_byte_with_its_captions() -> None:
    sent = captioned(pictures(3))
    got = [unit for unit in units_of(chunks([*sent, *sound(3)])) if unit.is_video]

    assert [unit.data for unit in got] == [unit.data for unit in sent[: len(got)]]
    assert [unit.pts for unit in got] == [stamp(number) for number in range(len(got))]
    assert len(got) > 80


def test_units_leave_in_the_order_of_their_time() -> None:
    times = [unit.dts for unit in units_of(web_input(3))]

    assert times == sorted(times)


@pytest.mark.parametrize("codec", ["mp2", "ac3"])
def test_sound_is_heard_within_a_frame_of_its_time_and_does_not_drift(codec: str) -> None:
    aac = AacSound()
    frames = [frame for unit in sound(8, codec) for frame in aac.take(unit.pts, unit.data)]
    at = [sample - sample_at(FIRST) for sample in heard(frames)]

    # The first tone is lost in the beginning of both encoders.
    seconds = [round(sample / 48_000) for sample in at]
    assert seconds[-1] == 7
    assert all(abs(sample - 48_000 * s) < 1024 for sample, s in zip(at, seconds, strict=True))
    off = [sample - 48_000 * s for sample, s in zip(at, seconds, strict=True)]
    assert max(off[1:]) - min(off[1:]) < 64


def test_a_hole_in_the_sound_is_silence_and_moves_nothing_after_it() -> None:
    aac = AacSound()
    sent = [unit for unit in sound(6) if not 2.5 < (unit.pts - FIRST) / 90_000 < 3.3]
    frames = [frame for unit in sent for frame in aac.take(unit.pts, unit.data)]
    at = [(sample - sample_at(FIRST)) / 48_000 for sample in heard(frames)]

    assert [round(one) for one in at[-4:]] == [1, 2, 4, 5]
    assert all(abs(one - round(one)) < 1024 / 48_000 for one in at)
    stamps = [stamp for stamp, _ in frames]
    assert {b - a for a, b in zip(stamps, stamps[1:], strict=False)} == {1920}


def test_after_a_long_hole_the_sound_begins_again_at_its_place() -> None:
    aac = AacSound()
    sent = [unit for unit in sound(8) if not 1.5 < (unit.pts - FIRST) / 90_000 < 5.5]
    frames = [frame for unit in sent for frame in aac.take(unit.pts, unit.data)]
    stamps = [stamp for stamp, _ in frames]

    steps = [b - a for a, b in zip(stamps, stamps[1:], strict=False) if b - a != 1920]
    assert len(steps) == 1
    assert abs(stamps[-1] - (FIRST + 8 * 90_000)) < 3 * 1920


def test_a_stream_without_sound_goes_on() -> None:
    got = units_of(chunks(pictures(5)))

    assert len([unit for unit in got if unit.is_video]) > 60


def test_damaged_sound_gives_nothing_and_stops_nothing() -> None:
    aac = AacSound()

    assert aac.take(FIRST, b"\xff\xfd" + bytes(300)) == []
    assert aac.take(FIRST, b"no sound at all") == []
    assert [frame for unit in sound(1) for frame in aac.take(unit.pts, unit.data)]


def test_after_a_lost_chunk_pictures_go_on_at_a_key_picture() -> None:
    stream = web_input(4)
    lost = len(stream) // 2
    got = [unit for unit in units_of(stream[:lost] + stream[lost + 3 :]) if unit.is_video]
    gaps = [n for n in range(1, len(got)) if got[n].dts - got[n - 1].dts > 3100]

    assert len(gaps) == 1
    assert got[gaps[0]].is_key
