"""Who may open which address: one table, and a gate that refuses whatever is not in it."""

from enum import Enum
from typing import cast

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import AnonymousUserMixin, LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from scheduler.actions import people
from scheduler.domain.model.people import Person, Right
from scheduler.queries import people as query
from web.gate.trying import trying
from web.gate.user import User
from web.kit.context import database, now
from web.kit.errors import log_refusal

RENEWING_PAGES = frozenset({"onair.desk", "schedule.week", "programs.home", "media.home"})
RENEW_AFTER_SECONDS = 1800.0
"""Opening one of these pages renews a cookie older than this; polling never does."""


class Access(Enum):
    """Doors that ask for no right of a person."""

    PUBLIC = "anybody; no session is read or made"
    ENTRY = "anybody, with a session: signing in"
    HOST = "a broadcast machine with its key"
    SIGNED_IN = "anybody signed in"


ENDPOINTS: dict[str, Access | Right] = {
    "static": Access.PUBLIC,
    "healthz": Access.PUBLIC,
    "public.index": Access.PUBLIC,
    "public.short": Access.PUBLIC,
    "public.channel": Access.PUBLIC,
    "public.now_and_next": Access.PUBLIC,
    "feeds.lineup": Access.PUBLIC,
    "feeds.live": Access.PUBLIC,
    "api_host.plan": Access.HOST,
    "api_host.commands": Access.HOST,
    "api_host.report": Access.HOST,
    "api_host.picture": Access.HOST,
    "api_host.source_picture": Access.HOST,
    "api_host.media": Access.HOST,
    "session.login": Access.ENTRY,
    "session.log_in": Access.ENTRY,
    "session.welcome": Access.ENTRY,
    "session.redeem": Access.ENTRY,
    "session.logout": Access.SIGNED_IN,
    "undo.undo": Right.PREPARE,
    "typed.read": Access.SIGNED_IN,
    "onair.desk": Right.VIEW,
    "onair.fragment": Right.VIEW,
    "onair.picture": Right.VIEW,
    "onair.command": Right.VIEW,
    "schedule.home": Right.VIEW,
    "schedule.today": Right.VIEW,
    "schedule.week": Right.VIEW,
    "schedule.events": Right.VIEW,
    "schedule.several": Right.VIEW,
    "schedule.copy_week": Right.PLAN,
    "airings.new": Right.PLAN,
    "airings.add": Right.PLAN,
    "airings.show": Right.VIEW,
    "airings.save": Right.PLAN,
    "airings.shift": Right.PLAN,
    "airings.ways": Right.PLAN,
    "airings.settle": Right.PLAN,
    "airings.cancel": Right.PLAN,
    "airings.copy": Right.PLAN,
    "proposals.new": Right.PROPOSE,
    "proposals.add": Right.PROPOSE,
    "proposals.preview": Right.PROPOSE,
    "proposals.show": Right.VIEW,
    "proposals.save": Right.PROPOSE,
    "proposals.withdraw": Right.PROPOSE,
    "proposals.accept": Right.PLAN,
    "proposals.decline": Right.PLAN,
    "series.new": Right.PLAN,
    "series.add": Right.PLAN,
    "series.show": Right.VIEW,
    "series.save": Right.PLAN,
    "series.preview": Right.VIEW,
    "series.differ": Right.PLAN,
    "series.end": Right.PLAN,
    "day.tools": Right.PLAN,
    "day.copy": Right.PLAN,
    "day.shift": Right.PLAN,
    "day.protect": Right.PLAN,
    "day.release": Right.PLAN,
    "blocks.home": Right.VIEW,
    "blocks.new": Right.PLAN,
    "blocks.add": Right.PLAN,
    "blocks.preview": Right.PLAN,
    "blocks.show": Right.VIEW,
    "blocks.save": Right.PLAN,
    "blocks.archive": Right.PLAN,
    "dryrun.page": Right.VIEW,
    "calendars.home": Right.VIEW,
    "calendars.add": Right.PLAN,
    "calendars.preview": Right.PLAN,
    "calendars.show": Right.VIEW,
    "calendars.save": Right.PLAN,
    "calendars.archive": Right.PLAN,
    "meetings.home": Right.VIEW,
    "meetings.new": Right.PLAN,
    "meetings.add": Right.PLAN,
    "meetings.preview": Right.PLAN,
    "meetings.show": Right.VIEW,
    "meetings.state": Right.VIEW,
    "meetings.form": Right.PLAN,
    "meetings.save": Right.PLAN,
    "meetings.ask_cancel": Right.PLAN,
    "meetings.cancel": Right.PLAN,
    "meetings.reconvene": Right.PLAN,
    "meetings.retime": Right.PLAN,
    **dict.fromkeys(("plans.show", "bodies.home", "bodies.show"), Right.VIEW),
    **dict.fromkeys(("plans.new", "plans.preview", "plans.add"), Right.PLAN),
    **dict.fromkeys(("plans.save", "plans.end", "bodies.new", "bodies.add"), Right.PLAN),
    **dict.fromkeys(("bodies.save", "bodies.archive"), Right.PLAN),
    "live.banner": Access.SIGNED_IN,
    "live.put_back": Right.PLAN,
    "live.let_go": Right.PLAN,
    "live.override": Right.OPERATE,
    "live.put_on": Right.OPERATE,
    "live.emergency": Right.OVERRIDE,
    "live.check": Right.OVERRIDE,
    "live.rewrite": Right.OVERRIDE,
    "live.preview": Right.OVERRIDE,
    "live.emergency_state": Right.OVERRIDE,
    "live.send": Right.OVERRIDE,
    "live.clear": Right.OVERRIDE,
    "programs.home": Right.VIEW,
    "programs.new": Right.PREPARE,
    "programs.add": Right.PREPARE,
    "programs.show": Right.VIEW,
    "programs.save": Right.PREPARE,
    "programs.archive": Right.PREPARE,
    "media.home": Right.VIEW,
    "media.library": Right.VIEW,
    "media.thumbnail": Right.VIEW,
    "media.play": Right.VIEW,
    "media.begin": Right.PREPARE,
    "media.offset": Right.PREPARE,
    "media.piece": Right.PREPARE,
    "media.finish": Right.PREPARE,
    "media.filler": Right.PREPARE,
    "media.rename": Right.PREPARE,
    "media.archive": Right.PREPARE,
    "bulletins.home": Right.VIEW,
    "bulletins.new": Right.PREPARE,
    "bulletins.add": Right.PREPARE,
    "bulletins.show": Right.VIEW,
    "bulletins.save": Right.PREPARE,
    "bulletins.remove": Right.PREPARE,
    "bulletins.move": Right.PLAN,
    "bulletins.picture": Right.VIEW,
    "slide_proposals.show": Right.VIEW,
    "slide_proposals.picture": Right.VIEW,
    "slide_proposals.save": Right.PREPARE,
    "slide_proposals.withdraw": Right.PREPARE,
    "slide_proposals.accept": Right.PLAN,
    "slide_proposals.decline": Right.PLAN,
    "filler_proposals.show": Right.VIEW,
    "filler_proposals.withdraw": Right.PREPARE,
    "filler_proposals.accept": Right.PLAN,
    "filler_proposals.decline": Right.PLAN,
    "reports.home": Right.VIEW,
    "reports.today": Right.VIEW,
    "reports.day": Right.VIEW,
    "reports.pick": Right.VIEW,
    "reports.table": Right.VIEW,
    "reports.history": Right.VIEW,
    "settings.home": Right.EQUIP,
    "settings.hours": Right.EQUIP,
    "settings.new_channel": Right.EQUIP,
    "settings.add_channel": Right.EQUIP,
    "settings.channel": Right.EQUIP,
    "settings.save_channel": Right.EQUIP,
    "sources.new": Right.EQUIP,
    "sources.add": Right.EQUIP,
    "sources.show": Right.EQUIP,
    "sources.save": Right.EQUIP,
    "sources.retire": Right.EQUIP,
    "sources.look": Right.OPERATE,
    "sources.picture": Right.OPERATE,
    "settings.add_host": Right.EQUIP,
    "settings.renew_host": Right.EQUIP,
    "settings.revoke_host": Right.EQUIP,
    "settings.host_channels": Right.EQUIP,
    "settings.invite": Right.ADMINISTER,
    "settings.password_link": Right.ADMINISTER,
    "settings.revoke_link": Right.ADMINISTER,
    "settings.role": Right.ADMINISTER,
    "settings.active": Right.ADMINISTER,
    "account.home": Access.SIGNED_IN,
    "account.here": Access.SIGNED_IN,
    "account.password": Access.SIGNED_IN,
    "account.end": Access.SIGNED_IN,
    "account.end_others": Access.SIGNED_IN,
    "account.person": Right.ADMINISTER,
    "account.channels": Right.ADMINISTER,
    "account.sign_out": Right.ADMINISTER,
}
"""Every address there is. `onair.command` leaves it to the action: slate needs less than take."""


class QuietSessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie, but never where an address is for anybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, unless the address is public or a machine's."""
        if ENDPOINTS.get(request.endpoint or "") not in (Access.PUBLIC, Access.HOST):
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Put the gate before every view; call it after CSRF protection, so that one speaks first."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    app.session_interface = QuietSessions()
    app.before_request(gate)


def gate() -> AnyResponse | None:
    """Let the request through, send it to sign in, or refuse it."""
    if request.endpoint is None:
        return None
    needed = ENDPOINTS.get(request.endpoint)
    if needed is None:
        abort(403, "This address is not in the table of rights, so no one can open it.")
    if needed in (Access.PUBLIC, Access.HOST):
        g._login_user = AnonymousUserMixin()  # so that no session is read, nor asked to vary by
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
    """Open a session for the person with this name and password; False when there is none.

    Answers 429 where this address must wait before it tries this name again.
    A failure is logged by the name only where somebody has it: it may be a password mistyped.
    """
    with trying(login) as failed:
        person = people.authenticate(database(), now(), login, password)
        if person is None:
            failed()
    if person is None:
        known = query.has_login(database(), login)
        log_refusal("wrong name or password", login if known else "a stranger")
        return False
    enter(person)
    return True


def enter(person: Person) -> None:
    """Open a fresh session for `person`; nothing of an older one is carried over."""
    session.clear()
    g.pop("_login_user", None)
    client = request.headers.get("User-Agent", "")
    token = people.open_session(database(), now(), person.id, client)
    session.permanent = True
    login_user(User(person, token))


def leave() -> None:
    """End this browser's session, here and in the database."""
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
