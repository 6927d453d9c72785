"""Tiles of the week grid: each readable, none over another, and all near their times."""

import random
from datetime import datetime, timedelta
from itertools import combinations

import pytest

from web.schedule.week_tiles import Tile, TileSpan, pack

MONDAY = datetime(2026, 11, 23)
MINUTE = timedelta(minutes=1)
LEAST = 20 * MINUTE


def at(text: str) -> datetime:
    hour, minute = text.split(":")
    return MONDAY + timedelta(hours=int(hour), minutes=int(minute))


def spans(text: str) -> list[TileSpan]:
    """Parse `a 9:30-9:35`: an item by its key and times; a key in capitals is of another kind."""
    found = []
    for item in text.split(","):
        key, times = item.split()
        start, end = times.split("-")
        found.append(TileSpan(key, at(start), at(end), kind=key.isupper()))
    return found


def minutes(moment: datetime) -> str:
    hours, rest = divmod((moment - MONDAY) // MINUTE, 60)
    return f"{hours}:{rest:02}"


def drawn(tile: Tile) -> str:
    keys = "+".join(span.key for span in tile.spans)
    return f"{keys} {minutes(tile.start)}-{minutes(tile.end)}"


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        ("a 9:00-9:20, b 9:20-12:00", "a 9:00-9:20, b 9:20-12:00"),
        ("a 9:00-9:05", "a 9:00-9:20"),
        ("a 9:00-9:05, b 9:30-10:00", "a 9:00-9:20, b 9:30-10:00"),
        # Short ones that would cover each other are one tile, as tall as they are long.
        ("a 9:30-9:35, b 9:35-9:40, c 9:41-9:50", "a+b+c 9:30-9:50"),
        ("a 9:30-9:31, b 9:40-9:45", "a+b 9:30-9:50"),
        ("a 9:00-9:15, b 9:15-9:30, c 9:30-9:45, d 9:45-10:00, e 10:00-10:15",
         "a+b+c+d 9:00-10:00, e 10:00-10:20"),
        # What is proposed is not hidden among what is planned.
        ("a 9:00-9:05, B 9:05-9:10", "a 8:45-9:05, B 9:05-9:25"),
        # Up into free time, as far as is needed.
        ("a 9:55-10:00, b 10:00-12:00", "a 9:40-10:00, b 10:00-12:00"),
        ("a 9:00-9:50, b 9:55-10:00, c 10:00-12:00", "a 9:00-9:50, b 9:50-10:10, c 10:10-12:00"),
        # Without free time the long one behind gives way.
        ("a 8:00-9:00, b 9:00-9:05, c 9:05-14:00", "a 8:00-9:00, b 9:00-9:20, c 9:20-14:00"),
        # Nothing leaves its day.
        ("a 23:50-24:00", "a 23:40-24:00"),
        ("a 22:00-23:50, b 23:50-24:00", "a 22:00-23:40, b 23:40-24:00"),
        ("a 0:00-0:05, b 0:05-2:00", "a 0:00-0:20, b 0:20-2:00"),
        # Over midnight it is one item in two columns, readable in both.
        ("a 23:55-24:05, b 24:05-26:00", "a 23:40-24:20, b 24:20-26:00"),
        ("a 23:00-25:00", "a 23:00-25:00"),
        # Items that share time stay side by side, and the short one is readable too.
        ("a 10:00-12:00, b 10:30-10:35", "a 10:00-12:00, b 10:30-10:50"),
        ("a 10:00-12:00, B 11:55-12:00", "a 10:00-12:00, B 11:40-12:00"),
        ("a 10:00-12:00, b 10:00-12:00, c 10:00-12:00, D 11:00-11:30", "a+b+c+D 10:00-12:00"),
    ],
)  # fmt: skip
def test_each_item_is_drawn_readable_and_near_its_time(planned: str, expected: str) -> None:
    assert ", ".join(map(drawn, pack(spans(planned), LEAST))) == expected


def alternating(long: int, short: int) -> list[TileSpan]:
    """Fill a day with long and short items in turn, without a pause."""
    found, start = [], MONDAY
    while start + (long + short) * MINUTE <= MONDAY + timedelta(days=1):
        found.append(TileSpan(f"long-{start}", start, start + long * MINUTE))
        start += long * MINUTE
        found.append(TileSpan(f"short-{start}", start, start + short * MINUTE))
        start += short * MINUTE
    return found


def a_day(seed: int) -> list[TileSpan]:
    """Draw items of any length, some after a pause, some at the same time."""
    dice, start, found = random.Random(seed), MONDAY, []
    while start < MONDAY + timedelta(days=2):
        length = dice.choice((1, 4, 5, 10, 15, 20, 28, 30, 60, 120)) * MINUTE
        found.append(TileSpan(str(len(found)), start, start + length, kind=dice.random() < 0.1))
        start += length + dice.choice((-5, 0, 0, 0, 0, 0, 7, 30)) * MINUTE
    return found


@pytest.mark.parametrize(
    "planned",
    [alternating(20, 1), alternating(21, 3), alternating(60, 5), *map(a_day, range(40))],
)
def test_every_item_is_on_exactly_one_tile_and_no_tile_hides_another(
    planned: list[TileSpan],
) -> None:
    tiles = pack(planned, LEAST)

    named = [span.key for tile in tiles for span in tile.spans]
    assert set(named) == {span.key for span in planned}
    for tile in tiles:
        assert tile.end - tile.start >= LEAST, drawn(tile)
        assert tile.start - tile.since <= LEAST, drawn(tile)
        assert tile.since - tile.start <= 2 * LEAST, drawn(tile)
    for one, other in combinations(tiles, 2):
        if one.start < other.end and other.start < one.end:
            near = one.since < other.until + LEAST and other.since < one.until + LEAST
            assert near, f"{drawn(one)} lies over {drawn(other)}"
