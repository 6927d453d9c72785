"""Captions of a stream as WebVTT, cut with its segments."""

import pytest
from support.web_input import RATE, on_channel

from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.roll_up import RollUp
from media.captions.track import TRIPLET_BYTES, triplets_of
from playout.engine.relay.a53 import cc_data, with_captions
from playout.engine.targets.web_captions import WebCaptions
from playout.engine.targets.web_stream import WebUnit
from playout.engine.transport import STAMP_WRAP

SLICE = b"\x00\x00\x00\x01\x65\x88"
TWO_SECONDS = round(60 * 90_000 / RATE)


def picture(number: int, triplets: bytes = b"", first: int = 0) -> WebUnit:
    at = first + round(number * 90_000 / RATE)
    data = with_captions(SLICE, cc_data(triplets, number, RATE))
    return WebUnit(True, number % 60 == 0, at, at, data)


def pop_on(begin: float, end: float, text: str) -> dict[int, bytes]:
    track = encode(laid_out(round(begin * 1e6), round(end * 1e6), [text]))
    return {round(one.microseconds * RATE / 1_000_000): one.triplets for one in track}


def cut(pairs: dict[int, bytes], count: int, first: int = 0) -> list[str]:
    """Return the segments of so many pictures, two seconds each."""
    captions, found = WebCaptions(), []
    for number in range(count):
        captions.take(picture(number, pairs.get(number, b""), first))
        if number % 60 == 59:
            found.append(captions.segment(first + number // 60 * TWO_SECONDS, TWO_SECONDS)["CC1"])
    return found


def cues(text: str) -> list[str]:
    lines = text.splitlines()
    return [" ".join(lines[n : n + 2]) for n, line in enumerate(lines) if "-->" in line]


def test_a_caption_that_spans_a_cut_is_in_both_segments() -> None:
    first, second, third = cut(pop_on(1.5, 3.5, "HELLO"), 180)

    assert cues(first) == ["00:00:01.502 --> 00:00:02.002 HELLO"]
    assert cues(second) == ["00:00:00.000 --> 00:00:01.502 HELLO"]
    assert cues(third) == []


def test_a_caption_within_a_segment_is_in_that_one_alone() -> None:
    found = cut(pop_on(2.6, 3.4, "HELLO"), 180)

    assert [len(cues(one)) for one in found] == [0, 1, 0]


def test_a_caption_of_many_segments_is_in_each() -> None:
    found = cut(pop_on(1.0, 9.0, "STAY"), 300)

    assert [len(cues(one)) for one in found] == [1] * 5
    assert cues(found[2]) == ["00:00:00.000 --> 00:00:02.002 STAY"]


def test_the_clock_of_a_segment_is_that_of_its_pictures_also_where_stamps_begin_anew() -> None:
    first = STAMP_WRAP - 90_000
    one, two, _ = cut(pop_on(1.5, 3.5, "HELLO"), 180, first)

    assert one.splitlines()[1] == "X-TIMESTAMP-MAP=MPEGTS:8589844592,LOCAL:00:00:00.000"
    assert two.splitlines()[1] == "X-TIMESTAMP-MAP=MPEGTS:90180,LOCAL:00:00:00.000"
    assert cues(one) == ["00:00:01.502 --> 00:00:02.002 HELLO"]
    assert cues(two) == ["00:00:00.000 --> 00:00:01.502 HELLO"]


def test_a_row_of_roll_up_grows_from_one_segment_to_the_next() -> None:
    roll = RollUp()
    said = [*triplets_of(roll.say(["THE", "COUNCIL"])), *triplets_of(roll.say(["MEETS"]))]
    half = len(said) - 3
    pairs = {40 + number: one for number, one in enumerate(said[:half])}
    pairs |= {70 + number: one for number, one in enumerate(said[half:])}
    roll.new_row()
    last = roll.say(["ON", "MONDAY"])
    pairs |= {
        100 + n // TRIPLET_BYTES: last[n : n + TRIPLET_BYTES]
        for n in range(0, len(last), TRIPLET_BYTES)
    }
    first, second, _ = cut(pairs, 180)

    assert [one.split(" ", 3)[3] for one in cues(first)] == ["THE COUNCIL"]
    assert [one.split(" ", 3)[3] for one in cues(second)] == ["THE COUNCIL MEETS", "ON MONDAY"]


def test_after_an_interruption_nothing_of_before_is_shown() -> None:
    captions, pairs = WebCaptions(), pop_on(1.5, 9.0, "OLD")
    for number in range(60):
        captions.take(picture(number, pairs.get(number, b"")))
    assert cues(captions.segment(0, TWO_SECONDS)["CC1"])
    for number in range(120, 180):
        captions.take(picture(number))

    assert cues(captions.segment(2 * TWO_SECONDS, TWO_SECONDS)["CC1"]) == []


def test_what_would_be_read_as_markup_is_escaped() -> None:
    first, _ = cut(pop_on(0.8, 1.5, "A<B>&C"), 120)

    assert "A&lt;B&gt;&amp;C" in first


@pytest.mark.parametrize("channel", ["CC2", "CC3"])
def test_another_channel_is_text_of_its_own_while_it_shows_something(channel: str) -> None:
    captions, found = WebCaptions(), []
    pairs = on_channel(channel, pop_on(2.6, 3.4, "HOLA"))
    for number in range(180):
        captions.take(picture(number, pairs.get(number, b"")))
        if number % 60 == 59:
            found.append(captions.segment(number // 60 * TWO_SECONDS, TWO_SECONDS))

    assert [list(one) for one in found] == [["CC1"], ["CC1", channel], ["CC1"]]
    assert [cue.split(" ", 3)[3] for cue in cues(found[1][channel])] == ["HOLA"]
    assert all(cues(one["CC1"]) == [] for one in found)
