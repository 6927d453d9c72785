"""Access units out of an encoder's stream, through kills and losses."""

import pytest
from support.coded_stream import KEY, PICTURE, SOUND, EncoderStream, seconds_of

from playout.engine.relay.demux import Demux, run_mark
from playout.engine.relay.units import AccessUnit
from playout.engine.transport import NULL_PACKET


def kinds(units: list[AccessUnit]) -> str:
    return "".join("K" if u.is_key else "p" if u.is_video else "s" for u in units)


def test_each_unit_comes_once_with_its_stamps_and_bytes() -> None:
    run = EncoderStream()
    data = (
        run.unit(256, 36_000, KEY) + run.unit(257, 36_100, SOUND) + run.unit(256, 39_003, PICTURE)
    )

    units = Demux().take(run_mark(7) + data)

    assert [(u.run, u.pts, u.data) for u in units] == [
        (7, 36_000, KEY), (7, 36_100, SOUND), (7, 39_003, PICTURE)
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 7, 187, 188, 189, 5000])
def test_bytes_may_come_in_pieces_of_any_size(size: int) -> None:
    data = run_mark(1) + b"".join(seconds_of(EncoderStream(), 1))
    whole = Demux().take(data)
    demux, units = Demux(), []
    for at in range(0, len(data), size):
        units += demux.take(data[at : at + size])

    assert units == whole
    assert kinds(units) == "Ks" + "ps" * 29


@pytest.mark.parametrize("cut", [1, 3, 100, 187, 188, 300])
@pytest.mark.parametrize("size", [50, 188, 1 << 20])
def test_a_killed_encoder_leaves_only_whole_units_behind(cut: int, size: int) -> None:
    """The next run begins with the same stamps and counters, right behind half a packet."""
    last = EncoderStream().unit(256, 99_000, PICTURE + b"y" * 2000)[:cut]
    before = run_mark(1) + b"".join(seconds_of(EncoderStream(), 1)) + last
    data = before + run_mark(2) + b"".join(seconds_of(EncoderStream(), 1))
    demux, units = Demux(), []
    for at in range(0, len(data), size):
        units += demux.take(data[at : at + size])

    assert [kinds([u for u in units if u.run == run]) for run in (1, 2)] == ["Ks" + "ps" * 29] * 2
    assert {u.data for u in units if not u.is_video} == {SOUND}
    assert demux.runs == 2


def test_what_comes_before_the_first_key_picture_of_a_run_is_handed_on() -> None:
    """The first picture says which constant libVLC adds to the stamps, decodable or not."""
    run = EncoderStream()
    data = run.unit(257, 0, SOUND) + run.unit(256, 0, PICTURE) + run.unit(256, 3000, KEY)

    assert kinds(Demux().take(run_mark(1) + data + run.unit(257, 3000, SOUND))) == "spKs"


def test_a_large_picture_in_several_parts_is_one_unit() -> None:
    run = EncoderStream()
    large = KEY + b"z" * 150_000
    data = run.unit(256, 36_000, large) + run.unit(256, 39_000, PICTURE)

    assert [u.data for u in Demux().take(run_mark(1) + data)] == [large, PICTURE]


def test_a_unit_of_unknown_length_is_whole_when_the_next_one_begins() -> None:
    run = EncoderStream()
    first, second = (
        run.unit(256, at, data, bounded=False) for at, data in ((0, KEY), (9, PICTURE))
    )
    demux = Demux()

    assert kinds(demux.take(run_mark(1) + first)) == ""
    assert kinds(demux.take(second)) == "K"


def test_after_a_lost_packet_pictures_wait_for_the_next_key_picture() -> None:
    entries = seconds_of(EncoderStream(), 2)
    data = b"".join(entries)
    hole = len(b"".join(entries[:10])) + 188
    demux = Demux()
    units = demux.take(run_mark(1) + data[:hole] + data[hole + 188 :])

    assert demux.lost == 1
    assert kinds(units).replace("s", "") == "K" + "p" * 9 + "K" + "p" * 29


def test_a_stream_joined_in_the_middle_of_a_packet_is_found_again() -> None:
    data = b"".join(seconds_of(EncoderStream(), 2))
    demux = Demux(run=5)
    units = demux.take(data[1000:])

    assert kinds(units).replace("s", "") == "p" * 29 + "K" + "p" * 29
    assert {u.run for u in units} == {5}


def test_rubbish_is_counted_and_kept_in_no_memory() -> None:
    demux = Demux()
    for _ in range(50):
        demux.take(b"\x00" * 5000)

    assert demux.lost > 0
    assert kinds(demux.take(run_mark(1) + EncoderStream().unit(256, 0, KEY) + NULL_PACKET)) == "K"
