"""The page of pictures of every graphic, drawn and laid by the code that airs them.

    cd tests && python -m graphic_pictures [DOCS]

It writes `docs/graphics.md` and its pictures at 1080, 720 and 480 rows.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from support.drawn_graphics import EXAMPLES, NOON, ordered

from config.names import HouseFormat
from media.demo.chamber import ChamberScene
from media.slides.content import Look, SlideContent
from media.slides.draw import draw
from media.slides.i420 import to_i420
from playout.engine.graphics.keyer import LaidTick, LayerKeyer
from playout.engine.links.ring import Picture, planes
from playout.model.layer import Layer

FORMATS = tuple(
    HouseFormat.parse(f"{size}@30000/1001") for size in ("1920x1080", "1280x720", "848x480")
)
DOCS = Path(__file__).parents[1] / "docs"
QUALITY = 74
INTO_A_CRAWL = 5.0
"""Seconds of a crawl before the picture, so that its text has come."""
HEAD = (
    "# Graphics in pictures\n\n"
    "Every graphic as it airs, at 1080, 720 and 480 rows: drawn by `media/graphics` and mixed into "
    "the picture by the keyer of the bus, over the demo city's council and a bulletin. "
    "`cd tests && python -m graphic_pictures` makes this page anew. "
    "[design/graphics.md](design/graphics.md) says which is shown when, and "
    "[how-to.md](how-to.md#show-a-crawl-or-the-clock-at-some-hours) how staff plan crawls and the "
    "clock.\n"
)


@dataclass(frozen=True)
class Scene:
    """One picture of the page: what lies over it, and its words."""

    name: str
    words: str
    graphics: Sequence[str]
    slide: bool = False


SCENES = (
    Scene(
        "live", "A live meeting: bug with LIVE, and who speaks", ("bug with LIVE", "lower third")
    ),
    Scene(
        "replay", "A replay: bug below with REPLAY, agenda item, crawl, and the time of day",
        ("bug with REPLAY, below", "agenda item", "crawl", "clock"),
    ),
    Scene("next", "A minute before the end: coming up next", ("bug", "coming up next")),
    Scene(
        "countdown", "Bulletins before a meeting: countdown, and the time with seconds",
        ("countdown", "clock with seconds"), slide=True,
    ),
)  # fmt: skip


def council(house: HouseFormat) -> Picture:
    """Return a picture of the demo city's council."""
    scene = ChamberScene(house.width, house.height, "", ["Ann Lee"], 60.0, (70, 84, 104))
    wall = scene.stage.frame.reshape(-1).copy()
    scene.draw(0.4)
    picture = scene.stage.frame.reshape(-1).copy()
    # The demo city's own title lies where graphics do: the wall above the flags stays bare.
    mine, base = (planes(one, house.width, house.height) for one in (picture, wall))
    for plane, bare in zip(mine, base, strict=True):
        plane[: plane.shape[0] // 8] = bare[: plane.shape[0] // 8]
    return picture


def bulletin(house: HouseFormat) -> Picture:
    """Return a bulletin with room for a clock."""
    words = "The council meets tonight in the chamber at City Hall. Doors open at 6:30 p.m."
    look = Look(station="City Channel 13", clear=frozenset({"top right"}))
    slide = draw(SlideContent("Tonight at City Hall", words), look, (house.width, house.height))
    return np.frombuffer(to_i420(slide.image), np.uint8).copy()


def laid(scene: Scene, house: HouseFormat, folder: Path) -> Image.Image:
    """Return the picture of a scene as the bus would write it."""
    picture = bulletin(house) if scene.slide else council(house)
    keyer, tick = LayerKeyer(house), round(INTO_A_CRAWL * house.rate)
    keyer.use([ordered(EXAMPLES[name], house, folder, NOON) for name in scene.graphics])

    def first_at(instant: datetime) -> int:
        return round((instant - NOON) / timedelta(seconds=1) * house.rate)

    # One id for all: each is shown from its first tick, and none fades five seconds later.
    layer = Layer.BOARD if scene.slide else Layer.DECK
    keyer.lay(picture, LaidTick(tick, NOON + timedelta(seconds=INTO_A_CRAWL), layer, first_at))
    assert len(keyer.shown) == len(scene.graphics)
    return seen(picture, house)


def seen(picture: Picture, house: HouseFormat) -> Image.Image:
    """Return an I420 picture of BT.709 in limited range as a set shows it."""
    luma, blue, red = (
        plane.astype(np.float32) for plane in planes(picture, house.width, house.height)
    )
    grey = (luma - 16) * (255 / 219)
    blueness, redness = (
        np.repeat(np.repeat((plane - 128) * (255 / 224), 2, axis=0), 2, axis=1)
        for plane in (blue, red)
    )
    reds, blues = grey + 1.5748 * redness, grey + 1.8556 * blueness
    greens = (grey - 0.2126 * reds - 0.0722 * blues) / 0.7152
    rgb = np.stack((reds, greens, blues), axis=2)
    return Image.fromarray(np.clip(rgb + 0.5, 0, 255).astype(np.uint8))


def pages() -> Mapping[str, bytes]:
    """Return the files of the page by their path under `docs`."""
    files, parts = {}, [HEAD]
    with TemporaryDirectory() as folder:
        for scene in SCENES:
            parts.append(f"## {scene.words}\n")
            for house in FORMATS:
                name = f"pictures/graphics-{scene.name}-{house.height}.jpg"
                data = BytesIO()
                laid(scene, house, Path(folder)).save(data, "JPEG", quality=QUALITY, optimize=True)
                files[name] = data.getvalue()
                parts.append(f"![{scene.words}, {house.height} rows]({name})\n")
    files["graphics.md"] = "\n".join(parts).encode()
    return files


def main(docs: Path) -> None:
    """Write the page and its pictures."""
    (docs / "pictures").mkdir(exist_ok=True)
    for name, content in pages().items():
        (docs / name).write_bytes(content)
        print(f"{docs / name}: {len(content)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
