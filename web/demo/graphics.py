"""Graphics of the demo city: its seal as the first channel's bug, and notices before programs."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw

from config.names import ChannelId
from media.demo.parts import seal
from media.layers import keep_layer
from media.probe import ConfinedProber
from media.store import MediaStore
from playout.model.graphics import Corner
from playout.model.look import LookFile
from playout.model.plan import Media
from scheduler.actions import graphics as action
from scheduler.actions.station import set_look
from scheduler.db.store import Database
from scheduler.domain.model.graphics import GraphicsDraft
from scheduler.domain.model.ids import PictureId
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.queries import graphics, station
from web.demo import city

SEAL = "City seal"
SIDE = 240
"""Rows and columns of the drawn seal."""


def switch_on(db: Database, now: datetime, store: MediaStore) -> None:
    """Give each channel a bug, a clock over bulletins, and notices of what comes, unless somebody
    has set its graphics already; and bulletins the city's seal.
    """
    for number, (slug, name, _) in enumerate(city.CHANNELS):
        channel = ChannelId(slug)
        if graphics.channel_graphics(db, channel).version:
            continue
        draft = GraphicsDraft(
            bug_on=True,
            bug_text=name.removeprefix("City Channel "),
            logo=_seal(db, now, store) if number == 0 else None,
            bug_corner=Corner.BOTTOM_RIGHT,
            clock_on=True,
            clock_corner=Corner.TOP_RIGHT,
            next_on=True,
            countdown_on=True,
        )
        action.set_graphics(db, SYSTEM_ACTOR, now, channel, draft, 0)
    look, version = station.look(db)
    if look.logo is None:
        file = graphics.picture(db, _seal(db, now, store)).media
        logo = LookFile(file.key, file.suffix, file.size)
        set_look(db, SYSTEM_ACTOR, now, replace(look, logo=logo), version)


def _seal(db: Database, now: datetime, store: MediaStore) -> PictureId:
    """Return the picture of the seal, drawn and stored as an upload is where it is missing."""
    known = next((one.id for one in graphics.pictures(db) if one.title == SEAL), None)
    if known is not None:
        return known
    with TemporaryDirectory() as folder:
        path = Path(folder) / "seal.png"
        drawn = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
        seal(ImageDraw.Draw(drawn), SIDE / 2, SIDE / 2, SIDE * 0.46, (255, 255, 255))
        drawn.save(path)
        layer = keep_layer(path, path.name, store, ConfinedProber())
    media = Media(layer.key, layer.suffix, layer.size, timedelta(0), None, has_sound=False)
    size = layer.width, layer.height
    return action.keep_picture(db, SYSTEM_ACTOR, now, SEAL, media, size).id
