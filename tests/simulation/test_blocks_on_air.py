"""Blocks on the broadcast machine: each file at its instant, whatever runs over comes first."""

from datetime import date, time, timedelta
from pathlib import Path

from support.broadcast import Machine
from support.plans import at, clips, item, minutes, page, plan
from support.rows import asset

from config.names import ChannelId
from playout.engine.waist import Layer
from playout.rundown import Kind, Outcome
from scheduler.domain.blocks import Block, BlockDraft, Fill, fill, stretches
from scheduler.domain.channel import Channel
from scheduler.domain.names import AssetId, BlockId

FILES = {AssetId(n): asset(n, minutes=m) for n, m in (("a", 7), ("b", 11), ("c", 9))}


def block(name: str, begin: str, end: str, mode: Fill) -> Block:
    draft = BlockDraft(
        channel=ChannelId("ch13"), name=name, weekdays=frozenset(range(7)),
        at=time.fromisoformat(begin), until=time.fromisoformat(end), first=date(2026, 11, 1),
        fill=mode, assets=tuple(FILES), no_repeat=timedelta(0),
    )  # fmt: skip
    return Block(BlockId(name), draft, False, 1)


def test_a_block_airs_to_the_tick_round_what_is_planned(tmp_path: Path) -> None:
    hearing = item("hearing", at("9:30"), minutes(20))
    utc = Channel(ChannelId("ch13"), "13", "UTC", "", "", "", "", minutes(0), False, 1, 1)
    made = [
        block("films", "09:00", "10:30", Fill.ROTATION),
        block("n", "10:30", "11:00", Fill.BULLETINS),
    ]
    wanted = stretches(made, utc.tz, at("8:00"), at("12:00"))
    busy = [(hearing.start, hearing.start + hearing.length)]
    items = fill(wanted, busy, FILES, {}, {})
    machine = Machine(
        tmp_path,
        plan(hearing, *items, filler=clips(30, 50), board=(page(),)),
        start=at("8:50"),
    )
    machine.run_until(at("11:10"), most=300)
    assert {one.kind for one in items} == {Kind.FILE, Kind.BOARD}
    for one in (hearing, *items):
        layer = Layer.BOARD if one.kind is Kind.BOARD else Layer.DECK
        own = [f for f in machine.facts() if (f.cue or "").startswith(f"{one.id}@")]
        (fact, *_) = [f for f in own if f.layer is layer]
        assert abs(fact.start - one.start) < timedelta(milliseconds=40), one.id
        assert [row.outcome for row in machine.rows(one.id)] == [Outcome.AIRED], one.id
