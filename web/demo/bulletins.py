"""Bulletins of the demo city: one in each layout, the automatic pages, and a picture of a park."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from config.names import ChannelId
from media.demo.park import park
from playout.model.announced import AutomaticPage
from scheduler.actions import media, slides
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.domain.model.slide import SlideDraft, automatic
from scheduler.queries import slides as board
from web.demo import city


def take_in_park(
    db: Database, uploads: Path, now: datetime, existing: Mapping[str, Asset]
) -> AssetId:
    """Draw the picture that bulletins show, to be ingested as an upload is."""
    if city.PARK in existing:
        return existing[city.PARK].id
    upload = uploads / "demo-park.png"
    park().save(upload, compress_level=1)
    return media.register(db, SYSTEM_ACTOR, now, upload.name, upload.name, city.PARK).id


def fill_board(db: Database, now: datetime, picture: AssetId) -> None:
    """Put up every bulletin whose heading is not on the board yet."""
    existing = {slide.draft.heading for slide in board.slides(db)}
    since = now - timedelta(hours=1)
    drafts = [automatic(kind, since) for kind in AutomaticPage]
    drafts += [_bulletin(one, since, picture) for one in city.SLIDES]
    for draft in drafts:
        if draft.heading not in existing:
            slides.add(db, SYSTEM_ACTOR, now, draft)


def _bulletin(slide: city.DemoSlide, since: datetime, picture: AssetId) -> SlideDraft:
    return SlideDraft(
        slide.heading,
        slide.body,
        ChannelId(slide.channels[0]) if slide.channels else None,
        since,
        style=slide.style,
        layout=slide.layout,
        second=slide.second,
        link=slide.link,
        picture=picture if slide.picture else None,
    )
