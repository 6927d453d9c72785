"""Public bodies, each with how it usually meets, so that no form asks for it twice."""

from datetime import time

from flask import Blueprint, Response, render_template, request, url_for

from config.times import length as length_words
from scheduler.actions import bodies as action
from scheduler.domain.meetings.body import PublicBody
from scheduler.domain.meetings.replays import in_words as replays_in_words
from scheduler.domain.model.ids import BodyId
from scheduler.domain.model.people import Right
from scheduler.domain.series.calendar import Observance
from scheduler.domain.series.patterns import in_words
from scheduler.queries import bodies, changes, grid
from scheduler.refusals import Refused
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.day_pattern import policies
from web.kit.saving import save_form
from web.meetings.form import USUAL_LENGTH
from web.meetings.usual_form import MEETING_POLICY_WORDS, BodyForm, fill_choices

bp = Blueprint("bodies", __name__, url_prefix="/bodies")


@bp.get("")
def home() -> str:
    """List every body with how it usually meets."""
    return render_template(
        "meetings/bodies.html",
        bodies=bodies.bodies(database()),
        in_words=in_words,
        replays=replays_in_words,
        may_plan=actor().may(Right.PLAN),
    )


@bp.get("/new")
def new() -> str:
    """Show an empty form."""
    known = grid.channels(database())
    if not known:
        raise Refused(message="Add a channel first, under Settings.")
    form = BodyForm(formdata=None, channel=known[0].id, at=time(10), weekdays=["1"])
    form.length.data = length_words(USUAL_LENGTH)
    return _drawer(form, None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add a public body."""
    form = _form()

    def act() -> Response:
        return _done("Added", action.add(database(), actor(), now(), form.draft()))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.get("/<body>")
def show(body: str) -> str:
    """Show one body."""
    stored = bodies.body(database(), BodyId(body))
    return _drawer(_filled(stored), stored)


@bp.post("/<body>")
def save(body: str) -> Response | tuple[str, int]:
    """Save the body as typed; meetings already planned stay as they are."""
    stored, form = bodies.body(database(), BodyId(body)), _form()

    def act() -> Response:
        saved = action.edit(database(), actor(), now(), stored.id, form.draft(), form.seen())
        return _done("Changed", saved)

    return save_form(form, act, lambda wrong: _drawer(form, stored, wrong), _filled(stored))


@bp.post("/<body>/retire")
def retire(body: str) -> Response:
    """Retire the body: forms no longer offer it."""
    version = number(request.form, "version")
    retired = action.retire(database(), actor(), now(), BodyId(body), version)
    return _done("Retired", retired)


def _form() -> BodyForm:
    form = BodyForm()
    fill_choices(database(), form)
    return form


def _filled(body: PublicBody) -> BodyForm:
    form = BodyForm(formdata=None, version=str(body.version))
    form.show(body.draft)
    fill_choices(database(), form)
    return form


def _done(verb: str, body: PublicBody) -> Response:
    change = changes.latest(database(), "body", body.id)
    text = f"{verb} {body.name}."
    return done(text, url_for("bodies.home"), change.id if change else None)


def _drawer(form: BodyForm, body: PublicBody | None, wrong: str = "") -> str:
    fill_choices(database(), form)
    standing: tuple[Observance, ...] = body.draft.holidays if body else ()
    return render_template(
        "meetings/body_form.html",
        form=form,
        body=body,
        wrong=wrong,
        action=url_for("bodies.save", body=body.id) if body else url_for("bodies.add"),
        policies=policies(database(), now(), standing),
        policy_words=MEETING_POLICY_WORDS,
        may_plan=actor().may(Right.PLAN),
    )
