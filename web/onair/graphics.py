"""The Graphics card of the On air page: a press shows a name, a crawl or the bug, or removes it."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, Response, make_response, render_template, request, url_for

from config.names import ChannelId, CueId
from playout.commands.obey_graphics import GRAPHICS_VERBS
from playout.model.commands import Verb
from playout.model.graphics import Crawl, LowerThird
from scheduler.actions import commands
from scheduler.actions.commands import Order
from scheduler.domain.model.text import one_line
from scheduler.queries import graphics, onair
from scheduler.refusals import Refused
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, services
from web.kit.stays import stay_of
from web.onair.graphics_card import GraphicsCard, graphics_card
from web.onair.live_buttons import foreseen_commands

bp = Blueprint("overlays", __name__)

CRAWL_MINUTES = (1, 2, 5, 15, 60)
"""How long a crawl goes on."""


@bp.get("/channels/<channel>/graphics")
def card(channel: str) -> Response:
    """Show what lies over the picture, and the buttons; 204 while the browser has it as it is."""
    view = make_card(ChannelId(channel))
    if request.headers.get("X-Gavel-Rev") == view.rev:
        return make_response("", 204)
    return make_response(render_template("onair/graphics.html", card=view))


@bp.post("/channels/<channel>/graphics")
def press(channel: str) -> Response:
    """Show a name or a crawl, or take one off; the broadcast machine obeys within ten seconds or
    never.
    """
    slug, typed = ChannelId(channel), request.form
    verb = next((one for one in GRAPHICS_VERBS if one.value == typed.get("verb")), None)
    if verb is None:
        raise Refused(message="There is no such button.")
    cue = CueId(typed["cue"]) if typed.get("cue") and verb is Verb.GRAPHIC else None
    usual = graphics.channel_graphics(database(), slug).draft.names_for
    graphic = _ordered(usual) if verb is Verb.GRAPHIC else None
    wrong = ""
    try:
        commands.give(database(), actor(), now(), slug, Order(verb, cue, graphic=graphic))
    except Refused as refused:
        wrong = " ".join(refused.field_errors.values()) or refused.message
    if request.headers.get("HX-Request"):
        view = make_card(slug)
        view = replace(view, result=wrong, failed=True) if wrong else view
        return make_response(render_template("onair/graphics.html", card=view))
    return done(wrong or "Sent to the broadcast machine.", url_for("onair.desk"))


def make_card(channel: ChannelId) -> GraphicsCard:
    """Return the card of a channel as it is now. Raises Missing."""
    at, db = now(), database()
    on = onair.on_air(db, channel, at)
    known = services().foresight.of(channel, at, foreseen_commands(on, at)).known
    return graphics_card(on, graphics.offer(db, channel, on.cue.airing), known, at)


def _ordered(usual: timedelta) -> LowerThird | Crawl:
    """Return the name or crawl that the form asks for; a name without a time stays `usual`.

    A name that was planned with a time of its own keeps it, unless the operator chose another than
    the usual one.
    """
    typed = request.form
    first, second = one_line(typed.get("first", "")), one_line(typed.get("second", ""))
    if typed.get("kind") != "crawl":
        stays = stay_of(typed["seconds"]) if typed.get("seconds") else usual
        if stays == usual and typed.get("own"):
            stays = stay_of(typed["own"])
        return LowerThird("", first, second, shown_for=stays)
    passes = number(typed, "passes", 0, 50)
    if passes > 0:
        return Crawl("", first, times=passes)
    minutes = number(typed, "minutes", CRAWL_MINUTES[0], 24 * 60)
    return Crawl("", first, times=0, ends=now() + timedelta(minutes=minutes))
