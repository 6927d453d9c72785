"""The channel's public page: on now, next, the lineup, and how to subscribe."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import quote

import segno
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
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from config.names import AiringId, ChannelId
from config.steps import next_step
from playout.model.rundown import Cue
from scheduler.domain.model.ids import BlockId
from scheduler.domain.reported.public import PublicAiring, PublicChannel
from scheduler.domain.series.blocks import block_of
from scheduler.queries import onair, public
from scheduler.queries.onair import OnAir
from web.kit.context import database, now, services, zone
from web.public.video import is_live

bp = Blueprint("public", __name__)

LINEUP_AHEAD = timedelta(days=8)
LINEUP_MARK = '<div data-part="lineup"'
"""Start of the second changing part in the drawn text."""
BLOCK_END_SLACK = timedelta(minutes=1)
"""Tolerance in matching a block to the cue on air, because viewers see times in whole minutes."""


@bp.get("/tv")
def index() -> AnyResponse:
    """Redirect to the first channel."""
    channels = public.channels(database())
    if not channels:
        abort(404, "There is no channel yet.")
    return redirect(url_for("public.channel", channel=channels[0].id))


@bp.get("/<channel>")
@bp.get("/<channel>/airing/<airing>")
def short(channel: str, airing: str = "") -> AnyResponse:
    """Redirect the short addresses that calendars hold to the channel's page and airing."""
    if public.channel(database(), ChannelId(channel)) is None:
        abort(404)
    return redirect(url_for("public.channel", channel=channel, _anchor=airing or None))


@bp.get("/tv/<channel>")
def channel(channel: str) -> Response:
    """Show what is on, what is next, eight days of lineup, and how to subscribe."""
    shown = _shown(channel)
    feed = services().feeds.lineup(shown.id, now())
    links = subscribe_links(services().settings.base_url, shown.id, shown.name)
    now_part, _, coming = _part(shown).partition(LINEUP_MARK)
    page = render_template(
        "public/public.html",
        channel=shown,
        channels=public.channels(database()),
        tz=zone(shown.zone),
        now_part=Markup(now_part),  # noqa: S704 - drawn by our own template
        lineup_part=Markup(LINEUP_MARK + coming),  # noqa: S704 - drawn by our own template
        links=links,
        feed_ends=feed.ends if feed else None,
        is_live=is_live(services().settings, shown.id, services().clock),
        qr=Markup(qr(links["https"])),  # noqa: S704 - drawn by segno from our own address
    )
    return _cached(page)


@bp.get("/tv/<channel>/now")
def now_and_next(channel: str) -> Response:
    """Answer with the changing parts of the page, for the page to refresh itself."""
    return _cached(_part(_shown(channel)))


def _shown(channel: str) -> PublicChannel:
    shown = public.channel(database(), ChannelId(channel))
    if shown is None:
        abort(404, "There is no channel of this name.")
    return shown


def _cached(page: str) -> Response:
    """Return the page with the headers that let browsers and proxies keep it for ten seconds."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "public, max-age=10"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _part(shown: PublicChannel) -> str:
    mark = public.mark(database(), shown.id), onair.heard_at(database(), shown.id)
    return services().drawn_parts.part(shown.id, mark, now(), lambda: _drawn(shown, now()))


def _drawn(shown: PublicChannel, at: datetime) -> str:
    db, tz = database(), zone(shown.zone)
    coming = public.current_lineup(db, shown.id, at, at + LINEUP_AHEAD)
    on = onair.on_air(db, shown.id, at)
    on_now = _really_on(on, coming, at)
    later = [airing for airing in coming if airing.start > at]
    lineup = groupby(later, key=lambda airing: airing.start.astimezone(tz).date())
    return render_template(
        "public/public_now.html",
        tz=tz,
        today=at.astimezone(tz).date(),
        on_now=on_now,
        next=next((airing for airing in later if is_on(airing)), None),
        late=running_long(on, on_now, coming, at),
        lineup=[(day, list(group)) for day, group in lineup],
        again=_shown_again(coming),
    )


def _shown_again(coming: Sequence[PublicAiring]) -> dict[AiringId, list[PublicAiring]]:
    """Return the replays of each live airing, by its id."""
    replays: dict[AiringId, list[PublicAiring]] = {}
    for airing in coming:
        if airing.replay_of is not None and is_on(airing):
            replays.setdefault(airing.replay_of, []).append(airing)
    return replays


def _really_on(on: OnAir, coming: Sequence[PublicAiring], at: datetime) -> PublicAiring | None:
    """Return what is on now: as the broadcast machine reports it, else as planned."""
    if on.state != "on air" or on.predicted:
        return next((one for one in coming if is_on(one) and one.start <= at), None)
    airing = _shown_by(on.cue, coming)
    if airing is None or airing.may_run_long:
        return airing
    return replace(airing, end=min(airing.end, on.cue.end)) if airing.block is None else airing


def _shown_by(cue: Cue, coming: Sequence[PublicAiring]) -> PublicAiring | None:
    """Return the airing viewers know the cue by; None for bulletins and for private items."""
    if cue.airing:
        return public.airing(database(), cue.airing)
    block = block_of(cue.item)
    if not block:
        return None
    matching = (
        airing
        for airing in coming
        if airing.block == block and airing.start < cue.end <= airing.end + BLOCK_END_SLACK
    )
    return next(matching, None) or public.of_block(database(), BlockId(block), cue.start, cue.end)


def is_on(airing: PublicAiring) -> bool:
    """Tell whether the airing will air, as far as viewers have been told."""
    return not (airing.cancelled or airing.postponed or airing.did_not_air)


def running_long(
    on: OnAir, on_now: PublicAiring | None, coming: Sequence[PublicAiring], at: datetime
) -> tuple[PublicAiring, datetime] | None:
    """While a live runs over, return the next public airing and about when it starts.

    The time is the host's own expectation. Return None when nothing runs over or nothing public
    follows.
    """
    if on_now is None or not on_now.may_run_long:
        return None
    planned = public.planned_end(database(), on_now.id)
    if on.state != "on air" or planned is None or at < planned:
        return None
    for cue in on.next:
        airing = _shown_by(cue, coming)
        if airing is not None and is_on(airing):
            return airing, _about(cue.start)
    return None


def _about(at: datetime) -> datetime:
    """Round up to five minutes: a more exact time would be a promise."""
    return next_step(at, timedelta(minutes=5))


def subscribe_links(base_url: str, channel: str, name: str) -> dict[str, str]:
    """Return the addresses that subscribe to the lineup in each kind of calendar."""
    plain = f"{base_url}/{channel}/lineup.ics"
    webcal = "webcal://" + plain.split("://", 1)[1]
    live = f"{base_url}/{channel}/live.ics"
    cid, there, titled = quote(webcal, safe=""), quote(plain, safe=""), quote(name, safe="")
    return {
        "https": plain,
        "live": live,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/r?cid={cid}",
        "outlook": f"https://outlook.office.com/calendar/0/addfromweb?url={there}&name={titled}",
    }


def qr(address: str) -> str:
    """Return the address as a QR code, in SVG without styles, which the page's CSP would block."""
    return segno.make(address, micro=False).svg_inline(
        scale=4, border=0, omitsize=True, svgclass=None, lineclass=None, title="QR code"
    )
