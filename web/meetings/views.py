"""Meetings: the list by week, one form that makes everything, and one page for each meeting."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import meetings as action
from scheduler.changing.bookings import DoubleBooked
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft
from scheduler.domain.model.ids import MeetingId
from scheduler.domain.model.people import Right
from scheduler.domain.series.wall_time import instant
from scheduler.foresight.preview import PreviewedChange
from scheduler.queries import bodies, changes, grid, meetings
from scheduler.queries import meeting_series as repeating
from scheduler.queries.meetings import MeetingView
from scheduler.reading.channels import zone_of
from scheduler.refusals import Conflict, Refused
from web.clashes.booked import accepted_doubles, meeting_sheet, on_chosen_channel
from web.kit import words
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, zone
from web.kit.dates import parse_day, parse_time, parse_week
from web.kit.saving import differences
from web.meetings.form import draft, empty_form, fill_choices, filled_form, usual_form
from web.meetings.forms import MeetingForm
from web.meetings.words import STAGE_LIGHTS, by_week, history, moves

bp = Blueprint("meetings", __name__, url_prefix="/meetings")

WEEKS_SHOWN = 4


@bp.get("")
def home() -> str:
    """Show four weeks of meetings, with those that need a decision on top."""
    db, at = database(), now()
    known = grid.channels(db)
    tz = zone_of(known)
    today = at.astimezone(tz).date()
    monday = _monday(request.args.get("week", ""), today)
    since, until = (
        instant(datetime.combine(monday + timedelta(days=days), time()), tz)
        for days in (0, 7 * WEEKS_SHOWN)
    )
    shown = meetings.meetings(db, since, until, at)
    return render_template(
        "meetings/meetings.html",
        weeks=by_week(shown, monday, WEEKS_SHOWN, today),
        undecided=[view for view in shown if view.decisions],
        states=STAGE_LIGHTS,
        earlier=f"{monday - timedelta(days=7 * WEEKS_SHOWN):%G-W%V}",
        later=f"{monday + timedelta(days=7 * WEEKS_SHOWN):%G-W%V}",
        today=today,
        any=bool(shown),
        plans=repeating.lines(db, at),
        several=len(known) > 1,
    )


@bp.get("/new")
def new() -> str | Response:
    """Show a form with the latest meeting's details, or with those a public body usually has.

    With `fill` the form is already open and is filled again for a body we know, unless it has a
    title: then somebody is writing it by hand, and the answer is 204.
    """
    db, query = database(), request.args
    body = bodies.named(db, query.get("body", ""))
    if query.get("fill") and (body is None or query.get("title")):
        return Response(status=204)
    if body is not None:
        return _drawer(usual_form(db, now(), body), None, filled=True)
    return _drawer(empty_form(db, now(), query), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add the meeting, asking first where it would be booked twice."""
    form, wrong = fill_choices(database(), MeetingForm()), ""
    if form.read():
        typed = on_chosen_channel(draft(database(), form))
        try:
            return _done("Added", action.add(database(), actor(), now(), typed, accepted_doubles()))
        except DoubleBooked as booked:
            return _ask(booked, typed, None), 422
        except Refused as refused:
            wrong = form.blame(refused, {"start": "at", "hard_limit": "limit"})
    return _drawer(form, None, wrong), 422


@bp.post("/preview")
def preview() -> str:
    """Show what saving the form would move; save nothing."""
    db, form = database(), fill_choices(database(), MeetingForm())
    meeting = MeetingId(request.args.get("meeting", "")) or None
    if not form.read():
        return _render_moves((), form.unread())
    typed = draft(db, form)
    try:
        titled = typed if typed.title else replace(typed, title="The meeting")
        moved = action.preview(db, actor(), now(), titled, meeting)
    except (Refused, Conflict) as refused:
        sentences = getattr(refused, "field_errors", {}).values()
        return _render_moves((), " ".join(sentences) or refused.message)
    return _render_moves(moved, "", ChannelId(form.channel.data))


@bp.get("/<meeting>")
def show(meeting: str) -> str:
    """Show one meeting: before, while and after it is on."""
    view = meetings.meeting(database(), MeetingId(meeting), now())
    shown = _context(view)
    changed = changes.history(database(), "meeting", meeting, limit=12)
    own = shown["meeting"].start.astimezone(shown["tz"]).date()
    return render_template(
        "meetings/meeting.html",
        **shown,
        pushed=meetings.pushed(database(), shown["meeting"].id, now()),
        history=history(changed, meetings.pressed(database(), view, now())),
        tomorrow=max(shown["today"], own) + timedelta(days=1),
    )


@bp.get("/<meeting>/state")
def state(meeting: str) -> str:
    """Return the part of the page that shows its state, for the page to poll."""
    view = meetings.meeting(database(), MeetingId(meeting), now())
    return render_template("meetings/meeting_now.html", **_context(view))


def _context(view: MeetingView) -> dict[str, Any]:
    meeting = view.meeting
    return {
        "repeats": repeating.line(database(), meeting.series, now()) if meeting.series else None,
        "view": view,
        "meeting": view.meeting,
        "draft": view.meeting.draft,
        "tz": view.channel.tz,
        "today": now().astimezone(view.channel.tz).date(),
        "recording": "",
    }


@bp.get("/<meeting>/form")
def form(meeting: str) -> str:
    """Show the form, filled."""
    stored = meetings.meeting(database(), MeetingId(meeting), now()).meeting
    return _drawer(filled_form(database(), stored), stored)


@bp.post("/<meeting>")
def save(meeting: str) -> Response | tuple[str, int]:
    """Save the meeting as typed; all its airings follow."""
    db, form, wrong = database(), fill_choices(database(), MeetingForm()), ""
    stored = meetings.meeting(db, MeetingId(meeting), now()).meeting
    if form.read():
        typed = on_chosen_channel(draft(db, form))
        try:
            saved = action.edit(
                db, actor(), now(), stored.id, typed, form.seen(), accepted_doubles()
            )
            return _done("Changed", saved)
        except DoubleBooked as booked:
            return _ask(booked, typed, stored.id), 422
        except Refused as refused:
            wrong = form.blame(refused, {"start": "at", "hard_limit": "limit"})
        except Conflict as conflict:
            form.version.data = str(stored.version)
            form.differing = differences(filled_form(db, stored), form)
            wrong = f"{conflict.message} Save again to use yours."
    return _drawer(form, stored, wrong), 422


@bp.get("/<meeting>/cancel")
def ask_cancel(meeting: str) -> str:
    """Show what canceling would move, before it is done."""
    db, at = database(), now()
    view = meetings.meeting(db, MeetingId(meeting), at)
    moved = action.preview(db, actor(), at, None, view.meeting.id)
    return render_template(
        "meetings/meeting_cancel.html",
        meeting=view.meeting,
        moves=moves(moved, view.channel.tz, at),
        on_air=view.stage.value == "under way",
    )


@bp.post("/<meeting>/cancel")
def cancel(meeting: str) -> Response:
    """Cancel the meeting with all its airings."""
    version = number(request.form, "version")
    canceled = action.cancel(database(), actor(), now(), MeetingId(meeting), version)
    return _done("Canceled", canceled)


@bp.post("/<meeting>/reconvene")
def reconvene(meeting: str) -> Response | tuple[str, int]:
    """Continue the meeting on another day, as a second meeting."""
    view = meetings.meeting(database(), MeetingId(meeting), now())
    day, at = parse_day(request.form.get("day")), parse_time(request.form.get("at"))
    if day is None or at is None:
        raise Refused(message="Choose the day and time it reconvenes.")
    local = datetime.combine(day, at)
    version = number(request.form, "version")
    start = instant(local, view.channel.tz)
    id = view.meeting.id
    try:
        reconvened = action.reconvene(
            database(), actor(), now(), id, start, version, accepted_doubles()
        )
    except DoubleBooked as booked:
        return _ask(booked, replace(view.meeting.draft, start=start), None), 422
    return _done("Reconvened", reconvened)


@bp.post("/<meeting>/retime")
def retime(meeting: str) -> Response:
    """Move the airings that its replays push aside to free times."""
    stored = meetings.meeting(database(), MeetingId(meeting), now()).meeting
    moved = action.retime(database(), actor(), now(), stored.id)
    change = changes.latest(database(), "meeting", stored.id) if moved else None
    to = url_for("meetings.show", meeting=stored.id)
    return done(f"Moved {words.a_count(moved, 'airing')}.", to, change.id if change else None)


def _monday(week: str, today: date) -> date:
    return parse_week(week) or today - timedelta(days=today.weekday())


def _done(verb: str, meeting: Meeting) -> Response:
    channel = grid.channel(database(), meeting.draft.channel)
    change = changes.latest(database(), "meeting", meeting.id)
    at = words.when(meeting.start, channel.tz, now())
    to = url_for("meetings.show", meeting=meeting.id)
    return done(f"{verb} {meeting.title}, {at}.", to, change.id if change else None)


def _render_moves(
    moved: tuple[PreviewedChange, ...], wrong: str = "", channel: ChannelId | None = None
) -> str:
    db, at = database(), now()
    tz = grid.channel(db, channel).tz if channel else zone("UTC")
    return render_template(
        "meetings/moves.html", moves=moves(moved, tz, at), wrong=wrong, asked=channel is not None
    )


def _ask(booked: DoubleBooked, typed: MeetingDraft, meeting: MeetingId | None) -> str:
    """Render the sheet that asks before anything is booked twice."""

    def follows(wanted: MeetingDraft) -> tuple[str, ...]:
        zone = grid.channel(database(), wanted.channel).tz
        found = moves(action.preview(database(), actor(), now(), wanted, meeting), zone, now())
        return (*found.own, *found.others)

    return meeting_sheet(booked, typed, meeting, follows)


def _drawer(
    form: MeetingForm, meeting: Meeting | None, wrong: str = "", *, filled: bool = False
) -> str:
    db = database()
    to = url_for("meetings.save", meeting=meeting.id) if meeting else url_for("meetings.add")
    return render_template(
        "meetings/meeting_form.html",
        form=form,
        meeting=meeting,
        wrong=wrong,
        action=to,
        bodies=sorted({*meetings.bodies(db), *(one.name for one in bodies.bodies(db))}),
        filled=filled,
        may_plan=actor().may(Right.PLAN, meeting.draft.channel if meeting else None),
        may_equip=actor().may(Right.EQUIP),
        no_source=len(form.source.choices or ()) < 2,
    )
