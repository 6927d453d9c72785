"""Report pages: what aired on a day, and who changed what."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

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
from scheduler.domain.model.ids import ChangeId
from scheduler.queries import changes, grid, reports
from web.kit.bounds import number
from web.kit.context import database, now, station_zone
from web.kit.dates import day_or_404, time_or_404
from web.kit.field_words import field_words, value_words
from web.kit.loudness_words import loudness_words
from web.reports.table import as_csv, rows

bp = Blueprint("reports", __name__)

CHANGES_PER_PAGE = 50
DAY = timedelta(days=1)


@bp.get("/reports")
def home() -> AnyResponse:
    """Redirect to today's as-run of the first channel."""
    channels = grid.channels(database())
    if not channels:
        return redirect(url_for("settings.home"))
    return redirect(url_for("reports.today", channel=channels[0].id))


@bp.get("/reports/<channel>")
def today(channel: str) -> AnyResponse:
    """Redirect to the as-run of the channel's current local day."""
    shown = next((c for c in grid.channels(database()) if c.id == channel), None)
    if shown is None:
        abort(404, "There is no channel of this name.")
    local = now().astimezone(shown.tz).date()
    return redirect(url_for("reports.day", channel=channel, day=local.isoformat()))


@bp.get("/reports/<channel>/pick")
def pick(channel: str) -> AnyResponse:
    """Redirect from the date form to the address of the chosen time range."""
    span = _span(day_or_404(request.args.get("day", "")))
    parts: dict[str, Any] = _named(*span)
    return redirect(url_for("reports.day", channel=channel, **parts))


@bp.get("/reports/<channel>/<day>")
def day(channel: str, day: str) -> str:
    """Show what aired on the day, or in part of it, beside what was planned."""
    since, until = _span(day_or_404(day))
    report = reports.as_run(database(), ChannelId(channel), since, until, now())
    return render_template(
        "reports/reports.html",
        report=report,
        rows=rows(report),
        channels=grid.channels(database()),
        tz=report.channel.tz,
        today=now().astimezone(report.channel.tz).date(),
        before=report.day - timedelta(days=1),
        after=report.day + timedelta(days=1),
        since=since,
        until=until,
        whole=_is_whole_day(since, until),
        named=_named(since, until),
        ends=until.time(),
        loudness_words=loudness_words,
    )


@bp.get("/reports/<channel>/<day>.csv")
def table(channel: str, day: str) -> Response:
    """Answer with the same as CSV, every stretch in a line of its own."""
    since, until = _span(day_or_404(day))
    report = reports.as_run(database(), ChannelId(channel), since, until, now())
    answer = make_response(as_csv(report))
    answer.mimetype = "text/csv"
    name = f"as-run-{report.channel.id}-{report.day.isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _span(first: date) -> tuple[datetime, datetime]:
    """Return the local times asked for: from `at` on the first day until `until` on the day `to`.

    Without times it is whole days. An end at or before the start means the next day.
    """
    asked = request.args
    last = day_or_404(asked["to"]) if asked.get("to") else first
    since = datetime.combine(first, _time(asked.get("at", "")) or time())
    end = _time(asked.get("until", ""))
    until = datetime.combine(last, end) if end else datetime.combine(last, time()) + DAY
    return since, until + DAY if until <= since and last == first else until


def _named(since: datetime, until: datetime) -> dict[str, str]:
    """Return the time range as parts of an address; a default is left out."""
    last = (until - timedelta(microseconds=1)).date()
    parts = {
        "day": since.date().isoformat(),
        "to": last.isoformat() if last != since.date() else "",
        "at": since.time().isoformat("minutes") if since.time() != time() else "",
        "until": until.time().isoformat("minutes") if until.time() != time() else "",
    }
    return {name: text for name, text in parts.items() if text}


def _is_whole_day(since: datetime, until: datetime) -> bool:
    return since.time() == time() and until - since == DAY


def _time(text: str) -> time | None:
    return time_or_404(text) if text else None


@bp.get("/history")
def history() -> str:
    """Show who changed what, newest first; `q` searches sentences and names."""
    query = request.args.get("q", "").strip()[:100]
    before = number(request.args, "before")
    entries = changes.search(
        database(), query, before=ChangeId(before) if before else None, limit=CHANGES_PER_PAGE + 1
    )
    more = entries[CHANGES_PER_PAGE - 1].id if len(entries) > CHANGES_PER_PAGE else None
    plainly = partial(value_words, zone=station_zone(), now=now())
    return render_template(
        "reports/history.html",
        changes=entries[:CHANGES_PER_PAGE],
        q=query,
        more=more,
        plainly=plainly,
        field_words=field_words,
    )
