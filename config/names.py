"""Names for ids and quantities, so a bare string or number never crosses a room unexplained."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import NewType

ChannelId = NewType("ChannelId", str)
"""A channel's slug, as used in addresses: `ch13`."""
AiringId = NewType("AiringId", str)
"""A random id that an airing gets when it is made, and keeps through moves, retitles, new media."""
ItemId = NewType("ItemId", str)
"""One item of a plan. An airing's item has the airing's id; filler has ids of its own."""
CueId = NewType("CueId", str)
"""One stretch of air in a settled rundown; an item interrupted and resumed has several cues."""
AssetKey = NewType("AssetKey", str)
"""The SHA-256 of a file's bytes, in lower-case hex."""
Revision = NewType("Revision", int)
"""The number of a published plan of one channel; it only grows."""

FRAME_RATES = {
    Fraction(30000, 1001),
    Fraction(60000, 1001),
    Fraction(25),
    Fraction(50),
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(30),
    Fraction(60),
}
SAMPLE_RATE = 48_000
"""The house sound: 48 kHz, two channels, signed 16 bit."""
AUDIO_KBPS = {
    "mp2": (64, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    "ac3": (96, 112, 128, 160, 192, 224, 256, 320, 384, 448),
}
"""Bit rates of stereo sound that each codec has."""

_FORMAT = re.compile(r"(\d+)x(\d+)@(\d+)(?:/(\d+))?")


@dataclass(frozen=True)
class HouseFormat:
    """Picture size and exact rate, written `1280x720@30000/1001`; square pixels, I420."""

    width: int
    height: int
    rate: Fraction

    def __post_init__(self) -> None:
        if self.rate not in FRAME_RATES:
            known = ", ".join(str(rate) for rate in sorted(FRAME_RATES))
            raise ValueError(f"{self.rate} frames a second is not a house rate; use one of {known}")
        if self.width % 16 or self.height % 2 or not 64 <= self.width <= 3840 or self.height < 36:
            raise ValueError(
                f"{self.width}x{self.height}: the width must be a multiple of 16 between 64 and "
                "3840 and the height an even number of at least 36"
            )

    @classmethod
    def parse(cls, text: str) -> "HouseFormat":
        """Read `WIDTHxHEIGHT@RATE`; ValueError says what is wrong and shows an example."""
        match = _FORMAT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a format; write it like 1280x720@30000/1001")
        width, height, over, under = match.groups()
        if under == "0" or over == "0":
            raise ValueError(f"{text!r} has no frame rate; write it like 1280x720@30000/1001")
        return cls(int(width), int(height), Fraction(int(over), int(under or 1)))

    def __str__(self) -> str:
        return f"{self.width}x{self.height}@{self.rate}"

    @property
    def picture_bytes(self) -> int:
        """Size of one I420 picture."""
        return self.width * self.height * 3 // 2


SHAPES = (Fraction(4, 3), Fraction(16, 9))
"""The shapes of a picture of standard definition: width to height."""
_STANDARD_LINES = (480, 576)
_SHAPE_TOLERANCE = Fraction(1, 50)
"""Part by which a house may differ from a shape: its width is a multiple of 16, so 848 stands for
the 853.3 columns of 16:9."""


def broadcast_shape(house: HouseFormat) -> Fraction:
    """Return the shape of a house of standard definition. Raises ValueError for any other house;
    the text says what to write instead.
    """
    own = Fraction(house.width, house.height)
    near = [shape for shape in SHAPES if abs(own / shape - 1) <= _SHAPE_TOLERANCE]
    if house.height not in _STANDARD_LINES or not near:
        raise ValueError(
            "coded_width is for a house of 480 or 576 lines in 4:3 or 16:9, not for "
            f"{house}; write a format like 640x480@60000/1001 or 848x480@60000/1001"
        )
    return near[0]


def displayed_width(house: HouseFormat) -> int:
    """Return the square columns in which a house of standard definition is displayed: 640 for 4:3,
    853 for 16:9 in 480 lines. Raises ValueError for any other house.
    """
    return round(broadcast_shape(house) * house.height)
