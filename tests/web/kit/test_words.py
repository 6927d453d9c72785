"""Words for sizes, the timeline strip and the picture cache."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from web.kit import words
from web.kit.picture_cache import PicturesInMemory
from web.onair.strip import StripPiece, draw

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def test_sizes_are_round() -> None:
    assert [words.size(n) for n in (812, 1_700_000, 90_000_000, 1_400_000_000)] == [
        "812 bytes",
        "1.7 MB",
        "90 MB",
        "1.4 GB",
    ]


def test_the_strip_clips_at_its_edges_and_marks_discrepancies() -> None:
    hour = timedelta(hours=1)
    long = StripPiece("Council", NOON - 9 * hour, NOON + 9 * hour)
    late = StripPiece("Replay", NOON - 1 * hour, NOON, bad=True, note="(aired late)")
    gone = StripPiece("Old", NOON - 9 * hour, NOON - 8 * hour)
    strip = draw([long, gone], [late], NOON, NEW_YORK)
    (box,) = strip.planned
    assert box.x == 0 and box.width == pytest.approx(strip.width, abs=2)
    assert strip.ran[0].bad and strip.ran[0].full == "11:00:00 Replay (aired late)"
    assert strip.here == strip.width * 0.75
    assert [text for _, text in strip.hours] == ["10:00", "11:00", "12:00"]


def test_a_picture_is_watched_for_ten_seconds_after_a_request() -> None:
    at = [0]
    watch = PicturesInMemory(lambda: at[0])
    assert not watch.watched("ch13")
    assert watch.ask("ch13") is None and watch.watched("ch13") and not watch.watched("ch14")
    watch.put("ch13", b"jpeg", "{}")
    at[0] = 9_900_000_000
    assert watch.watched("ch13") and watch.age("ch13") == pytest.approx(9.9)
    at[0] = 10_100_000_000
    assert not watch.watched("ch13")
