"""The On air page: what viewers see, what comes next, and the buttons that change it."""

from datetime import timedelta

from flask import Blueprint, Response, make_response, render_template, request, url_for

from config import bounded
from config.names import ChannelId, CueId, ItemId
from playout.model.commands import Verb
from scheduler.actions import commands
from scheduler.queries import displaced, grid, onair, reports
from scheduler.refusals import Refused
from web.kit.context import actor, database, done, now, services
from web.kit.pictures import newest_picture
from web.kit.press_words import verb_word
from web.kit.stays import NAMES_STAY
from web.onair.desk import Desk
from web.onair.desk import desk as make_desk
from web.onair.graphics import CRAWL_MINUTES, make_card
from web.onair.live_buttons import foreseen_commands

bp = Blueprint("onair", __name__)

STRIP_BACK, STRIP_AHEAD = timedelta(hours=3), timedelta(hours=1)


@bp.get("/")
def desk() -> str:
    """Show every channel."""
    desks = [_desk(channel.id) for channel in grid.channels(database())]
    cards = {one.channel.id: make_card(one.channel.id) for one in desks}
    return render_template(
        "onair/onair.html",
        desks=desks,
        cards=cards,
        names_stay=NAMES_STAY,
        minutes_offered=CRAWL_MINUTES,
        desk_dark=True,
    )


@bp.get("/channels/<channel>/desk")
def fragment(channel: str) -> Response:
    """Show one channel's desk; 204 while the browser already shows it as it is."""
    view = _desk(ChannelId(channel))
    if request.headers.get("X-Gavel-Rev") == view.rev:
        return make_response("", 204)
    return make_response(render_template("onair/desk.html", desk=view))


@bp.get("/channels/<channel>/picture.jpg")
def picture(channel: str) -> Response:
    """Answer with the newest program picture, and mark the channel as watched for ten seconds."""
    return newest_picture(grid.channel(database(), ChannelId(channel)).id)


@bp.post("/channels/<channel>/command")
def command(channel: str) -> Response:
    """Send one press of a button; the broadcast machine obeys it within ten seconds or never."""
    try:
        verb = Verb(request.form.get("verb", ""))
    except ValueError as error:
        raise Refused(message="There is no such button.") from error
    cue, item = request.form.get("cue"), request.form.get("item")
    minutes = bounded.whole(request.form.get("minutes", ""))
    commands.issue(
        database(),
        actor(),
        now(),
        ChannelId(channel),
        verb,
        cue=CueId(cue) if cue else None,
        item=ItemId(item) if item else None,
        minutes=minutes,
    )
    if request.headers.get("HX-Request"):
        return make_response(render_template("onair/desk.html", desk=_desk(ChannelId(channel))))
    return done(f"{verb_word(verb, minutes)}: sent.", url_for("onair.desk"))


def _desk(channel: ChannelId) -> Desk:
    at, db = now(), database()
    on = onair.on_air(db, channel, at)
    local = at.astimezone(on.channel.tz).date()
    week = grid.week(db, [channel], local - timedelta(days=local.weekday()), at)
    planned = tuple(view for view in week.airings if view.airing.start < at + STRIP_AHEAD)
    evening = services().foresight.of(channel, at, foreseen_commands(on, at))
    ran = reports.pieces_between(db, channel, at - STRIP_BACK, at)
    gone = displaced.displaced(db, channel, at)
    return make_desk(on, planned, ran, evening, gone, at)
