"""Times, lengths and sizes as pages say them; the strip; the picture board."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from web import words
from web.strip import Piece, draw
from web.watch import Watch

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("90", 90), ("90 min", 90), ("1:30", 90), ("1:30:00", 90), (" 0:05 ", 5), ("2:00:30", 120.5)],
)
def test_a_length_is_read_as_people_write_it(typed: str, minutes: float) -> None:
    assert words.read_length(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["", "soon", "1:2:3:4", "-5", "1.5", "٣", "²", "9" * 30])
def test_what_is_no_length_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="1:30"):
        words.read_length(typed)


@pytest.mark.parametrize("seconds", [60, 90, 5400, 4050, 86400])
def test_a_length_in_a_field_reads_back_the_same(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert words.read_length(words.field_length(span)) in (span, span)


def test_times_are_the_channels_to_the_nearest_second() -> None:
    at = NOON - timedelta(microseconds=269_333)
    assert words.clock(at, NEW_YORK) == "12:00"
    assert words.clock(NOON, NEW_YORK, seconds=True) == "12:00:00"
    assert words.civil(NOON, NEW_YORK) == "noon"
    assert words.civil(NOON + timedelta(hours=7, minutes=5), NEW_YORK) == "7:05 pm"


def test_days_are_named_from_today() -> None:
    today = date(2026, 11, 22)
    said = [words.day(today + timedelta(days=n), today) for n in (-1, 0, 1, 2, 60)]
    assert said == ["yesterday", "today", "tomorrow", "Tue 24 Nov", "Thu 21 Jan 2027"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(30, "0:30"), (725, "12:05"), (4050, "1:07:30"), (-5, "-0:05")]
)
def test_lengths_are_said_in_hours_minutes_seconds(seconds: int, said: str) -> None:
    assert words.length(timedelta(seconds=seconds)) == said


def test_sizes_are_round() -> None:
    assert [words.size(n) for n in (812, 1_700_000, 90_000_000, 1_400_000_000)] == [
        "812 bytes",
        "1.7 MB",
        "90 MB",
        "1.4 GB",
    ]


def test_the_strip_cuts_at_its_edges_and_marks_what_went_otherwise() -> None:
    hour = timedelta(hours=1)
    long = Piece("Council", NOON - 9 * hour, NOON + 9 * hour)
    late = Piece("Replay", NOON - 1 * hour, NOON, bad=True, note="(aired late)")
    gone = Piece("Old", NOON - 9 * hour, NOON - 8 * hour)
    strip = draw([long, gone], [late], NOON, NEW_YORK)
    (box,) = strip.planned
    assert box.x == 0 and box.width == pytest.approx(strip.width, abs=2)
    assert strip.ran[0].bad and strip.ran[0].full == "11:00:00 Replay (aired late)"
    assert strip.here == strip.width * 0.75
    assert [text for _, text in strip.hours] == ["10:00", "11:00", "12:00"]


def test_a_picture_is_wanted_for_ten_seconds_after_somebody_asked() -> None:
    at = [0]
    watch = Watch(lambda: at[0])
    assert not watch.watched("ch13")
    assert watch.ask("ch13") is None and watch.watched("ch13") and not watch.watched("ch14")
    watch.put("ch13", b"jpeg", "{}")
    at[0] = 9_900_000_000
    assert watch.watched("ch13") and watch.age("ch13") == pytest.approx(9.9)
    at[0] = 10_100_000_000
    assert not watch.watched("ch13")
