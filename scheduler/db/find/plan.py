"""Queries of the plan: channels, airings, series, programs, files, bulletins and filler."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select, update

from config.names import ChannelId
from playout.model.plan import Outcome
from scheduler.db.store import Session
from scheduler.db.tables.plan import (
    AiringRow,
    AssetRow,
    ChannelRow,
    FillerRow,
    PlanVersionRow,
    ProgramRow,
    SeriesRow,
    SlideRow,
)


def channels(session: Session) -> Sequence[tuple[ChannelRow, int]]:
    """Return every channel in use with its plan version, by slug."""
    question = (
        select(ChannelRow, PlanVersionRow.number)
        .join(PlanVersionRow, PlanVersionRow.channel_id == ChannelRow.id)
        .where(ChannelRow.retired.is_(False))
        .order_by(ChannelRow.id)
    )
    return [(row, number) for row, number in session.execute(question)]


def plan_versions(session: Session) -> dict[str, int]:
    """Return the plan version of each channel."""
    return {row.channel_id: row.number for row in session.scalars(select(PlanVersionRow))}


def plan_number(session: Session, channel: ChannelId) -> int:
    """Return the channel's plan version, counting what this transaction has done."""
    question = select(PlanVersionRow.number).where(PlanVersionRow.channel_id == channel)
    return session.scalars(question).one_or_none() or 0


def bump(session: Session, channels: Iterable[str]) -> None:
    """Count each channel's plan version up by one."""
    for channel in sorted(channels):
        session.execute(
            update(PlanVersionRow)
            .where(PlanVersionRow.channel_id == channel)
            .values(number=PlanVersionRow.number + 1)
        )


def airings(
    session: Session,
    channel: ChannelId | None,
    since: datetime,
    until: datetime,
    *,
    cancelled: bool = False,
    live_only: bool = False,
) -> Sequence[AiringRow]:
    """Return the airings that touch [since, until), by start; cancelled ones only on request."""
    question = select(AiringRow).where(AiringRow.start < until, AiringRow.end > since)
    if channel is not None:
        question = question.where(AiringRow.channel_id == channel)
    if not cancelled:
        question = question.where(AiringRow.cancelled.is_(False))
    if live_only:
        question = question.where(AiringRow.source.is_not(None))
    return session.scalars(question.order_by(AiringRow.start, AiringRow.id)).all()


def airings_of_series(session: Session, series: str, since: datetime) -> Sequence[AiringRow]:
    """Return the airings of a series from `since` on, cancelled ones too, locked for change."""
    question = select(AiringRow).where(AiringRow.series_id == series, AiringRow.start >= since)
    return session.scalars(question.order_by(AiringRow.start).with_for_update()).all()


def last_of_series(
    session: Session, series: str, files: Sequence[str], before: datetime | None
) -> str | None:
    """Return the file, of `files`, that the series' latest airing plays; with `before`, the latest
    until then.

    Airings that were cancelled or that viewers did not see are ignored.
    """
    question = select(AiringRow.asset_id).where(
        AiringRow.series_id == series,
        AiringRow.asset_id.in_(list(files)),
        AiringRow.cancelled.is_(False),
        or_(AiringRow.outcome.is_(None), AiringRow.outcome != Outcome.MISSED.value),
    )
    if before is not None:
        question = question.where(AiringRow.start < before)
    return session.scalars(question.order_by(AiringRow.start.desc()).limit(1)).first()


def airing_of_day(session: Session, series: str, day: date) -> AiringRow | None:
    """Return the airing that a series made for one local day."""
    question = select(AiringRow).where(AiringRow.series_id == series, AiringRow.series_day == day)
    return session.scalars(question).one_or_none()


def airings_with(
    session: Session, *, program: str | None = None, asset: str | None = None, since: datetime
) -> Sequence[AiringRow]:
    """Return the airings of a program or file that end after `since`, by start."""
    question = select(AiringRow).where(AiringRow.end > since, AiringRow.cancelled.is_(False))
    if program is not None:
        question = question.where(AiringRow.program_id == program)
    if asset is not None:
        question = question.where(AiringRow.asset_id == asset)
    return session.scalars(question.order_by(AiringRow.start)).all()


def airings_of_file(
    session: Session, asset: str, since: datetime, most: int
) -> Sequence[AiringRow]:
    """Return the airings that end after `since` and air this file, as their own or as that of
    their program, by start.
    """
    of_program = select(ProgramRow.id).where(ProgramRow.asset_id == asset)
    by_program = and_(AiringRow.asset_id.is_(None), AiringRow.program_id.in_(of_program))
    question = select(AiringRow).where(
        AiringRow.end > since,
        AiringRow.cancelled.is_(False),
        or_(AiringRow.asset_id == asset, by_program),
    )
    return session.scalars(question.order_by(AiringRow.start).limit(most)).all()


def airing_of(session: Session, channel: ChannelId, id: str | None) -> AiringRow | None:
    """Return an airing of this channel; None for one of another channel too."""
    row = session.get(AiringRow, id) if id else None
    return row if row is not None and row.channel_id == channel else None


def unjudged(session: Session, channel: ChannelId, until: datetime) -> Sequence[AiringRow]:
    """Return the newest hundred airings that ended before `until` without an outcome."""
    question = select(AiringRow).where(
        AiringRow.channel_id == channel,
        AiringRow.end < until,
        AiringRow.cancelled.is_(False),
        AiringRow.outcome.is_(None),
    )
    return session.scalars(question.order_by(AiringRow.start.desc()).limit(100)).all()


def programs_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, ProgramRow]:
    """Return the named programs, by id."""
    named = {id for id in ids if id}
    rows = session.scalars(select(ProgramRow).where(ProgramRow.id.in_(named)))
    return {row.id: row for row in rows}


def programs_of_assets(session: Session, assets: Iterable[str]) -> Sequence[ProgramRow]:
    """Return the programs in use that play one of these files, by title."""
    question = select(ProgramRow).where(
        ProgramRow.asset_id.in_(set(assets)), ProgramRow.archived.is_(False)
    )
    return session.scalars(question.order_by(func.lower(ProgramRow.title), ProgramRow.id)).all()


def airings_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, AiringRow]:
    """Return the named airings, by id."""
    named = {id for id in ids if id}
    if not named:
        return {}
    rows = session.scalars(select(AiringRow).where(AiringRow.id.in_(named)))
    return {row.id: row for row in rows}


def assets_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, AssetRow]:
    """Return the named files of the library, by id."""
    named = {id for id in ids if id}
    rows = session.scalars(select(AssetRow).where(AssetRow.id.in_(named)))
    return {row.id: row for row in rows}


def programs(session: Session, *, archived: bool = False) -> Sequence[ProgramRow]:
    """Return every program, by title."""
    question = select(ProgramRow).where(ProgramRow.archived.is_(archived))
    return session.scalars(question.order_by(func.lower(ProgramRow.title), ProgramRow.id)).all()


def assets(session: Session, *, archived: bool = False) -> Sequence[AssetRow]:
    """Return every file of the library, the newest first."""
    question = select(AssetRow).where(AssetRow.archived.is_(archived))
    return session.scalars(question.order_by(AssetRow.uploaded.desc(), AssetRow.id)).all()


def asset_names(session: Session, stems: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Return id and original name of the files of the library whose name holds one of these stems,
    in small letters; the newest first. A few others may be among them.
    """
    name = func.lower(AssetRow.original_name)
    question = select(AssetRow.id, AssetRow.original_name).where(
        AssetRow.archived.is_(False),
        AssetRow.cut_of.is_(None),
        or_(*(name.like(_holding(stem), escape="/") for stem in stems)),
    )
    rows = session.execute(question.order_by(AssetRow.uploaded.desc(), AssetRow.id))
    return [(row.id, row.original_name) for row in rows]


def _holding(stem: str) -> str:
    """Return the pattern of names that hold a stem. SQLite makes small letters of ASCII alone, so
    any letters may stand in place of others.
    """
    safe = ("/" + one if one in "%_/" else one if one.isascii() else "%" for one in stem)
    return f"%{''.join(safe)}%"


def has_captions(session: Session, key: str) -> bool:
    """Return whether captions of this key air with a file of the library."""
    question = select(AssetRow.id).where(AssetRow.captions_key == key).limit(1)
    return session.scalars(question).first() is not None


def asset_by_key(session: Session, key: str) -> AssetRow | None:
    """Return the first file of the library whose airing bytes have this key; a cut of it only
    where there is nothing else.
    """
    question = select(AssetRow).where(AssetRow.key == key)
    whole_first = AssetRow.cut_of.is_not(None)
    return session.scalars(question.order_by(whole_first, AssetRow.uploaded).limit(1)).first()


def cuts_of(session: Session, asset: str, *, archived: bool = False) -> Sequence[AssetRow]:
    """Return the cuts of a file, the oldest first; `archived` adds those that were retired."""
    question = select(AssetRow).where(AssetRow.cut_of == asset)
    if not archived:
        question = question.where(AssetRow.archived.is_(False))
    return session.scalars(question.order_by(AssetRow.uploaded, AssetRow.id)).all()


def asset_of_content(session: Session, content: str) -> AssetRow | None:
    """Return a file of the library, not retired, that came or airs with these bytes."""
    came = AssetRow.facts["key"].as_string() == content
    question = select(AssetRow).where(
        or_(AssetRow.key == content, came), AssetRow.archived.is_(False), AssetRow.state == "ready"
    )
    return session.scalars(question.limit(1)).first()


def series(session: Session, *, ended: bool = False) -> Sequence[SeriesRow]:
    """Return every series, by name."""
    question = select(SeriesRow).where(SeriesRow.ended.is_(ended))
    return session.scalars(question.order_by(func.lower(SeriesRow.name), SeriesRow.id)).all()


def slides(session: Session, channel: ChannelId | None = None) -> Sequence[SlideRow]:
    """Return the bulletins in order; with a channel, its own and those of every channel."""
    question = select(SlideRow).where(SlideRow.removed.is_(False))
    if channel is not None:
        question = question.where(
            or_(SlideRow.channel_id == channel, SlideRow.channel_id.is_(None))
        )
    return session.scalars(question.order_by(SlideRow.position, SlideRow.id)).all()


def filler(session: Session, channel: ChannelId) -> Sequence[AssetRow]:
    """Return the files that may fill gaps of the channel, by title."""
    question = (
        select(AssetRow)
        .join(FillerRow, FillerRow.asset_id == AssetRow.id)
        .where(FillerRow.channel_id == channel, FillerRow.used.is_(True))
    )
    return session.scalars(question.order_by(AssetRow.title, AssetRow.id)).all()


def filler_of_asset(session: Session, asset: str) -> Sequence[str]:
    """Return the channels whose gaps the file may fill."""
    return filled_by(session, [asset]).get(asset, ())


def filled_by(session: Session, assets: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return, by file, the channels whose gaps it may fill; of those that fill some."""
    question = select(FillerRow.asset_id, FillerRow.channel_id).where(
        FillerRow.asset_id.in_(assets), FillerRow.used.is_(True)
    )
    found: dict[str, Sequence[str]] = {}
    for asset, channel in session.execute(question.order_by(FillerRow.channel_id)):
        found[asset] = [*found.get(asset, ()), channel]
    return found
