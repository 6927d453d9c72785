"""What fills gaps in which part of the day: by weekday and wall time, decided where it airs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, an_airing, an_asset
from support.domain_values import asset

from config.names import Revision
from playout.model.plan import ContentKind, Plan
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import blocks, filler, slides
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.ids import AssetId, BlockId, SlideId
from scheduler.domain.model.slide import Slide, SlideDraft
from scheduler.domain.series.blocks import Block, BlockDraft, BlockRun, Fill, block_runs
from scheduler.domain.series.gap_policies import empty_blocks, policies
from scheduler.process.publish import publish_changed
from scheduler.queries.changes import changes
from scheduler.queries.dryrun import simulate
from scheduler.reading.snapshot import snapshot

NEW_YORK = ZoneInfo("America/New_York")
FILES = {AssetId(n): asset(n, minutes=1) for n in "ab"}
DAY = timedelta(days=1)


def block(name: str = "spots", **over: Any) -> Block:
    """Every night 22:00–06:00 from clips a and b."""
    draft = BlockDraft(
        channel=CH13, name=name, weekdays=frozenset(range(7)), at=time(22), until=time(6),
        first=date(2026, 11, 1), fill=Fill.GAPS, assets=tuple(FILES),
    )  # fmt: skip
    return Block(BlockId(name), replace(draft, **over), False, 1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def wanted(*made: Block, since: str = "2026-11-23 12:00", days: int = 1) -> list[BlockRun]:
    return block_runs(made, NEW_YORK, local(since), local(since) + days * DAY)


def spans(*made: Block, **when: Any) -> dict[str, list[str]]:
    """When each block has its say, in wall time."""
    return {
        one.id: [
            f"{start.astimezone(NEW_YORK):%a %H:%M}–{end.astimezone(NEW_YORK):%a %H:%M}"
            for start, end in one.spans
        ]
        for one in policies(wanted(*made, **when), FILES)
    }


QUIET = block("quiet", fill=Fill.BULLETINS, assets=(), at=time(1), until=time(4))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([block()], {"spots": ["Mon 22:00–Tue 06:00"]}),
        ([block(weekdays=frozenset({1}))], {}),
        (
            [block(), QUIET],
            {
                "spots": ["Mon 22:00–Tue 01:00", "Tue 04:00–Tue 06:00"],
                "quiet": ["Tue 01:00–Tue 04:00"],
            },
        ),
        ([block(), block("films", fill=Fill.ROTATION)], {"spots": ["Mon 22:00–Tue 06:00"]}),
        ([block(assets=(AssetId("gone"),))], {}),
        ([block(last=date(2026, 11, 22))], {}),
    ],
)
def test_of_two_blocks_at_one_time_the_shorter_chooses_the_filler(
    made: list[Block], expected: dict[str, list[str]]
) -> None:
    assert spans(*made) == expected


@pytest.mark.parametrize(("day", "hours"), [("2027-03-13", 7), ("2027-11-06", 9)])
def test_a_night_on_which_the_clocks_change_keeps_its_wall_times(day: str, hours: int) -> None:
    (one,) = policies(wanted(block(), since=f"{day} 12:00"), FILES)
    ((start, end),) = one.spans
    assert end - start == hours * HOUR
    assert (start, end.astimezone(NEW_YORK).time()) == (local(f"{day} 22:00"), time(6))


def test_a_policy_carries_the_files_and_repeat_time_of_its_block() -> None:
    (one,) = policies(wanted(block(no_repeat=2 * HOUR)), FILES)
    assert [m.key for m in one.filler] == [f.media.key for f in FILES.values() if f.media]
    assert (one.filler_titles, one.no_repeat) == (("File a", "File b"), 2 * HOUR)


def slide(since: str, until: str) -> Slide:
    return Slide(SlideId("s"), SlideDraft("Hours", "", None, local(since), local(until)), 1, 1)


@pytest.mark.parametrize(
    ("made", "files", "slides", "expected"),
    [
        (block(), FILES, (), []),
        (
            block(),
            {AssetId("a"): asset("a", AssetState.REFUSED)},
            (),
            ["22:00–06:00 “spots” has no file that may air: its gaps are filled like any other."],
        ),
        (
            QUIET,
            FILES,
            (slide("2026-11-20", "2026-11-24 02:30"), slide("2026-11-24 03:00", "2026-12-01")),
            ["02:30–03:00 “quiet” has no bulletin to show: its gaps are filled like any other."],
        ),
    ],
)
def test_a_block_without_filler_is_reported(
    made: Block, files: Any, slides: Sequence[Slide], expected: list[str]
) -> None:
    zone = NEW_YORK
    assert [
        f"{one.start.astimezone(zone):%H:%M}–{one.end.astimezone(zone):%H:%M} {one.sentence}"
        for one in empty_blocks(wanted(made), files, slides)
    ] == expected


# On both databases: rows, the published plan, and what airs of it.


@pytest.fixture
def desk(db: Database) -> Database:
    """A channel with a pool of one clip, one bulletin, and two files for the night."""
    a_channel(db)
    clip = an_asset(db, "Pool", "c", 4 * MINUTE)
    filler.set_filler(db, PLANNER, NOW, CH13, clip.id, True)
    slides.add(db, PLANNER, NOW, SlideDraft("Hours", "", None, NOW - HOUR))
    return db


def at_night(db: Database, fill: Fill = Fill.GAPS) -> Block:
    files = [an_asset(db, f"Spot {n}", n, m * MINUTE).id for n, m in (("a", 1), ("b", 2))]
    wanted = block("Night", first=NOW.date(), fill=fill, assets=tuple(files), no_repeat=HOUR / 2)
    return blocks.add(db, PLANNER, NOW, wanted.draft)


def planned(db: Database) -> Plan:
    with db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + 2 * DAY)
    return build_plan(read, NOW, NOW + 2 * DAY, NOW, Revision(1))


@pytest.mark.parametrize("fill", [Fill.GAPS, Fill.BULLETINS])
def test_at_night_gaps_round_and_within_airings_are_filled_as_the_block_says(
    desk: Database, fill: Fill
) -> None:
    made = at_night(desk, fill)
    (night,) = block_runs([made], NEW_YORK, NOW, NOW + DAY)
    since, until = night.start, night.end
    short = an_asset(desk, "Short", "d", 20 * MINUTE).id
    an_airing(desk, since + HOUR, title="Short", asset=short, length=30 * MINUTE)
    rundown = settle(planned(desk), AirState(), NOW)
    for cue in rundown.cues:
        if cue.item is not None:
            continue
        if since <= cue.start < until:
            assert cue.policy == made.id
            assert cue.kind is ContentKind.BOARD or (fill is Fill.GAPS and "Spot" in cue.title)
        elif cue.start < since:
            assert (cue.policy, cue.kind is ContentKind.BOARD or cue.title == "Pool") == ("", True)
    aired = {cue.title for cue in rundown.cues if since + 80 * MINUTE <= cue.start < until}
    assert ("Spot a" in aired) is (fill is Fill.GAPS)


def test_a_choice_is_published_changed_put_away_and_brought_back(desk: Database) -> None:
    publish_changed(desk, NOW)
    made = at_night(desk)
    assert publish_changed(desk, NOW)
    edited = blocks.edit(
        desk, PLANNER, NOW, made.id, replace(made.draft, fill=Fill.BULLETINS), made.version
    )
    assert publish_changed(desk, NOW) and planned(desk).policies[0].filler == ()
    blocks.retire(desk, PLANNER, NOW, made.id, edited.version)
    assert publish_changed(desk, NOW) and planned(desk).policies == ()
    undo(desk, PLANNER, NOW, changes(desk, "block", limit=1)[0].id)
    assert planned(desk).policies != ()


def test_the_dry_run_says_once_that_a_choice_is_empty_and_nothing_of_bulletins_that_were_asked_for(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    clip = an_asset(sqlite_db, "Pool", "c", 4 * MINUTE)
    filler.set_filler(sqlite_db, PLANNER, NOW, CH13, clip.id, True)
    made = at_night(sqlite_db, Fill.BULLETINS)
    (run,) = simulate(sqlite_db, NOW)
    (one,) = [one for one in run.found if one.block]
    assert (one.block, one.sentence) == (
        made.id,
        "“Night” has no bulletin to show: its gaps are filled like any other.",
    )
    slides.add(sqlite_db, PLANNER, NOW, SlideDraft("Hours", "", None, NOW - HOUR))
    (run,) = simulate(sqlite_db, NOW)
    assert run.found == ()
    assert run.share["bulletins"] > 7 * 8 * HOUR
