"""Queries of what needs a file of the library: plans, programs, filler, blocks, bulletins.

Each row of another table that refers to a file is listed here with the condition under which it
still needs the file. A test compares the list with the foreign keys of the database.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, null, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scheduler.db.store import Session
from scheduler.db.tables.desk import BlockRow, ProposalRow, SlideProposalRow
from scheduler.db.tables.meetings import BodyRow, MeetingRow, MeetingSeriesRow
from scheduler.db.tables.plan import (
    AiringRow,
    AssetRow,
    ChannelRow,
    FillerRow,
    JobRow,
    ProgramRow,
    SeriesRow,
    SlideRow,
)
from scheduler.db.tables.recordings import RecordingRow
from scheduler.domain.library.keeping import FileUse, UseKind

OVER_AFTER = timedelta(hours=1)
"""An airing needs its file until this long after its planned end: it may have begun late."""
MEETING_OVER_AFTER = timedelta(days=2)
Uses = dict[str, list[FileUse]]
NOT_A_USE = frozenset(
    {
        *("hold.asset_id", "disposal_item.asset_id", "let_go.asset_id"),
        *("filler_proposal.asset_id", "asset_details.asset_id", "document.asset_id"),
        "caption_correction.asset_id",
    }
)
"""References that need no bytes: keeping's own, proposals that deletion declines, and what is known
of a file, which goes with it."""


def uses(session: Session, now: datetime, asset: str | None = None) -> Uses:
    """Return what needs each file at `now`, by id; of one file where it is named."""
    found: Uses = defaultdict(list)
    for column, kind, name, at, needs in references(now):
        question = select(column, name, at if at is not None else null())
        question = question.where(column.is_not(None), *needs)
        if asset is not None:
            question = question.where(column == asset)
        for id, named, when in session.execute(question):
            found[str(id)].append(FileUse(kind, named, when))
    for id, use in _listed(session):
        if asset in (None, id):
            found[id].append(use)
    return found


Reference = tuple[
    InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    UseKind,
    InstrumentedAttribute[str],
    InstrumentedAttribute[datetime] | None,
    tuple[ColumnElement[bool], ...],
]


def references(now: datetime) -> Iterator[Reference]:
    """Yield each reference to a file: its column, what it is, its name and time, and when it is
    one that counts.
    """
    over, met = now - OVER_AFTER, now - MEETING_OVER_AFTER
    airs = (AiringRow.end > over, AiringRow.cancelled.is_(False))
    yield AiringRow.asset_id, UseKind.AIRING, AiringRow.title, AiringRow.start, airs
    yield AiringRow.substitute_id, UseKind.SUBSTITUTE, AiringRow.title, AiringRow.start, airs
    asked = (ProposalRow.stage == "open", ProposalRow.end > over)
    yield ProposalRow.asset_id, UseKind.PROPOSAL, ProposalRow.title, ProposalRow.start, asked
    goes_on = (SeriesRow.ended.is_(False),)
    yield SeriesRow.asset_id, UseKind.SERIES, SeriesRow.name, None, goes_on
    used = (ProgramRow.archived.is_(False),)
    yield ProgramRow.asset_id, UseKind.PROGRAM, ProgramRow.title, None, used
    fills = (FillerRow.used.is_(True), FillerRow.channel_id == ChannelRow.id)
    yield FillerRow.asset_id, UseKind.FILLER, ChannelRow.name, None, fills
    runs = (BlockRow.archived.is_(False),)
    yield BlockRow.opener_id, UseKind.BLOCK, BlockRow.name, None, runs
    yield BlockRow.closer_id, UseKind.BLOCK, BlockRow.name, None, runs
    yield from _elsewhere(over, met)


def _elsewhere(over: datetime, met: datetime) -> Iterator[Reference]:
    """Yield those of bulletins, meetings, recordings and jobs."""
    shown = (SlideRow.removed.is_(False), SlideRow.shown_until > over)
    yield SlideRow.picture_id, UseKind.BULLETIN, SlideRow.heading, None, shown
    page = (SlideProposalRow.stage == "open",)
    yield SlideProposalRow.picture_id, UseKind.BULLETIN, SlideProposalRow.heading, None, page
    meets = (MeetingRow.cancelled.is_(False), MeetingRow.start > met)
    yield MeetingRow.substitute_id, UseKind.SUBSTITUTE, MeetingRow.title, MeetingRow.start, meets
    body = (BodyRow.archived.is_(False),)
    yield BodyRow.substitute_id, UseKind.SUBSTITUTE, BodyRow.body, None, body
    plan = (MeetingSeriesRow.ended.is_(False),)
    yield MeetingSeriesRow.substitute_id, UseKind.SUBSTITUTE, MeetingSeriesRow.title, None, plan
    away = (RecordingRow.here.is_(None),)
    yield RecordingRow.asset_id, UseKind.AWAY, RecordingRow.place, None, away
    again = aliased(AiringRow)
    replays = (
        again.replay_of == RecordingRow.airing_id, again.end > over, again.cancelled.is_(False),
    )  # fmt: skip
    yield RecordingRow.asset_id, UseKind.REPLAY, again.title, again.start, replays
    cut = aliased(AssetRow)
    yield cut.cut_of, UseKind.CUT, cut.title, None, (cut.state != "gone",)
    open_job = (JobRow.state.in_(["waiting", "working"]),)
    yield JobRow.asset_id, UseKind.JOB, JobRow.step, None, open_job


def _listed(session: Session) -> Iterator[tuple[str, FileUse]]:
    """Yield the files that stand in the list of a block or a series."""
    for block in session.scalars(select(BlockRow).where(BlockRow.archived.is_(False))):
        for id in block.assets:
            yield id, FileUse(UseKind.BLOCK, block.name)
    for series in session.scalars(select(SeriesRow).where(SeriesRow.ended.is_(False))):
        for id in series.episodes:
            yield id, FileUse(UseKind.SERIES, series.name)
