"""Calendars, protected times, blocks and proposals, between rows and values."""

from collections.abc import Sequence
from typing import Any

from config.names import AiringId, ChannelId
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.desk import (
    AnchorRow,
    BlockRow,
    CalendarRow,
    FillerProposalRow,
    ProposalRow,
    SlideProposalRow,
)
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import (
    AnchorId,
    AssetId,
    BlockId,
    CalendarId,
    PersonId,
    ProposalId,
    SearchId,
    SlideId,
)
from scheduler.domain.model.proposal import (
    AiringProposal,
    FillerProposal,
    ProposalStage,
    SlideProposal,
)
from scheduler.domain.model.protected_times import Anchor, AnchorDraft
from scheduler.domain.model.text import one_line
from scheduler.domain.series.blocks import Block, BlockDraft, Fill
from scheduler.domain.series.calendar import Calendar, CalendarDraft, Calendars

AnyProposalRow = ProposalRow | SlideProposalRow | FillerProposalRow


def calendar(row: CalendarRow) -> Calendar:
    """Return the calendar."""
    draft = CalendarDraft(row.name, row.text)
    return Calendar(CalendarId(row.id), draft, row.archived, row.version)


def fill_calendar(row: CalendarRow, draft: CalendarDraft) -> None:
    """Write what staff set, with one tidy entry a line."""
    row.name = one_line(draft.name)
    lines = (one_line(line) for line in draft.text.splitlines())
    row.text = "\n".join(line for line in lines if line)


def calendars(session: Session) -> Calendars:
    """Return the text of every calendar in use, by id."""
    rows: Sequence[CalendarRow] = find.desk.calendars(session)
    return {CalendarId(row.id): row.text for row in rows}


def anchor(row: AnchorRow) -> Anchor:
    """Return the protected time."""
    draft = AnchorDraft(ChannelId(row.channel_id), row.at, row.day)
    return Anchor(AnchorId(row.id), draft, row.archived, row.version)


def block(row: BlockRow) -> Block:
    """Return the block."""
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
        searches=tuple(SearchId(id) for id in row.searches),
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
    row.searches = list(draft.searches)


def proposal(row: ProposalRow) -> AiringProposal:
    """Return the proposal."""
    return AiringProposal(
        draft=load.plan.draft(row, row.start, None),
        airing=AiringId(row.airing_id) if row.airing_id else None,
        **_asked(row),
    )


def slide_proposal(row: SlideProposalRow) -> SlideProposal:
    """Return the proposed bulletin."""
    return SlideProposal(
        draft=load.plan.slide_draft(row),
        slide=SlideId(row.slide_id) if row.slide_id else None,
        removes=row.removes,
        **_asked(row),
    )


def filler_proposal(row: FillerProposalRow, file: AssetRow) -> FillerProposal:
    """Return the proposed filler; `file` is its file."""
    return FillerProposal(
        channel=ChannelId(row.channel_id),
        asset=AssetId(row.asset_id),
        title=file.title,
        used=row.used,
        **_asked(row),
    )


def _asked(row: AnyProposalRow) -> dict[str, Any]:
    """Return who proposed it and what became of it."""
    return {
        "id": ProposalId(row.id),
        "by": PersonId(row.by_id),
        "by_name": row.by_name,
        "created": row.created,
        "stage": ProposalStage(row.stage),
        "reason": row.reason,
        "decided": row.decided,
        "decided_by": row.decided_by,
        "version": row.version,
    }


def fill_proposal(row: ProposalRow, draft: AiringDraft) -> None:
    """Write what was proposed, without the fields that only meetings and replays set."""
    load.plan.fill_rules(row, draft)
    row.start, row.end = draft.start, draft.start + draft.length
