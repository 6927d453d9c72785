"""Tools for a whole day: copy it, move a part of it, protect it from a time on."""

from datetime import date, datetime, time, timedelta
from functools import partial

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import airings, anchors
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import AnchorId
from scheduler.domain.model.protected_times import AnchorDraft
from scheduler.queries import changes, conflicts, grid, rundown
from scheduler.queries.conflicts import ShiftPreview
from scheduler.refusals import Conflict, Refused
from web.clashes.booked import doubles_to_settle
from web.clashes.one import PLAN_CHANGED
from web.kit import words
from web.kit.bounds import MOST_MINUTES, number
from web.kit.context import actor, database, done, now
from web.kit.dates import day_or_404, day_or_refuse, time_or_refuse
from web.kit.effects import after_edit
from web.schedule import copying

bp = Blueprint("day", __name__, url_prefix="/schedule")
LONGEST_SHIFT = timedelta(hours=24)
"""Most by which part of a day moves."""


@bp.get("/<channel>/day/<day>")
def tools(channel: str, day: str) -> str:
    """Show the tools."""
    return _drawer(_channel(channel), day_or_404(day))


@bp.post("/<channel>/day/<day>/copy")
def copy(channel: str, day: str) -> Response | tuple[str, int]:
    """Copy the day's airings to the same wall-clock times of another, if not already there."""
    shown, to = _channel(channel), day_or_refuse(request.form.get("to"))
    read = partial(copying.of_day, database(), now(), shown.id, day_or_404(day), to)
    return copying.copy(read, f"to {words.day(to)}", _address_of(shown, to))


@bp.post("/<channel>/day/<day>/shift")
def shift(channel: str, day: str) -> Response | tuple[str, int]:
    """Move what starts between two times by some minutes: show the effects first, act when
    confirmed.
    """
    shown, on = _channel(channel), day_or_404(day)
    weighed = _preview_shift(shown, on)
    if not weighed.edits or request.form.get("seen") != str(weighed.channel_version):
        wrong = PLAN_CHANGED if weighed.edits and request.form.get("seen") else ""
        return _drawer(shown, on, weighed, wrong), 422
    edits = {id: (draft, weighed.versions[id]) for id, draft in weighed.edits.items()}
    by = number(request.form, "minutes", most=MOST_MINUTES)
    word = "later" if by > 0 else "earlier"
    sentence = f"Moved {words.a_count(len(edits), 'airing')} {abs(by)} min {word}"
    try:
        first = airings.arrange(
            database(),
            actor(),
            now(),
            edits,
            None,
            sentence,
            channel=shown.id,
            plan=weighed.channel_version,
        )
    except Conflict as conflict:
        if conflict.current is not None:
            raise
        return _drawer(shown, on, _preview_shift(shown, on), PLAN_CHANGED), 422
    change = changes.latest(database(), "airing", first.id)
    change_id = change.id if change else None
    return done(f"{sentence}.", _address_of(shown, on), change_id, doubles_to_settle(change_id))


@bp.post("/<channel>/day/<day>/protect")
def protect(channel: str, day: str) -> Response:
    """Protect airings from a time on, on this day or every day, so that nothing moves them."""
    shown, on = _channel(channel), day_or_404(day)
    every = request.form.get("every") == "y"
    draft = AnchorDraft(shown.id, time_or_refuse(request.form.get("at")), None if every else on)
    anchor = anchors.protect(database(), actor(), now(), draft)
    change = changes.latest(database(), "anchor", anchor.id)
    sentence = f"From {words.time_of_day(draft.at)} nothing moves{', every day' if every else ''}."
    return done(sentence, _address_of(shown, on), change.id if change else None)


@bp.post("/<channel>/day/<day>/release/<anchor>")
def release(channel: str, day: str, anchor: str) -> Response:
    """Remove a protection."""
    released = anchors.release(database(), actor(), now(), AnchorId(anchor))
    change = changes.latest(database(), "anchor", released.id)
    sentence = f"Airings from {words.time_of_day(released.draft.at)} on can move again."
    return done(
        sentence, _address_of(_channel(channel), day_or_404(day)), change.id if change else None
    )


def _preview_shift(channel: Channel, day: date) -> ShiftPreview:
    by = timedelta(minutes=number(request.form, "minutes", most=MOST_MINUTES))
    if not timedelta(0) < abs(by) <= LONGEST_SHIFT:
        raise Refused(message="Enter how many minutes, up to a day.")
    since, until = (time_or_refuse(request.form.get(name)) for name in ("since", "until"))
    last = day + timedelta(days=int(until <= since))
    begins = grid.local_instant(datetime.combine(day, since), channel.zone)
    ends = grid.local_instant(datetime.combine(last, until), channel.zone)
    return conflicts.preview_shift(database(), channel.id, begins, ends, by, now())


def _drawer(
    channel: Channel, day: date, weighed: ShiftPreview | None = None, wrong: str = ""
) -> str:
    tz, at = channel.tz, now()
    return render_template(
        "schedule/day.html",
        channel=channel,
        day=day,
        anchors=rundown.anchors(database(), channel.id, day),
        found=weighed,
        lines=[after_edit(effect, tz, at) for effect in weighed.effects] if weighed else (),
        staying=[
            f"{one.title} ({words.clock(one.start, tz)}) stays: {why}."
            for one, why in (weighed.staying if weighed else ())
        ],
        typed=request.form,
        evening=time(18),
        late=time(20),
        midnight=time(0),
        wrong=wrong,
    )


def _address_of(channel: Channel, day: date) -> str:
    return url_for("schedule.week", channel=channel.id, week=f"{day:%G-W%V}", day=day)


def _channel(slug: str) -> Channel:
    return grid.channel(database(), ChannelId(slug))
