"""The files that saved searches find, as plans and pages need them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.names import AiringId
from playout.model.choosing import Candidate
from playout.model.search import AssetKind, SearchFacts
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.recordings import RecordingRow
from scheduler.db.tables.search import SearchEntryRow
from scheduler.domain.library.saved_search import (
    MOST_FOUND,
    SavedSearch,
    SearchPool,
    apart_from_the_moment,
    asks_when_aired,
    facts_of_live,
)
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import SearchId


def pools(
    session: Session, ids: Iterable[SearchId | None], starts: datetime, zone: ZoneInfo
) -> dict[SearchId, SearchPool]:
    """Return what these saved searches may find from `starts` on, by id. A removed one finds
    nothing.
    """
    rows = find.searches.by_id(session, ids)
    return {
        SearchId(id): _pool(session, load.searches.saved(row), starts, zone)
        for id, row in sorted(rows.items())
    }


def _pool(session: Session, saved: SavedSearch, starts: datetime, zone: ZoneInfo) -> SearchPool:
    if saved.archived:
        return SearchPool(saved)
    return pool_of(session, saved, starts, zone)


def pool_of(
    session: Session,
    saved: SavedSearch,
    starts: datetime,
    zone: ZoneInfo,
    most: int = MOST_FOUND,
) -> SearchPool:
    """Return what a saved search may find from `starts` on; files that cannot air are left out."""
    wider = apart_from_the_moment(saved.draft.search, starts, zone)
    may_air = find.searches.airs_by_itself()
    ids = find.library.first(session, wider, starts, zone, may_air, most)
    with_airings = asks_when_aired(saved.draft.search)
    found = candidates(session, ids, with_airings=with_airings)
    return SearchPool(saved, tuple(found))


def candidates(session: Session, ids: Iterable[str], *, with_airings: bool) -> Iterable[Candidate]:
    """Return these files as what a saved search may take, in the given order."""
    wanted = list(ids)
    rows = find.plan.assets_by_id(session, wanted)
    entries = find.library.entries(session, wanted)
    tags = find.searches.tags(session, wanted)
    recordings = find.recordings.of_assets(session, wanted)
    for id in wanted:
        if id in rows and id in entries:
            asset = load.plan.asset(rows[id])
            facts = _facts(asset, entries[id], tags.get(id, ()), with_airings=with_airings)
            one = _candidate(asset, facts, recordings.get(id))
            if one is not None:
                yield one


def _facts(
    asset: Asset, entry: SearchEntryRow, tags: Iterable[str], *, with_airings: bool
) -> SearchFacts:
    """Return what the index knows of a file. Its last airing would make a new plan after each, so
    it is left out where no search asks.
    """
    return SearchFacts(
        id=asset.id,
        title=asset.title,
        day=entry.day,
        added=entry.added,
        body=entry.body,
        program=entry.program_id,
        tags=tuple(tags),
        kind=AssetKind(entry.kind),
        length=entry.length or None,
        captioned=entry.captioned,
        last_aired=entry.last_aired if with_airings else None,
    )


def _candidate(
    asset: Asset, facts: SearchFacts, recording: RecordingRow | None
) -> Candidate | None:
    """Return a file as a saved search takes it; of a recording the meeting alone."""
    if asset.media is None or not asset.fit:
        return None
    if recording is None:
        return Candidate(asset.media, facts)
    media = replace(asset.media, length=recording.last) if recording.last else asset.media
    facts = replace(facts, length=media.length - recording.first)
    return Candidate(media, facts, recording.first, AiringId(recording.airing_id))


def facts_of_lives(
    session: Session, airings: Iterable[Airing], zone: ZoneInfo
) -> Mapping[AiringId, SearchFacts]:
    """Return what the recording of each live will be, for those that are recorded."""
    lives = [one for one in airings if one.draft.record and not one.cancelled]
    meetings = find.meetings.meetings_by_id(session, [one.draft.meeting for one in lives])
    programs = find.plan.programs_by_id(session, [one.draft.program for one in lives])
    facts = {}
    for one in lives:
        meeting, program = (
            meetings.get(one.draft.meeting or ""),
            programs.get(one.draft.program or ""),
        )
        body = meeting.body if meeting is not None else program.body if program is not None else ""
        facts[one.id] = facts_of_live(
            one.id, one.draft.title, one.start, zone, body, one.draft.program or ""
        )
    return facts
