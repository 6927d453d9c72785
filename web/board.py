"""The bulletin board's cards and form, between a slide and its template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.channel import Channel
from scheduler.domain.names import SlideId
from scheduler.domain.slide import ALWAYS_UNTIL, Slide, SlideDraft
from web import words
from web.forms import SlideForm


@dataclass(frozen=True)
class SlideCard:
    """One slide of the board."""

    id: SlideId
    version: int
    draft: SlideDraft
    where: str
    span: str


def zone_of(channels: Sequence[Channel]) -> ZoneInfo:
    """The zone in which the board's days are meant: the first channel's."""
    return channels[0].tz if channels else ZoneInfo("UTC")


def as_card(slide: Slide, channels: Sequence[Channel], now: datetime) -> SlideCard:
    """The card, with where and until when in words."""
    tz = zone_of(channels)
    named = {channel.id: channel.name for channel in channels}
    draft = slide.draft
    where = named.get(draft.channel, draft.channel) if draft.channel else "every channel"
    return SlideCard(slide.id, slide.version, draft, where, _span(draft, now, tz))


def filled_form(slide: Slide, tz: ZoneInfo) -> SlideForm:
    """The slide as staff set it; its days are whole days of `tz`."""
    draft = slide.draft
    last = None
    if draft.shown_until < ALWAYS_UNTIL:
        last = (draft.shown_until.astimezone(tz) - timedelta(seconds=1)).date()
    return SlideForm(
        formdata=None,
        heading=draft.heading,
        body=draft.body,
        channel=draft.channel or "",
        shown_from=draft.shown_from.astimezone(tz).date(),
        shown_until=last,
        seconds=draft.seconds,
        style=draft.style,
        version=str(slide.version),
    )


def order_after(ids: list[SlideId], moved: SlideId, by: int) -> list[SlideId]:
    """The order with one slide moved by so many places."""
    if moved not in ids:
        return ids
    place = max(0, min(len(ids) - 1, ids.index(moved) + by))
    rest = [one for one in ids if one != moved]
    return [*rest[:place], moved, *rest[place:]]


def _span(draft: SlideDraft, now: datetime, tz: ZoneInfo) -> str:
    today = now.astimezone(tz).date()
    if draft.shown_from > now:
        return f"from {words.day(draft.shown_from.astimezone(tz).date(), today)}"
    if draft.shown_until >= ALWAYS_UNTIL:
        return "until taken off"
    last = (draft.shown_until.astimezone(tz) - timedelta(seconds=1)).date()
    return "over" if draft.shown_until <= now else f"until {words.day(last, today)}"
