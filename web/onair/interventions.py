"""Interventions in the schedule: a source put on air, an emergency message, displaced programs.

The banner on every page, which tells all staff about them, is here too.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request, url_for

from config.names import AiringId, ChannelId, CueId, HouseFormat
from playout.commands.limits import MOST_MESSAGE_CHARACTERS
from playout.model.commands import Verb
from playout.model.events import MessagePlacement
from scheduler.actions import commands
from scheduler.actions import displaced as action
from scheduler.actions.commands import Order
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.people import Right
from scheduler.queries import changes, displaced, grid, onair, sources
from scheduler.refusals import Forbidden, Refused
from web.kit import words
from web.kit.context import actor, database, done, now
from web.onair.emergency import MessageState, message_state
from web.onair.emergency import preview as drawn
from web.onair.forms import DURATIONS, PLACEMENTS, EmergencyForm, OverrideForm, until
from web.onair.notices import notices

bp = Blueprint("live", __name__)


@bp.get("/live/banner")
def banner() -> Response:
    """Show overrides, emergency messages, and questions to those who may answer them; 204 if
    unchanged.
    """
    path = _path(request.headers.get("HX-Current-URL", ""))
    lines = notices(database(), actor(), now(), questions=path != url_for("onair.desk"))
    rev = str(abs(hash(lines)))
    if request.headers.get("X-Gavel-Rev") == rev:
        return make_response("", 204)
    return make_response(render_template("onair/banner.html", notices=lines, rev=rev))


@bp.post("/channels/<channel>/put-back")
def put_back(channel: str) -> Response:
    """Give the chosen displaced programs their next free time; all of them where none is chosen."""
    db, slug = database(), ChannelId(channel)
    chosen = [AiringId(one) for one in request.form.getlist("airing")]
    chosen = chosen or [one.airing for one in displaced.displaced(db, slug, now())]
    airings = action.put_back(db, actor(), now(), slug, chosen)
    change = changes.latest(db, "airing", airings[0].id)
    zone = grid.channel(db, slug).tz
    text = ", ".join(f"{one.title} {words.when(one.start, zone, now())}" for one in airings)
    return done(f"Rescheduled: {text}.", url_for("onair.desk"), change.id if change else None)


@bp.post("/channels/<channel>/let-go")
def let_go(channel: str) -> Response:
    """Dismiss displaced programs from the list: they need not air again."""
    db, slug = database(), ChannelId(channel)
    chosen = [AiringId(one) for one in request.form.getlist("airing")]
    count = action.let_go(db, actor(), now(), slug, chosen)
    change = changes.latest(db, "airing", chosen[0])
    text = f"Dismissed {words.a_count(count, 'program')}."
    return done(text, url_for("onair.desk"), change.id if change else None)


@bp.get("/channels/<channel>/override")
def override(channel: str) -> str:
    """Show the form that puts a source on air."""
    return _override(OverrideForm(formdata=None), ChannelId(channel))


@bp.post("/channels/<channel>/override")
def put_on(channel: str) -> Response | tuple[str, int]:
    """Put the source on air now."""
    db, form, slug, wrong = database(), OverrideForm(), ChannelId(channel), ""
    _offer(form)
    cue = CueId(request.form["cue"]) if request.form.get("cue") else None
    if form.read():
        ends = until(form.minutes.data, now())
        order = Order(
            Verb.OVERRIDE, cue, source=form.source.data, until=ends, text=form.text.data or ""
        )
        try:
            commands.give(db, actor(), now(), slug, order)
            at = words.clock(ends, grid.channel(db, slug).tz)
            name = sources.source(db, form.source.data).name
            return done(f"{name} goes on air; back at {at}.", url_for("onair.desk"))
        except Refused as refused:
            wrong = form.blame(refused)
    return _override(form, slug, wrong), 422


@bp.get("/emergency")
def emergency() -> str:
    """Show the messages in force, and the form for a new one."""
    return _emergency(EmergencyForm(formdata=None))


@bp.get("/emergency/state")
def emergency_state() -> str:
    """Show the state of each channel; the page polls this every two seconds."""
    return render_template("onair/emergency_state.html", channels=_standing())


@bp.post("/emergency/check")
def check() -> str | tuple[str, int]:
    """Show the message as viewers will see it and all it will do, before it is sent."""
    form = EmergencyForm()
    form.choose("channels", _reach())
    if not form.read():
        return _emergency(form), 422
    names = [name for slug, name in _reach() if slug in form.channels.data]
    shown_as = dict(PLACEMENTS)[form.placement.data]
    ends = until(form.minutes.data, now())
    first = grid.channel(database(), ChannelId(form.channels.data[0]))
    return render_template(
        "onair/emergency_check.html",
        form=form,
        names=names,
        shown_as=shown_as,
        ends=words.clock(ends, first.tz),
        lasts=dict(DURATIONS)[form.minutes.data],
    )


@bp.post("/emergency/rewrite")
def rewrite() -> str:
    """Return from the preview to the form, with what was typed."""
    return _emergency(EmergencyForm())


@bp.get("/emergency/preview.png")
def preview() -> Response:
    """Draw the message at air size, with the code that draws it on air."""
    channel = grid.channel(database(), ChannelId(request.args.get("channel", "")))
    full = request.args.get("placement") == MessagePlacement.FULL.value
    air = HouseFormat.parse(channel.format)
    text = request.args.get("text", "")[:MOST_MESSAGE_CHARACTERS]
    placement = MessagePlacement.FULL if full else MessagePlacement.STRIP
    named = channel.station or channel.name
    answer = make_response(drawn(text, placement, air.width, air.height, named))
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/emergency")
def send() -> Response | tuple[str, int]:
    """Send the message to every chosen channel now."""
    form, wrong = EmergencyForm(), ""
    form.choose("channels", _reach())
    if form.read():
        order = Order(
            Verb.EMERGENCY,
            until=until(form.minutes.data, now()),
            text=form.text.data,
            placement=MessagePlacement(form.placement.data),
        )
        try:
            for slug in form.channels.data:
                commands.give(database(), actor(), now(), ChannelId(slug), order)
            where = ", ".join(name for slug, name in _reach() if slug in form.channels.data)
            text = f"The message was sent to {where}. Each channel below shows when it is on air."
            return done(text, url_for("live.emergency"))
        except Refused as refused:
            wrong = form.blame(refused)
    return _emergency(form, wrong), 422


@bp.post("/emergency/<channel>/clear")
def clear(channel: str) -> Response:
    """Take the channel's message down."""
    commands.give(database(), actor(), now(), ChannelId(channel), Order(Verb.CLEAR))
    return done("The message is being taken down.", url_for("live.emergency"))


def _path(address: str) -> str:
    """Return the path of the page that asks; empty where its address cannot be parsed."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _reach() -> list[tuple[str, str]]:
    channels = grid.channels(database())
    return [(c.id, c.name) for c in channels if actor().may(Right.OVERRIDE, c.id)]


def _offer(form: OverrideForm) -> None:
    form.choose("source", list(sources.names(database()).items()))


def _override(form: OverrideForm, channel: ChannelId, wrong: str = "") -> str:
    db, at = database(), now()
    if not actor().may(Right.OPERATE, channel):
        raise Forbidden(Right.OPERATE.value)
    _offer(form)
    on = onair.on_air(db, channel, at)
    return render_template(
        "onair/override.html",
        form=form,
        wrong=wrong,
        on=on,
        shown=form.source.data or next((one.value for one in form.source.choices), ""),
        ends=at + timedelta(minutes=30),
        action=url_for("live.put_on", channel=channel),
    )


def _emergency(form: EmergencyForm, wrong: str = "") -> str:
    form.choose("channels", _reach())
    if form.channels.data is None:
        form.channels.data = [slug for slug, _ in _reach()]
    return render_template(
        "onair/emergency.html",
        form=form,
        wrong=wrong,
        channels=_standing(),
        most=MOST_MESSAGE_CHARACTERS,
    )


def _standing() -> list[tuple[Channel, MessageState]]:
    states = [onair.on_air(database(), ChannelId(slug), now()) for slug, _ in _reach()]
    return [(on.channel, message_state(on, now())) for on in states]
