"""Sign-in, sign-out, and the page behind a one-time link."""

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from scheduler.actions import people
from scheduler.queries import people as query
from scheduler.refusals import Refused
from web.gate.auth import enter, leave, sign_in
from web.gate.forms import LoginForm, WelcomeForm
from web.gate.trying import trying
from web.kit.context import database, done, now
from web.kit.errors import answer, log_refusal

bp = Blueprint("session", __name__)
LINK_ACCOUNT = "a one-time link"
"""Account name under which failed tries of one-time links are counted."""


@bp.get("/login")
def login() -> str:
    """Show the sign-in form."""
    nobody = not query.has_administrator(database())
    return render_template("gate/login.html", form=LoginForm(), wrong="", nobody=nobody)


@bp.post("/login")
def log_in() -> AnyResponse | tuple[str, int]:
    """Sign in. The answer does not say whether the name or the password was wrong."""
    form = LoginForm()
    if form.read() and sign_in(form.login.data, form.password.data):
        return redirect(url_for("onair.desk"), 303)
    wrong = "" if form.errors else "Wrong name or password. Try again."
    return render_template("gate/login.html", form=form, wrong=wrong), 422


@bp.post("/logout")
def logout() -> AnyResponse:
    """Sign out."""
    leave()
    return redirect(url_for("session.login"), 303)


@bp.get("/welcome/<token>")
def welcome(token: str) -> str | Response:
    """Show the form behind a one-time link."""
    with trying(LINK_ACCOUNT) as failed:
        is_open = people.link_is_open(database(), now(), token)
        if not is_open:
            failed()
    if not is_open:
        log_refusal("that link is used, expired or invalid")
        return answer(404, "This link has been used or has expired. Ask for a new one.")
    return render_template("gate/welcome.html", form=WelcomeForm(), wrong="")


@bp.post("/welcome/<token>")
def redeem(token: str) -> AnyResponse | tuple[str, int]:
    """Create the account of a one-time link and sign in."""
    form, wrong = WelcomeForm(), ""
    with trying(LINK_ACCOUNT) as failed:
        if not people.link_is_open(database(), now(), token):
            failed()
    if form.read():
        try:
            person = people.redeem_link(
                database(), now(), token, form.name.data, form.login.data, form.password.data
            )
            enter(person)
            return done(f"Welcome, {person.name}.", url_for("onair.desk"))
        except Refused as refused:
            wrong = form.blame(refused)
    return render_template("gate/welcome.html", form=form, wrong=wrong), 422
