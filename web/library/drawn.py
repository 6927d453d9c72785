"""Bulletins drawn for pages by the code that draws them on air, and what is to be said of them."""

import base64
from dataclasses import dataclass
from io import BytesIO

from flask import Response, make_response

from config.names import HouseFormat
from media.palette import LEAST_CONTRAST, least_contrast
from media.slides.content import DrawnSlide, Look, Size, SlideContent
from media.slides.draw import draw
from playout.bulletins.automatic import today
from playout.bulletins.looks import LookReader
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.slide import (
    SlideDraft,
    is_automatic,
    seconds_to_read,
    word_count,
)
from scheduler.queries import board
from web.kit.context import database, find_stored, now, services

CARD_SIZE = 640, 360
"""Size of a slide on its card, in pixels."""
NOTHING_TO_SAY = "Nothing to tell now: viewers do not see this page until there is."


@dataclass(frozen=True)
class SlidePreview:
    """A bulletin as viewers would see it, with remarks for who writes it."""

    picture: str
    """A JPEG as an address of its own."""
    size: str
    """Columns and rows on air: `1280 × 720`."""
    facts: tuple[str, ...]
    warnings: tuple[str, ...]


def preview(draft: SlideDraft, channels: tuple[Channel, ...]) -> SlidePreview:
    """Draw a bulletin as it is being written, at the size of its channel's picture."""
    size = size_on_air(draft, channels)
    drawn, look = draw_slide(draft, channels, size)
    held = BytesIO()
    drawn.image.convert("RGB").save(held, "JPEG", quality=88)
    return SlidePreview(
        picture=f"data:image/jpeg;base64,{base64.b64encode(held.getvalue()).decode()}",
        size=f"{size[0]} × {size[1]}",
        facts=_facts(draft, drawn, look, size),
        warnings=_warnings(draft, drawn, look),
    )


def picture_of(
    draft: SlideDraft, channels: tuple[Channel, ...], *, air_size: bool = False
) -> Response:
    """Return the bulletin as PNG, drawn by the code that draws it on air.

    At air size it has the size of its channel's picture; a bulletin of every channel, that of the
    first one.
    """
    size = size_on_air(draft, channels) if air_size else CARD_SIZE
    drawn, _ = draw_slide(draft, channels, size)
    out = BytesIO()
    drawn.image.convert("RGB").save(out, "PNG", compress_level=1)
    answer = make_response(out.getvalue())
    answer.mimetype = "image/png"
    kept = "no-cache" if is_automatic(draft.layout) else "private, max-age=3600"
    answer.headers["Cache-Control"] = kept
    return answer


def draw_slide(
    draft: SlideDraft, channels: tuple[Channel, ...], size: Size
) -> tuple[DrawnSlide, Look]:
    """Draw a bulletin, also one whose fields are not all right yet; return the look it has."""
    channel = shown_channel(draft, channels)
    if channel is None:
        look = Look(station=services().settings.station)
        content = SlideContent(draft.heading, draft.body, draft.style, draft.layout, draft.second)
        return draw(content, look, size), look
    made, reader = board.board_plan(database(), channel.id, draft, now()), LookReader(find_stored)
    look = reader.of(made.plan, today(made.plan, now()))
    if made.page is None:
        return draw(SlideContent(draft.heading, NOTHING_TO_SAY), look, size), look
    return draw(reader.content(made.page), look, size), look


def shown_channel(draft: SlideDraft, channels: tuple[Channel, ...]) -> Channel | None:
    """Return the channel that the bulletin is drawn for: its own, or the first one."""
    own = next((one for one in channels if one.id == draft.channel), None)
    return own or (channels[0] if channels else None)


def size_on_air(draft: SlideDraft, channels: tuple[Channel, ...]) -> Size:
    """Return the size of the bulletin on air."""
    channel = shown_channel(draft, channels)
    if channel is None:
        return CARD_SIZE
    house = HouseFormat.parse(channel.format)
    return house.width, house.height


def _facts(draft: SlideDraft, drawn: DrawnSlide, look: Look, size: Size) -> tuple[str, ...]:
    contrast = least_contrast(look.palette(draft.style))
    letters = f"smallest letters {drawn.smallest} of {size[1]} rows" if drawn.smallest else ""
    words = "" if is_automatic(draft.layout) else _words(draft)
    return tuple(filter(None, (words, letters, f"contrast {contrast:.1f}")))


def _words(draft: SlideDraft) -> str:
    return f"{word_count(draft)} words, read in {seconds_to_read(draft)} s"


def _warnings(draft: SlideDraft, drawn: DrawnSlide, look: Look) -> tuple[str, ...]:
    found = []
    if drawn.cut:
        found.append("Some of the text does not fit. Shorten it, or make it two bulletins.")
    if drawn.fine_code:
        found.append(
            "The code of so long an address is too fine for a telephone across the room. Use a "
            "shorter address."
        )
    needed = seconds_to_read(draft)
    if not is_automatic(draft.layout) and draft.seconds < needed:
        found.append(
            f"This text is too long to read in {draft.seconds:g} seconds: most viewers need "
            f"{needed}. Show it longer, or shorten it."
        )
    if least_contrast(look.palette(draft.style)) < LEAST_CONTRAST:
        found.append(
            "The station's colors of this look are hard to read. Choose others under Settings."
        )
    return tuple(found)
