"""The facts by which keeping judges files, read from the rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from media.captions.track import SUFFIX as CAPTIONS_SUFFIX
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.plan import AssetRow, ChannelRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.domain.library.keeping import (
    STANDARD_CLASSES,
    FileUse,
    GivenTo,
    KeepingFacts,
    KeepingVerdict,
    RetentionClass,
    UseKind,
    judge,
)
from scheduler.reading.channels import channels_in_use, zone_of


@dataclass(frozen=True)
class StoredBytes:
    """A file of the media store that belongs to a library entry."""

    key: str
    suffix: str


@dataclass(frozen=True)
class ClassList:
    """The retention classes of the station, retired ones too, by id."""

    by_id: Mapping[str, RetentionClass]

    @property
    def offered(self) -> tuple[RetentionClass, ...]:
        """The classes that can be chosen, the longest kept first."""
        return tuple(one for one in self.by_id.values() if not one.archived)

    def given_to(self, kind: GivenTo) -> RetentionClass | None:
        """Return the class that files of a kind have without anybody's choice."""
        return next((one for one in self.offered if one.given_to is kind), None)

    def of(self, row: AssetRow, *, is_recording: bool) -> RetentionClass | None:
        """Return the class of a file, chosen or given; None for none."""
        return self.of_kind(row.retention, is_recording=is_recording)

    def of_kind(self, chosen: str | None, *, is_recording: bool) -> RetentionClass | None:
        """Return the class of a file of which a person chose this one; None for no choice."""
        if chosen is not None and chosen in self.by_id:
            return self.by_id[chosen]
        return self.given_to(GivenTo.RECORDINGS if is_recording else GivenTo.UPLOADS)


def classes(session: Session) -> ClassList:
    """Return the standard classes as the station changed them, then its own."""
    known = {one.id: one for one in STANDARD_CLASSES}
    known |= {row.id: load.keeping.retention_class(row) for row in find.keeping.classes(session)}
    return ClassList(known)


def zone(session: Session) -> ZoneInfo:
    """Return the zone in which days of keeping are counted."""
    return zone_of(channels_in_use(session))


def bytes_of(session: Session, row: AssetRow) -> tuple[StoredBytes, ...]:
    """Return the stored files of a library entry: what airs, the original, its captions, its
    documents, and recordings of the same airing.
    """
    found: list[tuple[Any, Any]] = []
    if row.media:
        found.append((row.media.get("key"), row.media.get("suffix")))
    found.append((row.facts.get("key"), row.facts.get("suffix")))
    found.append((row.captions_key, CAPTIONS_SUFFIX))
    if row.caption_draft:
        found.append((row.caption_draft.get("key"), CAPTIONS_SUFFIX))
    found += [(one.key, one.suffix) for one in find.keeping.documents(session, row.id)]
    recording = session.get(RecordingRow, row.id)
    recording, suffix = session.get(RecordingRow, row.id), (row.media or {}).get("suffix")
    found += [(key, suffix) for key in (recording.others if recording else ())]
    named = {str(key): StoredBytes(str(key), str(suffix or "")) for key, suffix in found if key}
    return tuple(named.values())


def facts_of(session: Session, rows: Sequence[AssetRow], now: datetime) -> dict[str, KeepingFacts]:
    """Return the facts of these files, by id. The published plans are not looked through."""
    one = rows[0].id if len(rows) == 1 else None
    ids = [row.id for row in rows] if len(rows) < 500 else None
    known, recordings = classes(session), find.keeping.recorded_ids(session, ids)
    uses = find.uses.uses(session, now, one)
    holds: dict[str, list[str]] = {}
    for hold in find.keeping.open_holds(session, one):
        holds.setdefault(hold.asset_id, []).append(hold.reason)
    few = len(rows) < 500
    aired = find.keeping.last_aired(session, _keys(rows) if few else None)
    newer = find.keeping.newer_of_title(session, [row.title for row in rows] if few else None)
    return {
        row.id: KeepingFacts(
            came=row.uploaded,
            is_recording=row.id in recordings,
            retention=known.of(row, is_recording=row.id in recordings),
            last_aired=aired.get(row.key or ""),
            replaced=_after(newer.get(row.title.lower()), row.uploaded),
            holds=tuple(holds.get(row.id, ())),
            uses=tuple(uses.get(row.id, ())),
        )
        for row in rows
    }


def thorough_facts(session: Session, row: AssetRow, now: datetime) -> KeepingFacts:
    """Return the facts of one file, with the published plans that name its bytes.

    A plan may need bytes in a way that no row says, for it was published before a change.
    """
    facts = facts_of(session, [row], now)[row.id]
    channels = {
        channel
        for one in bytes_of(session, row)
        for channel in find.keeping.published_naming(session, one.key)
    }
    named = [session.get(ChannelRow, channel) for channel in sorted(channels)]
    published = [FileUse(UseKind.PUBLISHED, one.name) for one in named if one is not None]
    return replace(facts, uses=(*facts.uses, *published))


def judged(session: Session, facts: KeepingFacts, now: datetime) -> KeepingVerdict:
    """Return the verdict on one file on the day of `now`."""
    return judge(facts, today(session, now), zone(session))


def today(session: Session, now: datetime) -> date:
    """Return the station's local day."""
    return now.astimezone(zone(session)).date()


def _keys(rows: Iterable[AssetRow]) -> set[str]:
    return {row.key for row in rows if row.key}


def _after(newest: datetime | None, came: datetime) -> datetime | None:
    if newest is None:
        return None
    at = newest if newest.tzinfo else newest.replace(tzinfo=came.tzinfo)
    return at if at > came else None
