"""The schedule: a day's rundown, second by second, beside the grid of its week."""

from datetime import date, timedelta
from functools import partial

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from config.names import ChannelId
from config.times import short_day
from scheduler.domain.model.people import Right
from scheduler.queries import grid, proposals, readiness, rundown
from web.kit.approvals import BoardProposal, to_decide
from web.kit.context import actor, database, now
from web.kit.dates import parse_day, parse_epoch, week_or_404
from web.schedule import copying
from web.schedule.kinds import LEGEND
from web.schedule.proposal_rows import airing_proposals, with_others, with_proposals
from web.schedule.rundown_rows import caption, rows
from web.schedule.several import TILE_SPANS_AT_MOST, items_starting
from web.schedule.todos import todos
from web.schedule.week_events import week_events

bp = Blueprint("schedule", __name__, url_prefix="/schedule")


@bp.get("")
def home() -> AnyResponse:
    """Go to the first channel's schedule; to the On air page while there is no channel."""
    known = grid.channels(database())
    if not known:
        return redirect(url_for("onair.desk"))
    return redirect(url_for("schedule.today", channel=known[0].id))


@bp.get("/<channel>")
def today(channel: str) -> AnyResponse:
    """Go to this week, on today."""
    shown = grid.channel(database(), ChannelId(channel))
    day = now().astimezone(shown.tz).date()
    return redirect(url_for("schedule.week", channel=channel, week=f"{day:%G-W%V}", day=day))


@bp.get("/<channel>/<week>")
def week(channel: str, week: str) -> str:
    """Show the rundown of `?day=` and the grid of the week."""
    db, at, monday = database(), now(), week_or_404(week)
    shown = grid.channel(db, ChannelId(channel))
    local = at.astimezone(shown.tz).date()
    dates = [monday + timedelta(days=n) for n in range(7)]
    day = _day(request.args.get("day"), dates, local)
    sheet = rundown.day(db, shown.id, day, at)
    channels, waiting = grid.channels(db), proposals.waiting(db, at)
    board: list[BoardProposal] = [*proposals.bulletins(db, at), *proposals.filler(db, at)]
    return render_template(
        "schedule/schedule.html",
        channel=shown,
        channels=channels,
        tz=shown.tz,
        week=week,
        dates=dates,
        days=[(date, short_day(date)) for date in dates],
        shown=day,
        today=local,
        week_before=f"{monday - timedelta(days=7):%G-W%V}",
        week_after=f"{monday + timedelta(days=7):%G-W%V}",
        shift=grid.day_span(day, shown.zone).note,
        anchors=sheet.anchors,
        rows=with_proposals(rows(sheet, sheet.planned, at), sheet, waiting),
        proposed=with_others(
            airing_proposals(db, actor(), channels, waiting, at),
            to_decide(actor(), channels, board, at),
        ),
        adds=_adding_endpoint(shown.id),
        heard=not sheet.predicted,
        legend=LEGEND,
        todos=todos(sheet, readiness.soon(db, at), at, partial(actor().may, Right.PLAN)),
        caption=caption(sheet, at),
        any_airing=bool(sheet.planned) or any(line.airing or line.block for line in sheet.lines),
        may_copy=monday + timedelta(days=6) >= local
        and grid.any_airing(db, shown.id, monday - timedelta(days=7)),
    )


@bp.get("/events/<week>.json")
def events(week: str) -> Response:
    """Return the grid's events as JSON: every channel's items in floating wall-clock time."""
    db, at = database(), now()
    known = grid.channels(db)
    shown = grid.week(db, [channel.id for channel in known], week_or_404(week), at)
    return jsonify(week_events(shown, known, proposals.waiting(db, at), at))


@bp.get("/<channel>/several")
def several(channel: str) -> str:
    """List the items behind one tile of the week grid: those that start from `?since=` until before
    `?until=`, seconds of the Unix epoch.
    """
    db, at = database(), now()
    shown = grid.channel(db, ChannelId(channel))
    since, until = parse_epoch(request.args, "since"), parse_epoch(request.args, "until")
    if since is None or until is None or not timedelta(0) < until - since <= TILE_SPANS_AT_MOST:
        abort(404, "There is no such stretch of the schedule.")
    items = items_starting(db, shown, since, until, at)
    return render_template("schedule/several.html", channel=shown, lines=items, tz=shown.tz)


@bp.post("/<channel>/<week>/copy")
def copy_week(channel: str, week: str) -> Response | tuple[str, int]:
    """Copy last week to the same wall-clock times, without series: they make their own airings."""
    monday, slug = week_or_404(week), ChannelId(channel)
    to = url_for("schedule.week", channel=channel, week=week, day=request.args.get("day"))
    read = partial(copying.of_week, database(), now(), slug, monday)
    return copying.copy(read, "from the week before", to)


def _adding_endpoint(channel: ChannelId) -> str:
    """Return the endpoint where this person adds airings: the schedule, proposals, or none."""
    if actor().may(Right.PLAN, channel):
        return "airings.new"
    return "proposals.new" if actor().may(Right.PROPOSE, channel) else ""


def _day(text: str | None, dates: list[date], today: date) -> date:
    day = parse_day(text) or today
    return day if day in dates else dates[0]
