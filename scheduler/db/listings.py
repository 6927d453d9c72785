"""Rows of what viewers were told of programming blocks, read and written as values."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    Select,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from config.names import ChannelId
from config.webaddress import usable
from scheduler.db.store import Session
from scheduler.db.tables.desk import ListingRow
from scheduler.db.tables.house import HeardRow, RetoldRow
from scheduler.db.tables.plan import ChannelRow, PlanVersionRow
from scheduler.domain.model.ids import BlockId
from scheduler.domain.reported.listings import ListingWords, PublishedListing


def _of_one(question: Select[Any], column: InstrumentedAttribute[str]) -> ScalarSelect[Any]:
    return question.where(column == bindparam("channel")).scalar_subquery()


_PAGE_MARK = select(
    select(func.sum(PlanVersionRow.number)).scalar_subquery(),
    select(func.count(ChannelRow.id)).where(ChannelRow.retired.is_(False)).scalar_subquery(),
    _of_one(select(func.sum(ListingRow.count + 1)), ListingRow.channel_id),
    _of_one(select(func.max(ListingRow.at)), ListingRow.channel_id),
    _of_one(select(func.sum(RetoldRow.count)), RetoldRow.channel_id),
    _of_one(select(HeardRow.at), HeardRow.channel_id),
).where(exists().where(ChannelRow.id == bindparam("channel"), ChannelRow.retired.is_(False)))
"""Built once. It runs for each viewer, and building it takes longer than running it."""


def lines(
    session: Session, channel: ChannelId, since: datetime, until: datetime | None = None
) -> tuple[PublishedListing, ...]:
    """Return every line that touches [since, until), withdrawn ones too, by start."""
    question = select(ListingRow).where(ListingRow.channel_id == channel, ListingRow.end > since)
    if until is not None:
        question = question.where(ListingRow.start < until)
    rows: Sequence[ListingRow] = session.scalars(
        question.order_by(ListingRow.start, ListingRow.id)
    ).all()
    return tuple(_line(row) for row in rows)


def newest_change(session: Session, channel: ChannelId) -> tuple[int, datetime | None]:
    """Return a value that changes whenever a line of the channel changes."""
    question = select(func.sum(ListingRow.count + 1), func.max(ListingRow.at))
    count, at = session.execute(question.where(ListingRow.channel_id == channel)).one()
    return int(count or 0), at


def page_mark(session: Session, channel: ChannelId) -> tuple[object, ...] | None:
    """Return everything a channel's public page depends on, as numbers and instants; None if
    unknown.
    """
    row = session.execute(_PAGE_MARK, {"channel": channel}).first()
    return None if row is None else tuple(row)


def keep(session: Session, channel: ChannelId, changed: Iterable[PublishedListing]) -> None:
    """Store lines as viewers read them from now on."""
    for line in changed:
        row = session.get(ListingRow, line.id)
        if row is None:
            row = ListingRow(id=line.id, channel_id=channel, block_id=line.block, what=line.what)
            session.add(row)
        row.title, row.summary = line.words.title, line.words.summary
        row.category, row.link = line.words.category, line.words.link
        row.start, row.end = line.start, line.end
        row.count, row.at, row.gone = max(line.count, row.count or 0), line.at, line.gone


def restamp(session: Session, channel: ChannelId, since: datetime, at: datetime) -> None:
    """Renew the stamp of every line that ends after `since`, as after a new channel name."""
    session.execute(
        update(ListingRow)
        .where(ListingRow.channel_id == channel, ListingRow.end > since)
        .values(count=ListingRow.count + 1, at=at.replace(microsecond=0))
    )


def _line(row: ListingRow) -> PublishedListing:
    words = ListingWords(row.title, row.summary, row.category, usable(row.link))
    block = BlockId(row.block_id)
    return PublishedListing(
        row.id, block, row.what, words, row.start, row.end, row.count, row.at, row.gone
    )
