"""The events of the week grid in floating wall-clock time: airings, proposals and blocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from config.names import ChannelId
from scheduler.domain.air.readiness import AiringView
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.proposal import AiringProposal
from scheduler.queries.grid import Week
from web.kit.words import a_count
from web.schedule.kinds import PROPOSAL, block_word, kind_word
from web.schedule.week_tiles import Tile, TileSpan, pack

SLOT_HEIGHT = 36
"""Height of half an hour of the grid, in pixels."""
SHORTEST_HEIGHT = 24
"""Smallest height of a tile, in pixels: room for two lines, and the target size of WCAG 2.2."""
SHORTEST_TILE = timedelta(minutes=30) * SHORTEST_HEIGHT / SLOT_HEIGHT
"""The time span that `SHORTEST_HEIGHT` pixels stand for; shorter items are drawn this long."""


@dataclass(frozen=True)
class _Item:
    """An airing or proposal: its span in wall time, its instants, and its event without times."""

    span: TileSpan
    start: datetime
    end: datetime
    event: dict[str, Any]


def week_events(
    week: Week, channels: Sequence[Channel], waiting: Iterable[AiringProposal], now: datetime
) -> dict[str, Any]:
    """Return the grid's events and its columns, one per channel; times are wall-clock strings."""
    first = [view for view in week.airings if view.airing.start > now - timedelta(hours=2)]
    scroll = week.local(first[0].airing.start, first[0].airing.channel).hour - 1 if first else 8
    proposed = [one for one in waiting if _within(one, week)]
    events: list[dict[str, Any]] = []
    for channel in channels:
        items = [_airing(view, week, now) for view in week.of(channel.id)]
        items += [_proposed(one, week, now) for one in proposed if one.channel == channel.id]
        tiles = pack([item.span for item in items], SHORTEST_TILE)
        events += _events({item.span.key: item for item in items}, tiles, channel.id)
        events += _backgrounds(week, channel.id, tiles)
    return {
        "today": now.astimezone(ZoneInfo(week.zone)).date().isoformat(),
        "scroll": f"{max(0, min(scroll, 18)):02d}:00:00",
        "slot": SLOT_HEIGHT,
        "channels": [{"id": channel.id, "title": channel.name} for channel in channels],
        "events": events,
    }


def _airing(view: AiringView, week: Week, now: datetime) -> _Item:
    airing, kind = view.airing, kind_word(view.airing.draft)
    past = airing.end <= now
    event = {
        "id": airing.id,
        "resourceIds": [airing.channel],
        "title": airing.title,
        "editable": not past,
        "classNames": [f"tile-{kind}", *(["past"] if past else [])],
        "extendedProps": {
            "kind": kind,
            "light": view.readiness.value,
            "why": view.why,
            "version": airing.version,
            "show": url_for("airings.show", airing=airing.id),
            "move": url_for("airings.shift", airing=airing.id),
            "copy": url_for("airings.copy", airing=airing.id),
        },
    }
    span = _span(airing.id, week, airing.start, airing.end, airing.channel)
    return _Item(span, airing.start, airing.end, event)


def _proposed(proposal: AiringProposal, week: Week, now: datetime) -> _Item:
    """Return a proposal's item: drawn dashed, and fixed, since it is on no schedule yet."""
    event = {
        "id": f"proposal-{proposal.id}",
        "resourceIds": [proposal.channel],
        "title": proposal.title,
        "editable": False,
        "classNames": ["proposed", f"tile-{PROPOSAL}", *(["past"] if proposal.end <= now else [])],
        "extendedProps": {
            "kind": PROPOSAL,
            "show": url_for("proposals.show", proposal=proposal.id),
        },
    }
    span = _span(
        f"proposal-{proposal.id}", week, proposal.start, proposal.end, proposal.channel, PROPOSAL
    )
    return _Item(span, proposal.start, proposal.end, event)


def _span(
    key: str, week: Week, start: datetime, end: datetime, channel: ChannelId, kind: str = ""
) -> TileSpan:
    return TileSpan(key, week.local(start, channel), week.local_end(start, end, channel), kind)


def _within(proposal: AiringProposal, week: Week) -> bool:
    return proposal.start < week.days[-1].ends and proposal.end > week.days[0].starts


def _events(
    items: Mapping[str, _Item], tiles: Sequence[Tile], channel: ChannelId
) -> list[dict[str, Any]]:
    """Return an event for each tile of the grid, and one for the agenda for each item inside a
    shared tile.
    """
    single = {tile.spans[0].key for tile in tiles if len(tile.spans) == 1}
    events = []
    for tile in tiles:
        inside = [items[span.key] for span in tile.spans]
        if len(inside) == 1:
            events.append(_event(inside[0], tile.start, tile.end))
            continue
        events.append(_shared_tile(inside, tile, channel))
        events += [
            _event(item, item.span.start, item.span.end, "list")
            for item in inside
            if item.span.key not in single
        ]
    return events


def _event(item: _Item, start: datetime, end: datetime, view: str = "") -> dict[str, Any]:
    """Return the item's event as drawn over [start, end).

    `off` holds the seconds from the drawn start and end to the true ones; `view` names the only
    view that shows it, grid or list.
    """
    off = [(true - drawn).total_seconds() for true, drawn in
           ((item.span.start, start), (item.span.end, end))]  # fmt: skip
    extra = {**({"off": off} if any(off) else {}), **({"view": view} if view else {})}
    return {**item.event, **_times(start, end),
            "extendedProps": {**item.event["extendedProps"], **extra}}  # fmt: skip


def _times(start: datetime, end: datetime) -> dict[str, str]:
    return {
        "start": start.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
    }


def _shared_tile(inside: Sequence[_Item], tile: Tile, channel: ChannelId) -> dict[str, Any]:
    """Return one tile for several items, which opens a list of them."""
    short = all(item.span.end - item.span.start < SHORTEST_TILE for item in inside)
    proposed = all(item.span.kind == PROPOSAL for item in inside)
    word = f"{'short ' * short}{'proposal' if proposed else 'item'}"
    past = all("past" in item.event["classNames"] for item in inside)
    since = min(item.start for item in inside)
    until = max(item.start for item in inside)
    return {
        "id": f"several-{tile.spans[0].key}",
        "resourceIds": [channel],
        "title": a_count(len(inside), word),
        **_times(tile.start, tile.end),
        "editable": False,
        "classNames": ["tile-several", *(["past"] if past else [])],
        "extendedProps": {
            "kind": "several",
            "names": [item.event["title"] for item in inside],
            "off": [(tile.since - tile.start).total_seconds(),
                    (tile.until - tile.end).total_seconds()],
            "view": "grid",
            "show": url_for("schedule.several", channel=channel, since=int(since.timestamp()),
                            until=int(until.timestamp()) + 1),
        },
    }  # fmt: skip


def _backgrounds(week: Week, channel: ChannelId, tiles: Sequence[Tile]) -> list[dict[str, Any]]:
    """Return the blocks: shaded stretches behind the grid's airings, and lines of the agenda."""
    events = []
    for one in week.stretches:
        if one.block.draft.channel != channel:
            continue
        kind = block_word(one.block)
        span = _span(f"block-{one.block.id}-{one.day}", week, one.start, one.end, channel)
        event: dict[str, Any] = {
            "resourceIds": [channel],
            "title": one.block.draft.name,
            "editable": False,
            "classNames": [f"tile-{kind}"],
            **_times(span.start, span.end),
        }
        named = {"kind": kind, "free": _first_free(span, tiles)}
        show = url_for("blocks.show", block=one.block.id)
        events.append({**event, "id": span.key, "display": "background",
                     "extendedProps": {**named, "view": "grid"}})  # fmt: skip
        events.append({**event, "id": f"{span.key}-listed",
                     "extendedProps": {**named, "view": "list", "show": show}})  # fmt: skip
    return events


def _first_free(span: TileSpan, tiles: Sequence[Tile]) -> float:
    """Return the seconds from a block's start to where no tile covers its name; 0 where all is
    covered.
    """
    free = span.start
    for tile in tiles:
        if tile.end > free and tile.start < free + SHORTEST_TILE:
            free = tile.end
    night = (span.start + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    seen = free + SHORTEST_TILE <= min(span.end, night)
    return (free - span.start).total_seconds() if seen else 0.0
