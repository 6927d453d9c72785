"""Rows of the schedule desk into values, and drafts into rows."""

from collections.abc import Sequence

from config.names import ChannelId
from scheduler.db import find_desk
from scheduler.db.store import Session
from scheduler.db.tables_desk import AnchorRow, BlockRow, CalendarRow
from scheduler.domain.anchors import Anchor, AnchorDraft
from scheduler.domain.blocks import Block, BlockDraft, Fill
from scheduler.domain.calendar import Calendar, CalendarDraft, Calendars
from scheduler.domain.names import AnchorId, AssetId, BlockId, CalendarId
from scheduler.domain.text import one_line


def calendar(row: CalendarRow) -> Calendar:
    """The calendar."""
    draft = CalendarDraft(row.name, row.text)
    return Calendar(CalendarId(row.id), draft, row.archived, row.version)


def fill_calendar(row: CalendarRow, draft: CalendarDraft) -> None:
    """Write what staff set, one tidy entry a line."""
    row.name = one_line(draft.name)
    lines = (one_line(line) for line in draft.text.splitlines())
    row.text = "\n".join(line for line in lines if line)


def calendars(session: Session) -> Calendars:
    """What every calendar in use says."""
    rows: Sequence[CalendarRow] = find_desk.calendars(session)
    return {CalendarId(row.id): row.text for row in rows}


def anchor(row: AnchorRow) -> Anchor:
    """The protected time."""
    draft = AnchorDraft(ChannelId(row.channel_id), row.at, row.day)
    return Anchor(AnchorId(row.id), draft, row.archived, row.version)


def block(row: BlockRow) -> Block:
    """The block."""
    draft = BlockDraft(
        channel=ChannelId(row.channel_id),
        name=row.name,
        weekdays=frozenset(int(day) for day in row.weekdays),
        at=row.at,
        until=row.until,
        first=row.first,
        last=row.last,
        fill=Fill(row.fill),
        assets=tuple(AssetId(id) for id in row.assets),
        no_repeat=row.no_repeat,
        opener=AssetId(row.opener_id) if row.opener_id else None,
        closer=AssetId(row.closer_id) if row.closer_id else None,
    )
    return Block(BlockId(row.id), draft, row.archived, row.version)


def fill_block(row: BlockRow, draft: BlockDraft) -> None:
    """Write what staff set."""
    row.channel_id = draft.channel
    row.name = one_line(draft.name)
    row.weekdays = "".join(str(day) for day in sorted(draft.weekdays))
    row.at, row.until = draft.at, draft.until
    row.first, row.last = draft.first, draft.last
    row.fill = draft.fill.value
    row.assets = list(draft.assets)
    row.no_repeat = draft.no_repeat
    row.opener_id = draft.opener
    row.closer_id = draft.closer
