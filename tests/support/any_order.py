"""A planned channel that takes random changes in any order, and the judges that check it after
each.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft, an_asset

from config.names import AiringId, Revision
from playout.model.history import digest
from playout.model.plan import EndRule, Rank, StartRule
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import airings, anchors, blocks, calendars, programs, series
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.db.tables.base import Base
from scheduler.domain.air.build_plan import Snapshot, build_plan, window
from scheduler.domain.clashes.one import Way
from scheduler.domain.model.airing import Airing, again
from scheduler.domain.model.ids import AssetId, CalendarId, ChangeId
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.protected_times import AnchorDraft
from scheduler.domain.series.blocks import BlockDraft, Fill, block_runs
from scheduler.domain.series.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.series.gap_policies import policies
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.process.publish import publish
from scheduler.queries import calendars as asked
from scheduler.queries import library
from scheduler.queries import programs as cards
from scheduler.queries.changes import changes
from scheduler.queries.conflicts import NEW_ID, weigh, weigh_all
from scheduler.queries.host_api import published_plan
from scheduler.reading.snapshot import snapshot, with_announcements
from scheduler.refusals import Conflict, Refused

STARTS, ENDS = NOW, NOW + timedelta(days=4)
HOLIDAYS = ("Off: November 24", "Off: November 24 to November 25", "Off: December 25")
TABLES = ("airing", "series", "calendar", "block", "anchor", "program", "meeting", "channel")
STAMP_COLUMNS = {"version", "sequence", "public_modified", "updated", "updated_by"}
"""Columns that record when a row changed; they advance even when a change is undone."""
PUT_AWAY_COLUMNS = ("cancelled", "archived", "ended", "retired")
"""Columns that put an added row away when its change is undone; the row itself stays."""

Rows = dict[tuple[str, str], dict[str, Any]]


class PlannedChannel:
    """A channel with a locked airing, a live, a series that observes a calendar, and a block."""

    def __init__(self, db: Database) -> None:
        self.db = db
        a_channel(db)
        file = an_asset(db, length=2 * HOUR).id
        an_asset(db, "Clip b", "b", 25 * MINUTE)
        an_asset(db, "Clip c", "c", 40 * MINUTE)
        program = programs.add(db, PLANNER, NOW, ProgramDraft("History", asset=file)).id
        for start, over in (
            (20 * HOUR, {"locked": True, "title": "Locked", "asset": file}),
            (30 * HOUR, {"source": "chamber", "end_rule": EndRule.HOLD, "title": "Live"}),
            (19 * HOUR, {"program": program, "title": "Before", "asset": file}),
        ):
            airings.add(db, PLANNER, NOW, a_draft(NOW + start, **over))
        calendars.add(db, PLANNER, NOW, CalendarDraft("City", HOLIDAYS[0]))
        rule = Rule("America/New_York", time(10), Weekly(frozenset(range(7))), date(2026, 11, 1))
        draft = SeriesDraft("Daily", rule, a_draft(title="Daily", asset=file))
        series.add(db, PLANNER, NOW, draft)
        self.look(db)

    @classmethod
    def of(cls, db: Database) -> "PlannedChannel":
        """Return the same channel in a copy of its database."""
        channel = cls.__new__(cls)
        channel.look(db)
        return channel

    def look(self, db: Database) -> None:
        """Learn the ids of everything in the database."""
        self.db = db
        by_title = {a.title: a for a in self.read().airings}
        self.locked, self.live = by_title["Locked"].id, by_title["Live"].id
        self.file = by_title["Before"].draft.asset
        titles = {entry.asset.title: entry.asset.id for entry in library.library(db)}
        self.clips = AssetId(titles["Clip b"]), AssetId(titles["Clip c"])
        self.calendar = asked.cards(db, NOW)[0].calendar.id
        self.series = cards.series_cards(db, NOW)[0].series.id
        self.furnished = changes(db, limit=1)[0].id

    def read(self) -> Snapshot:
        with self.db.read() as session:
            return snapshot(session, CH13, STARTS, ENDS)

    def rows(self) -> Rows:
        """Return every row of the plan as the database holds it, without the stamps."""
        tables = [table for table in Base.metadata.sorted_tables if table.name in TABLES]
        with self.db.read() as session:
            return {
                (table.name, row["id"]): {k: v for k, v in row.items() if k not in STAMP_COLUMNS}
                for table in tables
                for row in session.execute(select(table)).mappings()
            }

    def movable(self) -> list[Airing]:
        return [a for a in self.read().airings if not fixed(a)]

    # Actions of a person; the number chooses among the possible targets.

    def move(self, n: int) -> None:
        one = self.movable()[n % len(self.movable())]
        start = NOW + HOUR + (n % 180) * 30 * MINUTE
        airings.move(self.db, PLANNER, NOW, one.id, start, one.version)

    def move_what_is_fixed(self, n: int) -> set[AiringId]:
        """Move or cancel the locked airing or the live on purpose; return the id, if it still
        exists.
        """
        own = {a.id: a for a in self.read().airings}
        one = own.get((self.locked, self.live)[n % 2])
        if one is None:
            return set()
        if n % 5 == 0:
            airings.cancel(self.db, PLANNER, NOW, one.id, one.version)
        else:
            start = NOW + (20, 30)[n % 2] * HOUR + (n % 7) * 15 * MINUTE
            airings.move(self.db, PLANNER, NOW, one.id, start, one.version)
        return {one.id}

    def lengthen(self, n: int) -> None:
        """Lengthen a movable airing by one of the ways the clash page offers."""
        one = self.movable()[n % len(self.movable())]
        wanted = replace(one.draft, length=HOUR + n % 7 * 20 * MINUTE)
        self._kept(wanted, n, one)

    def add(self, n: int) -> None:
        rule = (StartRule.HARD, StartRule.FOLLOW)[n % 2]
        wanted = a_draft(NOW + (n % 90) * HOUR, title=f"New {n}", asset=self.file, start_rule=rule)
        self._kept(wanted, n, None)

    def _kept(self, wanted: Any, n: int, found: Airing | None) -> None:
        weighed = weigh(self.db, wanted, NOW, found.id if found else None)
        ways = [one for one in weighed.choices if one.possible]
        walls = [a for a in self.read().airings if fixed(a)]
        assert not any({wall.id for wall in walls} & one.edits.keys() for one in ways)
        if not ways:
            if found is None:
                airings.add(self.db, PLANNER, NOW, wanted)
            else:
                airings.edit(self.db, PLANNER, NOW, found.id, wanted, found.version)
            return
        way = ways[n % len(ways)]
        edits = {id: (d, weighed.versions[id]) for id, d in way.edits.items() if id != NEW_ID}
        airings.arrange(self.db, PLANNER, NOW, edits, way.edits.get(NEW_ID), f"Kept by {way.way}")
        if way.way in (Way.RIPPLE, Way.ELSEWHERE):
            own = {a.id for a in self.read().airings}
            moved = [d for id, d in way.edits.items() if d is not None and id in own]
            pushed = [draft for draft in moved if draft.start != wanted.start]
            assert not any(_overlaps(draft, wall) for draft in pushed for wall in walls)

    def copy_some(self, n: int) -> None:
        """Copy up to three movable airings some days later, by one of the ways offered."""
        later, some = timedelta(days=n % 3, hours=n % 5), self.movable()[n % 4 :][:3]
        wanted = {
            AiringId(f"copy-{a.id}"): again(a.draft, a.id, a.start + later, replay=False)
            for a in some
        }
        weighed = weigh_all(self.db, CH13, wanted, NOW)
        possible = [one for one in weighed.ways if one.possible]
        edits = possible[n % len(possible)].edits if weighed.ways else wanted
        starts = {id.removeprefix("copy-"): draft.start for id, draft in edits.items() if draft}
        copies = [(AiringId(id), start) for id, start in starts.items()]
        airings.copy_all(self.db, PLANNER, NOW, CH13, weighed.channel_version, copies)

    def change_series(self, n: int) -> None:
        made = self._series()
        policy = tuple(Policy)[n % 4]
        rule = replace(
            made.draft.rule,
            at=time(6 + n % 16),
            pattern=Weekly(frozenset({n % 7, (n + 3) % 7})),
            holidays=(Observance(CalendarId(self.calendar), policy),),
        )
        draft = replace(made.draft, rule=rule)
        series.edit(self.db, PLANNER, NOW, self.series, draft, made.version)

    def split_series(self, n: int) -> None:
        made = self._series()
        rule = replace(made.draft.rule, at=time(7 + n % 12))
        day = date(2026, 11, 23) + timedelta(days=n % 4)
        draft = replace(made.draft, rule=rule)
        series.split(self.db, PLANNER, NOW, self.series, day, draft, made.version)

    def _series(self) -> Any:
        return cards.series_card(self.db, self.series, NOW).series

    def holiday(self, n: int) -> None:
        now = asked.card(self.db, CalendarId(self.calendar), NOW).calendar
        draft = CalendarDraft("City", HOLIDAYS[n % len(HOLIDAYS)])
        calendars.edit(self.db, PLANNER, NOW, now.id, draft, now.version)

    def block(self, n: int) -> None:
        hours = time(n % 24), time((n + 1 + n % 5) % 24)
        blocks.add(self.db, PLANNER, NOW, BlockDraft(
            CH13, f"Block {n}", frozenset(range(7)), *hours, date(2026, 11, 20),
            fill=tuple(Fill)[n % len(Fill)], assets=self.clips, no_repeat=HOUR * (n % 3),
        ))  # fmt: skip

    def protect(self, n: int) -> None:
        """Protect the evening from some hour on; for odd numbers, release a protected evening if
        there is one.
        """
        change_in_force = self.read().anchors
        if n % 2 and change_in_force:
            anchors.release(self.db, PLANNER, NOW, change_in_force[0].id)
        else:
            anchors.protect(self.db, PLANNER, NOW, AnchorDraft(CH13, time(12 + n % 12)))

    def rename(self, n: int) -> None:
        """Rename the first program and give it another file."""
        one = cards.program_cards(self.db, NOW)[0].program
        draft = ProgramDraft(f"History {n}", asset=self.clips[n % 2])
        programs.edit(self.db, PLANNER, NOW, one.id, draft, one.version)

    def take_back(self, n: int) -> set[AiringId]:
        """Undo the newest undoable change; return the airings it changed, fixed ones included."""
        found = [one for one in changes(self.db, limit=4) if one.can_undo and one.undoes is None]
        if not found or found[0].id <= self.furnished:
            return set()
        undo(self.db, PLANNER, NOW, found[0].id)
        return {AiringId(p.key[0]) for p in found[0].parts if p.table == "airing"}


def _overlaps(draft: Any, wall: Airing) -> bool:
    return bool(draft.start < wall.end and wall.start < draft.start + draft.length)


ACTIONS: tuple[Callable[[PlannedChannel, int], set[AiringId] | None], ...] = (
    PlannedChannel.move,
    PlannedChannel.move_what_is_fixed,
    PlannedChannel.lengthen,
    PlannedChannel.add,
    PlannedChannel.change_series,
    PlannedChannel.split_series,
    PlannedChannel.holiday,
    PlannedChannel.block,
    PlannedChannel.protect,
    PlannedChannel.rename,
    PlannedChannel.take_back,
    PlannedChannel.copy_some,
)


def fixed(airing: Airing) -> bool:
    """Return whether an airing is locked or live, so that only a person may move it."""
    return airing.draft.locked or airing.draft.source is not None


def rundown_of(read: Snapshot) -> Rundown:
    """Settle the plan of a snapshot. A rundown with a gap or an overlap cannot be constructed."""
    return settle(build_plan(read, STARTS, ENDS, NOW, Revision(1)), AirState(), STARTS)


# The judges: each returns sentences about what is wrong, none if all is well.


def moved_fixed_airings(before: Snapshot, after: Snapshot, meant: set[AiringId]) -> list[str]:
    """Return fixed airings that are gone or moved, except those changed on purpose (`meant`)."""
    now = {a.id: a.start for a in after.airings}
    walls = [a for a in before.airings if fixed(a) and a.id not in meant]
    return [f"{a.title} is gone" for a in walls if a.id not in now] + [
        f"{a.title} moved to {now[a.id]}" for a in walls if a.id in now and now[a.id] != a.start
    ]


def fixed_airings_not_aired(read: Snapshot, rundown: Rundown) -> list[str]:
    """Return fixed airings that start late or never, and lives that end too soon."""
    wrong = []
    for one in filter(fixed, read.airings):
        cues = [cue for cue in rundown.cues if cue.airing == one.id]
        if not cues or cues[0].start != one.start:
            wrong.append(f"{one.title} airs {cues[0].start if cues else 'never'}")
        elif one.draft.source and any(cue.end < one.end for cue in cues):
            wrong.append(f"{one.title} ends {cues[-1].end}")
    return wrong


def overlong_block_cues(rundown: Rundown) -> list[str]:
    """Return titles of block cues that last longer than their file."""
    filled = [c for c in rundown.cues if c.rank is Rank.BLOCK and c.media is not None]
    return [c.title for c in filled if c.media and c.end - c.start > c.media.length]


def unchosen_gap_files(read: Snapshot, rundown: Rundown) -> list[str]:
    """Return files that fill a gap although no block chose them for that part of the day."""
    wanted = block_runs(read.blocks, read.channel.tz, STARTS, ENDS)
    chosen = [(p, span) for p in policies(wanted, read.assets) for span in p.spans]
    gaps = [cue for cue in rundown.cues if cue.item is None and cue.media is not None]
    return [
        f"{cue.title} fills a gap at {cue.start}"
        for cue in gaps
        if not any(
            start <= cue.start and cue.end <= end and cue.media in policy.filler
            for policy, (start, end) in chosen
        )
    ]


def publishing_differences(channel: PlannedChannel) -> list[str]:
    """Publish, and return how the published plan differs in content from the rows."""
    publish(channel.db, CH13, NOW)
    newest = published_plan(channel.db, CH13)
    with channel.db.read() as session:
        starts, ends = window(NOW)
        read = with_announcements(session, snapshot(session, CH13, starts, ends), starts)
        wanted = build_plan(read, starts, ends, NOW, Revision(1))
    same = newest is not None and newest.etag == f'"{digest(wanted)}"'
    return [] if same else ["hosts get another plan than the rows say"]


def row_differences(wanted: Rows, found: Rows) -> list[str]:
    """Return rows that differ from the wanted ones. An added row may stay if it is cancelled or
    archived.
    """
    wrong = [
        f"{key}: {row} is {found.get(key)}" for key, row in wanted.items() if found.get(key) != row
    ]
    added = [key for key in found.keys() - wanted.keys() if not _is_put_away(found[key])]
    return wrong + [f"{key} stands" for key in added]


def _is_put_away(row: dict[str, Any]) -> bool:
    return any(row.get(name) for name in PUT_AWAY_COLUMNS)


@dataclass(frozen=True)
class KeptStep:
    """A change that was saved, with the rows and the rundown before and after it."""

    change: ChangeId
    before: Rows
    after: Rows
    aired_before: Rundown
    aired_after: Rundown


def run_steps(channel: PlannedChannel, steps: list[tuple[int, int]]) -> list[KeptStep]:
    """Run all steps and judge each; a refused change must leave every row as it was."""
    return list(_steps_kept(channel, steps))


def _steps_kept(channel: PlannedChannel, steps: list[tuple[int, int]]) -> Iterator[KeptStep]:
    read, rows, rundown = channel.read(), channel.rows(), rundown_of(channel.read())
    for which, number in steps:
        newest = changes(channel.db, limit=1)[0].id
        try:
            meant = ACTIONS[which](channel, number) or set()
        except (Refused, Conflict):
            assert row_differences(rows, channel.rows()) == []
            continue
        now, said = channel.read(), channel.rows()
        aired = rundown_of(now)
        assert moved_fixed_airings(read, now, meant) == []
        assert fixed_airings_not_aired(now, aired) == []
        assert overlong_block_cues(aired) == []
        assert unchosen_gap_files(now, aired) == []
        assert publishing_differences(channel) == []
        change = changes(channel.db, limit=1)[0].id
        if change == newest:
            assert row_differences(rows, said) == []
            continue
        yield KeptStep(change, rows, said, rundown, aired)
        read, rows, rundown = now, said, aired


def change_in_force(channel: PlannedChannel, change: ChangeId) -> ChangeId:
    """Return the change itself, or the last redo of it."""
    by = {one.undoes: one.id for one in changes(channel.db, limit=1000) if one.undoes}
    while change in by:
        change = by[by[change]]
    return change


def undo_and_redo(channel: PlannedChannel, steps: list[KeptStep]) -> None:
    """Undo every step, newest first, then redo them all; rows and cues must match exactly each
    time.
    """
    undone = []
    for step in reversed(steps):
        undo(channel.db, PLANNER, NOW, change_in_force(channel, step.change))
        undone.append((step, changes(channel.db, limit=1)[0].id))
        assert row_differences(step.before, channel.rows()) == []
        assert rundown_of(channel.read()).cues == step.aired_before.cues
    for step, change in reversed(undone):
        undo(channel.db, PLANNER, NOW, change_in_force(channel, change))
        assert row_differences(step.after, channel.rows()) == []
        assert rundown_of(channel.read()).cues == step.aired_after.cues
