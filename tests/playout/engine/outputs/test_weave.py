"""Two pictures woven into the fields of one frame."""

from fractions import Fraction

import numpy as np

from config.names import HouseFormat
from playout.engine.links.ring import Picture, planes
from playout.engine.outputs.feed import FeedTick
from playout.engine.outputs.weave import FieldFeed, woven

HOUSE = HouseFormat.parse("64x36@50")


class Numbered:
    """A feed whose picture, sound and captions are the number of their tick."""

    rate = Fraction(50)

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.forgotten: list[int] = []

    def at(self, number: int) -> FeedTick:
        self.asked.append(number)
        sound = np.full((960, 2), number, np.int16)
        return FeedTick(100 + number, picture(number), sound, bytes((0xFC, number, number)))

    def forget_picture(self, number: int) -> None:
        self.forgotten.append(number)

    def microseconds(self, number: int) -> int:
        return 1_000_000 + 20_000 * number


def picture(value: int) -> Picture:
    return np.full(HOUSE.picture_bytes, value, np.uint8)


def test_every_plane_has_the_first_picture_in_its_even_lines_and_the_second_in_its_odd() -> None:
    for plane in planes(woven(picture(7), picture(9), 64, 36), 64, 36):
        assert (plane[0::2] == 7).all()
        assert (plane[1::2] == 9).all()


def test_weaving_changes_neither_picture() -> None:
    first, second = picture(7), picture(9)
    woven(first, second, 64, 36)

    assert (first == 7).all()
    assert (second == 9).all()


def test_a_frame_has_sound_and_captions_of_both_pictures_and_the_time_of_the_first() -> None:
    feed = FieldFeed(Numbered(), HOUSE)
    frame = feed.at(3)

    assert feed.rate == 25
    assert frame.tick == 107
    assert list(frame.sound[:, 0]) == [6] * 960 + [7] * 960
    assert frame.captions == b"\xfc\x06\x06\xfc\x07\x07"
    assert feed.microseconds(3) == 1_120_000


def test_picture_and_sound_of_a_frame_are_asked_for_once() -> None:
    plain = Numbered()
    feed = FieldFeed(plain, HOUSE)
    for number in range(40):
        feed.at(number)
        feed.at(max(0, number - 5))

    assert plain.asked == list(range(80))


def test_pictures_are_kept_until_they_are_woven_and_frames_until_they_are_taken() -> None:
    plain = Numbered()
    feed = FieldFeed(plain, HOUSE)
    feed.at(0)
    taken = feed.at(0).picture
    feed.forget_picture(0)

    assert plain.forgotten == [0, 1]
    assert len(taken) == HOUSE.picture_bytes
    assert len(feed.at(0).picture) == 0
    assert len(feed.at(0).sound) == 1920
