"""The context of a request: the process's shared services, the time, and who is asking."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, g, make_response, redirect, request
from flask_login import current_user

from config.clock import Clock
from config.settings import Settings
from media.companion import Companions
from media.export import Exports
from media.store import MediaStore
from playout.model.plan import Media
from scheduler.backup.seen import FolderSeen
from scheduler.db.store import Database
from scheduler.domain.model.ids import ChangeId
from scheduler.domain.model.people import Actor
from scheduler.feeds.lineup import Feeds
from scheduler.queries import grid
from scheduler.queries.button_effects import ButtonEffectCache
from scheduler.queries.station_health import StationHealth, StationMetrics
from scheduler.reading.channels import zone_of
from scheduler.reading.needed_files import NeededFiles
from web.kit.bounded_look import BoundedLook
from web.kit.bounded_map import LogThrottle
from web.kit.drawn_parts import DrawnParts
from web.kit.picture_cache import PictureCache
from web.kit.presence import Presence
from web.kit.tries import Tries
from web.kit.witness import Witness

SERVICES_KEY = "gavel"


@dataclass(frozen=True)
class Services:
    """The objects that all requests of one web process share."""

    settings: Settings
    db: Database
    clock: Clock
    store: MediaStore
    pictures: PictureCache
    feeds: Feeds
    foresight: ButtonEffectCache
    presence: Presence
    drawn_parts: DrawnParts
    tries: Tries
    log_throttle: LogThrottle
    readiness: BoundedLook[StationHealth | None]
    metrics: BoundedLook[StationMetrics | None]
    metrics_token: str = field(repr=False)
    """Empty while `/metrics` is closed."""
    witness: Witness
    backups: BoundedLook[FolderSeen]
    """The backup folder. It may be a share whose server is away, which answers after minutes."""
    needed_files: NeededFiles

    @property
    def companions(self) -> Companions:
        """The folder of companions beside the store."""
        return Companions(self.store)

    @property
    def exports(self) -> Exports:
        """The folder of files made of cuts, beside the store."""
        return Exports(self.store)


def services() -> Services:
    """Return the services of the running app."""
    return cast(Services, current_app.extensions[SERVICES_KEY])


def database() -> Database:
    """Return the database of the running app."""
    return services().db


def find_stored(media: Media) -> str | None:
    """Return the path of a file in the media store; None if it is not there."""
    store = services().store
    if not store.has(media.key, media.suffix):
        return None
    return str(store.path(media.key, media.suffix))


def now() -> datetime:
    """Return the UTC instant of this request, read once, so that all its decisions agree."""
    if "now" not in g:
        g.now = services().clock.utc()
    return cast(datetime, g.now)


def actor() -> Actor:
    """Return the person who is asking. Call it only in endpoints that need a signed-in person."""
    return cast(Actor, current_user.actor)


def done(
    text: str,
    to: str,
    change: ChangeId | None = None,
    todo: Sequence[tuple[str, str]] = (),
) -> Response:
    """Show a message on the next page, with an Undo button where there is a change, and go to `to`.

    Each entry of `todo` is a sentence about something that still needs a person, and the page where
    to settle it.
    """
    flash({"text": text, "change": change, "todo": list(todo)}, "done")  # type: ignore[arg-type]
    return go(to)


def go(to: str) -> Response:
    """Send the browser to `to`: by redirect, or by header when htmx asked."""
    if request.headers.get("HX-Request"):
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = to
        return answer
    return cast(Response, redirect(to, 303))


def station_zone() -> ZoneInfo:
    """Return the zone of the first channel, for pages of no channel; UTC before there is one."""
    return zone_of(grid.channels(database()))


def zone(name: str) -> ZoneInfo:
    """Return the zone of that name; UTC when this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
