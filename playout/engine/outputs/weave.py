"""Fields of interlaced video: two pictures of the house woven into one frame.

A headend that asks for 1080i or 480i takes 29.97 frames a second of two fields each, the upper
lines of which are shown first. A house at 59.94 pictures a second has one for each field:

    tick        0   1 │ 2   3 │
    frame         0   │   1   │   even lines of tick 0 and 2, odd lines of tick 1 and 3
"""

import threading
from collections import OrderedDict
from dataclasses import replace
from fractions import Fraction
from typing import Protocol

import numpy as np

from config.names import HouseFormat
from playout.engine.links.ring import Picture, planes
from playout.engine.outputs.feed import TICKS_KEPT, FeedTick


class FrameFeed(Protocol):
    """The frames of an output, numbered from 0."""

    rate: Fraction

    def at(self, number: int) -> FeedTick:
        """Return a frame; blocks until about its due time."""

    def forget_picture(self, number: int) -> None:
        """Drop the picture of a frame that was taken; its sound may still be asked for."""

    def microseconds(self, number: int) -> int:
        """Return its timestamp."""


def woven(first: Picture, second: Picture, width: int, height: int) -> Picture:
    """Return one frame with the even lines of the first picture and the odd lines of the second."""
    frame = first.copy()
    for own, other in zip(planes(frame, width, height), planes(second, width, height), strict=True):
        own[1::2] = other[1::2]
    return frame


class FieldFeed:
    """A feed of frames, each of two pictures of a faster feed."""

    def __init__(self, feed: FrameFeed, house: HouseFormat) -> None:
        self._feed, self._house = feed, house
        self.rate = feed.rate / 2
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, FeedTick] = OrderedDict()

    def at(self, number: int) -> FeedTick:
        """Return a frame with the sound and the captions of both pictures; blocks until the second
        one is due.
        """
        with self._lock:
            kept = self._kept.get(number)
            if kept is None:
                kept = self._kept[number] = self._frame(number)
                while len(self._kept) > TICKS_KEPT:
                    self._kept.popitem(last=False)
            return kept

    def forget_picture(self, number: int) -> None:
        """Drop the picture of a frame that was taken; its sound may still be asked for."""
        with self._lock:
            kept = self._kept.get(number)
            if kept is not None:
                self._kept[number] = replace(kept, picture=kept.picture[:0])

    def microseconds(self, number: int) -> int:
        """Return the timestamp of a frame: that of its first picture."""
        return self._feed.microseconds(2 * number)

    def _frame(self, number: int) -> FeedTick:
        first, second = self._feed.at(2 * number), self._feed.at(2 * number + 1)
        picture = woven(first.picture, second.picture, self._house.width, self._house.height)
        for half in (2 * number, 2 * number + 1):
            self._feed.forget_picture(half)
        return FeedTick(
            second.tick,
            picture,
            np.concatenate([first.sound, second.sound]),
            first.captions + second.captions,
        )
