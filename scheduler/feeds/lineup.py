"""The lineup as an iCalendar feed, in the shape real calendar clients were found to need."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from icalendar.prop import vText, vUri

from config.names import AiringId, ChannelId
from scheduler.db.store import Database
from scheduler.domain.public import PublicAiring, PublicChannel
from scheduler.domain.text import one_line
from scheduler.queries import public

REFRESH = timedelta(hours=1)
MOST_EVENTS = 1000
_WATCH = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Watch on the web"}
"""Of the CONFERENCE property (RFC 7986): how a viewer joins."""
LINEUP = (timedelta(days=1), timedelta(days=15))
LIVE = (timedelta(days=30), timedelta(days=91))
"""How far each feed reaches behind and ahead of the beginning of today in UTC."""


@dataclass(frozen=True)
class Feed:
    """A feed as it is served; the same bytes until something viewers can see changes."""

    body: bytes
    etag: str
    """SHA-256 of the body in hex, without quotes."""
    modified: datetime
    """Whole seconds, UTC."""


class Feeds:
    """Builds feeds and keeps the last of each until the plan or the day changes."""

    def __init__(self, db: Database, base_url: str, domain: str) -> None:
        self._db = db
        self._base_url = base_url.rstrip("/")
        self._domain = domain
        self._kept: dict[tuple[ChannelId, str], tuple[tuple[int, int, datetime], Feed]] = {}

    def lineup(self, slug: ChannelId, now: datetime) -> Feed | None:
        """Every public program of yesterday and the next fourteen days; None for no channel."""
        return self._feed(slug, "lineup", now)

    def live(self, slug: ChannelId, now: datetime) -> Feed | None:
        """What is live, thirty days back and ninety ahead; None for no channel."""
        return self._feed(slug, "live", now)

    def airing(self, airing: AiringId, now: datetime) -> Feed | None:
        """One airing alone, for a single download; None when it is not public."""
        one = public.airing(self._db, airing)
        channel = public.channel(self._db, one.channel) if one else None
        if one is None or channel is None:
            return None
        calendar = self._calendar(channel, "lineup")
        calendar.add_component(self._event(one, channel))
        return _feed(calendar, one.modified)

    def _feed(self, slug: ChannelId, which: str, now: datetime) -> Feed | None:
        channel = public.channel(self._db, slug)
        if channel is None:
            return None
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        mark = (*public.mark(self._db, slug), today)
        kept = self._kept.get((slug, which))
        if kept is None or kept[0] != mark:
            kept = (mark, self._build(channel, which, today))
            self._kept[(slug, which)] = kept
        return kept[1]

    def _build(self, channel: PublicChannel, which: str, today: datetime) -> Feed:
        behind, ahead = LIVE if which == "live" else LINEUP
        live_only = which == "live"
        told = public.lineup(
            self._db, channel.id, today - behind, today + ahead, today, live_only=live_only
        )
        shown = told[:MOST_EVENTS]
        calendar = self._calendar(channel, which)
        for one in shown:
            calendar.add_component(self._event(one, channel))
        return _feed(calendar, max([today, *(one.modified for one in shown)]))

    def _calendar(self, channel: PublicChannel, which: str) -> Calendar:
        """The head. Never Calendar.new(): it invents a UID, and then no two fetches are equal."""
        calendar = Calendar()
        name = f"{channel.name} live" if which == "live" else channel.name
        about = f"Programs on {channel.name}. Live meetings may run long and move what follows."
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//Gavel//Lineup//EN")
        calendar.add("calscale", "GREGORIAN")
        for key, text in (("name", name), ("x-wr-calname", name)):
            calendar[key] = vText(one_line(text))
        for key in ("description", "x-wr-caldesc"):
            calendar[key] = vText(one_line(about))
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
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


def _feed(calendar: Calendar, modified: datetime) -> Feed:
    body = calendar.to_ical()
    return Feed(body, hashlib.sha256(body).hexdigest(), modified.replace(microsecond=0))


def _summary(one: PublicAiring) -> str:
    """Clients rarely show status or categories, so the words say it too."""
    prefix = "Replay: " if one.replay else "LIVE: " if one.live else ""
    word = "CANCELLED: " if one.cancelled else "POSTPONED: " if one.postponed else ""
    return f"{word}{prefix}{one.title}"


def _status(one: PublicAiring) -> str:
    return "CANCELLED" if one.cancelled else "TENTATIVE" if one.postponed else "CONFIRMED"


def _sentences(one: PublicAiring, channel: PublicChannel) -> Iterable[str]:
    yield from (text for text in (one.note, one.summary) if text)
    if one.postponed:
        yield "Not on at this time after all; its new time is not set yet."
    if one.may_run_long and not one.cancelled:
        yield "May run long; the next program starts when it ends."
    if channel.watch and not one.cancelled:
        yield f"Watch: {channel.watch}"
    if one.link:
        yield f"Details: {one.link}"


def _location(channel: PublicChannel) -> str:
    return f"{channel.name} ({channel.numbers})" if channel.numbers else channel.name


def _categories(one: PublicAiring) -> list[str]:
    words = [one.category, one.body, "Live" if one.live else "", "Replay" if one.replay else ""]
    return [word for word in dict.fromkeys(words) if word]
