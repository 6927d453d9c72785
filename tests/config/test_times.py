"""Times, days and lengths, written and read: tables for both settings and both clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from config import times, typed
from config.times import Hours

NEW_YORK = ZoneInfo("America/New_York")
TWELVE, TWENTY_FOUR = Hours.TWELVE, Hours.TWENTY_FOUR


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "twelve", "twenty_four"),
    [
        ("2026-11-22 17:00", "noon", "12:00"),
        ("2026-11-22 17:00:30", "12:00:30 PM", "12:00:30"),
        ("2026-11-22 05:00", "12:00 AM", "00:00"),
        ("2026-11-22 05:05", "12:05 AM", "00:05"),
        ("2026-11-22 13:00", "8:00 AM", "08:00"),
        ("2026-11-23 00:00", "7:00 PM", "19:00"),
        ("2026-11-23 04:00", "11:00 PM", "23:00"),
        ("2026-11-22 16:59:59.700", "noon", "12:00"),
        ("2026-11-22 16:59:58.700", "11:59:59 AM", "11:59:59"),
        # The autumn night: 01:00 to 02:00 comes twice, and the zone says which it is.
        ("2026-11-01 04:59", "12:59 AM", "00:59"),
        ("2026-11-01 05:00", "1:00 AM EDT", "01:00 EDT"),
        ("2026-11-01 05:30", "1:30 AM EDT", "01:30 EDT"),
        ("2026-11-01 06:00", "1:00 AM EST", "01:00 EST"),
        ("2026-11-01 06:59", "1:59 AM EST", "01:59 EST"),
        ("2026-11-01 07:00", "2:00 AM", "02:00"),
        # The spring night: 02:00 is 03:00, and no hour needs a zone.
        ("2026-03-08 06:59", "1:59 AM", "01:59"),
        ("2026-03-08 07:00", "3:00 AM", "03:00"),
        ("2026-03-08 07:30", "3:30 AM", "03:30"),
    ],
)
def test_an_instant_is_written_one_way(at: str, twelve: str, twenty_four: str) -> None:
    with times.written_in(TWELVE):
        assert times.clock(utc(at), NEW_YORK) == twelve
    with times.written_in(TWENTY_FOUR):
        assert times.clock(utc(at), NEW_YORK) == twenty_four


def test_residents_read_the_nearest_minute() -> None:
    with times.written_in(TWELVE):
        assert times.civil(utc("2026-11-22 16:59:40"), NEW_YORK) == "noon"
        assert times.civil(utc("2026-11-01 05:29:50"), NEW_YORK) == "1:30 AM EDT"
        assert times.civil(utc("2026-11-01 05:59:50"), NEW_YORK) == "1:00 AM EST"


@pytest.mark.parametrize(
    ("which", "today", "twelve", "twenty_four"),
    [
        ("2026-11-22", "2026-11-22", "today", "today"),
        ("2026-11-23", "2026-11-22", "tomorrow", "tomorrow"),
        ("2026-11-21", "2026-11-22", "yesterday", "yesterday"),
        ("2026-11-24", "2026-11-22", "Tue, Nov 24", "Tue 24 Nov"),
        ("2026-11-24", None, "Tue, Nov 24", "Tue 24 Nov"),
        ("2027-01-21", "2026-11-22", "Thu, Jan 21, 2027", "Thu 21 Jan 2027"),
    ],
)
def test_a_day_is_written_one_way(
    which: str, today: str | None, twelve: str, twenty_four: str
) -> None:
    near = date.fromisoformat(today) if today else None
    for hours, said in ((TWELVE, twelve), (TWENTY_FOUR, twenty_four)):
        with times.written_in(hours):
            assert times.day(date.fromisoformat(which), near) == said


def test_the_order_of_day_and_month_is_that_of_the_setting_everywhere() -> None:
    day = date(2026, 11, 24)
    with times.written_in(TWELVE):
        assert times.long_day(day) == "Tuesday, November 24"
        assert times.calendar_day(day) == "November 24, 2026"
        assert times.month_day(11, 24) == "November 24"
        assert times.when(utc("2026-11-25 00:00"), NEW_YORK, utc("2026-11-22 18:00")) == (
            "Tue, Nov 24 7:00 PM"
        )
        assert times.from_to(time(13), time(17)) == "1:00 PM – 5:00 PM"
    with times.written_in(TWENTY_FOUR):
        assert times.long_day(day) == "Tuesday 24 November"
        assert times.calendar_day(day) == "24 November 2026"
        assert times.month_day(11, 24) == "24 November"
        assert times.when(utc("2026-11-25 00:00"), NEW_YORK, utc("2026-11-22 18:00")) == (
            "Tue 24 Nov 19:00"
        )
        assert times.from_to(time(13), time(17)) == "13:00–17:00"


@pytest.mark.parametrize(
    ("zone", "hours", "winter", "summer"),
    [
        ("America/New_York", TWELVE, "Eastern", "Eastern"),
        ("America/Indiana/Knox", TWELVE, "Central", "Central"),
        ("America/Phoenix", TWELVE, "Mountain", "Mountain"),
        ("Pacific/Honolulu", TWELVE, "Hawaii", "Hawaii"),
        ("America/Puerto_Rico", TWELVE, "Atlantic", "Atlantic"),
        ("Pacific/Guam", TWELVE, "Guam", "Guam"),
        ("Europe/Berlin", TWENTY_FOUR, "Berlin", "Berlin"),
        ("America/Sao_Paulo", TWENTY_FOUR, "Sao Paulo", "Sao Paulo"),
        ("UTC", TWENTY_FOUR, "UTC", "UTC"),
    ],
)
def test_a_zone_has_one_name_all_year_and_hours_of_its_own(
    zone: str, hours: Hours, winter: str, summer: str
) -> None:
    assert times.usual_hours(zone) is hours
    assert times.zone_words(zone, utc("2026-01-01 12:00")) == winter
    assert times.zone_words(zone, utc("2026-07-01 12:00")) == summer


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (30, "30 s"),
        (480, "8 min"),
        (725, "12 min 5 s"),
        (5400, "1 h 30 min"),
        (4050, "1 h 7 min 30 s"),
        (28800, "8 h"),
        (3605, "1 h 5 s"),
        (90000, "25 h"),
        (-141, "−2 min 21 s"),
    ],
)
def test_a_length_has_its_units_and_is_read_back_the_same(seconds: int, said: str) -> None:
    span = timedelta(seconds=seconds)
    assert times.length(span) == said
    if seconds > 0:
        assert typed.read_length(said) == span


def test_running_time_always_has_three_parts() -> None:
    said = [times.timecode(timedelta(seconds=n)) for n in (480, 4050, -3, 0)]
    assert said == ["0:08:00", "1:07:30", "0:00:00", "0:00:00"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("7:00 PM", time(19)),
        ("7pm", time(19)),
        ("7 p.m.", time(19)),
        ("7.30 pm", time(19, 30)),
        ("19:00", time(19)),
        (" 08:00 am ", time(8)),
        ("8:00", time(8)),
        ("00:00", time(0)),
        ("12:00 AM", time(0)),
        ("12 pm", time(12)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("23:59:30", time(23, 59, 30)),
        ("11:59:30 PM", time(23, 59, 30)),
        ("13:00 pm", time(13)),
        ("1930", time(19, 30)),
        ("0730", time(7, 30)),
        ("730 PM", time(19, 30)),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text: str, read: time) -> None:
    assert typed.read_time(text) == read


@pytest.mark.parametrize(
    "text", ["", "8", "730", "2460", "24:00", "7:60", "0 am", "13 am", "soon", "7:5", "٣:٠٠"]
)
def test_text_that_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="7:00 PM or 19:00"):
        typed.read_time(text)


@pytest.mark.parametrize("hours", list(Hours))
def test_every_time_in_a_field_reads_back_the_same(hours: Hours) -> None:
    with times.written_in(hours):
        for minute in range(1440):
            at = time(minute // 60, minute % 60, minute % 2 * 30)
            assert typed.read_time(times.field_time(at)) == at
            assert typed.read_time(times.time_of_day(at)) == at


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 5400),
        ("2", 120),
        ("90 min", 5400),
        ("90 minutes", 5400),
        ("1h30", 5400),
        ("1 h 30", 5400),
        ("1h", 3600),
        ("1.5 h", 5400),
        ("1 hour and 30 minutes", 5400),
        ("1 hour, 30 minutes", 5400),
        ("2 hrs", 7200),
        ("45s", 45),
        ("30 sec", 30),
        ("1 h 7 min 30 s", 4050),
        ("1:30", 5400),
        ("8:00", 28800),
        ("0:30", 1800),
        ("1:07:30", 4050),
        (" 0:05 ", 300),
        ("0:00:30", 30),
    ],
)
def test_a_length_is_read_as_people_write_it(text: str, seconds: int) -> None:
    assert typed.read_length(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1:2:3:4",
        "-5",
        "1.5",
        "1:75",
        "h",
        "min",
        "1h30m20",
        "٣",
        "²",
        "9" * 30,
        "2000 h",
    ],
)
def test_text_that_is_no_length_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="1 h 30 min or 45 min"):
        typed.read_length(text)
