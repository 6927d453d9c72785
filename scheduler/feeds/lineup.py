"""The lineup as an iCalendar feed, in the form that real calendar clients were found to need."""

import hashlib
import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vText, vUri

from config.names import ChannelId
from config.times import civil, hours_now, long_day
from scheduler.db.store import Database
from scheduler.domain.model.text import one_line
from scheduler.domain.reported.public import PublicAiring, PublicChannel
from scheduler.domain.reported.states import DID_NOT_AIR
from scheduler.queries import public

log = logging.getLogger(__name__)
REFRESH_EVERY = timedelta(hours=1)
MOST_EVENTS = 3000
"""A day back and a fortnight ahead of ten-minute airings are 2,160; these take 1.2 MB."""
_GOES_ON = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)
_WATCH = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Watch on the web"}
"""Of the CONFERENCE property (RFC 7986): how a viewer joins."""
LINEUP_REACH = (timedelta(days=1), timedelta(days=15))
LIVE_REACH = (timedelta(days=30), timedelta(days=91))
"""How far each feed reaches behind and ahead of the beginning of today in UTC."""


@dataclass(frozen=True)
class CalendarFeed:
    """A feed as served; the same bytes until something that viewers can see changes."""

    body: bytes
    etag: str
    """SHA-256 of the body in hex, without quotes."""
    modified: datetime
    """When these bytes were first served, in whole seconds, UTC; grows whenever they change.

    No stamp of an airing can stand here: when the newest airing leaves, the greatest stamp falls,
    and a client that asks by date alone is told that nothing changed.
    """
    ends: datetime | None = None
    """When it ends early, because there is more than it may hold; None where it says all."""


class Feeds:
    """The builder of feeds; it caches the last of each until the plan or the day changes."""

    def __init__(self, db: Database, base_url: str, domain: str) -> None:
        self._db = db
        self._base_url = base_url.rstrip("/")
        self._domain = domain
        self._kept: dict[tuple[ChannelId, str], tuple[tuple[object, ...], CalendarFeed]] = {}
        self._lock = threading.Lock()

    def lineup(self, slug: ChannelId, now: datetime) -> CalendarFeed | None:
        """Return every public program of yesterday and the next fourteen days; None for no
        channel."""
        return self._feed(slug, "lineup", now)

    def live(self, slug: ChannelId, now: datetime) -> CalendarFeed | None:
        """Return the live airings from thirty days back to ninety ahead; None for no channel."""
        return self._feed(slug, "live", now)

    def _feed(self, slug: ChannelId, which: str, now: datetime) -> CalendarFeed | None:
        channel = public.channel(self._db, slug)
        if channel is None:
            return None
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        mark = (*public.mark(self._db, slug), today, hours_now())
        kept = self._kept.get((slug, which))
        if kept is not None and kept[0] == mark:
            return kept[1]
        built = self._build(channel, which, today)
        with self._lock:  # two threads must not give one date to different bytes
            last = self._kept.get((slug, which))
            feed = replace(built, modified=_served_first(built, last[1] if last else None, now))
            self._kept[(slug, which)] = (mark, feed)
        return feed

    def _build(self, channel: PublicChannel, which: str, today: datetime) -> CalendarFeed:
        behind, ahead = LIVE_REACH if which == "live" else LINEUP_REACH
        live_only = which == "live"
        airings = public.lineup(
            self._db, channel.id, today - behind, today + ahead, today, live_only=live_only
        )
        shown, ends = airings, None
        if len(airings) > MOST_EVENTS:
            shown, ends = airings[:MOST_EVENTS], airings[MOST_EVENTS].start
        events = [self._written(one, channel) for one in shown]
        if ends is not None:
            events.append(self._goes_on(channel, ends).to_ical())
        head = self._calendar(channel, which, ends).to_ical()
        foot = head.rindex(b"END:VCALENDAR")
        body = head[:foot] + b"".join(events) + head[foot:]
        return CalendarFeed(body, hashlib.sha256(body).hexdigest(), today, ends)

    def _written(self, one: PublicAiring, channel: PublicChannel) -> bytes:
        """Return the event's lines; none where it cannot be written, so that the others still go
        out.
        """
        try:
            return bytes(self._event(one, channel).to_ical())
        except Exception:  # noqa: BLE001 - viewers get the feed without this one event
            log.exception("airing %s is left out of the feed of %s", one.id, channel.id)
            return b""

    def _calendar(
        self, channel: PublicChannel, which: str, ends: datetime | None = None
    ) -> Calendar:
        """Return the calendar without events. `Calendar.new()` would invent a UID for every
        fetch."""
        calendar = Calendar()
        name = f"{channel.name} live" if which == "live" else channel.name
        about = f"Programs on {channel.name}. Live meetings may run long and move what follows."
        if ends is not None:
            about += f" It cannot hold them all: it ends on {_in_words(ends, channel)}."
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//Gavel//Lineup//EN")
        calendar.add("calscale", "GREGORIAN")
        for key, text in (("name", name), ("x-wr-calname", name)):
            calendar[key] = vText(one_line(text))
        for key in ("description", "x-wr-caldesc"):
            calendar[key] = vText(one_line(about))
        calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
        calendar["x-published-ttl"] = vText("PT1H")
        calendar["x-wr-timezone"] = vText(channel.zone)
        calendar["color"] = vText("steelblue")
        calendar["url"] = vUri(f"{self._base_url}/{channel.id}")
        calendar.add(
            "source",
            vUri(f"{self._base_url}/{channel.id}/{which}.ics"),
            parameters={"VALUE": "URI"},
        )
        return calendar

    def _goes_on(self, channel: PublicChannel, ends: datetime) -> Event:
        """Return an event at the moment where a feed ends early that says where the rest is.

        No client shows a calendar's own description. Each such moment is an event of its own that
        never changes, so its stamps need not grow.
        """
        event = Event()
        event.add("uid", f"{channel.id}-goes-on-{ends:%Y%m%dT%H%M%SZ}@{self._domain}")
        event.add("dtstamp", ends.replace(hour=0, minute=0, second=0) - LINEUP_REACH[1])
        event.add("dtstart", ends.replace(microsecond=0))
        event.add("dtend", (ends + _GOES_ON).replace(microsecond=0))
        event.add("summary", f"More on {channel.name}: see the web page")
        event.add("description", "There are more programs than this calendar can hold.")
        event.add("url", f"{self._base_url}/{channel.id}")
        event.add("status", "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PUBLIC")
        return event

    def _event(self, one: PublicAiring, channel: PublicChannel) -> Event:
        event = Event()
        event.add("uid", f"{one.id}@{self._domain}")
        event.add("dtstamp", one.modified)
        event.add("last-modified", one.modified)
        event.add("sequence", one.sequence)
        event.add("dtstart", one.start.replace(microsecond=0))
        event.add("dtend", one.end.replace(microsecond=0))
        event.add("summary", _summary(one))
        description = "\n\n".join(_sentences(one, channel))
        if description:
            event.add("description", description)
        event.add("location", _location(channel))
        event.add("url", f"{self._base_url}/{channel.id}/airing/{one.id}")
        if channel.watch and not one.cancelled:
            event.add("conference", vUri(channel.watch), parameters=_WATCH)
        if _categories(one):
            event.add("categories", _categories(one))
        event.add("status", _status(one))
        event.add("transp", "TRANSPARENT")
        event.add("class", "PUBLIC")
        return event


def _served_first(built: CalendarFeed, last: CalendarFeed | None, now: datetime) -> datetime:
    """Return when these bytes were first served; always later than the bytes served before them."""
    at = now.replace(microsecond=0)
    if last is None:
        return at
    return last.modified if last.etag == built.etag else max(at, last.modified + _SECOND)


def _summary(one: PublicAiring) -> str:
    """Return the title with its state in words, because clients rarely show status or
    categories."""
    prefix = "Replay: " if one.replay else "LIVE: " if one.live else ""
    word = next((f"{said.upper()}: " for said in _states(one)), "")
    return f"{word}{prefix}{one.title}"


def _states(one: PublicAiring) -> Iterable[str]:
    """Yield the words for what did not go as announced, the most important first."""
    if one.cancelled:
        yield "canceled"
    if one.did_not_air:
        yield DID_NOT_AIR
    if one.postponed:
        yield "postponed"


def _status(one: PublicAiring) -> str:
    if one.cancelled or one.did_not_air:
        return "CANCELLED"
    return "TENTATIVE" if one.postponed else "CONFIRMED"


def _sentences(one: PublicAiring, channel: PublicChannel) -> Iterable[str]:
    yield from (text for text in (one.note, one.summary) if text)
    if one.did_not_air:
        yield "It did not air."
    elif one.postponed:
        yield "Postponed; its new time is to be announced."
    if one.may_run_long and not one.cancelled and not one.did_not_air:
        yield "May run long; the next program starts when it ends."
    if channel.watch and not one.cancelled:
        yield f"Watch: {channel.watch}"
    if one.link:
        yield f"Details: {one.link}"


def _in_words(at: datetime, channel: PublicChannel) -> str:
    """Return `Saturday, November 28 at 3:00 PM`, in the channel's zone."""
    zone = ZoneInfo(channel.zone)
    return f"{long_day(at.astimezone(zone).date())} at {civil(at, zone)}"


def _location(channel: PublicChannel) -> str:
    return f"{channel.name} ({channel.numbers})" if channel.numbers else channel.name


def _categories(one: PublicAiring) -> list[str]:
    words = [one.category, one.body, "Live" if one.live else "", "Replay" if one.replay else ""]
    return [word for word in dict.fromkeys(words) if word]
