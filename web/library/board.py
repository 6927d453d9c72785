"""The cards and the form of the bulletin board, between a slide and its template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from flask import Response, make_response

from config.names import HouseFormat
from media.slides.draw import bulletin
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import ProposalId, SlideId
from scheduler.domain.model.people import Actor
from scheduler.domain.model.proposal import SlideProposal
from scheduler.domain.model.slide import ALWAYS_UNTIL, Slide, SlideDraft
from web.kit import words
from web.kit.approvals import may_air
from web.kit.context import services
from web.library.forms import SlideForm

CARD_WIDTH, CARD_HEIGHT = 640, 360
"""Size of a slide on its card, in pixels."""


@dataclass(frozen=True)
class SlideCard:
    """One slide of the board."""

    id: SlideId
    version: int
    draft: SlideDraft
    where: str
    span: str
    may_air: bool
    """False where the reader can only propose a change of it."""
    asked: tuple[ProposalId, ...] = ()
    """Changes of it that wait for approval."""


def zone_of(channels: Sequence[Channel]) -> ZoneInfo:
    """Return the zone of the board's days: the first channel's; UTC before there is one."""
    return channels[0].tz if channels else ZoneInfo("UTC")


def as_card(
    slide: Slide,
    channels: Sequence[Channel],
    now: datetime,
    actor: Actor,
    waiting: Iterable[SlideProposal] = (),
) -> SlideCard:
    """Return the card of a slide, with its channel and dates in words and the changes that wait."""
    tz = zone_of(channels)
    draft = slide.draft
    asked = tuple(one.id for one in waiting if one.slide == slide.id)
    mine, where = may_air(actor, draft.channel, channels), where_of(draft, channels)
    return SlideCard(slide.id, slide.version, draft, where, _span(draft, now, tz), mine, asked)


def where_of(draft: SlideDraft, channels: Sequence[Channel]) -> str:
    """Return the name of the channel that shows it, or `every channel`."""
    named = {channel.id: channel.name for channel in channels}
    return named.get(draft.channel, draft.channel) if draft.channel else "every channel"


def offer_channels(form: SlideForm, channels: Sequence[Channel]) -> None:
    """Offer each channel in the form, and all of them."""
    form.choose("channel", [("", "every channel"), *((c.id, c.name) for c in channels)])


def picture_of(
    draft: SlideDraft, channels: Sequence[Channel], *, air_size: bool = False
) -> Response:
    """Return the bulletin as PNG, drawn by the code that draws it on air.

    At air size it has the size of its channel's picture; a bulletin of every channel, that of the
    first one.
    """
    channel = next((one for one in channels if one.id == draft.channel), None)
    named = (channel.station or channel.name) if channel else services().settings.station
    shown = channel or (channels[0] if channels else None)
    size = CARD_WIDTH, CARD_HEIGHT
    if air_size and shown is not None:
        air = HouseFormat.parse(shown.format)
        size = air.width, air.height
    drawn, out = bulletin(draft.heading, draft.body, draft.style, *size, named), BytesIO()
    drawn.save(out, "PNG", compress_level=1)
    answer = make_response(out.getvalue())
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def filled_form(draft: SlideDraft, version: int, tz: ZoneInfo) -> SlideForm:
    """Return the form filled from a slide; its days are whole days of `tz`."""
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
        version=str(version),
    )


def order_after(ids: list[SlideId], moved: SlideId, by: int) -> list[SlideId]:
    """Return the order after moving one slide by `by` places."""
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
        return "until removed"
    last = (draft.shown_until.astimezone(tz) - timedelta(seconds=1)).date()
    return "over" if draft.shown_until <= now else f"until {words.day(last, today)}"
