"""The gate before every view, and opening and closing sessions."""

from typing import cast

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import AnonymousUserMixin, LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from scheduler.actions import people
from scheduler.domain.model.people import Person, Right
from scheduler.queries import people as query
from web.gate.endpoints import ENDPOINTS, SESSIONLESS, Access
from web.gate.trying import trying
from web.gate.user import User
from web.kit.context import database, now
from web.kit.errors import log_refusal

RENEWING_PAGES = frozenset({"onair.desk", "schedule.week", "programs.home", "media.home"})
RENEW_AFTER_SECONDS = 1800.0
"""Age at which opening one of `RENEWING_PAGES` renews the cookie. Polling never renews it."""


class QuietSessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie that public and machine addresses neither set nor renew."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, except at a public address or a broadcast machine's."""
        if ENDPOINTS.get(request.endpoint or "") not in SESSIONLESS:
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Install the gate before every view. Call it after CSRF protection, so that CSRF is checked
    first.
    """
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    app.session_interface = QuietSessions()
    app.before_request(gate)


def gate() -> AnyResponse | None:
    """Let the request through, redirect it to sign-in, or refuse it."""
    if request.endpoint is None:
        return None
    needed = ENDPOINTS.get(request.endpoint)
    if needed is None:
        abort(403, "This address is not in the table of rights, so no one can open it.")
    if needed in SESSIONLESS:
        # No session is read, so the answer needs no `Vary: Cookie` and caches may share it.
        g._login_user = AnonymousUserMixin()
    if isinstance(needed, Access) and needed is not Access.SIGNED_IN:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if isinstance(needed, Right) and not current_user.actor.may(needed):
        abort(403, f"Your role does not let you {needed.value}.")
    if (
        request.endpoint in RENEWING_PAGES
        and now().timestamp() - session.get("at", 0.0) > RENEW_AFTER_SECONDS
    ):
        session["at"] = now().timestamp()
    return None


def sign_in(login: str, password: str) -> bool:
    """Open a session for the person with this name and password; return False if there is none.

    Aborts with 429 while this address must wait before it tries this name again. The log names the
    account only if it exists: an unknown name may be a password typed into the wrong field.
    """
    with trying(login) as failed:
        person = people.authenticate(database(), now(), login, password)
        if person is None:
            failed()
    if person is None:
        exists = query.has_login(database(), login)
        log_refusal("wrong name or password", login if exists else "a stranger")
        return False
    enter(person)
    return True


def enter(person: Person) -> None:
    """Open a fresh session for the person; nothing of an older one is carried over."""
    session.clear()
    g.pop("_login_user", None)
    client = request.headers.get("User-Agent", "")
    token = people.open_session(database(), now(), person.id, client)
    session.permanent = True
    login_user(User(person, token))


def leave() -> None:
    """End this browser's session, in its cookie and in the database."""
    people.close_session(database(), now(), cast(User, current_user).get_id())
    logout_user()
    session.clear()


def _load(token: str) -> User | None:
    person = people.session_person(database(), now(), token)
    return None if person is None else User(person, token)


def _to_sign_in() -> AnyResponse:
    where = url_for("session.login")
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": where})
    if request.method not in ("GET", "HEAD") or request.path.endswith((".jpg", ".json")):
        abort(401, "Your session has expired. Sign in again.")
    return redirect(where)
