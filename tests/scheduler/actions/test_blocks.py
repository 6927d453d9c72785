"""Programming blocks fill the time around planned airings: fairly, without early repeats, without
gaps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import (
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_source,
    an_airing,
    an_asset,
    some_media,
)
from support.domain_values import asset

from config.names import AssetKey, ItemId, Revision
from playout.model.cue_ids import item_cue_id
from playout.model.history import digest
from playout.model.plan import ContentKind, EndRule, Item, Rank
from playout.model.rundown import Cue
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import blocks, cuts, filler, slides
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.db.tables.house import AsRunRow
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.library.cuts import CutDraft
from scheduler.domain.model.ids import AssetId, BlockId
from scheduler.domain.model.slide import SlideDraft
from scheduler.domain.series.block_filling import fill_blocks
from scheduler.domain.series.blocks import Block, BlockDraft, Fill, block_of, block_runs, in_words
from scheduler.process.publish import publish_changed
from scheduler.queries.changes import changes
from scheduler.reading.snapshot import snapshot
from scheduler.refusals import Refused

NEW_YORK = ZoneInfo("America/New_York")
NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""Monday 09:00 in New York."""
CLIPS = {AssetId(n): asset(n, minutes=length) for n, length in (("a", 25), ("b", 10), ("c", 17))}
BUSY = Sequence[tuple[datetime, datetime]]


def block(**over: Any) -> Block:
    """Weekdays 09:00–12:00 from clips a, b and c."""
    draft = BlockDraft(
        channel=CH13, name="Morning", weekdays=frozenset(range(5)), at=time(9), until=time(12),
        first=date(2026, 11, 1), assets=tuple(CLIPS), no_repeat=timedelta(0),
    )  # fmt: skip
    return Block(BlockId("m"), replace(draft, **over), False, 1)


def filled(
    *made: Block,
    busy: BUSY = (),
    aired: Mapping[AssetKey, Sequence[datetime]] | None = None,
    since: datetime = NINE,
    days: int = 1,
    assets: Any = CLIPS,
    alone: bool = False,
) -> tuple[Item, ...]:
    wanted = block_runs(made, NEW_YORK, since, since + timedelta(days=days))
    return fill_blocks(wanted, busy, assets, aired or {}, {}, alone=alone)


def names(items: Sequence[Item]) -> str:
    return "".join(item.title.removeprefix("File ") for item in items)


def test_the_least_recently_aired_file_comes_first() -> None:
    items = filled(block())
    first = names(items)[:3]
    assert sorted(first) == ["a", "b", "c"]
    assert names(items).startswith(first * 3)
    assert all(one.rank is Rank.BLOCK and block_of(one.id) == "m" for one in items)
    aired = {CLIPS[AssetId(n)].media.key: [NINE - k * HOUR] for k, n in ((1, "a"), (2, "c"))}  # type: ignore[union-attr]
    assert names(filled(block(), aired=aired)).startswith("bca")


def test_two_cuts_of_one_recording_are_two_files_of_a_block() -> None:
    whole = CLIPS[AssetId("a")].media
    assert whole is not None
    cuts = {
        AssetId(n): replace(
            asset(n),
            media=replace(whole, pieces=((first, first + 100),), length=timedelta(minutes=10)),
        )
        for n, first in (("x", 0), ("y", 100))
    }
    made = block(assets=tuple(cuts), no_repeat=timedelta(hours=4))
    items = filled(made, assets=cuts)
    assert sorted(names(items)) == ["x", "y"]
    aired = {one.media.material: [NINE - HOUR] for one in list(cuts.values())[:1] if one.media}
    assert names(filled(made, assets=cuts, aired=aired)) == "y"


def test_the_record_says_which_cut_of_a_recording_aired(db: Database) -> None:
    a_channel(db)
    whole = an_asset(db)
    one, other = (
        cuts.add(db, PLANNER, NOW, whole.id, CutDraft(title, ((first, first + 18_000),)))
        for title, first in (("Part one", 0), ("Part two", 18_000))
    )
    assert one.media is not None and other.media is not None
    parts = BlockDraft(CH13, "Parts", frozenset(range(7)), time(9), time(12), NOW.date(),
                       assets=(one.id, other.id))  # fmt: skip
    blocks.add(db, PLANNER, NOW, parts)
    aired = AsRunRow(
        channel_id=CH13, entry_id="e", title="", asset=one.media.key, planned_start=NOW - HOUR,
        cue=item_cue_id(ItemId("x"), NOW - HOUR, one.media.content, 1), planned_end=NOW,
        start=NOW - HOUR, end=NOW, ticks=9, held=0, dropped=0, length=HOUR, outcome="aired",
        reason="", layer="deck", counts=True,
    )  # fmt: skip
    with db.write() as session:
        session.add(aired)
    with db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + HOUR)
    assert read.aired == {one.media.material: [NOW - HOUR]}


def test_a_block_fills_alike_from_the_same_rows_and_history() -> None:
    many = {AssetId(n): asset(n, minutes=20) for n in "abcdef123456"}
    made = block(assets=tuple(many))
    assert filled(made, assets=many) == filled(made, assets=many)
    others = [replace(made, id=BlockId(f"other{n}")) for n in range(4)]
    assert len({names(filled(one, assets=many)) for one in others}) == 4


def test_every_file_gets_a_turn_within_a_week() -> None:
    many = {AssetId(n): asset(n, minutes=20) for n in "abcdef123456"}
    week = names(filled(block(assets=tuple(many)), days=5, assets=many))
    counts = {name: week.count(name) for name in many}
    assert len(week) == 45 and max(counts.values()) - min(counts.values()) <= 1


def test_airings_since_its_start_do_not_change_a_running_block() -> None:
    before = filled(block())
    media = before[0].media
    assert media is not None
    aired = {media.key: [NINE + timedelta(seconds=0.03)]}
    assert filled(block(), aired=aired) == before


def test_an_ordered_list_continues_where_it_stopped() -> None:
    two = filled(block(fill=Fill.ORDERED, until=time(10)), days=2)
    assert names(two) == "abca" + "bcab" or names(two).startswith("abc")
    monday = [one for one in two if one.start.day == 23]
    tuesday = [one for one in two if one.start.day == 24]
    after = "abc"[("abc".index(names(monday)[-1]) + 1) % 3]
    assert names(tuesday)[0] == after


def test_no_file_repeats_within_the_no_repeat_time() -> None:
    items = filled(block(no_repeat=2 * HOUR))
    assert names(items).count("a") == 2
    for name in "abc":
        starts = [one.start for one in items if one.title == f"File {name}"]
        assert all(b - a >= 2 * HOUR for a, b in zip(starts, starts[1:], strict=False))


LATELY = {
    some_media(name).key: [NINE - minutes * MINUTE]
    for name, minutes in (("a", 30), ("b", 90), ("c", 60))
}


@pytest.mark.parametrize(
    ("fill", "no_repeat", "alone", "expected"),
    [
        (Fill.ROTATION, 6 * HOUR, False, ""),
        (Fill.ROTATION, 6 * HOUR, True, "bcabcabcabb"),
        (Fill.ORDERED, 6 * HOUR, True, "bcabcabcabb"),
        (Fill.ROTATION, 75 * MINUTE, False, "bcabcab"),
        (Fill.ROTATION, 75 * MINUTE, True, "bcabcabcabb"),
    ],
)
def test_without_filler_and_bulletins_a_block_repeats_its_least_recent_file(
    fill: Fill, no_repeat: timedelta, alone: bool, expected: str
) -> None:
    """S28: in the recess, when every file aired lately, a rotation still leaves no gap."""
    made = block(fill=fill, no_repeat=no_repeat)
    assert names(filled(made, aired=LATELY, alone=alone)) == expected


def test_a_block_flows_around_airings_between_opener_and_closer() -> None:
    every = {**CLIPS, AssetId("o"): asset("d", minutes=2), AssetId("z"): asset("e", minutes=3)}
    made = block(opener=AssetId("o"), closer=AssetId("z"))
    planned = (NINE + HOUR, NINE + 100 * MINUTE)
    items = filled(made, busy=[planned], assets=every)
    assert (items[0].title, items[0].start) == ("File d", NINE)
    assert (items[-1].title, items[-1].start) == ("File e", NINE + 177 * MINUTE)
    for one in items:
        assert one.start + one.length <= planned[0] or one.start >= planned[1]
    assert sum(one.title in ("File d", "File e") for one in items) == 2


def test_the_shorter_of_two_overlapping_blocks_airs() -> None:
    noon = replace(block(at=time(10), until=time(11), assets=(AssetId("b"),)), id=BlockId("n"))
    items = filled(block(), noon)
    inside = {block_of(one.id) for one in items if NINE + HOUR <= one.start < NINE + 2 * HOUR}
    assert inside == {"n"}


def test_a_bulletin_block_excludes_other_blocks_and_a_gap_block_does_not() -> None:
    middle = {"at": time(10), "until": time(11)}
    quiet = replace(block(fill=Fill.BULLETINS, assets=(), **middle), id=BlockId("q"))
    spots = replace(block(fill=Fill.GAPS, **middle), id=BlockId("s"))
    starts = [one.start for one in filled(block(), quiet)]
    assert starts and not [at for at in starts if NINE + HOUR <= at < NINE + 2 * HOUR]
    assert filled(block(), spots) == filled(block())


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 13), 6), (date(2027, 11, 6), 8), (date(2026, 11, 21), 7)]
)
def test_an_overnight_block_ends_at_its_local_time_when_clocks_change(
    day: date, hours: int
) -> None:
    night = block(at=time(23), until=time(6), weekdays=frozenset({5}), first=day)
    since = datetime.combine(day, time(12), NEW_YORK).astimezone(UTC)
    (one,) = block_runs([night], NEW_YORK, since, since + timedelta(days=1))
    assert one.end - one.start == hours * HOUR
    assert one.end.astimezone(NEW_YORK).time() == time(6)


def test_a_block_is_worded_with_days_and_hours() -> None:
    assert in_words(block().draft) == "every weekday 09:00–12:00"


lengths = st.lists(st.integers(1, 90), min_size=1, max_size=6)
spans = st.lists(st.tuples(st.integers(0, 170), st.integers(1, 60)), max_size=4)


@given(lengths=lengths, busy=spans, no_repeat=st.integers(0, 5), mode=st.sampled_from(Fill))
def test_a_block_never_runs_past_its_end_or_into_an_airing(
    lengths: list[int], busy: list[tuple[int, int]], no_repeat: int, mode: Fill
) -> None:
    every = {AssetId(f"{n:x}"): asset(f"{n:x}", minutes=m) for n, m in enumerate(lengths)}
    made = block(assets=tuple(every), no_repeat=no_repeat * HOUR, fill=mode)
    planned = [(NINE + at * MINUTE, NINE + (at + long) * MINUTE) for at, long in busy]
    items = filled(made, busy=planned, assets=every)
    at = NINE
    for one in items:
        assert at <= one.start
        at = one.start + one.length
        assert all(at <= begin or one.start >= end for begin, end in planned)
    assert at <= NINE + 3 * HOUR or not items


def a_block(db: Database, **over: Any) -> Block:
    files = [an_asset(db, f"Film {n}", n, m * MINUTE) for n, m in (("a", 20), ("b", 30))]
    draft = block(assets=tuple(file.id for file in files), no_repeat=HOUR).draft
    return blocks.add(db, PLANNER, NOW, replace(draft, **over))


def dark(cues: Sequence[Cue], start: datetime, end: datetime) -> timedelta:
    """Return how long the slate is on in [start, end) without being planned."""
    slates = [cue for cue in cues if cue.kind is ContentKind.SLATE and cue.item is None]
    spans = [min(cue.end, end) - max(cue.start, start) for cue in slates]
    return sum((span for span in spans if span > timedelta(0)), timedelta(0))


@pytest.mark.parametrize("beside", ["bulletins", "filler and bulletins"])
def test_a_published_block_leaves_no_gap(db: Database, beside: str) -> None:
    a_channel(db)
    a_block(db)
    slides.add(db, PLANNER, NOW, SlideDraft("Hours", "", None, NOW - HOUR))
    if "filler" in beside:
        clip = an_asset(db, "Clip", "c", 4 * MINUTE)
        filler.set_filler(db, PLANNER, NOW, CH13, clip.id, True)
    hearing = an_airing(db, NINE + HOUR, title="Hearing", source=a_source(db))
    starts, ends = NOW, NOW + timedelta(days=2)
    with db.read() as session:
        read = snapshot(session, CH13, starts, ends)
    plan = build_plan(read, starts, ends, NOW, Revision(1))
    rundown = settle(plan, AirState(), NOW)
    aired = [cue.title for cue in rundown.cues if cue.rank is Rank.BLOCK]
    assert {"Film a", "Film b"} == set(aired)
    assert rundown.starts == starts and rundown.ends >= ends
    (live,) = [cue for cue in rundown.cues if cue.airing == hearing.id]
    assert (live.start, live.end) == (hearing.start, hearing.end)
    assert dark(rundown.cues, NINE, NINE + 3 * HOUR) == timedelta(0)
    later = build_plan(read, starts, ends, NOW + MINUTE, Revision(2))
    assert digest(plan) == digest(later)


def test_a_block_leaves_only_gaps_too_short_for_a_whole_file(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    a_block(sqlite_db)
    with sqlite_db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + timedelta(days=2))
    plan = build_plan(read, NOW, NOW + timedelta(days=2), NOW, Revision(1))
    rundown = settle(plan, AirState(), NOW)
    shortest = 20 * MINUTE
    assert dark(rundown.cues, NINE, NINE + 3 * HOUR) < shortest
    assert dark(rundown.cues, NINE, NINE + 160 * MINUTE) == timedelta(0)


def test_a_block_is_published_changed_retired_and_restored(db: Database) -> None:
    a_channel(db)
    publish_changed(db, NOW)
    made = a_block(db)
    assert publish_changed(db, NOW)
    wider = replace(made.draft, until=time(13))
    edited = blocks.edit(db, PLANNER, NOW, made.id, wider, made.version)
    assert publish_changed(db, NOW)
    blocks.retire(db, PLANNER, NOW, made.id, edited.version)
    undo(db, PLANNER, NOW, changes(db, "block", limit=1)[0].id)
    with db.read() as session:
        (stands,) = snapshot(session, CH13, NOW, NOW + HOUR).blocks
    assert stands.draft == wider


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": ""}, "name"),
        ({"weekdays": frozenset()}, "weekdays"),
        ({"assets": ()}, "assets"),
        ({"assets": (AssetId("nothing"),)}, "assets"),
        ({"last": date(2026, 1, 1)}, "last"),
        ({"no_repeat": timedelta(days=99)}, "no_repeat"),
    ],
)
def test_an_invalid_block_names_the_field_at_fault(
    sqlite_db: Database, over: dict[str, Any], field: str
) -> None:
    a_channel(sqlite_db)
    with pytest.raises(Refused) as refused:
        a_block(sqlite_db, **over)
    assert list(refused.value.field_errors) == [field]


def test_a_block_never_cuts_a_file_that_must_finish(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    a_block(sqlite_db)
    long = an_asset(sqlite_db, "Long", "e", 80 * MINUTE).id
    made = an_airing(
        sqlite_db, NINE + HOUR, title="Long", asset=long, length=HOUR, end_rule=EndRule.FINISH
    )
    starts, ends = NOW, NOW + timedelta(days=2)
    with sqlite_db.read() as session:
        read = snapshot(session, CH13, starts, ends)
    rundown = settle(build_plan(read, starts, ends, NOW, Revision(1)), AirState(), NOW)
    (cue,) = [cue for cue in rundown.cues if cue.airing == made.id]
    assert cue.end - cue.start == 80 * MINUTE
