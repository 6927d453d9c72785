"""Pages of a person's account: sessions, password, and the channels they may change."""

from typing import cast

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from config.names import ChannelId
from scheduler.actions import people as action
from scheduler.domain.model.ids import PersonId
from scheduler.ids import token_hash
from scheduler.queries import grid, people
from scheduler.refusals import Missing, Refused
from web.gate.forms import PasswordForm
from web.gate.trying import trying
from web.gate.user import User
from web.kit.context import actor, database, done, now, services
from web.kit.role_words import ROLE_WORDS

bp = Blueprint("account", __name__)


@bp.get("/account")
def home() -> str:
    """Show one's own sessions and the form for a new password."""
    return _own(PasswordForm(formdata=None))


@bp.get("/here")
def here() -> str:
    """Show which colleagues are present, for the corner of every page."""
    others = services().presence.others(cast(User, current_user).id)
    return render_template("gate/here.html", others=others)


@bp.post("/account/password")
def password() -> AnyResponse | tuple[str, int]:
    """Change one's own password and sign every other browser out."""
    form, user = PasswordForm(), cast(User, current_user)
    if form.read():
        old, new = form.old.data, form.password.data
        try:
            _change(user, old, new)
            text = "Your password is changed. Other browsers are signed out."
            return done(text, url_for("account.home"))
        except Refused as refused:
            form.blame(refused)
    return _own(form), 422


def _change(user: User, old: str, new: str) -> None:
    with trying(user.person.login) as failed:
        try:
            action.change_password(database(), now(), user.person, user.get_id(), old, new)
        except Refused as refused:
            if "old" in refused.field_errors:
                failed()
            raise


@bp.post("/account/sessions/<session>/end")
def end(session: str) -> AnyResponse:
    """Sign out one of one's own browsers."""
    sessions = people.sessions(database(), cast(User, current_user).person.id, now())
    if session not in {one.id for one in sessions}:
        raise Missing("browser of yours")
    action.revoke_session(database(), now(), session)
    return done("That browser is signed out.", url_for("account.home"))


@bp.post("/account/sessions/end-others")
def end_others() -> AnyResponse:
    """Sign out every browser but this one."""
    user = cast(User, current_user)
    action.revoke_sessions(database(), now(), user.person.id, token_hash(user.get_id()))
    return done("Every other browser is signed out.", url_for("account.home"))


@bp.get("/settings/people/<person>")
def person(person: str) -> str:
    """Show a person's channels and sessions to an administrator."""
    account = people.person(database(), PersonId(person))
    return render_template(
        "gate/person.html",
        person=account,
        sessions=people.sessions(database(), account.id, now()),
        channels=grid.channels(database()),
        roles=ROLE_WORDS,
    )


@bp.post("/settings/people/<person>/channels")
def channels(person: str) -> AnyResponse:
    """Limit a person to some channels, or allow all."""
    chosen = frozenset(map(ChannelId, request.form.getlist("channel")))
    only = None if request.form.get("reach") == "all" else chosen
    unknown = chosen - {channel.id for channel in grid.channels(database())}
    if unknown:
        raise Refused(message="One of these channels no longer exists. Check the list again.")
    changed = action.set_channels(database(), actor(), now(), PersonId(person), only)
    text = (
        f"{changed.name} may change {'every channel' if only is None else 'the chosen channels'}."
    )
    return done(text, url_for("account.person", person=person))


@bp.post("/settings/people/<person>/sign-out")
def sign_out(person: str) -> AnyResponse:
    """Sign a person out everywhere; the account stays active."""
    account = people.person(database(), PersonId(person))
    action.revoke_sessions(database(), now(), account.id)
    return done(
        f"{account.name} is signed out everywhere.", url_for("account.person", person=person)
    )


def _own(form: PasswordForm) -> str:
    user = cast(User, current_user)
    return render_template(
        "gate/account.html",
        form=form,
        sessions=people.sessions(database(), user.person.id, now()),
        here=token_hash(user.get_id()),
    )
