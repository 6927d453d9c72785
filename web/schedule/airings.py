"""The drawer of one airing: add, edit, move, replay and cancel without leaving the schedule."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

from flask import Blueprint, Response, render_template, request, url_for

from config.names import AiringId, ChannelId
from config.times import field_time
from scheduler.actions import airings
from scheduler.domain.model.airing import Airing, AiringDraft, again
from scheduler.domain.model.airing import moved as moved_draft
from scheduler.domain.model.people import Right
from scheduler.domain.series.wall_time import dragged_start
from scheduler.queries import grid
from scheduler.refusals import Conflict, Refused
from web.clashes.one import answer, ask_again, place
from web.kit.bounds import MOST_MINUTES, MOST_SECONDS, number
from web.kit.context import actor, database, now
from web.kit.dates import parse_day, parse_time
from web.schedule.airing_form import (
    draft,
    empty_form,
    field_wording,
    fill_choices,
    filled_form,
    history,
)
from web.schedule.forms import AiringForm

bp = Blueprint("airings", __name__, url_prefix="/airings")


@bp.get("/new")
def new() -> str:
    """Show an empty form, prefilled with what the click named."""
    form = empty_form(database(), now(), request.args)
    return _drawer(form, None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add an airing to the schedule."""
    form, wrong = fill_choices(database(), now(), AiringForm()), ""
    if form.read():
        try:
            typed = draft(database(), now(), form)
            return place(typed, "Added", None, 0, lambda plan: _add(typed, plan))
        except Refused as refused:
            wrong = form.blame(refused, {"start": "at"})
    return _drawer(form, None, wrong), 422


@bp.get("/<airing>")
def show(airing: str) -> str:
    """Show one airing."""
    stored = grid.airing(database(), AiringId(airing), now()).airing
    return _drawer(filled_form(database(), now(), stored.draft, stored.version), stored)


@bp.post("/<airing>")
def save(airing: str) -> Response | tuple[str, int]:
    """Save the airing as typed; if somebody was faster, show both versions and keep the typing."""
    db, form, wrong = database(), fill_choices(database(), now(), AiringForm()), ""
    stored = grid.airing(db, AiringId(airing), now()).airing
    if form.read():
        try:
            typed = draft(db, now(), form, stored)
            version = form.seen()
            if version != stored.version:
                raise Conflict(stored)
            return place(typed, "Changed", stored, version, partial(_edit, stored, typed, version))
        except Refused as refused:
            wrong = form.blame(refused, {"start": "at"})
        except Conflict as conflict:
            return _conflict_drawer(conflict, form, stored.id), 422
    return _drawer(form, stored, wrong), 422


@bp.get("/<airing>/ways")
def ways(airing: str) -> str:
    """Show the ways out of an overlap that is on the schedule, each with its consequence."""
    stored = grid.airing(database(), AiringId(airing), now()).airing
    return ask_again(stored)


@bp.post("/<airing>/ways")
def settle(airing: str) -> Response | tuple[str, int]:
    """Apply one of these ways out."""
    stored = grid.airing(database(), AiringId(airing), now()).airing
    version = number(request.form, "version", stored.version)
    return place(stored.draft, "Changed", stored, version, lambda _plan: stored, again=True)


@bp.post("/<airing>/move")
def shift(airing: str) -> Response | tuple[str, int]:
    """Move an airing earlier or later, to another channel or to where it was dragged, or change its
    length by a drag of its end.
    """
    db, at = database(), now()
    stored = grid.airing(db, AiringId(airing), at).airing
    version = number(request.form, "version", stored.version)
    to = ChannelId(request.form.get("to") or stored.channel)
    start = _dragged(stored, to) + timedelta(
        minutes=number(request.form, "minutes", most=MOST_MINUTES)
    )
    length = stored.draft.length + timedelta(
        seconds=number(request.form, "longer", most=MOST_SECONDS)
    )
    moved = replace(moved_draft(stored.draft, start), length=length, channel=to)
    if length != stored.draft.length:
        return place(moved, "Changed", stored, version, partial(_edit, stored, moved, version))
    return place(
        moved,
        "Moved",
        stored,
        version,
        lambda plan: airings.move(db, actor(), at, stored.id, start, version, to, plan=plan),
    )


def _dragged(stored: Airing, to: ChannelId) -> datetime:
    """Return the start where it was dropped: `by` seconds of wall time later, in the zone of `to`.

    The grid sends the distance, never two wall times: on a night when the clocks change, the hours
    between two wall times are not the time that passes.
    """
    by = timedelta(seconds=number(request.form, "by", most=MOST_SECONDS))
    db = database()
    return dragged_start(
        stored.start, by, grid.channel(db, stored.channel).tz, grid.channel(db, to).tz
    )


@bp.post("/<airing>/copy")
def copy(airing: str) -> Response | tuple[str, int]:
    """Add a replay at the time typed, or a plain copy where it was dragged with Alt held."""
    db = database()
    original = grid.airing(db, AiringId(airing), now()).airing
    to = ChannelId(request.form.get("to") or original.channel)
    replay = "by" not in request.form
    typed = grid.local_instant(_replay_time(), grid.channel(db, to).zone) if replay else None
    start = typed or _dragged(original, to)
    copied = replace(again(original.draft, original.id, start, replay=replay), channel=to)
    return place(
        copied,
        "Added the replay of" if replay else "Copied",
        None,
        0,
        lambda plan: airings.copy(
            db, actor(), now(), original.id, start, to, replay=replay, plan=plan
        ),
    )


def _replay_time() -> datetime:
    day, at = parse_day(request.form.get("day")), parse_time(request.form.get("at"))
    if day is None or at is None:
        raise Refused(message="Choose the day and time of the replay.")
    return datetime.combine(day, at)


@bp.post("/<airing>/cancel")
def cancel(airing: str) -> Response:
    """Cancel the airing; what is on air stays on air."""
    version = number(request.form, "version")
    return answer("Canceled", airings.cancel(database(), actor(), now(), AiringId(airing), version))


def _add(typed: AiringDraft, plan: int | None) -> Airing:
    return airings.add(database(), actor(), now(), typed, plan=plan)


def _edit(stored: Airing, typed: AiringDraft, version: int, plan: int | None) -> Airing:
    return airings.edit(database(), actor(), now(), stored.id, typed, version, plan=plan)


def _conflict_drawer(conflict: Conflict, form: AiringForm, airing: AiringId) -> str:
    """Render the drawer with what was typed, marking every field that differs from the stored
    airing.

    If the airing was canceled meanwhile, the typing can be added as a new one, except for a live
    airing, which belongs to its meeting.
    """
    current = grid.airing(database(), airing, now()).airing
    if current.cancelled:
        gone = f"{current.updated_by} canceled this airing while you typed."
        if current.draft.source:
            return _drawer(form, current, gone)
        return _drawer(form, None, f"{gone} What you typed can be added as a new one.")
    other = conflict.current
    if isinstance(other, Airing) and other.id != airing:
        sentence = (
            f"{other.updated_by} changed {other.title}, which this would move, while you typed."
        )
        return _drawer(form, current, f"{sentence} Save again to see what would happen now.")
    form.version.data = str(current.version)
    typed = draft(database(), now(), form, current)
    wording = field_wording(database(), now(), form, current.channel)
    form.differing = wording.between(vars(current.draft), vars(typed))
    sentence = f"{current.updated_by} changed this while you typed."
    return _drawer(form, current, f"{sentence} Save again to use yours.")


def _drawer(form: AiringForm, airing: Airing | None, wrong: str = "") -> str:
    db, at = database(), now()
    channel = grid.channel(db, ChannelId(form.channel.data or "")) if form.channel.data else None
    today = at.astimezone(channel.tz).date() if channel else at.date()
    action = url_for("airings.save", airing=airing.id) if airing else url_for("airings.add")
    return render_template(
        "schedule/airing.html",
        form=form,
        airing=airing,
        stands=grid.airing(db, airing.id, at) if airing else None,
        wrong=wrong,
        channel=channel,
        tz=channel.tz if channel else None,
        today=today,
        others=[c for c in grid.channels(db) if airing and c.id != airing.channel],
        programs=len(form.program.choices or ()) > 1,
        action=action,
        history=history(db, at, form, airing) if airing else (),
        evening=field_time(time(19)),
        copy_day=today + timedelta(days=1),
        may_plan=actor().may(Right.PLAN, airing.channel if airing else None),
        over=airing is not None and (airing.end <= at or airing.cancelled),
        on_now=airing is not None and airing.start <= at < airing.end,
    )
