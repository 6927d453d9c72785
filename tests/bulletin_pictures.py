"""The pictures of `docs/bulletins.md`: every layout, drawn by the code of air at three sizes.

cd tests && python bulletin_pictures.py [FOLDER]
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageDraw

from config.names import AiringId, AssetKey, ChannelId, ItemId, Revision
from media.demo.park import park
from media.demo.parts import seal
from media.palette import palette_of
from media.slides.content import Look, SlideContent
from media.slides.draw import draw
from media.typeset import FONT_FOLDER, Typeface
from playout.bulletins.automatic import written
from playout.model.announced import Announced, AutomaticPage
from playout.model.plan import ContentKind, Item, Media, Page, Plan
from playout.state.air_state import AirState
from playout.timing.settle import settle
from web.demo import city

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots" / "bulletins"
SIZES = ((1920, 1080), (1280, 720), (848, 480))
QUALITY = 72
MOST_BYTES = 1_500_000
NOW = datetime(2026, 11, 24, 19, 40, tzinfo=UTC)
"""A Tuesday, 2:40 PM in New York."""
HOUR = timedelta(hours=1)


def the_seal() -> Image.Image:
    """The city's seal, white on nothing."""
    drawn = Image.new("RGBA", (480, 480), (0, 0, 0, 0))
    seal(ImageDraw.Draw(drawn), 240, 240, 220, (255, 255, 255))
    return drawn


def bulletins() -> Iterator[tuple[str, SlideContent]]:
    """One bulletin of the demo city in each layout and style."""
    seen = set()
    for one in city.SLIDES:
        name = f"{one.layout}-{one.style}"
        if name in seen or one.channels:
            continue
        seen.add(name)
        yield name, SlideContent(
            one.heading, one.body, one.style, one.layout, one.second, one.link,
            park() if one.picture else None,
        )  # fmt: skip
    yield (
        "text-urgent",
        SlideContent("Boil your water", "North of the river, until further notice.", "urgent"),
    )
    yield "slate", SlideContent("We will be right back", style="title")


def automatic_pages() -> Iterator[tuple[str, SlideContent]]:
    """The four pages that the broadcast machine writes, of an invented week."""
    told = (
        told_of("Zoning Board of Adjustment", 20, where="Room 2"),
        told_of("City Council: Regular Meeting", 24, where="Council Chamber"),
        told_of("Standing Committee on Public Works", 48, where="Room 1"),
        told_of("School Board", 72, moved_from=NOW + 50 * HOUR, where="Lincoln School"),
        told_of("Parks Commission", 96, cancelled=True),
        told_of("Planning Commission", 120, where="Room 2"),
    )
    items = [
        ("Parks in Every Season", 0.5),
        ("Your Budget in One Minute", 1.5),
        ("Library Hour", 3),
    ]
    shown = [live(one) for one in told if not one.cancelled][:2]
    plan = Plan(
        ChannelId("ch13"), Revision(1), NOW, NOW - HOUR, NOW + 60 * HOUR,
        (*(program(title, hours) for title, hours in items), *shown),
        zone=city.ZONE, announced=told,
    )  # fmt: skip
    rundown = settle(plan, AirState(), NOW, horizon=NOW + 30 * HOUR)
    for kind in AutomaticPage:
        bare = Page(kind.value, "", "", 10, NOW, NOW + HOUR, layout=kind.value)
        page = written(bare, plan, rundown, NOW)
        assert page is not None
        yield f"automatic-{kind.value}", SlideContent(page.heading, page.body, page.style, "events")


def told_of(title: str, hours: float, **rest: object) -> Announced:
    start = NOW.replace(hour=0, minute=0) + hours * HOUR
    return Announced(AiringId(title), title, start, 2 * HOUR, live=True, **rest)  # type: ignore[arg-type]


def live(told: Announced) -> Item:
    return Item(
        ItemId(told.title), ContentKind.SLATE, told.title, told.start, told.length,
        airing=told.airing,
    )  # fmt: skip


def program(title: str, hours: float) -> Item:
    media = Media(AssetKey("a" * 64), ".mp4", 1000, HOUR / 2, Fraction(30))
    at, kind = NOW + hours * HOUR, ContentKind.FILE
    return Item(ItemId(title), kind, title, at, HOUR / 2, media=media)


def looks() -> Iterator[tuple[str, Look, SlideContent]]:
    """The same bulletin in a city's own look, and beside a clock."""
    _, leaves = next(bulletins())
    usual = Look(station=city.STATION)
    light = palette_of((253, 246, 227), (160, 48, 16), (27, 33, 41))
    serif = Typeface(*(str(FONT_FOLDER / f"DejaVuSerif{w}.ttf") for w in ("", "-Bold")))
    yield "look-own", replace(usual, palettes={"plain": light}, face=serif), leaves
    clock = replace(usual, clear=frozenset({"top right"}), now_text="Tuesday, November 24")
    yield "look-with-clock", clock, leaves


def main() -> int:
    """Draw all pictures; return 1 if they are too large for the repository."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    usual = Look(station=city.STATION, logo=the_seal())
    every = [(name, usual, slide) for name, slide in (*bulletins(), *automatic_pages())]
    total = 0
    for name, look, slide in (*every, *looks()):
        for size in SIZES:
            path = folder / f"{name}-{size[1]}.webp"
            draw(slide, look, size).image.convert("RGB").save(path, quality=QUALITY, method=6)
            total += path.stat().st_size
    print(f"{total / 1e6:.2f} MB in {folder}")
    return int(total > MOST_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
