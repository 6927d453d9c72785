"""The channel's public face: on now, next, the lineup, and how to subscribe."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import quote

import segno
from flask import Blueprint, abort, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from config.names import ChannelId
from scheduler.domain.public import PublicAiring
from scheduler.queries import onair, public
from scheduler.queries.onair import OnAir
from web.context import database, house, now, zone

bp = Blueprint("public", __name__)

AHEAD = timedelta(days=8)


@bp.get("/tv")
def index() -> AnyResponse:
    """The first channel."""
    known = public.channels(database())
    if not known:
        abort(404, "No channel is open yet.")
    return redirect(url_for("public.channel", channel=known[0].id))


@bp.get("/<channel>")
@bp.get("/<channel>/airing/<airing>")
def short(channel: str, airing: str = "") -> AnyResponse:
    """Addresses that stand in calendars lead to the channel's page, on the airing's line."""
    if public.channel(database(), ChannelId(channel)) is None:
        abort(404)
    return redirect(url_for("public.channel", channel=channel, _anchor=airing or None))


@bp.get("/tv/<channel>")
def channel(channel: str) -> str:
    """Now, next and the lineup of eight days."""
    db, at = database(), now()
    shown = public.channel(db, ChannelId(channel))
    if shown is None:
        abort(404, "There is no channel of this name.")
    tz = zone(shown.zone)
    coming = public.as_it_stands(db, shown.id, at, at + AHEAD)
    first = [one for one in coming if not (one.cancelled or one.postponed)]
    on = onair.on_air(db, shown.id, at)
    on_now = _really_on(on, first[0] if first and first[0].start <= at else None)
    following = next((one for one in first if one.start > at), None)
    late = running_long(on, on_now, at)
    later = [one for one in coming if one.start > at]
    lineup = groupby(later, key=lambda one: one.start.astimezone(tz).date())
    feed = house().feeds.lineup(shown.id, at)
    links = subscribe_links(house().settings.base_url, shown.id, shown.name)
    return render_template(
        "public.html",
        channel=shown,
        channels=public.channels(db),
        tz=tz,
        today=at.astimezone(tz).date(),
        on_now=on_now,
        next=following,
        late=late,
        lineup=[(day, list(group)) for day, group in lineup],
        links=links,
        feed_ends=feed.ends if feed else None,
        qr=Markup(qr(links["https"])),  # noqa: S704 - drawn by segno from our own address
    )


def _really_on(on: OnAir, planned: PublicAiring | None) -> PublicAiring | None:
    """What is planned for now, unless the broadcast machine says that something else is on."""
    if on.state != "on air" or on.predicted:
        return planned
    found = public.airing(database(), on.cue.airing) if on.cue.airing else None
    if found is None or found.may_run_long:
        return found
    return replace(found, end=min(found.end, on.cue.end))


def running_long(
    on: OnAir, on_now: PublicAiring | None, at: datetime
) -> tuple[PublicAiring, datetime] | None:
    """While a live runs past its time: what viewers get next, and about when, by the host's word.

    None when nothing runs long, or nothing public follows.
    """
    if on_now is None or not on_now.may_run_long:
        return None
    planned = public.planned_end(database(), on_now.id)
    if on.state != "on air" or planned is None or at < planned:
        return None
    for cue in on.next:
        found = public.airing(database(), cue.airing) if cue.airing else None
        if found is not None and not (found.cancelled or found.postponed):
            return found, _about(cue.start)
    return None


def _about(at: datetime) -> datetime:
    """The next full five minutes: more exactness would be a promise."""
    step = timedelta(minutes=5)
    return at + (datetime(2000, 1, 1, tzinfo=at.tzinfo) - at) % step


def subscribe_links(base_url: str, channel: str, name: str) -> dict[str, str]:
    """Addresses that subscribe to the lineup in each kind of calendar."""
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
    """The address as a QR picture, inline SVG without any style of its own."""
    return segno.make(address, micro=False).svg_inline(
        scale=4, border=0, omitsize=True, svgclass=None, lineclass=None, title="QR code"
    )
