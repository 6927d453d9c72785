"""Copies of a day or week: the same programs at the same wall-clock times on other days."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Response, request

from config.names import AiringId, ChannelId
from scheduler.actions import airings
from scheduler.db.store import Database
from scheduler.domain.air.readiness import AiringView
from scheduler.domain.clashes.double_bookings import DoubleBooking
from scheduler.domain.model.airing import again
from scheduler.domain.model.channel import Channel
from scheduler.domain.series.wall_time import dragged_start
from scheduler.queries import bookings, changes, grid
from scheduler.queries.grid import Week
from web.clashes.booked import COPIES_FIELD, SKIP_DOUBLED, copy_sheet, doubles_to_settle
from web.clashes.several import AiringsToPlace, conflict_note, place_together
from web.kit import words
from web.kit.context import actor, database, done, now

Copies = AiringsToPlace[AiringId]
"""Copies to make; the key of each is the id of the airing it copies."""


def of_week(db: Database, now: datetime, channel: ChannelId, monday: date) -> Copies:
    """Return copies of last week's airings for the week from `monday`, those still ahead.

    Airings of a series are left out, since the series makes its own; so is whatever is already
    there at the same time, so that copying twice adds nothing.
    """
    shown = grid.channel(db, channel)
    before = grid.week(db, [channel], monday - timedelta(days=7), now)
    # A film from Sunday evening into Monday is in the grid of both weeks. Copy it with the week it
    # starts in; otherwise the copy would fall into the week it comes from.
    since = monday - timedelta(days=7)
    theirs = [
        view
        for view in before.airings
        if view.series_id is None and before.local(view.airing.start, channel).date() >= since
    ]
    after = grid.week(db, [channel], monday, now)
    return _copies(shown, "Copy last week", theirs, after, timedelta(days=7), now)


def of_day(db: Database, now: datetime, channel: ChannelId, day: date, to: date) -> Copies:
    """Return copies of a day's airings for the day `to`: those still ahead and not yet there."""
    shown = grid.channel(db, channel)
    before = grid.week(db, [channel], day - timedelta(days=day.weekday()), now)
    after = grid.week(db, [channel], to - timedelta(days=to.weekday()), now)
    theirs = [
        view for view in before.airings if before.local(view.airing.start, channel).date() == day
    ]
    title = f"Copy {words.day(day)} to {words.day(to)}"
    return _copies(shown, title, theirs, after, to - day, now)


def _copies(
    channel: Channel,
    title: str,
    views: Sequence[AiringView],
    after: Week,
    later: timedelta,
    now: datetime,
) -> Copies:
    """Return the copies, `later` by wall time; replays of meetings are left out, since rules make
    them.
    """
    standing = {(view.airing.title, view.airing.start) for view in after.airings}
    copies = {}
    for view in views:
        start = dragged_start(view.airing.start, later, channel.tz, channel.tz)
        if view.airing.draft.slot or start <= now or (view.airing.title, start) in standing:
            continue
        draft = again(view.airing.draft, view.id, start, replay=False)
        copies[AiringId(f"copy-{view.id}")] = view.id, draft
    return AiringsToPlace(channel, title, channel.name, copies)


def copy(read: Callable[[], Copies], where: str, to: str) -> Response | tuple[str, int]:
    """Copy what `read` returns, asking first about double bookings and about overlaps.

    `where` completes the message: `Copied 12 airings from the week before.`
    """
    doubles = _booked_twice(read())
    accepted, way = set(request.form.getlist("taken")), request.form.get(COPIES_FIELD)
    if (
        way != SKIP_DOUBLED
        and {one.token for found in doubles.values() for one in found} - accepted
    ):
        many = read()
        return copy_sheet(many.title, many.channel.tz, doubles, len(many.wanted)), 422

    def fine() -> Copies:
        copies = read()
        if way != SKIP_DOUBLED:
            return copies
        out = _booked_twice(copies)
        wanted = {id: one for id, one in copies.wanted.items() if one[0] not in out}
        return replace(copies, wanted=wanted)

    def act(copies: Copies, changed: Mapping[AiringId, datetime | None]) -> Response:
        starts = {id: draft.start for id, draft in copies.wanted.values() if draft}
        pairs = [(id, start) for id, start in {**starts, **changed}.items() if start]
        plan = copies.channel.plan_version
        added = airings.copy_all(database(), actor(), now(), copies.channel.id, plan, pairs)
        if not added:
            return done("Nothing was copied: everything is already there or has passed.", to)
        change = changes.latest(database(), "airing", added[0].id)
        text = f"Copied {words.a_count(len(added), 'airing')} {where}{conflict_note(changed)}."
        change_id = change.id if change else None
        return done(text, to, change_id, doubles_to_settle(change_id))

    return place_together(fine, act)


def _booked_twice(copies: Copies) -> dict[AiringId, tuple[DoubleBooking, ...]]:
    """Return the double bookings of each copy on another channel, by the airing it copies."""
    drafts = {id: draft for id, draft in copies.wanted.values() if draft is not None}
    return bookings.copies(database(), drafts, now())
