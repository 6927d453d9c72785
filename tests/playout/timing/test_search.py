"""The choice of files by what they are: each field alone, and the orders."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from playout.model.search import AssetFilter, AssetKind, AssetOrder, SearchFacts
from playout.timing.search import fold, in_order, matches

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 11, 3, 30, tzinfo=UTC)
"""In New York it is still 10 March."""
COUNCIL = SearchFacts(
    id="a",
    title="Council, March 3",
    day=date(2026, 3, 3),
    added=datetime(2026, 3, 4, 1, tzinfo=UTC),
    body="City Council",
    program="regular",
    tags=("Budget", "Zoning"),
    kind=AssetKind.RECORDING,
    length=timedelta(hours=2),
    captioned=True,
    last_aired=NOW - timedelta(hours=12),
)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (AssetFilter(), True),
        (AssetFilter(body="CITY COUNCIL"), True),
        (AssetFilter(body="City"), False),
        (AssetFilter(program="regular"), True),
        (AssetFilter(program="special"), False),
        (AssetFilter(tags=("zoning", "budget")), True),
        (AssetFilter(tags=("zoning", "parks")), False),
        (AssetFilter(kind=AssetKind.RECORDING), True),
        (AssetFilter(kind=AssetKind.UPLOAD), False),
        (AssetFilter(within_days=7), True),
        (AssetFilter(within_days=6), False),
        (AssetFilter(since=date(2026, 3, 3), until=date(2026, 3, 3)), True),
        (AssetFilter(since=date(2026, 3, 4)), False),
        (AssetFilter(until=date(2026, 3, 2)), False),
        (AssetFilter(shortest=timedelta(hours=2), longest=timedelta(hours=2)), True),
        (AssetFilter(shortest=timedelta(hours=2, seconds=1)), False),
        (AssetFilter(longest=timedelta(minutes=119)), False),
        (AssetFilter(not_aired_for=timedelta(hours=12)), True),
        (AssetFilter(not_aired_for=timedelta(hours=12, seconds=1)), False),
        (AssetFilter(captioned=True), True),
        (AssetFilter(captioned=False), False),
    ],
)
def test_each_field_lets_pass_what_it_names(chosen: AssetFilter, found: bool) -> None:
    assert matches(chosen, COUNCIL, NOW, NEW_YORK) is found


def test_a_file_of_tomorrow_is_not_within_the_last_days() -> None:
    tomorrow = replace(COUNCIL, day=date(2026, 3, 11))
    assert not matches(AssetFilter(within_days=30), tomorrow, NOW, NEW_YORK)


def test_a_file_that_never_aired_has_rested_and_a_still_has_no_length() -> None:
    still = replace(COUNCIL, last_aired=None, length=None)
    assert matches(AssetFilter(not_aired_for=timedelta(days=300)), still, NOW, NEW_YORK)
    assert not matches(AssetFilter(longest=timedelta(hours=9)), still, NOW, NEW_YORK)


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (AssetOrder.NEWEST, "cbda"),
        (AssetOrder.OLDEST, "adbc"),
        (AssetOrder.TITLE, "cadb"),
        (AssetOrder.LONGEST, "acdb"),
        (AssetOrder.LEAST_AIRED, "bcda"),
    ],
)
def test_orders_are_the_same_however_the_files_come(order: AssetOrder, ids: str) -> None:
    later = COUNCIL.added + timedelta(days=1)
    b = replace(COUNCIL, id="b", title="éclair", day=date(2026, 3, 5), last_aired=None, length=None)
    c = replace(b, id="c", title="Apple", added=later, length=timedelta(minutes=5))
    d = replace(COUNCIL, id="d", title="Dog", added=later, length=timedelta(minutes=1))
    d = replace(d, last_aired=NOW - timedelta(days=2))
    for files in ([COUNCIL, b, c, d], [d, c, b, COUNCIL]):
        assert "".join(one.id for one in in_order(order, files)) == ids


def test_folding_takes_away_case_accents_and_ligatures() -> None:
    assert fold("Straße CAFÉ ﬁle Ångström") == "strasse cafe file angstrom"
