"""Builders of plans: items and media with sensible defaults, so a test names only what matters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

from config.names import AiringId, AssetKey, ChannelId, ItemId, Revision
from playout.model.plan import (
    ContentKind,
    EndRule,
    FillerPolicy,
    Item,
    Media,
    MissedStart,
    Page,
    Plan,
    Rank,
    StartRule,
)
from playout.model.source import Source

DAY = datetime(2026, 11, 20, tzinfo=UTC)
"""A Friday."""


def at(text: str, day: int = 0) -> datetime:
    """Return an instant on the Friday: `at("10:30")`, or `day` days later."""
    parts = [float(part) for part in text.split(":")]
    hours, minutes, seconds = (*parts, 0.0, 0.0)[:3]
    return DAY + timedelta(days=day, hours=hours, minutes=minutes, seconds=seconds)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def media(name: str, length: timedelta, **rest: Any) -> Media:
    key = AssetKey(sha256(name.encode()).hexdigest())
    return Media(key=key, suffix=".mp4", size=1000, length=length, rate=Fraction(30), **rest)


def item(name: str, start: datetime, length: timedelta, **rest: Any) -> Item:
    """Return a hard-start item with a file of exactly its length."""
    rest.setdefault("media", media(name, length))
    return Item(
        id=ItemId(name),
        kind=ContentKind.FILE,
        title=name,
        start=start,
        length=length,
        airing=AiringId(f"airing-{name}"),
        **rest,
    )


def live(name: str, start: datetime, length: timedelta, **rest: Any) -> Item:
    """Return a live that is held until adjourned; its source is `chamber` unless given."""
    rest.setdefault("end_rule", EndRule.HOLD)
    rest.setdefault("source", "chamber")
    return Item(
        id=ItemId(name),
        kind=ContentKind.LIVE,
        title=name,
        start=start,
        length=length,
        airing=AiringId(f"airing-{name}"),
        **rest,
    )


def soft(name: str, start: datetime, length: timedelta, **rest: Any) -> Item:
    """Return a soft item that follows the one before it."""
    return item(name, start, length, start_rule=StartRule.FOLLOW, rank=Rank.SOFT, **rest)


def waiting(name: str, start: datetime, length: timedelta, limit: timedelta, **rest: Any) -> Item:
    return item(
        name, start, length, start_rule=StartRule.WAIT, wait_limit=limit, rank=Rank.SOFT, **rest
    )


def source(name: str = "chamber", **rest: Any) -> Source:
    """Return a live source with a test address that no process opens."""
    return Source(name, name.title(), "test:", **rest)


def page(name: str = "notice") -> Page:
    return Page(name, name, "Text.", 10.0, DAY - timedelta(days=30), DAY + timedelta(days=60))


def plan(*items: Item, days: int = 1, filler: tuple[Media, ...] = (), **rest: Any) -> Plan:
    made = Plan(
        channel=ChannelId("ch13"),
        revision=Revision(1),
        made_at=DAY,
        starts=DAY,
        ends=DAY + timedelta(days=days),
        items=tuple(items),
        filler=filler,
        filler_titles=tuple(f"Filler {number}" for number in range(len(filler))),
        sources=(source(),),
    )
    return replace(made, **rest)


def policy(name: str, start: datetime, end: datetime, *filler: Media, **rest: Any) -> FillerPolicy:
    """Return a policy: these files fill gaps from `start` to `end`; without files, bulletins do."""
    titles = tuple(f"{name} {number}" for number in range(len(filler)))
    return FillerPolicy(name, ((start, end),), filler, titles, **rest)


def clips(*seconds: float) -> tuple[Media, ...]:
    """Return filler files of these lengths, in seconds."""
    return tuple(
        media(f"clip-{number}", timedelta(seconds=length)) for number, length in enumerate(seconds)
    )


__all__ = [
    "DAY",
    "EndRule",
    "MissedStart",
    "Rank",
    "at",
    "clips",
    "item",
    "live",
    "media",
    "minutes",
    "page",
    "plan",
    "policy",
    "soft",
    "source",
    "waiting",
]
