"""Pictures of a channel's graphics at air size, drawn by the code that draws them on air."""

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageOps

from config.names import HouseFormat
from config.times import Hours, long_day
from media.graphics import coming_next, corner, countdown, crawl, lower_third
from media.graphics.countdown import DrawnTime
from media.graphics.stage import DrawnGraphic, Stage
from media.slides.content import Look, SlideContent
from media.slides.draw import draw as draw_slide
from playout.bulletins.looks import LookReader, corners, opened
from playout.model.graphics import ComingNext, Countdown
from playout.model.layered import Crawling
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.graphics import ChannelGraphics, GraphicsDraft, Picture, rules
from scheduler.domain.series.crawls import CrawlDraft
from scheduler.queries import station
from web.kit.context import database, find_stored

LIGHT, DARK = (176, 184, 190), (58, 66, 76)
"""Ends of a ground that stands for a program: nobody knows what will be on."""
COUNTED = "04:30"
"""The time left in the example of a countdown."""


@dataclass(frozen=True)
class GraphicsPicture:
    """One example: what viewers would see, and when."""

    caption: str
    picture: str
    """A JPEG as an address of its own."""


def examples(
    draft: GraphicsDraft, logo: Picture | None, channel: Channel, now: datetime
) -> tuple[GraphicsPicture, ...]:
    """Return a meeting, the end of a replay, and bulletins, as they would look with this draft."""
    drawing = _Drawing(draft, logo, channel, now)
    shown = (
        ("During a live meeting, with a name", drawing.meeting()),
        ("Near the end of a replay", drawing.replay()),
        ("Bulletins before a meeting", drawing.bulletins()),
    )
    return tuple(GraphicsPicture(caption, _address(picture)) for caption, picture in shown)


def crawl_example(draft: CrawlDraft, channel: Channel) -> tuple[GraphicsPicture, timedelta]:
    """Return a crawl in the middle of a pass over a program, and how long a pass lasts."""
    house, look = HouseFormat.parse(channel.format), _look(channel)
    stage = Stage(house.width, house.height, look.palette("plain"), look.face)
    drawn, canvas = crawl.draw(stage, draft.text), _program((house.width, house.height))
    band = drawn.image.crop((0, 0, 1, drawn.image.height)).resize((house.width, drawn.image.height))
    canvas.paste(band, (0, drawn.top))
    canvas.paste(drawn.image, (max(0, (house.width - drawn.image.width) // 2), drawn.top))
    pixels = crawl.pixels_a_tick(draft.speed, house.height, look.face, house.rate)
    ticks = Crawling(drawn.image.width, pixels).pass_ticks(house.width)
    picture = GraphicsPicture("In the middle of a pass", _address(canvas))
    return picture, timedelta(seconds=round(float(ticks / house.rate)))


class _Drawing:
    """Draws examples in the size and the look of one channel."""

    def __init__(
        self, draft: GraphicsDraft, logo: Picture | None, channel: Channel, now: datetime
    ) -> None:
        house = HouseFormat.parse(channel.format)
        self._draft, self._size = draft, (house.width, house.height)
        self._look = _look(channel)
        self._twelve = station.hours(database()) is Hours.TWELVE
        made = ChannelGraphics(draft, logo)
        self._rules = rules(made, channel.zone, twelve_hours=self._twelve)
        self._stage = Stage(*self._size, self._look.palette("plain"), self._look.face)
        path = find_stored(logo.media) if logo else None
        self._logo = opened(path) if path else None
        self._local = now.astimezone(channel.tz)

    def meeting(self) -> Image.Image:
        """Draw a live with a name over it."""
        canvas = _program(self._size)
        _lay(canvas, lower_third.draw(self._stage, "Ana Ruiz", "Council President"))
        self._standing(canvas, "LIVE" if self._draft.says_live else "")
        return canvas

    def replay(self) -> Image.Image:
        """Draw the end of a replay, with what comes next."""
        canvas = _program(self._size)
        if self._draft.next_on:
            heading = ComingNext().heading
            _lay(canvas, coming_next.draw(self._stage, heading, "Parks in Every Season"))
        self._standing(canvas, "REPLAY" if self._draft.says_replay else "")
        return canvas

    def bulletins(self) -> Image.Image:
        """Draw a bulletin before a meeting."""
        said = SlideContent("Leaf collection", "Bags at the curb by 6 am\non your regular day.")
        date = long_day(self._local.date()) if self._draft.clock_on else ""
        look = replace(self._look, clear=corners(self._rules), now_text=date)
        canvas = draw_slide(said, look, self._size).image.convert("RGB")
        if self._draft.countdown_on:
            left = countdown.draw(self._stage, "City Council", Countdown().heading)
            _lay_time(canvas, left, COUNTED)
        if self._draft.over_slides:
            self._bug(canvas, "")
        if self._draft.clock_on:
            self._clock(canvas)
        return canvas

    def _standing(self, canvas: Image.Image, word: str) -> None:
        self._bug(canvas, word)
        if self._draft.clock_on and self._draft.clock_over_programs:
            self._clock(canvas)

    def _bug(self, canvas: Image.Image, word: str) -> None:
        draft = self._draft
        if draft.bug_on and (draft.bug_text or self._logo):
            share, place = draft.bug_opacity / 100, draft.bug_corner.value
            drawn = corner.bug(self._stage, place, draft.bug_text, self._logo, share, word)
            _lay(canvas, drawn)

    def _clock(self, canvas: Image.Image) -> None:
        at = self._local
        hour = (at.hour % 12 or 12) if self._twelve else at.hour
        face = corner.clock(self._stage, self._draft.clock_corner.value, 4, 1)
        _lay_time(canvas, face, f"{hour:2}:{at.minute:02}")


def _program(size: tuple[int, int]) -> Image.Image:
    """Return a ground that is light above and dark below: a graphic must be seen on both."""
    return ImageOps.colorize(Image.linear_gradient("L").resize(size), LIGHT, DARK)


def _look(channel: Channel) -> Look:
    look, _ = station.look(database())
    return LookReader(find_stored).look(look, channel.station or channel.name)


def _lay(canvas: Image.Image, drawn: DrawnGraphic) -> None:
    canvas.paste(drawn.image, (drawn.left, drawn.top), drawn.image)


def _lay_time(canvas: Image.Image, drawn: DrawnTime, text: str) -> None:
    """Lay the face of a time, and its digits out of their cells; a space leaves its cell bare."""
    _lay(canvas, drawn.face)
    left, top, cells = drawn.face.left + drawn.left, drawn.face.top + drawn.top, drawn.cells
    for letter in text:
        wide = cells.colon if letter == ":" else cells.cell
        if letter != " ":
            first = (10 if letter == ":" else int(letter)) * cells.cell
            cut = cells.image.crop((first, 0, first + wide, cells.height))
            canvas.paste(cut, (left, top), cut)
        left += wide


def _address(picture: Image.Image) -> str:
    held = BytesIO()
    picture.convert("RGB").save(held, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{base64.b64encode(held.getvalue()).decode()}"
