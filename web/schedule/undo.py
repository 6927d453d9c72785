"""Undo from any page: take a change back and return to that page."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from scheduler.actions import undo as action
from scheduler.domain.model.ids import ChangeId
from scheduler.queries import changes
from scheduler.refusals import Conflict, Forbidden, Missing, Refused
from web.clashes.booked import doubles_to_settle
from web.kit.context import actor, database, now
from web.kit.errors import log_refusal

bp = Blueprint("undo", __name__)


@bp.post("/undo/<int(max=2147483647):change>")
def undo(change: int) -> AnyResponse | Response:
    """Take the change back and offer Redo; where that is not possible, say why."""
    try:
        sentence = action.undo(database(), actor(), now(), ChangeId(change))
        back = changes.taken_back_by(database(), ChangeId(change))
        word = "Redo" if sentence.startswith("Undid") else "Undo"
        said = {"text": sentence, "change": back, "word": word, "todo": doubles_to_settle(back)}
        flash(said, "done")  # type: ignore[arg-type]
    except (Refused, Conflict, Forbidden, Missing) as refused:
        if isinstance(refused, Forbidden):
            log_refusal(refused.message)
        flash({"text": refused.message}, "person")  # type: ignore[arg-type]
    return redirect(_back(), 303)


def _back() -> str:
    """Return the path of the page the button was on; never another site's address."""
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return url_for("onair.desk")
    if came.netloc == request.host and came.path.startswith("/") and "//" not in came.path:
        return came.path + (f"?{came.query}" if came.query else "")
    return url_for("onair.desk")
