"""Layout of a week grid: a short item is as readable as a long one.

An hour of the grid is `2 * SLOT_HEIGHT` pixels tall, and five minutes of it a line that no one can
read or hit. Every tile is therefore drawn at least `least` tall. The room it needs is taken where
it does the least harm, and the time printed on a tile is always the true one:

1. Short items of one kind that touch, or would be drawn over each other, become one tile, which
   covers an hour at most: "4 short items".
2. A tile that would grow into the next one moves up into free time before it: a clip from 9:55
   until a meeting at 10:00 is drawn from 9:40 to 10:00.
3. Where no time is free before it, the next tile begins lower: after a clip from 12:00 to 12:05, a
   film of two hours is drawn from 12:20.
4. Where a tile would be more than `least` below its time, or more than twice that above it, the
   shortest two neighbors become one tile.

Items planned for the same time stay at their time, side by side; more than `TILES_ABREAST` of them
become one tile. Each day is drawn on its own: nothing moves over midnight, where a column ends.
"""

from collections.abc import Container, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

TILES_ABREAST = 3
"""Most tiles that fit side by side in a column."""
TILE_COVERS_AT_MOST = timedelta(hours=1)
"""Longest time that one tile of short items covers."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class TileSpan:
    """One item to draw, over [start, end) in naive wall times of its channel."""

    key: str
    start: datetime
    end: datetime
    kind: Hashable = None
    """Short items are drawn as one tile only with others of their kind."""


@dataclass(frozen=True)
class Tile:
    """One or several items, and [start, end) as they are drawn, in naive wall times."""

    spans: tuple[TileSpan, ...]
    start: datetime
    end: datetime

    @property
    def since(self) -> datetime:
        """The true start of the first item."""
        return min(span.start for span in self.spans)

    @property
    def until(self) -> datetime:
        """The true end of the last item."""
        return max(span.end for span in self.spans)


@dataclass(frozen=True)
class _Group:
    """Tiles that overlap in time and are placed together; usually a single tile."""

    tiles: tuple[Tile, ...]
    start: datetime
    end: datetime


def pack(spans: Sequence[TileSpan], least: timedelta) -> list[Tile]:
    """Return the tiles of one channel by drawn start, none drawn shorter than `least`."""
    days: dict[datetime, list[TileSpan]] = {}
    for span in spans:
        for piece in _by_day(span):
            days.setdefault(_midnight(piece.start), []).append(piece)
    over = {span.key for span in spans if _midnight(span.start) + DAY < span.end}
    whole: dict[tuple[str, ...], Tile] = {}
    for day, pieces in sorted(days.items()):
        for tile in _place_day(_merge_short(pieces, over, least), day, least):
            keys = tuple(span.key for span in tile.spans)
            last = whole.get(keys)
            whole[keys] = _over_midnight(last, tile) if last else tile
    return sorted(whole.values(), key=lambda tile: (tile.start, tile.end))


def _by_day(span: TileSpan) -> Iterable[TileSpan]:
    """Cut the span at each midnight: the grid draws each piece in its own column."""
    start = span.start
    while (night := _midnight(start) + DAY) < span.end:
        yield replace(span, start=start, end=night)
        start = night
    yield replace(span, start=start)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _over_midnight(first: Tile, then: Tile) -> Tile:
    spans = tuple(replace(a, end=b.end) for a, b in zip(first.spans, then.spans, strict=True))
    return Tile(spans, first.start, then.end)


def _merge_short(spans: Sequence[TileSpan], over: Container[str], least: timedelta) -> list[Tile]:
    """Merge short items of one kind where they touch or would be drawn over each other.

    An item that goes `over` midnight stays alone, since its other half is drawn in another column.
    """
    tiles: list[Tile] = []
    runs: dict[Hashable, Tile] = {}
    for span in sorted(spans, key=lambda one: (one.start, one.end, one.key)):
        tile = Tile((span,), span.start, span.end)
        if span.end - span.start >= least or span.key in over:
            tiles.append(tile)
            continue
        run = runs.get(span.kind)
        if run and _touches(run, span, least) and _fits(run, span):
            tiles.remove(run)
            tile = _merged(run.spans, (span,))
        runs[span.kind] = tile
        tiles.append(tile)
    return sorted(tiles, key=lambda tile: (tile.start, tile.end))


def _touches(run: Tile, span: TileSpan, least: timedelta) -> bool:
    return span.start <= run.end or span.start < run.start + least


def _fits(run: Tile, span: TileSpan) -> bool:
    return max(run.end, span.end) - run.start <= TILE_COVERS_AT_MOST


def _merged(*parts: tuple[TileSpan, ...]) -> Tile:
    spans = tuple(span for part in parts for span in part)
    return Tile(spans, min(s.start for s in spans), max(s.end for s in spans))


def _groups(tiles: Sequence[Tile]) -> list[_Group]:
    """Group the tiles that overlap in time, in order of time."""
    groups: list[_Group] = []
    for tile in tiles:
        if groups and tile.start < groups[-1].end:
            last = groups.pop()
            groups.append(_Group((*last.tiles, tile), last.start, max(last.end, tile.end)))
        else:
            groups.append(_Group((tile,), tile.start, tile.end))
    return [_limit_abreast(group) for group in groups]


def _limit_abreast(group: _Group) -> _Group:
    """Merge all tiles of a group in which more than `TILES_ABREAST` would share a column."""
    edges = [(tile.start, 1) for tile in group.tiles] + [(tile.end, -1) for tile in group.tiles]
    most = at_once = 0
    for _, step in sorted(edges):
        at_once += step
        most = max(most, at_once)
    if most <= TILES_ABREAST:
        return group
    return _Group((_merged(*(tile.spans for tile in group.tiles)),), group.start, group.end)


def _place_day(tiles: Sequence[Tile], day: datetime, least: timedelta) -> list[Tile]:
    """Place the tiles of a day, merging neighbors until each is drawn near its time."""
    groups = _groups(tiles)
    while True:
        placed = _place(groups, day, least)
        pairs = zip(placed, groups, strict=True)
        astray = next((n for n, pair in enumerate(pairs) if _is_astray(*pair, day, least)), None)
        if astray is None or len(groups) == 1:
            return [_tile_in_group(tile, group, least) for group in placed for tile in group.tiles]
        groups = _merge_shortest(
            groups, range(max(0, astray - 2), min(astray + 1, len(groups) - 1))
        )


def _is_astray(drawn: _Group, group: _Group, day: datetime, least: timedelta) -> bool:
    """Tell whether a group would be drawn too far from its time, or in the column of the day
    before.
    """
    return drawn.start < day or not -2 * least <= drawn.start - group.start <= least


def _place(groups: Sequence[_Group], day: datetime, least: timedelta) -> list[_Group]:
    """Place each group, from the first to the last."""
    placed: list[_Group] = []
    free = day
    for number, group in enumerate(groups):
        limit = groups[number + 1].start if number + 1 < len(groups) else day + DAY
        start = max(group.start, free)
        end = max(group.end, start + least)
        if end > limit:
            start -= min(start - free, end - limit)
            end = max(group.end, start + least)
        placed.append(_Group(group.tiles, start, end))
        free = end
    return _move_up(placed, day + DAY, least)


def _move_up(placed: Sequence[_Group], midnight: datetime, least: timedelta) -> list[_Group]:
    """Move groups up, from the last to the first, until nothing is drawn below midnight."""
    moved: list[_Group] = []
    for group in reversed(placed):
        end = min(group.end, midnight)
        start = min(group.start, end - least)
        moved.append(_Group(group.tiles, start, end))
        midnight = start
    return moved[::-1]


def _merge_shortest(groups: Sequence[_Group], among: Iterable[int]) -> list[_Group]:
    """Merge the shortest two neighbors, of which the first has one of the numbers in `among`."""
    first = min(among, key=lambda n: groups[n + 1].end - groups[n].start)
    tiles = (*groups[first].tiles, *groups[first + 1].tiles)
    merged = _merged(*(tile.spans for tile in tiles))
    return [*groups[:first], _Group((merged,), merged.start, merged.end), *groups[first + 2 :]]


def _tile_in_group(tile: Tile, group: _Group, least: timedelta) -> Tile:
    """Place a tile within its group, as near to its own times as the group's place allows."""
    start = min(max(tile.start, group.start), group.end - least)
    end = min(max(tile.end, start + least), group.end)
    return Tile(tile.spans, start, end)
