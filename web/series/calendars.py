"""Calendars of holidays and recesses, written as lines of text."""

from flask import Blueprint, Response, render_template, request, url_for
from wtforms import HiddenField
from wtforms.validators import InputRequired

from scheduler.actions import calendars as action
from scheduler.changing.series_common import CalendarEffect
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.model.people import Right
from scheduler.domain.series.calendar import CITY_HOLIDAYS, Calendar, CalendarDraft, problems
from scheduler.queries import calendars, changes, meeting_series, series
from scheduler.queries.calendars import CalendarCard
from web.clashes.booked import doubles_to_settle
from web.kit.bounds import line, lines, number
from web.kit.context import actor, database, done, now
from web.kit.forms import REQUIRED, DeskForm
from web.kit.saving import save_form

bp = Blueprint("calendars", __name__, url_prefix="/calendars")


class CalendarForm(DeskForm):
    """The fields of a calendar: its name, and its days as lines of text."""

    name = line("Name", 120, [InputRequired(REQUIRED)])
    text = lines("Days", [InputRequired(REQUIRED)])
    version = HiddenField()

    def draft(self) -> CalendarDraft:
        """Return the calendar as typed."""
        return CalendarDraft(self.name.data or "", self.text.data or "")


@bp.get("")
def home() -> str:
    """List every calendar, with a form for another; the first is offered the national holidays."""
    cards = calendars.cards(database(), now())
    first = {} if cards else {"name": "City holidays", "text": CITY_HOLIDAYS}
    return _drawer(CalendarForm(formdata=None, **first), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add a calendar."""
    form = CalendarForm()

    def act() -> Response:
        return _done("Added", action.add(database(), actor(), now(), form.draft()))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.post("/preview")
def preview() -> str:
    """Show the days the text means, and how the series and plans that use the calendar would
    change.
    """
    form = CalendarForm()
    wrong = problems(CalendarDraft(form.name.data or "as typed", form.text.data or ""))
    if wrong:
        return render_template("series/calendar_days.html", wrong=" ".join(wrong.values()))
    text, calendar_id = form.text.data or "", request.args.get("calendar")
    following: tuple[CalendarEffect, ...] = ()
    if calendar_id:
        at, calendar = now(), CalendarId(calendar_id)
        following = (
            *series.following(database(), calendar, text, at),
            *meeting_series.following(database(), calendar, text, at),
        )
    return render_template(
        "series/calendar_days.html",
        days=calendars.coming(text, now()),
        following=following,
        today=now().date(),
    )


@bp.get("/<calendar>")
def show(calendar: str) -> str:
    """Show one calendar."""
    card = calendars.card(database(), CalendarId(calendar), now())
    return _drawer(_filled(card.calendar), card)


@bp.post("/<calendar>")
def save(calendar: str) -> Response | tuple[str, int]:
    """Save the calendar as typed; the series and plans that use it follow."""
    card = calendars.card(database(), CalendarId(calendar), now())
    form = CalendarForm()

    def act() -> Response:
        typed, seen = form.draft(), form.seen()
        saved = action.edit(database(), actor(), now(), card.calendar.id, typed, seen)
        return _done("Changed", saved)

    return save_form(form, act, lambda wrong: _drawer(form, card, wrong), _filled(card.calendar))


@bp.post("/<calendar>/retire")
def retire(calendar: str) -> Response:
    """Retire the calendar."""
    version = number(request.form, "version")
    retired = action.retire(database(), actor(), now(), CalendarId(calendar), version)
    return _done("Retired", retired)


def _filled(found: Calendar) -> CalendarForm:
    draft, version = found.draft, str(found.version)
    return CalendarForm(formdata=None, name=draft.name, text=draft.text, version=version)


def _done(verb: str, calendar: Calendar) -> Response:
    change = changes.latest(database(), "calendar", calendar.id)
    text = f"{verb} the calendar {calendar.draft.name}."
    change_id = change.id if change else None
    return done(text, url_for("programs.home"), change_id, doubles_to_settle(change_id))


def _drawer(form: CalendarForm, card: CalendarCard | None, wrong: str = "") -> str:
    return render_template(
        "series/calendars.html",
        form=form,
        card=card,
        cards=calendars.cards(database(), now()),
        wrong=wrong,
        today=now().date(),
        action=url_for("calendars.save", calendar=card.calendar.id)
        if card
        else url_for("calendars.add"),
        may_plan=actor().may(Right.PLAN),
    )
