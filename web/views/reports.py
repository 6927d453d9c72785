"""Reports: what aired on a day, for the record, and who changed what."""

from datetime import date, timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from config.names import ChannelId
from scheduler.domain.names import ChangeId
from scheduler.queries import changes, grid, reports
from web.context import database, now
from web.report import as_csv, rows

bp = Blueprint("reports", __name__)

PAGE = 50


@bp.get("/reports")
def home() -> AnyResponse:
    """Today's as-run of the first channel."""
    known = grid.channels(database())
    if not known:
        return redirect(url_for("settings.home"))
    return redirect(url_for("reports.today", channel=known[0].id))


@bp.get("/reports/<channel>")
def today(channel: str) -> AnyResponse:
    """The day it is on the channel."""
    found = next((c for c in grid.channels(database()) if c.id == channel), None)
    if found is None:
        abort(404, "There is no channel of this name.")
    local = now().astimezone(found.tz).date()
    return redirect(url_for("reports.day", channel=channel, day=local.isoformat()))


@bp.get("/reports/<channel>/<day>")
def day(channel: str, day: str) -> str:
    """The as-run day beside what was planned, and what went otherwise."""
    shown = reports.as_run_day(database(), ChannelId(channel), _date(day), now())
    return render_template(
        "reports.html",
        report=shown,
        rows=rows(shown),
        channels=grid.channels(database()),
        tz=shown.channel.tz,
        today=now().astimezone(shown.channel.tz).date(),
        before=shown.day - timedelta(days=1),
        after=shown.day + timedelta(days=1),
    )


@bp.get("/reports/<channel>/<day>.csv")
def table(channel: str, day: str) -> Response:
    """The same day for a spreadsheet, every stretch on a line of its own."""
    shown = reports.as_run_day(database(), ChannelId(channel), _date(day), now())
    answer = make_response(as_csv(shown))
    answer.mimetype = "text/csv"
    name = f"as-run-{shown.channel.id}-{shown.day.isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/history")
def history() -> str:
    """Who changed what, the newest first; `q` searches sentences and names."""
    wanted = request.args.get("q", "").strip()[:100]
    before = request.args.get("before", type=int)
    found = changes.search(
        database(), wanted, before=ChangeId(before) if before else None, limit=PAGE + 1
    )
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template("history.html", changes=found[:PAGE], q=wanted, more=more)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404, "There is no such day; write it like 2026-11-24.")
