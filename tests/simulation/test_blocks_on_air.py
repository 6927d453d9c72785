"""Blocks on the broadcast machine: each file at its instant, after whatever overruns."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.broadcast import Machine
from support.clock_change_nights import FALL, SPRING, ZONE, local
from support.domain_values import asset
from support.plans import at, clips, item, live, minutes, page, plan

from config.names import ChannelId
from playout.model.commands import Verb
from playout.model.layer import Layer
from playout.model.plan import Outcome
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import AssetId, BlockId
from scheduler.domain.series.block_filling import fill_blocks
from scheduler.domain.series.blocks import Block, BlockDraft, Fill, block_runs
from scheduler.domain.series.gap_policies import policies

FILES = {AssetId(n): asset(n, minutes=m) for n, m in (("a", 7), ("b", 11), ("c", 9))}


def block(name: str, begin: str, end: str, mode: Fill) -> Block:
    draft = BlockDraft(
        channel=ChannelId("ch13"), name=name, weekdays=frozenset(range(7)),
        at=time.fromisoformat(begin), until=time.fromisoformat(end), first=date(2026, 11, 1),
        fill=mode, assets=tuple(FILES), no_repeat=timedelta(0),
    )  # fmt: skip
    return Block(BlockId(name), draft, False, 1)


def test_a_block_fills_the_time_around_planned_items_to_the_tick(tmp_path: Path) -> None:
    hearing = item("hearing", at("9:30"), minutes(20))
    utc = Channel(ChannelId("ch13"), "13", "UTC", "", "", "", "", minutes(0), False, 1, 1)
    made = [
        block("films", "09:00", "10:30", Fill.ROTATION),
        block("n", "10:30", "11:00", Fill.BULLETINS),
    ]
    wanted = block_runs(made, utc.tz, at("8:00"), at("12:00"))
    busy = [(hearing.start, hearing.start + hearing.length)]
    items = fill_blocks(wanted, busy, FILES, {}, {})
    machine = Machine(
        tmp_path,
        plan(
            hearing, *items, filler=clips(30, 50), board=(page(),),
            policies=policies(wanted, FILES),
        ),
        start=at("8:50"),
    )  # fmt: skip
    machine.run_until(at("11:10"), most=300)
    quiet = [f for f in machine.facts() if at("10:30:01") < f.start < at("10:59:59")]
    assert {f.layer for f in quiet} <= {Layer.BOARD}
    for one in (hearing, *items):
        (fact, *_) = machine.aired(one.id)
        assert abs(fact.start - one.start) < timedelta(milliseconds=40), one.id
        assert [row.outcome for row in machine.rows(one.id)] == [Outcome.AIRED], one.id


SHORT = {AssetId(n): asset(n, minutes=m) for n, m in (("d", 4), ("e", 7), ("f", 11))}


@pytest.mark.parametrize("evening", [SPRING, FALL])
def test_each_daypart_fills_its_gaps_by_its_own_rule_without_a_server(
    tmp_path: Path, evening: date
) -> None:
    """Spots until three, bulletins until five, then the whole pool, by wall time, also in the gap
    that a meeting leaves by ending early.
    """
    made = [
        replaced(block("spots", "22:00", "05:00", Fill.GAPS), assets=tuple(SHORT)),
        block("quiet", "03:00", "05:00", Fill.BULLETINS),
    ]
    since, until = local(evening, 21, 0), local(evening, 31, 0)
    council = live("council", local(evening, 23, 0), minutes(100))
    film = item("film", local(evening, 27, 30), minutes(30))
    machine = Machine(
        tmp_path,
        replace(
            plan(
                council, film, filler=clips(400, 670),
                board=(replace(page(), shown_until=until),),
                policies=policies(block_runs(made, ZONE, since, until), SHORT),
            ),
            starts=since, ends=until,
        ),
        start=since,
    )  # fmt: skip
    machine.run_until(local(evening, 21, 10), most=300)
    machine.server.up = False
    machine.run_until(local(evening, 23, 20), most=300)
    machine.local(Verb.ADJOURN, cue=machine.on_air())
    machine.run_until(local(evening, 30, 0), most=300)
    machine.server.up = True
    machine.run_for(120)

    gaps = [row for row in machine.server.as_run() if row.item is None and row.ticks > 60]
    for which, hours, expected in (
        ("", (21, 22), {"Filler", "Bulletin"}),
        ("spots", (22, 27), {"File", "Bulletin"}),
        ("quiet", (27, 29), {"Bulletin"}),
        ("", (29, 30), {"Filler", "Bulletin"}),
    ):
        begin, end = (local(evening, hour, 0) for hour in hours)
        part = [row for row in gaps if begin <= row.planned_start < end]
        assert {row.policy for row in part} == {which}
        assert {row.title.split()[0] for row in part} == expected
        assert max(row.planned_end for row in part) <= end
    early = [row for row in gaps if local(evening, 23, 20) < row.start < local(evening, 24, 40)]
    assert {row.policy for row in early} == {"spots"} and len(early) > 3
    assert [row.outcome for row in machine.rows("film")] == [Outcome.AIRED]


def replaced(made: Block, **over: Any) -> Block:
    return replace(made, draft=replace(made.draft, **over))
