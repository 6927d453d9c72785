"""Edits, undo, series, blocks, holidays and protected times in any order: what must always hold."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft, an_asset

from config.names import AiringId, Revision
from playout.live import Happened
from playout.rundown import End, Rank, Rundown, Start
from playout.settle import settle
from scheduler.actions import airings, anchors, blocks, calendars, series
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.airing import Airing
from scheduler.domain.anchors import AnchorDraft
from scheduler.domain.blocks import BlockDraft, Fill
from scheduler.domain.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.conflicts import Way
from scheduler.domain.expand import Snapshot, expand
from scheduler.domain.names import AssetId, CalendarId
from scheduler.domain.patterns import Weekly
from scheduler.domain.recurrence import Rule, SeriesDraft
from scheduler.queries.changes import changes
from scheduler.queries.conflicts import NEW, weigh
from scheduler.refusals import Conflict, Refused
from scheduler.snapshot import snapshot

STARTS, ENDS = NOW, NOW + timedelta(days=4)
ZONE = ZoneInfo("America/New_York")
HOLIDAYS = ("Off: November 24", "Off: November 24 to November 25", "Off: December 25")


class House:
    """A channel with a locked airing, a live, a series that looks at a calendar, and a block."""

    def __init__(self, db: Database) -> None:
        self.db = db
        a_channel(db)
        self.file = an_asset(db, length=2 * HOUR).id
        self.clips = (
            an_asset(db, "Clip b", "b", 25 * MINUTE).id,
            an_asset(db, "Clip c", "c", 40 * MINUTE).id,
        )
        self.locked = self.put(NOW + 20 * HOUR, locked=True, title="Locked").id
        self.live = self.put(
            NOW + 30 * HOUR, asset=None, source="chamber", end_rule=End.HOLD, title="Live"
        ).id
        self.put(NOW + 19 * HOUR, title="Before")
        self.calendar = calendars.add(db, PLANNER, NOW, CalendarDraft("City", HOLIDAYS[0])).id
        rule = Rule("America/New_York", time(10), Weekly(frozenset(range(7))), date(2026, 11, 1))
        self.series = series.add(
            db, PLANNER, NOW, SeriesDraft("Daily", rule, a_draft(title="Daily", asset=self.file))
        ).id

    def put(self, start: datetime, **over: Any) -> Airing:
        draft = a_draft(start, **{"asset": self.file, **over})
        return airings.add(self.db, PLANNER, NOW, draft)

    def read(self) -> Snapshot:
        with self.db.read() as session:
            return snapshot(session, CH13, STARTS, ENDS)

    def movable(self) -> list[Airing]:
        return [a for a in self.read().airings if a.id not in (self.locked, self.live)]

    # What a person may do, each by a number that chooses among the possible.

    def move(self, n: int) -> None:
        one = self.movable()[n % len(self.movable())]
        start = NOW + HOUR + (n % 180) * 30 * MINUTE
        airings.move(self.db, PLANNER, NOW, one.id, start, one.version)

    def lengthen(self, n: int) -> None:
        """By one of the ways that are offered."""
        one = self.movable()[n % len(self.movable())]
        wanted = replace(one.draft, length=HOUR + n % 7 * 20 * MINUTE)
        self._kept(wanted, n, one)

    def add(self, n: int) -> None:
        rule = (Start.HARD, Start.FOLLOW)[n % 2]
        wanted = a_draft(NOW + (n % 90) * HOUR, title=f"New {n}", asset=self.file, start_rule=rule)
        self._kept(wanted, n, None)

    def _kept(self, wanted: Any, n: int, found: Airing | None) -> None:
        weighed = weigh(self.db, wanted, NOW, found.id if found else None)
        ways = [one for one in weighed.choices if one.possible]
        assert not any({self.live, self.locked} & one.edits.keys() for one in ways)
        if not ways:
            if found is None:
                airings.add(self.db, PLANNER, NOW, wanted)
            else:
                airings.edit(self.db, PLANNER, NOW, found.id, wanted, found.version)
            return
        way = ways[n % len(ways)]
        edits = {id: (d, weighed.versions[id]) for id, d in way.edits.items() if id != NEW}
        airings.arrange(self.db, PLANNER, NOW, edits, way.edits.get(NEW), f"Kept by {way.way}")
        if way.way in (Way.RIPPLE, Way.ELSEWHERE):
            moved = {id: draft for id, draft in way.edits.items() if draft is not None}
            own = {a.id: a for a in self.read().airings}
            for wall in (self.live, self.locked):
                pushed = [d for id, d in moved.items() if id in own and d.start != wanted.start]
                assert not any(_over(draft, own[wall]) for draft in pushed)

    def change_series(self, n: int) -> None:
        made = self._series()
        policy = tuple(Policy)[n % 4]
        rule = replace(
            made.draft.rule,
            at=time(6 + n % 16),
            pattern=Weekly(frozenset({n % 7, (n + 3) % 7})),
            holidays=(Observance(CalendarId(self.calendar), policy),),
        )
        series.edit(
            self.db, PLANNER, NOW, self.series, replace(made.draft, rule=rule), made.version
        )

    def split_series(self, n: int) -> None:
        made = self._series()
        rule = replace(made.draft.rule, at=time(7 + n % 12))
        day = date(2026, 11, 23) + timedelta(days=n % 4)
        draft = replace(made.draft, rule=rule)
        series.split(self.db, PLANNER, NOW, self.series, day, draft, made.version)

    def _series(self) -> Any:
        from scheduler.queries.programs import series_card

        return series_card(self.db, self.series, NOW).series

    def holiday(self, n: int) -> None:
        from scheduler.queries.calendars import card

        now = card(self.db, CalendarId(self.calendar), NOW).calendar
        draft = CalendarDraft("City", HOLIDAYS[n % len(HOLIDAYS)])
        calendars.edit(self.db, PLANNER, NOW, now.id, draft, now.version)

    def block(self, n: int) -> None:
        hours = time(n % 24), time((n + 1 + n % 5) % 24)
        blocks.add(self.db, PLANNER, NOW, BlockDraft(
            CH13, f"Block {n}", frozenset(range(7)), *hours, date(2026, 11, 20),
            fill=tuple(Fill)[n % 3], assets=tuple(map(AssetId, self.clips)),
            no_repeat=HOUR * (n % 3),
        ))  # fmt: skip

    def protect(self, n: int) -> None:
        anchors.protect(self.db, PLANNER, NOW, AnchorDraft(CH13, time(12 + n % 12)))

    def take_back(self, n: int) -> None:
        """Undo one of the last changes that may be undone, and see that all is as it was."""
        found = [one for one in changes(self.db, limit=4) if one.can_undo and one.undoes is None]
        if found and found[0].verb != "add":
            undo(self.db, PLANNER, NOW, found[0].id)


def _over(draft: Any, wall: Airing) -> bool:
    return bool(draft.start < wall.end and wall.start < draft.start + draft.length)


DOING: tuple[Callable[[House, int], None], ...] = (
    House.move, House.lengthen, House.add, House.change_series, House.split_series,
    House.holiday, House.block, House.protect, House.take_back,
)  # fmt: skip


def seen(read: Snapshot) -> Rundown:
    return settle(expand(read, STARTS, ENDS, NOW, Revision(1)), Happened(), STARTS)


def standing(read: Snapshot) -> dict[AiringId, Any]:
    return {a.id: (a.draft, a.series, a.series_day, a.edited) for a in read.airings}


def held(house: House, rundown: Rundown) -> None:
    """No gap, no overlap (a rundown with one cannot be made), nothing locked or live moved."""
    assert (rundown.starts, rundown.ends) == (STARTS, ENDS)
    own = {a.id: a for a in house.read().airings}
    assert own[house.locked].start == NOW + 20 * HOUR and own[house.live].start == NOW + 30 * HOUR
    first = {cue.airing: cue for cue in reversed(rundown.cues) if cue.airing}
    for id in (house.locked, house.live):
        if id in first:
            into = first[id].offset if first[id].media else first[id].start - own[id].start
            assert first[id].start - into == own[id].start
    for cue in rundown.cues:
        if cue.rank is Rank.BLOCK and cue.media is not None:
            assert cue.end - cue.start <= cue.media.length


@pytest.fixture
def fresh(tmp_path: Path, sqlite_db: Database) -> Callable[[], House]:
    """Each call gives the same house in a database of its own."""
    House(sqlite_db)
    with sqlite_db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    template = Path(str(sqlite_db.engine.url.database))
    pristine = tmp_path / "pristine.db"
    shutil.copyfile(template, pristine)
    made: list[Database] = []

    def again() -> House:
        for old in made:
            old.close()
        copy = tmp_path / f"copy{len(made)}.db"
        shutil.copyfile(pristine, copy)
        db = Database(f"sqlite:///{copy}")
        made.append(db)
        house = House.__new__(House)
        house.db = db
        by_title = {a.title: a for a in house.read().airings}
        house.locked, house.live = by_title["Locked"].id, by_title["Live"].id
        house.file = by_title["Before"].draft.asset
        from scheduler.queries import calendars as asked
        from scheduler.queries import library, programs

        titles = {entry.asset.title: entry.asset.id for entry in library.library(db)}
        house.clips = (titles["Clip b"], titles["Clip c"])
        house.calendar = asked.cards(db, NOW)[0].calendar.id
        house.series = programs.series_cards(db, NOW)[0].series.id
        return house

    return again


steps = st.lists(
    st.tuples(st.integers(0, len(DOING) - 1), st.integers(0, 400)), min_size=1, max_size=7
)


@given(steps=steps)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_in_any_order_holds_and_is_taken_back_exactly(
    fresh: Callable[[], House], steps: list[tuple[int, int]]
) -> None:
    house = fresh()
    for which, number in steps:
        before = house.read()
        newest = changes(house.db, limit=1)[0].id
        try:
            DOING[which](house, number)
        except (Refused, Conflict):
            assert standing(house.read()) == standing(before)
            continue
        held(house, seen(house.read()))
        change = changes(house.db, limit=1)[0]
        if change.id == newest or DOING[which] is House.take_back:
            continue
        undo(house.db, PLANNER, NOW, change.id)
        assert standing(house.read()) == standing(before)
        assert seen(house.read()).cues == seen(before).cues
        undo(house.db, PLANNER, NOW, changes(house.db, limit=1)[0].id)
