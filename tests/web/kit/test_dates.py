"""Days, weeks, times and instants as addresses and form fields write them."""

from datetime import UTC, date, datetime, time

import pytest
from werkzeug.exceptions import NotFound

from scheduler.refusals import Refused
from web.kit.dates import (
    LAST_TYPED_YEAR,
    day_or_404,
    day_or_refuse,
    parse_day,
    parse_epoch,
    parse_instant,
    parse_time,
    parse_week,
    time_or_404,
    time_or_refuse,
    week_or_404,
)


@pytest.mark.parametrize(
    "text", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30", "2026-1-1", None]
)
def test_an_invalid_or_distant_day_is_none(text: str | None) -> None:
    assert parse_day(text) is None and parse_day(f"{LAST_TYPED_YEAR}-12-31") is not None


@pytest.mark.parametrize(
    "text", ["", "2026-11-24", "0001-W01", "9999-W01", "2026-W99", "2026-W48-1"]
)
def test_an_invalid_or_distant_week_is_none(text: str) -> None:
    assert parse_week(text) is None and str(parse_week("2026-W48")) == "2026-11-23"


@pytest.mark.parametrize("text", ["", "25:00", "10:00+05:00", "10:00Z", None])
def test_a_time_with_a_zone_is_none(text: str | None) -> None:
    assert parse_time(text) is None and str(parse_time("10:00")) == "10:00:00"


@pytest.mark.parametrize("text", ["", "x", "2026-11-24T10:00", "0001-01-01T00:00+00:00", None])
def test_an_instant_needs_its_offset_and_a_sensible_year(text: str | None) -> None:
    assert parse_instant(text) is None
    assert parse_instant("2026-11-24T10:00:00-05:00") == datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "99999999999"])
def test_an_epoch_is_whole_seconds_that_fit_a_column(text: str) -> None:
    assert parse_epoch({"since": text}, "since") is None
    assert parse_epoch({"since": "60"}, "since") == datetime(1970, 1, 1, 0, 1, tzinfo=UTC)


def test_an_address_with_an_invalid_date_is_not_found() -> None:
    for read, text in ((day_or_404, "2026-02-30"), (week_or_404, "2026-W99"), (time_or_404, "x")):
        with pytest.raises(NotFound):
            read(text)
    assert day_or_404("2026-11-24") == date(2026, 11, 24)
    assert week_or_404("2026-W48") == date(2026, 11, 23)
    assert time_or_404("00:00") == time()


def test_a_form_without_a_day_or_time_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refused, match="Choose the day"):
        day_or_refuse("")
    with pytest.raises(Refused, match="Enter the time it airs"):
        time_or_refuse("soon", "Enter the time it airs.")
    assert time_or_refuse("midnight") == time()
