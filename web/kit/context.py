"""What a view may reach: the house's settings, database, clock and store, and who is asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, g, make_response, redirect, request
from flask_login import current_user

from config.clock import Clock
from config.settings import Settings
from media.store import MediaStore
from scheduler.db.store import Database
from scheduler.domain.model.ids import ChangeId
from scheduler.domain.model.people import Actor
from scheduler.feeds.lineup import Feeds
from scheduler.queries import grid
from scheduler.queries.button_effects import ButtonEffectCache
from web.kit.bounded_map import LogThrottle
from web.kit.drawn_parts import DrawnParts
from web.kit.picture_cache import PictureCache
from web.kit.presence import Presence
from web.kit.tries import Tries

SERVICES_KEY = "gavel"


@dataclass(frozen=True)
class Services:
    """Everything one web process holds."""

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


def services() -> Services:
    """The house of the running app."""
    return cast(Services, current_app.extensions[SERVICES_KEY])


def database() -> Database:
    """The house's database."""
    return services().db


def now() -> datetime:
    """The instant of this request, UTC: read once, the same for everything it decides."""
    if "now" not in g:
        g.now = services().clock.utc()
    return cast(datetime, g.now)


def actor() -> Actor:
    """Who is asking. Only for endpoints the gate keeps for people who signed in."""
    return cast(Actor, current_user.actor)


def done(
    text: str,
    to: str,
    change: ChangeId | None = None,
    todo: Sequence[tuple[str, str]] = (),
) -> Response:
    """Say what happened, with Undo where there is something to undo, and go to `to`.

    `todo` is what needs a person now, each a sentence and the page where it is settled.
    """
    flash({"text": text, "change": change, "todo": list(todo)}, "done")  # type: ignore[arg-type]
    return go(to)


def go(to: str) -> Response:
    """Go to `to`: as a redirect, or as htmx understands it."""
    if request.headers.get("HX-Request"):
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = to
        return answer
    return cast(Response, redirect(to, 303))


def station_zone() -> ZoneInfo:
    """The zone of the first channel, for pages that are of no channel; UTC before there is one."""
    known = grid.channels(database())
    return known[0].tz if known else ZoneInfo("UTC")


def zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC where the name means nothing here."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
