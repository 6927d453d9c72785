from fractions import Fraction

import pytest

from config.names import HouseFormat


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("1280x720@30000/1001", Fraction(30000, 1001)),
        ("1920x1080@25", Fraction(25)),
        ("640x360@60000/1001", Fraction(60000, 1001)),
    ],
)
def test_a_format_reads_back_as_it_was_written(text: str, rate: Fraction) -> None:
    house = HouseFormat.parse(text)

    assert house.rate == rate
    assert str(house) == text


@pytest.mark.parametrize(
    "text", ["", "720p", "1280x720@0", "1280x720@30/0", "1281x720@25", "1280x720@29"]
)
def test_a_wrong_format_is_refused_with_words(text: str) -> None:
    with pytest.raises(ValueError, match="format|rate|width"):
        HouseFormat.parse(text)
