"""Error pages: what went wrong, in words, always with what to do next."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from scheduler.changing.bookings import DoubleBooked
from scheduler.db.store import NewerDatabase
from scheduler.refusals import Conflict, Forbidden, Missing, Refused

log = logging.getLogger(__name__)
LOGGED_CODES = frozenset({403, 429})
"""Refusals to log: a missing right, and too many tries. Typing mistakes and stale pages are not."""

TITLES_AND_ADVICE = {
    400: ("That request could not be read", "Go back, reload the page and try once more."),
    401: ("Please sign in", "Sign in and come back to this page."),
    403: ("Your role does not include this", "Ask an administrator if it should."),
    404: ("There is nothing here", "The airing, file or page may have been removed."),
    405: ("That does not work here", "Go back and use the button on the page."),
    409: ("Someone else changed this first", "Reload the page to see it as it is now."),
    413: ("That is too large", "Upload large files on the Media page."),
    422: ("That could not be saved", "Go back and read the message beside the field."),
    429: ("Too many tries", "Wait a minute, then try again."),
    500: (
        "Something broke on our side",
        "What is on air continues. Try again; if it happens again, call us.",
    ),
    503: (
        "This server is older than its database",
        "Another server was upgraded. What is on air continues. Use that server, and install its "
        "version here.",
    ),
}


def register(app: Flask) -> None:
    """Answer every refusal and every fault as a page, an htmx fragment or JSON, as the caller
    expects.
    """
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(DoubleBooked, _booked)
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(SecurityError, _stranger)
    app.register_error_handler(NewerDatabase, _older)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def answer(code: int, detail: str = "") -> Response:
    """Return the error page for `code`; `detail` replaces the general advice."""
    title, advice = TITLES_AND_ADVICE.get(code, TITLES_AND_ADVICE[500 if code >= 500 else 400])
    text = detail or advice
    if code in LOGGED_CODES:
        log_refusal(text if detail else title)
    if request.path.startswith("/api/"):
        response = make_response({"error": title, "advice": text}, code)
    elif request.headers.get("HX-Request"):
        response = make_response("", code)
    else:
        response = make_response(
            render_template("kit/error.html", code=code, title=title, said=text), code
        )
    response.headers["X-Gavel-Says"] = _header(f"{title}. {text}")
    return response


def log_refusal(why: str, who: str = "") -> None:
    """Log who was refused, at which address, from where and why."""
    if not who:
        signed_in = current_user.is_authenticated
        who = f"{current_user.name} ({current_user.role})" if signed_in else "no one signed in"
    log.warning("refused: %s %r to %s from %s: %s", request.method, _door(), who, address(), why)


def _door() -> str:
    """Return the address asked for; only its rule where it holds a link's secret token."""
    return str(request.url_rule) if "token" in (request.view_args or {}) else request.path


def address() -> str:
    """Return the network address the request came from."""
    return request.remote_addr or "an unknown address"


def _header(text: str) -> str:
    return " ".join(text.encode("ascii", "replace").decode().split())[:300]


def _stale(error: CSRFError) -> Response:
    return answer(400, "This page had been open too long. Reload it and try again.")


def _refused(error: Refused) -> Response:
    return answer(422, " ".join([error.message, *error.field_errors.values()]))


def _conflict(error: Conflict) -> Response:
    return answer(409, error.message)


def _booked(error: DoubleBooked) -> Response:
    return answer(409, error.message)


def _missing(error: Missing) -> Response:
    if current_user.is_authenticated:
        log_refusal(error.message)
    return answer(404, error.message)


def _forbidden(error: Forbidden) -> Response:
    return answer(403, error.message)


def _stranger(error: SecurityError) -> Response:
    """Answer in plain text a Host header that names another server.

    An error page would need links, and Flask can build none for a host it does not trust.
    """
    del error
    text = "This server does not answer to that name. Open it by the address in base_url.\n"
    response = make_response(text, 400)
    response.mimetype = "text/plain"
    return response


def _older(error: NewerDatabase) -> Response:
    log.error("refused: %s to %s: %s", request.method, _door(), error)
    return answer(503)


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    default = getattr(type(error), "description", None)
    detail = str(error.description or "") if error.description != default else ""
    return answer(code, detail)


def _broken(error: Exception) -> Response:
    log.exception("a page broke: %s", _door())
    return answer(500)
