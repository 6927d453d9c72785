"""Airings with everything that pages show beside them, read in a fixed number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from config.names import AiringId, AssetKey, ChannelId
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.plan import AiringRow, ChannelRow, SeriesRow
from scheduler.domain.air.choosing import choice_light
from scheduler.domain.air.readiness import (
    UTC_ZONE,
    AiringView,
    ChannelFacts,
    Light,
    light,
    return_light,
)
from scheduler.domain.library.recorded import RecordedAsset
from scheduler.domain.library.returning import ReturnOutlook
from scheduler.domain.meetings.meeting import Meeting
from scheduler.domain.meetings.replay_light import replay_light
from scheduler.domain.model.airing import Airing
from scheduler.domain.series.recurrence import in_words
from scheduler.reading.choosing import chosen
from scheduler.reading.host_state import recent_status
from scheduler.reading.returning import outlooks


def known(
    session: Session,
    channel: ChannelId,
    sources: Iterable[str | None],
    resting: Mapping[AssetKey, ReturnOutlook],
    now: datetime,
) -> ChannelFacts:
    """Return which of these sources exist, and what the channel's host reports missing or open,
    beside the files that rest in the archive.
    """
    status = recent_status(session, channel, now)
    return ChannelFacts(
        sources=frozenset(find.meetings.sources_by_id(session, sources)),
        missing=frozenset(status.missing) if status else frozenset(),
        resting=resting,
        zone=_zone(session, channel),
        open={one.source: one for one in status.sources} if status else None,
    )


def airing_views(
    session: Session, rows: Sequence[AiringRow], now: datetime
) -> tuple[AiringView, ...]:
    """Return each airing with its readiness light, program, file and series, in the given order."""
    airings = [load.plan.airing(row) for row in rows]
    files = find.plan.assets_by_id(session, (row.asset_id for row in rows))
    assets = {id: load.plan.asset(row) for id, row in files.items()}
    programs = find.plan.programs_by_id(session, (row.program_id for row in rows))
    replays = _replays(session, rows)
    taken = chosen(session, airings, now)
    named = [row.key for row in files.values()] + [key for _, key in replays.recorded.values()]
    named += [one.media.key for one in taken.values() if one.media is not None]
    known_by = _known_by(session, rows, named, now)
    words = _series_words(session, airings)
    views = []
    for airing in airings:
        asset = assets.get(airing.draft.asset) if airing.draft.asset else None
        program = programs.get(airing.draft.program) if airing.draft.program else None
        facts, of = known_by[airing.channel], airing.draft.replay_of
        color, why = light(airing, asset, now, facts)
        if airing.draft.search:
            color, why = choice_light(airing, taken.get(airing.id), now, facts)
        elif of is not None and asset is None and airing.end > now and not airing.cancelled:
            color, why = replays.light(airing, of, now, facts)
        views.append(
            AiringView(
                airing=airing,
                readiness=color,
                why=why,
                program_title=program.title if program else "",
                asset=asset,
                series_words=words.get(airing.series or "", ""),
                series_id=airing.series,
            )
        )
    return tuple(views)


@dataclass(frozen=True)
class _Replays:
    """The facts of airings that show the recording of another, by the airing that they show."""

    originals: Mapping[AiringId, Airing]
    meetings: Mapping[str, Meeting]
    recorded: Mapping[AiringId, tuple[RecordedAsset, str]]
    """With the key of the file."""

    def light(
        self, airing: Airing, of: AiringId, now: datetime, known: ChannelFacts
    ) -> tuple[Light, str]:
        """Return the light of one of them that has no file of its own."""
        shows = self.originals.get(of)
        meeting = self.meetings.get(shows.draft.meeting) if shows and shows.draft.meeting else None
        made, key = self.recorded.get(of, (None, ""))
        if made is not None and key in known.resting:
            return return_light(known.resting[AssetKey(key)], airing.start, now, known.zone)
        lacks = key in known.missing
        return replay_light(airing, shows, meeting, now, made, is_missing=lacks)


def _replays(session: Session, rows: Sequence[AiringRow]) -> _Replays:
    return _Replays(*_shown(session, rows), _recordings(session, rows))


def _known_by(
    session: Session, rows: Sequence[AiringRow], keys: Collection[str | None], now: datetime
) -> dict[ChannelId, ChannelFacts]:
    """Return the facts of each channel of these airings, whose files have these keys."""
    wanted, rests = [row.source for row in rows if row.end > now], outlooks(session, keys, now)
    slugs = {ChannelId(row.channel_id) for row in rows}
    return {slug: known(session, slug, wanted, rests, now) for slug in slugs}


def _zone(session: Session, channel: ChannelId) -> ZoneInfo:
    row = session.get(ChannelRow, channel)
    return ZoneInfo(row.zone) if row is not None else UTC_ZONE


def _shown(
    session: Session, rows: Sequence[AiringRow]
) -> tuple[dict[AiringId, Airing], dict[str, Meeting]]:
    """Return the airings that these replays show, and their meetings, by id."""
    shown = find.plan.airings_by_id(session, (row.replay_of for row in rows))
    told_of = find.meetings.meetings_by_id(session, (row.meeting_id for row in shown.values()))
    originals = {AiringId(id): load.plan.airing(row) for id, row in shown.items()}
    return originals, {id: load.meetings.meeting(row) for id, row in told_of.items()}


def _series_words(session: Session, airings: Iterable[Airing]) -> dict[str, str]:
    """Return the rule of each series of these airings, in words."""
    rows = {id: session.get(SeriesRow, id) for id in {one.series for one in airings} if id}
    return {
        id: in_words(load.plan.series(row).draft.rule) if row is not None else ""
        for id, row in rows.items()
    }


def _recordings(
    session: Session, rows: Sequence[AiringRow]
) -> dict[AiringId, tuple[RecordedAsset, str]]:
    """Return the recordings that these replays show, each with the key of its file."""
    found = find.recordings.of_airings(session, (row.replay_of for row in rows))
    files = find.plan.assets_by_id(session, (row.asset_id for row in found.values()))
    return {
        AiringId(airing): (load.recordings.recorded(row), files[row.asset_id].key or "")
        for airing, row in found.items()
    }
