"""Meetings that repeat: one page to plan a year of them, and to change them from a day on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import meeting_series as action
from scheduler.changing.bookings import DoubleBooked
from scheduler.domain.meetings.meeting_series import MeetingSeries, MeetingSeriesDraft, problems
from scheduler.domain.model.ids import MeetingSeriesId
from scheduler.domain.model.people import Right
from scheduler.domain.series.affected_days import with_day
from scheduler.domain.series.calendar import Observance
from scheduler.domain.series.recurrence import DayException, SkippedDay, in_words
from scheduler.queries import bodies, changes, grid
from scheduler.queries import meeting_series as asked
from scheduler.queries.meeting_series import PlanMeaning
from scheduler.refusals import Conflict, Refused
from web.clashes.booked import MOVE_TO, SKIP_DOUBLED, accepted_doubles, other_meeting, plan_sheet
from web.clashes.one import PLAN_CHANGED
from web.kit.bounds import number
from web.kit.context import actor, database, done, go, now
from web.kit.dates import parse_day
from web.kit.day_pattern import policies
from web.meetings.usual_form import (
    MEETING_POLICY_WORDS,
    DayRow,
    PlanForm,
    fill_choices,
    filled_plan,
    offer_bodies,
    plan_form,
    rows_of,
    typed,
    typed_rows,
    with_blanks,
)

bp = Blueprint("plans", __name__, url_prefix="/meetings/plan")


@bp.get("")
def new() -> str | Response:
    """Show a plan for the coming year with a body's usual details; without a body, add one."""
    known = bodies.bodies(database())
    wanted = request.args.get("body", "")
    body = next((one for one in known if one.name == wanted), known[0] if known else None)
    if body is None:
        return go(url_for("bodies.home"))
    form = plan_form(database(), body, now().astimezone(_zone(body.draft.usual.channel)).date())
    shown = _context(form, None, with_blanks([]), body.draft.holidays)
    part = "meetings/plan_form.html" if request.args.get("part") else "meetings/plan.html"
    return render_template(part, **shown)


@bp.post("/preview")
def preview() -> str:
    """Show every date of the plan as typed; save nothing."""
    series, form = _series_named(request.args.get("series")), _form()
    try:
        meaning = _meaning(form, series)
    except Refused as refused:
        wrong = " ".join(refused.field_errors.values()) or refused.message
        return render_template("meetings/plan_days.html", wrong=wrong)
    return _render_days(form, meaning, series)


@bp.post("")
def add() -> Response:
    """Plan the meetings, asking first about those that would be booked twice."""
    return _save_plan(None)


@bp.get("/<series>")
def show(series: str) -> str:
    """Show the plan; with `from`, ready to be changed from that day on."""
    stored = asked.series(database(), MeetingSeriesId(series))
    form = filled_plan(database(), stored)
    form.split.data = parse_day(request.args.get("from"))
    lines = with_blanks(rows_of(_coming_exceptions(stored)))
    return render_template(
        "meetings/plan.html", **_context(form, stored, lines, stored.draft.rule.holidays)
    )


@bp.post("/<series>")
def save(series: str) -> Response:
    """Change the plan, from a day on if one is named."""
    return _save_plan(asked.series(database(), MeetingSeriesId(series)))


@bp.post("/<series>/end")
def end(series: str) -> Response:
    """End the plan: cancel its meetings from now on."""
    version = number(request.form, "version")
    ended = action.end(database(), actor(), now(), MeetingSeriesId(series), version)
    return _done(ended)


def _save_plan(series: MeetingSeries | None) -> Response:
    form = _form()
    try:
        if not form.read():
            return _form_again(form, series)
        plan = _typed_plan(form, series)
        if mistakes := problems(plan):
            raise Refused(mistakes)
        return _save_asking(form, plan, series)
    except Refused as refused:
        return _form_again(form, series, form.blame(refused, {"exceptions": "differ"}))
    except Conflict as conflict:
        if series is not None:
            form.version.data = str(asked.series(database(), series.id).version)
        return _form_again(form, series, f"{conflict.message} Save again to use yours.")


def _save_asking(
    form: PlanForm, plan: MeetingSeriesDraft, series: MeetingSeries | None
) -> Response:
    """Save the plan, or ask about meetings that would be booked twice and apply the answer."""
    way, split = request.form.get("way", ""), form.split.data
    id = series.id if series else None
    meaning = asked.planned(database(), plan, now(), id, split)
    elsewhere: Mapping[date, ChannelId] = {}
    if meaning.colliding and not way:
        return _sheet(plan, meaning, series, split)
    if way == SKIP_DOUBLED:
        for one in meaning.colliding:
            plan = replace(plan, rule=with_day(plan.rule, one.day, SkippedDay(one.day)))
    elif way.startswith(MOVE_TO):
        channel = ChannelId(way.removeprefix(MOVE_TO))
        elsewhere = {one.day: channel for one in meaning.colliding}
    try:
        accepted = accepted_doubles() if way != SKIP_DOUBLED else frozenset()
        return _done(_store_plan(form, plan, series, accepted, elsewhere))
    except DoubleBooked:
        meaning = asked.planned(database(), plan, now(), id, split)
        return _sheet(plan, meaning, series, split, PLAN_CHANGED)


def _store_plan(
    form: PlanForm,
    plan: MeetingSeriesDraft,
    series: MeetingSeries | None,
    accepted: frozenset[str],
    elsewhere: Mapping[date, ChannelId],
) -> MeetingSeries:
    db, at = database(), now()
    if series is None:
        return action.add(db, actor(), at, plan, accepted, elsewhere)
    if form.split.data:
        return action.split(
            db, actor(), at, series.id, form.split.data, plan, form.seen(), accepted, elsewhere
        )
    return action.edit(db, actor(), at, series.id, plan, form.seen(), accepted, elsewhere)


def _sheet(
    plan: MeetingSeriesDraft,
    meaning: PlanMeaning,
    series: MeetingSeries | None,
    split: date | None,
    wrong: str = "",
) -> Response:
    sheet = plan_sheet(plan, meaning, series.id if series else None, split, wrong)
    return make_response(sheet, 422)


def _typed_plan(form: PlanForm, series: MeetingSeries | None) -> MeetingSeriesDraft:
    before = series.draft.rule if series else None
    plan = typed(database(), form, before)
    if series is None:
        return plan
    gone = tuple(
        one for one in series.draft.rule.exceptions if one not in _coming_exceptions(series)
    )
    rule = plan.rule
    return replace(plan, rule=replace(rule, exceptions=(*gone, *rule.exceptions)))


def _meaning(form: PlanForm, series: MeetingSeries | None) -> PlanMeaning:
    if not (form.at.data and form.first.data and form.length.span):
        form.length.post_validate(form, False)
    if not (form.at.data and form.first.data and form.length.span and form.channel.data):
        raise Refused(message="Fill in the first day, the time and the length to see every date.")
    plan = _typed_plan(form, series)
    mistakes = problems(plan)
    for alone in ("title", "source", "agenda"):
        mistakes.pop(alone, None)
    if mistakes:
        raise Refused(mistakes)
    id = series.id if series else None
    return asked.planned(database(), plan, now(), id, form.split.data)


def _coming_exceptions(series: MeetingSeries) -> tuple[DayException, ...]:
    """Return the days that differ and have not passed, which are those the page shows."""
    today = now().astimezone(_zone(series.channel)).date()
    return tuple(one for one in series.draft.rule.exceptions if one.day >= today)


def _form() -> PlanForm:
    form = PlanForm()
    offer_bodies(database(), form, request.form.get("body", ""))
    fill_choices(database(), form)
    return form


def _series_named(series: str | None) -> MeetingSeries | None:
    return asked.series(database(), MeetingSeriesId(series)) if series else None


def _zone(channel: ChannelId) -> Any:
    return grid.channel(database(), channel).tz


def _done(series: MeetingSeries) -> Response:
    change = changes.latest(database(), "meeting series", series.id)
    text = f"{change.sentence if change else 'Nothing changed'}."
    return done(text, url_for("meetings.home"), change.id if change else None)


def _form_again(form: PlanForm, series: MeetingSeries | None, wrong: str = "") -> Response:
    shown = _context(form, series, with_blanks(typed_rows()), ())
    answer = make_response(render_template("meetings/plan_form.html", **shown, wrong=wrong), 422)
    answer.headers["HX-Retarget"] = "#plan-form"
    return answer


def _render_days(form: PlanForm, meaning: PlanMeaning, series: MeetingSeries | None) -> str:
    zone = _zone(ChannelId(form.channel.data))
    return render_template(
        "meetings/plan_days.html",
        meaning=meaning,
        tz=zone,
        today=now().astimezone(zone).date(),
        series=series,
        needs=other_meeting,
    )


def _context(
    form: PlanForm,
    series: MeetingSeries | None,
    lines: list[DayRow],
    holidays: tuple[Observance, ...],
) -> dict[str, Any]:
    return {
        "form": form,
        "series": series,
        "rows": lines,
        "in_words": in_words,
        "policies": policies(database(), now(), holidays),
        "policy_words": MEETING_POLICY_WORDS,
        "action": url_for("plans.save", series=series.id) if series else url_for("plans.add"),
        "may_plan": actor().may(Right.PLAN),
        "no_source": len(form.source.choices or ()) < 2,
    }
