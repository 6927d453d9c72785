"""The page of alerts, and the page that the link of a message leads to."""

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from config.signing import is_signed, secret_key
from playout.alerts.conditions import Severity
from playout.alerts.words import course
from scheduler.actions import alerts as action
from scheduler.domain.model.people import Actor, Role
from scheduler.queries import alert_pages, grid
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, services, station_zone
from web.kit.errors import answer, log_refusal

bp = Blueprint("alerts", __name__, url_prefix="/alerts")
ACKNOWLEDGE = "alert-message"
"""The purpose of the signature in a link, as scheduler.process.alerting signs it."""
LIGHTS = {Severity.URGENT: "red", Severity.IMPORTANT: "amber", Severity.NOTICE: "waits"}
WRONG_LINK = "This link is not complete. Open it from the message again, or open the alerts page."


@bp.get("")
def home() -> str:
    """Show what is wrong now, what was, and the messages about it."""
    turned = number(request.args, "page")
    db = database()
    return render_template(
        "alerts/alerts.html",
        page=alert_pages.page(db, turned),
        turned=turned,
        away=alert_pages.scheduler_away(db, now()),
        lights=LIGHTS,
        **_words(),
    )


@bp.post("/<alert>/acknowledge")
def acknowledge(alert: str) -> Response:
    """Note that the person takes care of an alert."""
    title = action.acknowledge(database(), actor(), now(), alert)
    said = f"{title}: you take care of it. No more reminders are sent."
    return done(said, url_for("alerts.home"))


@bp.get("/message/<message>/<token>")
def message(message: str, token: str) -> AnyResponse | str:
    """Show the alerts of a message to whoever holds its link; opening it changes nothing, because
    mail scanners follow links.
    """
    if not _is_ours(message, token):
        return _refused()
    return _message_page(message)


@bp.post("/message/<message>/<token>")
def acknowledge_message(message: str, token: str) -> AnyResponse | str:
    """Note that whoever got the message takes care of its alerts."""
    if not _is_ours(message, token):
        return _refused()
    reader = Actor("contact", "The link of a message", frozenset({Role.VIEWER}))
    action.acknowledge_message(database(), reader, now(), message)
    return _message_page(message, is_done=True)


def _message_page(message: str, *, is_done: bool = False) -> str:
    told = alert_pages.message(database(), message)
    return render_template(
        "alerts/message.html", told=told, is_done=is_done, lights=LIGHTS, **_words()
    )


def _is_ours(message: str, token: str) -> bool:
    return is_signed(secret_key(services().settings.data_dir), ACKNOWLEDGE, message, token)


def _refused() -> AnyResponse:
    log_refusal("a link of a message that was not signed here")
    return answer(404, WRONG_LINK)


def _words() -> dict[str, object]:
    """Return what both pages need to write an alert."""
    zone = station_zone()
    names = {one.id: one.name for one in grid.channels(database())}
    return {
        "zone": zone,
        "course": lambda one: course(one, zone, now()),
        "place": lambda one: names.get(one.key.channel, one.key.channel),
    }
