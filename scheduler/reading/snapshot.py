"""The snapshot of a channel that plans, previews and pages are made from, read at one instant."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from config.names import AiringId, AssetKey, ChannelId, CueId
from config.times import Hours
from media.speech.names import names_of
from playout.model.cue_ids import shows
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.meetings import SourceRow
from scheduler.db.tables.plan import AssetRow, ChannelRow, PlanVersionRow, StationRow
from scheduler.domain.air.announced import ANNOUNCED_AHEAD, announced
from scheduler.domain.air.build_plan import PLAN_REACHES_BACK, FileSpan, RecordedFile, Snapshot
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import STATION_KEY, AssetId, SearchId
from scheduler.domain.model.slide import Slide
from scheduler.domain.series.blocks import Block, files_of
from scheduler.reading.searches import facts_of_lives, pools
from scheduler.refusals import Missing

RECORDINGS_KNOWN_FOR = timedelta(days=90)
"""How long a broadcast machine remembers its own recordings."""
AIRED_LOOKED_BACK = timedelta(days=60)
"""The longest no-repeat time of a block: as-run is read from this far back."""


def read_channel(session: Session, channel: ChannelId) -> Snapshot | None:
    """Return the channel alone, without airings; None where it does not exist."""
    row = session.get(ChannelRow, channel)
    if row is None:
        return None
    version = session.get(PlanVersionRow, channel)
    return Snapshot(load.plan.channel(row, version.number if version else 0), (), {}, (), ())


def snapshot(
    session: Session,
    channel: ChannelId,
    since: datetime,
    until: datetime,
    instead: Block | None = None,
) -> Snapshot:
    """Return everything about the channel in [since, until). Raises Missing.

    `instead` is a block as if it were stored: it replaces the block of its id, or joins the others.
    """
    bare = read_channel(session, channel)
    if bare is None:
        raise Missing("channel")
    airings = tuple(
        load.plan.airing(row) for row in find.plan.airings(session, channel, since, until)
    )
    blocks = tuple(load.desk.block(row) for row in find.desk.blocks(session, channel))
    slides = tuple(load.plan.slide(row) for row in find.plan.slides(session, channel))
    if instead is not None:
        blocks = (*(one for one in blocks if one.id != instead.id), instead)
    assets = find.plan.assets_by_id(session, _files(airings, blocks, slides))
    sources = _sources(session, airings)
    return Snapshot(
        channel=bare.channel,
        airings=airings,
        assets={asset.id: asset for asset in map(load.plan.asset, assets.values())},
        filler=tuple(load.plan.asset(row) for row in find.plan.filler(session, channel)),
        slides=slides,
        sources=tuple(load.meetings.source(sources[id]) for id in sorted(sources)),
        anchors=tuple(load.desk.anchor(row) for row in find.desk.anchors(session, channel)),
        blocks=blocks,
        aired=_aired(session, channel, blocks, assets, since),
        graphics=load.graphics.channel_graphics(session, channel),
        crawls=tuple(load.graphics.crawl(row) for row in find.graphics.crawls(session, channel)),
        twelve_hours=_twelve_hours(session),
        recorded=recorded_files(session, airings),
        spans=_spans(session, assets),
        **_searched(session, bare.channel, airings, blocks, since),
    )


def _sources(session: Session, airings: Iterable[Airing]) -> dict[str, SourceRow]:
    """Return the sources in use, and those that lives of these airings name."""
    live = {airing.draft.source for airing in airings if airing.draft.source}
    sources = {row.id: row for row in find.meetings.sources(session)}
    return sources | dict(find.meetings.sources_by_id(session, live - set(sources)))


def _spans(session: Session, assets: Iterable[str]) -> dict[AssetId, FileSpan]:
    """Return the in and out point of each of these files that is a recording."""
    rows = find.recordings.of_assets(session, assets)
    return {AssetId(id): (row.first, row.last) for id, row in rows.items()}


def recorded_files(session: Session, airings: Iterable[Airing]) -> dict[AiringId, RecordedFile]:
    """Return the recordings that these replays show, by the airing that was recorded."""
    shown = {one.draft.replay_of for one in airings if one.draft.asset is None}
    rows = find.recordings.of_airings(session, shown)
    files = find.plan.assets_by_id(session, (row.asset_id for row in rows.values()))
    assets = {id: load.plan.asset(file) for id, file in files.items()}
    return {
        AiringId(airing): RecordedFile(replace(asset.media, length=row.last), row.first)
        for airing, row in rows.items()
        if (asset := assets[row.asset_id]).fit and asset.media is not None
    }


def _searched(
    session: Session,
    channel: Channel,
    airings: tuple[Airing, ...],
    blocks: tuple[Block, ...],
    since: datetime,
) -> dict[str, Any]:
    """Return what the saved searches find that these name, and what lives will be to them."""
    filler = tuple(map(SearchId, find.searches.filler(session, channel.id)))
    named = {one.draft.search for one in airings} | {*filler}
    named |= {id for block in blocks for id in block.draft.searches}
    known = find.recordings.known_airings(session, channel.id, since - RECORDINGS_KNOWN_FOR)
    return {
        "pools": pools(session, named, since, channel.tz),
        "filler_searches": filler,
        "facts": facts_of_lives(session, airings, channel.tz),
        "decided": tuple(map(AiringId, known)) if any(named) else (),
    }


def _files(
    airings: tuple[Airing, ...], blocks: tuple[Block, ...], slides: tuple[Slide, ...]
) -> list[AssetId | None]:
    """Return every file of the library that these name."""
    named = [id for airing in airings for id in (airing.draft.asset, airing.draft.substitute)]
    named += [id for block in blocks for id in files_of(block)]
    return named + [slide.draft.picture for slide in slides]


def _twelve_hours(session: Session) -> bool:
    row = session.get(StationRow, STATION_KEY)
    return row is None or row.hours == Hours.TWELVE.value


def with_announcements(session: Session, read: Snapshot, starts: datetime) -> Snapshot:
    """Return the snapshot with what only a published plan needs: the station's look, hours and
    names for captions, and what viewers may know of the days from `starts` on.
    """
    until = starts + PLAN_REACHES_BACK + ANNOUNCED_AHEAD
    rows = find.plan.airings(session, read.channel.id, starts, until, cancelled=True)
    meetings = find.meetings.meetings_by_id(session, [row.meeting_id for row in rows])
    station = session.get(StationRow, STATION_KEY)
    return replace(
        read,
        look=load.look.look(station),
        hours=Hours(station.hours) if station is not None else Hours.TWELVE,
        caption_names=names_of(station.caption_names) if station is not None else (),
        announced=announced(
            map(load.plan.airing, rows),
            {
                AiringId(row.id): load.meetings.meeting(meetings[row.meeting_id])
                for row in rows
                if row.meeting_id in meetings
            },
        ),
    )


def _aired(
    session: Session,
    channel: ChannelId,
    blocks: tuple[Block, ...],
    assets: Mapping[str, AssetRow],
    since: datetime,
) -> dict[AssetKey, list[datetime]]:
    """Return when the files of the blocks aired, as far back as the longest no-repeat time, by
    `Media.material`.

    As-run names bytes, which cuts of one recording share; the cue says which of them it was. Where
    it does not, as for filler, the airing counts for each.
    """
    rows = (assets.get(id) for block in blocks for id in files_of(block) if id)
    materials: dict[str, set[AssetKey]] = {}
    for row in rows:
        media = load.plan.asset(row).media if row is not None else None
        if media is not None:
            materials.setdefault(media.key, set()).add(media.material)
    times: dict[AssetKey, list[datetime]] = {}
    aired = find.desk.aired(session, channel, materials, since - AIRED_LOOKED_BACK)
    for key, cue, at in aired if materials else ():
        for material in materials[key]:
            if shows(CueId(cue), material):
                times.setdefault(material, []).append(at)
    return times
