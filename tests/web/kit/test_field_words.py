"""The words of the history: what was changed, and the values before and after."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from web.kit.field_words import value_words

ZONE, NOW = ZoneInfo("America/New_York"), datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "title",
    [
        "9999-12-31T23:59:59.999999+00:00",
        "0001-01-01T00:00:00+00:00",
        "2026-13-45",
        "2026-02-30T10:00:00+00:00",
        "25:61:00",
        "0001-01-01",
    ],
)
def test_a_title_that_only_looks_like_a_time_is_not_rewritten(title: str) -> None:
    assert value_words("title", title, ZONE, NOW) == title


def test_an_instant_is_written_in_the_format_of_pages() -> None:
    assert (
        value_words("start", "2026-11-24T15:00:00+00:00", ZONE, NOW) != "2026-11-24T15:00:00+00:00"
    )
