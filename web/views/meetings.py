"""Meetings: the list by week, one form that makes everything, and one page for each."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import meetings as action
from scheduler.domain.meeting import Meeting
from scheduler.domain.moves import Move
from scheduler.domain.names import MeetingId
from scheduler.domain.people import Right
from scheduler.domain.recurrence import instant
from scheduler.queries import changes, grid, meetings
from scheduler.queries.meetings import MeetingView
from scheduler.refusals import Conflict, Refused
from web import words
from web.context import actor, database, done, now, zone
from web.forms_live import MeetingForm
from web.keeping import differences
from web.meeting_form import draft, empty_form, fill_choices, filled_form
from web.meeting_words import STATES, by_week, happenings, moves

bp = Blueprint("meetings", __name__, url_prefix="/meetings")

WEEKS = 4


@bp.get("")
def home() -> str:
    """Four weeks, with what still needs a decision on top."""
    db, at = database(), now()
    known = grid.channels(db)
    tz = known[0].tz if known else zone("UTC")
    today = at.astimezone(tz).date()
    monday = _monday(request.args.get("week", ""), today)
    since, until = (
        instant(datetime.combine(monday + timedelta(days=days), time()), tz)
        for days in (0, 7 * WEEKS)
    )
    shown = meetings.meetings(db, since, until, at)
    return render_template(
        "meetings.html",
        weeks=by_week(shown, monday, WEEKS, today),
        undecided=[view for view in shown if view.decisions],
        states=STATES,
        earlier=f"{monday - timedelta(days=7 * WEEKS):%G-W%V}",
        later=f"{monday + timedelta(days=7 * WEEKS):%G-W%V}",
        today=today,
        any=bool(shown),
        several=len(known) > 1,
    )


@bp.get("/new")
def new() -> str:
    """An empty form, with what the last meeting had."""
    return _drawer(empty_form(database(), now(), request.args), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Announce it."""
    form, wrong = fill_choices(database(), MeetingForm()), ""
    if form.read():
        try:
            made = action.add(database(), actor(), now(), draft(database(), form))
            return _said("Added", made)
        except Refused as refused:
            wrong = form.blame(refused, {"start": "at", "hard_limit": "limit"})
    return _drawer(form, None, wrong), 422


@bp.post("/preview")
def preview() -> str:
    """What saving what is typed would move; nothing is kept."""
    db, form = database(), fill_choices(database(), MeetingForm())
    meeting = MeetingId(request.args.get("meeting", "")) or None
    if not form.read():
        return _moves((), "Fill in day, time and length to see what moves.")
    typed = draft(db, form)
    try:
        named = typed if typed.title else replace(typed, title="The meeting")
        found = action.preview(db, actor(), now(), named, meeting)
    except (Refused, Conflict) as refused:
        sentences = getattr(refused, "field_errors", {}).values()
        return _moves((), " ".join(sentences) or refused.message)
    return _moves(found, "", ChannelId(form.channel.data))


@bp.get("/<meeting>")
def show(meeting: str) -> str:
    """One meeting: before, during and after."""
    view = meetings.meeting(database(), MeetingId(meeting), now())
    told = _told(view)
    changed = changes.history(database(), "meeting", meeting, limit=12)
    own = told["meeting"].start.astimezone(told["tz"]).date()
    return render_template(
        "meeting.html",
        **told,
        pushed=meetings.pushed(database(), told["meeting"].id, now()),
        history=happenings(changed, meetings.pressed(database(), view, now())),
        tomorrow=max(told["today"], own) + timedelta(days=1),
    )


@bp.get("/<meeting>/state")
def state(meeting: str) -> str:
    """How it stands now, for the page to look at every few seconds."""
    view = meetings.meeting(database(), MeetingId(meeting), now())
    return render_template("parts/meeting_now.html", **_told(view))


def _told(view: MeetingView) -> dict[str, Any]:
    return {
        "view": view,
        "meeting": view.meeting,
        "draft": view.meeting.draft,
        "tz": view.channel.tz,
        "today": now().astimezone(view.channel.tz).date(),
        "recording": "",
    }


@bp.get("/<meeting>/form")
def form(meeting: str) -> str:
    """The form, filled."""
    found = meetings.meeting(database(), MeetingId(meeting), now()).meeting
    return _drawer(filled_form(database(), found), found)


@bp.post("/<meeting>")
def save(meeting: str) -> Response | tuple[str, int]:
    """Keep what was typed; every airing of the meeting follows."""
    db, form, wrong = database(), fill_choices(database(), MeetingForm()), ""
    found = meetings.meeting(db, MeetingId(meeting), now()).meeting
    if form.read():
        try:
            made = action.edit(db, actor(), now(), found.id, draft(db, form), form.seen())
            return _said("Changed", made)
        except Refused as refused:
            wrong = form.blame(refused, {"start": "at", "hard_limit": "limit"})
        except Conflict as conflict:
            form.version.data = str(found.version)
            form.differing = differences(filled_form(db, found), form)
            wrong = f"{conflict.message} Save again to put yours in place."
    return _drawer(form, found, wrong), 422


@bp.get("/<meeting>/cancel")
def ask_cancel(meeting: str) -> str:
    """What cancelling would move, before it is done."""
    db, at = database(), now()
    view = meetings.meeting(db, MeetingId(meeting), at)
    found = action.preview(db, actor(), at, None, view.meeting.id)
    return render_template(
        "parts/meeting_cancel.html",
        meeting=view.meeting,
        moves=moves(found, view.channel.tz, at),
        on_air=view.stage.value == "under way",
    )


@bp.post("/<meeting>/cancel")
def cancel(meeting: str) -> Response:
    """Take it off the schedule, airings and all."""
    version = request.form.get("version", 0, int)
    made = action.cancel(database(), actor(), now(), MeetingId(meeting), version)
    return _said("Cancelled", made)


@bp.post("/<meeting>/reconvene")
def reconvene(meeting: str) -> Response:
    """Let it go on another day, as a second meeting."""
    found = meetings.meeting(database(), MeetingId(meeting), now())
    try:
        local = datetime.combine(
            date.fromisoformat(request.form["day"]), time.fromisoformat(request.form["at"])
        )
    except (KeyError, ValueError) as error:
        raise Refused(message="Say on which day and at what time it goes on.") from error
    version = request.form.get("version", 0, int)
    start = instant(local, found.channel.tz)
    made = action.reconvene(database(), actor(), now(), found.meeting.id, start, version)
    return _said("Reconvened", made)


@bp.post("/<meeting>/retime")
def retime(meeting: str) -> Response:
    """Make room behind its replays."""
    found = meetings.meeting(database(), MeetingId(meeting), now()).meeting
    moved = action.retime(database(), actor(), now(), found.id)
    change = changes.latest(database(), "meeting", found.id) if moved else None
    to = url_for("meetings.show", meeting=found.id)
    return done(f"Moved {words.a_count(moved, 'airing')}.", to, change.id if change else None)


def _monday(week: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{week}-1")
    except ValueError:
        return today - timedelta(days=today.weekday())


def _said(verb: str, meeting: Meeting) -> Response:
    channel = grid.channel(database(), meeting.draft.channel)
    change = changes.latest(database(), "meeting", meeting.id)
    at = words.when(meeting.start, channel.tz, now())
    to = url_for("meetings.show", meeting=meeting.id)
    return done(f"{verb} {meeting.title}, {at}.", to, change.id if change else None)


def _moves(found: tuple[Move, ...], wrong: str = "", channel: ChannelId | None = None) -> str:
    db, at = database(), now()
    tz = grid.channel(db, channel).tz if channel else zone("UTC")
    return render_template(
        "parts/moves.html", moves=moves(found, tz, at), wrong=wrong, asked=channel is not None
    )


def _drawer(form: MeetingForm, meeting: Meeting | None, wrong: str = "") -> str:
    to = url_for("meetings.save", meeting=meeting.id) if meeting else url_for("meetings.add")
    return render_template(
        "parts/meeting_form.html",
        form=form,
        meeting=meeting,
        wrong=wrong,
        action=to,
        bodies=meetings.bodies(database()),
        may_plan=actor().may(Right.PLAN),
        may_equip=actor().may(Right.EQUIP),
        no_source=len(form.source.choices or ()) < 2,
    )
