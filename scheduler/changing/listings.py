"""The lines that viewers read of programming blocks, kept in step with what aired and what is
expected.

A block fills itself, so its programs have no airing of their own in any calendar. This module turns
what was seen and what the broadcast machine expects into lines with lasting ids.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from config.names import AssetKey, ChannelId, ItemId
from config.webaddress import usable
from playout.model.rundown import Rundown
from scheduler.db import find, listings, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.house import AsRunRow
from scheduler.db.tables.plan import AssetRow, ProgramRow
from scheduler.domain.model.ids import AssetId, BlockId
from scheduler.domain.model.text import clean, one_line
from scheduler.domain.reported.listings import (
    PROGRAM_LASTS_AT_LEAST,
    BlockPiece,
    Listing,
    ListingWords,
    PublishedListing,
    changed_listings,
    compose,
    expected,
)
from scheduler.domain.series.block_filling import time_shares
from scheduler.domain.series.blocks import Block, BlockRun, Fill, block_of, block_runs, files_of
from scheduler.reading.host_state import forecast
from scheduler.reading.snapshot import read_channel

CORRECTED_FOR = timedelta(days=2)
"""Lines of the last two days are still corrected by what aired."""
PAGE_LOOKS_BACK = timedelta(hours=3)
"""A page looks back this far, for it shows the present and the future."""
FEED_REACHES = timedelta(days=15)
"""The lineup feed reaches two weeks ahead; a day is to spare."""
PROGRAMS_NAMED_WITHIN = timedelta(hours=35)
"""A block's airing is listed program by program once it ends within this time, because the
broadcast machine's expected rundown reaches so far. Further ahead only the block is listed."""
AIRS_FILES = frozenset({Fill.ROTATION, Fill.ORDERED})


def update_all_lines(db: Database, now: datetime) -> None:
    """Bring the lines of every channel up to date."""
    with db.read() as session:
        used = [ChannelId(row.id) for row, _ in find.plan.channels(session)]
    for channel in used:
        update_lines(db, channel, now)


def update_lines(db: Database, channel: ChannelId, now: datetime) -> int:
    """Store the lines of a channel that changed and return how many. Only the scheduler process
    calls it.
    """
    with db.read() as session:
        known = listings.lines(session, channel, now - CORRECTED_FOR)
        changed = _changed(session, channel, known, now, patient=True)
    # Two sessions are safe here: no other process writes lines.
    if changed:
        with db.write() as session:
            listings.keep(session, channel, changed)
    return len(changed)


def current_lines(
    session: Session, channel: ChannelId, now: datetime, rundown: Rundown
) -> tuple[PublishedListing, ...]:
    """Return the lines for a page, which shows a change at once, under the ids that subscribers
    have.
    """
    known = listings.lines(session, channel, now - PAGE_LOOKS_BACK)
    by_id = {line.id: line for line in known}
    changed = _changed(session, channel, known, now, rundown, patient=False)
    by_id |= {line.id: line for line in changed}
    return tuple(line for line in by_id.values() if not line.gone)


def _changed(
    session: Session,
    channel: ChannelId,
    known: Sequence[PublishedListing],
    now: datetime,
    rundown: Rundown | None = None,
    *,
    patient: bool,
) -> tuple[PublishedListing, ...]:
    blocks = [load.desk.block(row) for row in find.desk.blocks(session, channel)]
    if not known and not any(block.draft.fill in AIRS_FILES for block in blocks):
        return ()
    rundown = rundown or forecast(session, channel, now).rundown
    since = min((line.start for line in known), default=now) - PAGE_LOOKS_BACK
    rows = find.house.as_run(session, channel, since, now)
    account = max((row.end for row in rows), default=None)
    lined = _Channel(session, channel, blocks, known, since, now)
    wanted = lined.wanted(rows, account, rundown)
    return changed_listings(known, wanted, account, now, patient=patient)


class _Channel:
    """The blocks of a channel with everything that says what they air and what it is called."""

    def __init__(
        self,
        session: Session,
        channel: ChannelId,
        blocks: Sequence[Block],
        known: Sequence[PublishedListing],
        since: datetime,
        now: datetime,
    ) -> None:
        self.session, self.channel, self.now = session, channel, now
        self.rows = _assets(session, blocks)
        self.files = {id: load.plan.asset(row) for id, row in self.rows.items()}
        read = read_channel(session, channel)
        timed = [block for block in blocks if block.draft.fill is not Fill.GAPS]
        self.stretches = (
            block_runs(timed, read.channel.tz, since, now + FEED_REACHES) if read else []
        )
        # A retired block is still named in the lines of what it aired.
        self.names = {line.block: line.words.title for line in known if not line.what}
        self.names |= {block.id: one_line(block.draft.name) for block in blocks}

    def wanted(
        self, rows: Sequence[AsRunRow], account: datetime | None, rundown: Rundown
    ) -> list[Listing]:
        """Return the lines as they should be: seen, expected, and further ahead by the block's
        name.
        """
        until = min(rundown.ends, self.now + PROGRAMS_NAMED_WITHIN)
        near = [one for one in self.stretches if one.end <= until]
        coming = expected(rundown, account, self.now)
        pieces = [*_seen(rows), *(piece for piece in coming if _within(piece, near))]
        begins: dict[BlockId, list[datetime]] = {}
        for one in self.stretches:
            begins.setdefault(one.block.id, []).append(one.start)
        lengths = {one.media.key: one.media.length for one in self.files.values() if one.media}
        blind = (account, rundown.starts) if account and account < rundown.starts else None
        words = _words(self.session, {row.key: row for row in self.rows.values() if row.key})
        named = compose(pieces, self.names, lengths, words, begins, blind)
        return [*named, *self._by_name(until)]

    def _by_name(self, until: datetime) -> list[Listing]:
        """Return the free time of block airings that end after `until`, without their single
        programs.
        """
        ahead_of_us = [one for one in self.stretches if one.end > self.now]
        if all(one.end <= until for one in ahead_of_us):
            return []
        planned = find.plan.airings(self.session, self.channel, self.now, self.now + FEED_REACHES)
        free = time_shares(ahead_of_us, [(row.start, row.end) for row in planned])
        return [
            Listing(one.block.id, "", ListingWords(self.names[one.block.id]), start, end)
            for one, spans in free.items()
            if one.end > until and one.block.draft.fill in AIRS_FILES and self._has_files(one.block)
            for start, end in spans
            if end - start >= PROGRAM_LASTS_AT_LEAST
        ]

    def _has_files(self, block: Block) -> bool:
        return any(self.files[id].fit for id in block.draft.assets if id in self.files)


def _seen(rows: Iterable[AsRunRow]) -> Iterator[BlockPiece]:
    for row in rows:
        item = ItemId(row.item or "")
        if row.ticks and block_of(item):
            key = AssetKey(row.asset) if row.asset else None
            yield BlockPiece(item, key, one_line(row.title), row.start, row.end)


def _within(piece: BlockPiece, near: Iterable[BlockRun]) -> bool:
    return any(one.block.id == piece.block and one.start <= piece.start < one.end for one in near)


def _assets(session: Session, blocks: Iterable[Block]) -> dict[AssetId, AssetRow]:
    named = find.plan.assets_by_id(session, (id for block in blocks for id in files_of(block)))
    return {AssetId(id): row for id, row in named.items()}


def _words(session: Session, keys: Mapping[str, AssetRow]) -> dict[AssetKey, ListingWords]:
    """Return the title and texts of each file that has a program."""
    by_asset: dict[str, ProgramRow] = {}
    for one in find.plan.programs_of_assets(session, (row.id for row in keys.values())):
        by_asset.setdefault(one.asset_id or "", one)
    return {
        AssetKey(key): ListingWords(
            one_line(program.title),
            clean(program.summary),
            one_line(program.category),
            usable(program.link),
        )
        for key, row in keys.items()
        if (program := by_asset.get(row.id)) is not None
    }
