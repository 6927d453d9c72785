"""Programming blocks: what each is, and what it will play next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import Revision
from playout.model.plan import ContentKind, Item
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.desk import BlockRow
from scheduler.domain.air.build_plan import Snapshot, build_plan, searched
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import BlockId
from scheduler.domain.series.blocks import (
    Block,
    BlockDraft,
    block_of,
    block_runs,
    files_of,
    in_words,
)
from scheduler.domain.series.gap_policies import EmptyBlock, empty_blocks
from scheduler.reading.snapshot import read_channel, snapshot
from scheduler.refusals import Missing

BLOCKS_SHOWN_AHEAD = timedelta(days=8)


@dataclass(frozen=True)
class BlockCard:
    """A block with its rule in words, its files, and what it plays next."""

    block: Block
    words: str
    files: tuple[Asset, ...]
    """The files it is filled from, in order."""
    next: tuple[Item, ...]
    """What it plays the next time it airs, today's included."""
    empty: EmptyBlock | None = None
    """When, within eight days, it has nothing to fill gaps with; None for never."""


@dataclass(frozen=True)
class BlockDay:
    """One coming airing of a block, as it would be under a draft."""

    start: datetime
    end: datetime
    word: str
    """`new`, `no longer`, or empty for an airing that stays."""
    programs: int
    around: tuple[str, ...]
    """Titles of airings planned inside it, which it flows around."""
    zone: ZoneInfo
    left: str = ""
    """The name of the channel that loses it, where the block moves to another."""


def would_air(
    db: Database, draft: BlockDraft, now: datetime, block: BlockId | None = None
) -> tuple[BlockDay, ...]:
    """Return the airings of the next eight days if the block were `draft`, with those it would
    lose.

    A block that moves to another channel loses all of its days on the one it leaves.
    """
    ends = now + BLOCKS_SHOWN_AHEAD
    with db.read() as session:
        row = session.get(BlockRow, block) if block else None
        before = [load.desk.block(row)] if row is not None and not row.archived else []
        typed = Block(block or BlockId("typed"), draft, False, 0)
        read = snapshot(session, draft.channel, now, ends, typed)
        goes = bool(before) and before[0].draft.channel != draft.channel
        old = read_channel(session, before[0].draft.channel) if goes else None
    tz, items = read.channel.tz, build_plan(read, now, ends, now, Revision(0)).items
    stood = old.channel if old is not None else read.channel
    was = {(one.start, one.end) for one in block_runs(before, stood.tz, now, ends)}
    will = {(one.start, one.end) for one in block_runs([typed], tz, now, ends)}
    if goes:
        days = [_gone(span, stood.tz, stood.name) for span in was]
        days += [_day(span, False, typed, items, tz) for span in will]
    else:
        days = [_gone(span, tz) for span in was - will]
        days += [_day(span, span in was, typed, items, tz) for span in will]
    return tuple(sorted(days, key=lambda one: (one.start, one.end, not one.left)))


def _gone(span: tuple[datetime, datetime], zone: ZoneInfo, left: str = "") -> BlockDay:
    return BlockDay(*span, "no longer", 0, (), zone, left)


def _day(
    span: tuple[datetime, datetime],
    was: bool,
    typed: Block,
    items: Sequence[Item],
    zone: ZoneInfo,
) -> BlockDay:
    inside = [one for one in items if one.start < span[1] and one.start + one.length > span[0]]
    mine = [one for one in inside if block_of(one.id) == typed.id and one.kind is ContentKind.FILE]
    named = dict.fromkeys(one.title for one in inside if one.airing is not None)
    return BlockDay(*span, "" if was else "new", len(mine), tuple(named), zone)


def cards(db: Database) -> tuple[BlockCard, ...]:
    """Return every block in use, by name."""
    with db.read() as session:
        return tuple(_card(session, row) for row in find.desk.blocks(session))


def card(db: Database, block: BlockId, now: datetime) -> BlockCard:
    """Return one block with what it plays next. Raises Missing."""
    with db.read() as session:
        row = session.get(BlockRow, block)
        if row is None:
            raise Missing("block")
        return _card(session, row, now)


def _card(session: Session, row: BlockRow, now: datetime | None = None) -> BlockCard:
    block = load.desk.block(row)
    rows = find.plan.assets_by_id(session, files_of(block))
    files = tuple(load.plan.asset(rows[id]) for id in block.draft.assets if id in rows)
    if now is None or block.archived:
        return BlockCard(block, in_words(block.draft), files, ())
    read = snapshot(session, block.draft.channel, now, now + BLOCKS_SHOWN_AHEAD)
    wanted = block_runs(read.blocks, read.channel.tz, now, now + BLOCKS_SHOWN_AHEAD)
    bare = [
        one
        for one in empty_blocks(wanted, read.assets, read.slides, searched(read, now))
        if one.block.id == block.id
    ]
    first = min(bare, key=lambda one: one.start, default=None)
    return BlockCard(block, in_words(block.draft), files, _next(read, block, now), first)


def _next(read: Snapshot, block: Block, now: datetime) -> tuple[Item, ...]:
    ends = now + BLOCKS_SHOWN_AHEAD
    items = build_plan(read, now, ends, now, Revision(0)).items
    mine = [item for item in items if block_of(item.id) == block.id]
    ahead = [item for item in mine if item.start + item.length > now]
    if not ahead:
        return ()
    until = ahead[0].start + timedelta(days=1)
    return tuple(item for item in ahead if item.start < until)
