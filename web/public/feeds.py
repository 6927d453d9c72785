"""Calendar feeds over HTTP, with ETag and 304 and never a cookie."""

from flask import Blueprint, Response, abort, make_response, request

from config.names import ChannelId
from scheduler.feeds.lineup import CalendarFeed
from web.kit.context import now, services

bp = Blueprint("feeds", __name__)


@bp.get("/<channel>/lineup.ics")
def lineup(channel: str) -> Response:
    """Answer with all programs, a day back and a fortnight ahead."""
    return _answer(services().feeds.lineup(ChannelId(channel), now()))


@bp.get("/<channel>/live.ics")
def live(channel: str) -> Response:
    """Answer with live and special airings, a month back and three ahead."""
    return _answer(services().feeds.live(ChannelId(channel), now()))


def _answer(feed: CalendarFeed | None) -> Response:
    if feed is None:
        abort(404, "There is no channel of this name.")
    answer = make_response(feed.body)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.set_etag(feed.etag)
    answer.last_modified = feed.modified
    answer.make_conditional(request)
    return answer
