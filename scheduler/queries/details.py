"""The knowledge about one file: its details, its documents, when it airs, and its doubles."""

from dataclasses import dataclass, replace
from datetime import datetime

from config.names import AiringId, ChannelId, CueId
from playout.model.cue_ids import shows
from playout.model.plan import Outcome
from scheduler.db import find, load
from scheduler.db.search_index import first_details, station_zone
from scheduler.db.store import Database, Session
from scheduler.db.tables.details import DetailsRow, DocumentRow
from scheduler.db.tables.house import AsRunRow
from scheduler.db.tables.plan import AssetRow, ProgramRow, StationRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.domain.air.readiness import AiringView
from scheduler.domain.library.details import Details, Document, DocumentId, StationField
from scheduler.domain.model.ids import STATION_KEY, AssetId
from scheduler.reading.airing_views import airing_views
from scheduler.refusals import Missing

MOST_AIRINGS = 12
MOST_LOOKED_AT = 200
"""Airings of a file's bytes among which those of the file itself, or of a cut, are looked for."""
MOST_NAMES = 200


@dataclass(frozen=True)
class Twin:
    """Another file of the library with the same content."""

    id: AssetId
    title: str


@dataclass(frozen=True)
class KnownOfFile:
    """All that the page of a file says beside its picture."""

    details: Details
    program: str
    """Title of its program; empty for none."""
    documents: tuple[Document, ...]
    twins: tuple[Twin, ...]


@dataclass(frozen=True)
class NamesInUse:
    """Names that forms suggest while somebody types."""

    bodies: tuple[str, ...]
    tags: tuple[str, ...]
    """The commonest first."""


@dataclass(frozen=True)
class TimeOnAir:
    """A time at which a file was seen on air, planned by name or chosen to fill."""

    channel: ChannelId
    start: datetime
    end: datetime
    outcome: Outcome
    airing: AiringId | None
    """None where a block or a gap chose it."""


@dataclass(frozen=True)
class AirTimes:
    """The times at which a file airs and has aired."""

    coming: tuple[AiringView, ...]
    """Planned by name, by start."""
    past: tuple[TimeOnAir, ...]
    """The latest first."""


def details(db: Database, asset: AssetId) -> KnownOfFile:
    """Return what is known of a file. Raises Missing."""
    with db.read() as session:
        if session.get(AssetRow, asset) is None:
            raise Missing("file")
        known = _details(session, asset)
        program = session.get(ProgramRow, known.program) if known.program else None
        documents = tuple(map(load.details.document, find.library.documents(session, asset)))
        title = program.title if program is not None else ""
        return KnownOfFile(known, title, documents, _twins(session, asset))


def twins(db: Database, asset: AssetId) -> tuple[Twin, ...]:
    """Return the other files of the library with the same content."""
    with db.read() as session:
        return _twins(session, asset)


def air_times(db: Database, asset: AssetId, now: datetime) -> AirTimes:
    """Return when a file airs next and has aired, at most a dozen of each."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        coming = find.plan.airings_of_file(session, asset, now, MOST_AIRINGS)
        media = load.plan.asset(row).media if row is not None else None
        past: list[AsRunRow] = []
        if media is not None:
            seen = find.keeping.seen_on_air(session, [media.key], MOST_LOOKED_AT)
            past = [one for one in seen if shows(CueId(one.cue), media.material)][:MOST_AIRINGS]
        return AirTimes(airing_views(session, coming, now), tuple(map(_seen, past)))


def document(db: Database, asset: AssetId, document: DocumentId) -> Document:
    """Return a document of a file. Raises Missing."""
    with db.read() as session:
        row = session.get(DocumentRow, document)
        if row is None or row.asset_id != asset or row.removed:
            raise Missing("document")
        return load.details.document(row)


def fields(db: Database) -> tuple[StationField, ...]:
    """Return the fields that the station adds to its files, in its order."""
    with db.read() as session:
        return load.details.station_fields(session.get(StationRow, STATION_KEY))


def names_in_use(db: Database) -> NamesInUse:
    """Return the bodies and tags that files have, and the bodies of the station."""
    with db.read() as session:
        own = [row.body for row in find.bodies.bodies(session)]
        bodies = dict.fromkeys([*own, *find.library.bodies(session, MOST_NAMES)])
        tags = tuple(tag for tag, _ in find.library.tags(session, MOST_NAMES))
        return NamesInUse(tuple(bodies), tags)


def _details(session: Session, asset: AssetId) -> Details:
    """Return what staff wrote, else what a recording brought, with version 0."""
    row = session.get(DetailsRow, asset)
    if row is not None:
        return load.details.details(row)
    recording = session.get(RecordingRow, asset)
    first = load.details.details(first_details(recording, station_zone(session)))
    return replace(first, version=0)


def _twins(session: Session, asset: AssetId) -> tuple[Twin, ...]:
    ids = find.library.same_content(session, asset)
    rows = find.plan.assets_by_id(session, ids)
    return tuple(Twin(AssetId(id), rows[id].title) for id in ids if id in rows)


def _seen(row: AsRunRow) -> TimeOnAir:
    airing = AiringId(row.airing_id) if row.airing_id else None
    outcome = Outcome(row.outcome)
    return TimeOnAir(ChannelId(row.channel_id), row.start, row.end, outcome, airing)
