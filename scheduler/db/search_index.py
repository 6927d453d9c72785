"""The index that makes the library quick to search, kept in the transaction that changes a file.

A session that writes notes which files its rows belong to, and writes their entries before it
commits, so an undo, a restore or an import needs to know nothing of it. What the index holds can be
made again (`rebuild`): after a restore into another database, or when it was lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from config.names import CueId
from playout.model.cue_ids import shows
from playout.model.plan import Media
from playout.model.search import AssetKind
from playout.timing.search import fold, words_of
from scheduler.db.search_words import search_words
from scheduler.db.tables.details import DetailsRow, DocumentRow
from scheduler.db.tables.house import AsRunRow
from scheduler.db.tables.plan import AssetRow, ChannelRow, ProgramRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.db.tables.search import (
    LONGEST_FOLDED,
    SearchCaptionsRow,
    SearchEntryRow,
    SearchTagRow,
)
from scheduler.domain.model.asset import AssetState

_MEDIA = TypeAdapter(Media)
_NOTED = "gavel_search"
FILES_AT_ONCE = 200
OF_A_FILE = frozenset({"asset_details", "document", "recording"})
"""Tables whose rows say with `asset_id` which file they belong to."""


@dataclass
class _Noted:
    """The changes of a session that the index must follow."""

    assets: set[str] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)
    aired: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """The end of the last time on air of each file, by its key and the cue."""


def follow(maker: "sessionmaker[Session]") -> None:
    """Let every session of this maker keep the index."""
    event.listen(maker, "after_flush", _note)
    event.listen(maker, "before_commit", _write)


def rebuild(session: Session) -> int:
    """Make the whole index again, except the words of caption tracks; return the files in it."""
    words = search_words(session.get_bind().dialect.name)
    words.create(session)
    session.execute(delete(SearchTagRow))
    words.drop(session, session.scalars(select(SearchEntryRow.number)).all())
    session.execute(delete(SearchEntryRow))
    ids = session.scalars(select(AssetRow.id)).all()
    for at in range(0, len(ids), FILES_AT_ONCE):
        index(session, ids[at : at + FILES_AT_ONCE])
        session.expunge_all()
    return len(ids)


def is_whole(session: Session) -> bool:
    """Return whether every file has its entry, and no entry is without a file."""
    files, entries, both = (
        session.scalar(question) or 0
        for question in (
            select(func.count(AssetRow.id)),
            select(func.count(SearchEntryRow.number)),
            select(func.count(SearchEntryRow.number)).join(
                AssetRow, AssetRow.id == SearchEntryRow.asset_id
            ),
        )
    )
    return files == entries == both


def index(session: Session, assets: Iterable[str]) -> None:
    """Write the entries of these files as their rows are now; drop those of files that are gone."""
    ids = sorted(set(assets))
    for at in range(0, len(ids), FILES_AT_ONCE):
        _index_some(session, ids[at : at + FILES_AT_ONCE])


def _index_some(session: Session, ids: Sequence[str]) -> None:
    words = search_words(session.get_bind().dialect.name)
    rows = {row.id: row for row in session.scalars(select(AssetRow).where(AssetRow.id.in_(ids)))}
    entries = select(SearchEntryRow).where(SearchEntryRow.asset_id.in_(ids))
    stored = {entry.asset_id: entry for entry in session.scalars(entries)}
    gone = [entry for id, entry in stored.items() if id not in rows]
    words.drop(session, [entry.number for entry in gone])
    for entry in gone:
        session.delete(entry)
    session.execute(delete(SearchTagRow).where(SearchTagRow.asset_id.in_(ids)))
    read = _Read.of(session, list(rows.values()))
    for id, row in rows.items():
        entry = stored.setdefault(id, SearchEntryRow(asset_id=id))
        session.add(entry)
        read.fill(entry, row)
    session.flush()
    for id, row in rows.items():
        words.put(session, stored[id].number, read.about(row), read.said(row))
        session.add_all(read.tags(id))
    session.flush()


def station_zone(session: Session) -> ZoneInfo:
    """Return the zone of the first channel, in which days of the library are counted."""
    zone = session.scalars(
        select(ChannelRow.zone).where(ChannelRow.retired.is_(False)).order_by(ChannelRow.id)
    ).first()
    return ZoneInfo(zone) if zone else ZoneInfo("UTC")


def first_details(recording: RecordingRow | None, zone: ZoneInfo) -> DetailsRow:
    """Return the details of a file to which nobody wrote any: those that a recording brings."""
    row = DetailsRow(body="", tags=[], notes="", fields={})
    if recording is not None:
        row.day = recording.began.astimezone(zone).date()
        row.body, row.program_id = recording.body, recording.program_id
    return row


class _Read:
    """The facts of some files, read with one question for each kind."""

    def __init__(self) -> None:
        self.details: dict[str, DetailsRow] = {}
        self.recordings: dict[str, RecordingRow] = {}
        self.documents: dict[str, list[str]] = {}
        self.programs: dict[str, str] = {}
        self.captions: dict[str, str] = {}
        self.aired: dict[str, datetime] = {}
        self.zone = ZoneInfo("UTC")

    @classmethod
    def of(cls, session: Session, rows: Sequence[AssetRow]) -> "_Read":
        """Read what is known of these files."""
        read, ids = cls(), [row.id for row in rows]
        details = select(DetailsRow).where(DetailsRow.asset_id.in_(ids))
        read.details = {one.asset_id: one for one in session.scalars(details)}
        read.zone = station_zone(session)
        recordings = select(RecordingRow).where(RecordingRow.asset_id.in_(ids))
        read.recordings = {one.asset_id: one for one in session.scalars(recordings)}
        for id, recording in read.recordings.items():
            read.details.setdefault(id, first_details(recording, read.zone))
        names = select(DocumentRow.asset_id, DocumentRow.name).where(
            DocumentRow.asset_id.in_(ids), DocumentRow.removed.is_(False)
        )
        for id, name in session.execute(names):
            read.documents.setdefault(id, []).append(name)
        linked = {one.program_id for one in read.details.values() if one.program_id}
        titles = select(ProgramRow.id, ProgramRow.title).where(ProgramRow.id.in_(linked))
        read.programs = {str(id): str(title) for id, title in session.execute(titles)}
        tracks = set(map(_captions_key, rows)) - {""}
        texts = select(SearchCaptionsRow.key, SearchCaptionsRow.folded)
        for key, folded in session.execute(texts.where(SearchCaptionsRow.key.in_(tracks))):
            read.captions[key] = folded
        read.aired = _last_aired(session, rows)
        return read

    def fill(self, entry: SearchEntryRow, row: AssetRow) -> None:
        """Write the narrow fields of a file."""
        details = self.details.get(row.id)
        media = _MEDIA.validate_python(row.media) if row.media else None
        entry.key = row.key or ""
        entry.original_key = str(row.facts.get("key", ""))[:64]
        entry.captions_key = _captions_key(row)
        entry.archived = row.archived
        entry.fit = media is not None and row.state == AssetState.READY.value
        entry.still = media is not None and media.is_still
        entry.kind = self._kind(row).value
        entry.day = self._day(row, details)
        entry.added = row.uploaded
        entry.title = fold(row.title)[:LONGEST_FOLDED]
        entry.length = media.length if media is not None else timedelta(0)
        entry.captioned = bool(row.captions_key)
        entry.body = fold(details.body)[:LONGEST_FOLDED] if details else ""
        entry.program_id = (details.program_id or "") if details else ""
        entry.last_aired = self.aired.get(row.id)

    def _kind(self, row: AssetRow) -> AssetKind:
        if row.cut_of is not None:
            return AssetKind.CUT
        return AssetKind.RECORDING if row.id in self.recordings else AssetKind.UPLOAD

    def about(self, row: AssetRow) -> str:
        """Return the folded words of all that is written about a file."""
        details = self.details.get(row.id)
        parts = [row.title, row.original_name, row.summary, *self.documents.get(row.id, ())]
        if details is not None:
            program = self.programs.get(details.program_id or "", "")
            parts += [details.body, details.notes, program, *details.tags]
            parts += map(str, details.fields.values())
        return " ".join(words_of(" \n ".join(map(str, parts))))

    def said(self, row: AssetRow) -> str:
        """Return the folded words of its captions."""
        return self.captions.get(_captions_key(row), "").replace("\n", " ")

    def tags(self, id: str) -> list[SearchTagRow]:
        """Return its tags."""
        details = self.details.get(id)
        shown = {fold(str(tag)): str(tag) for tag in details.tags} if details else {}
        return [
            SearchTagRow(tag=tag[:160], asset_id=id, shown=name[:40]) for tag, name in shown.items()
        ]

    def _day(self, row: AssetRow, details: DetailsRow | None) -> date:
        if details is not None and details.day is not None:
            return details.day
        return row.uploaded.astimezone(self.zone).date()


def _captions_key(row: AssetRow) -> str:
    """Return the track whose words are searched: those that air, else those a machine wrote."""
    draft = row.caption_draft or {}
    return row.captions_key or str(draft.get("key", ""))[:64]


def _last_aired(session: Session, rows: Sequence[AssetRow]) -> dict[str, datetime]:
    """Return the end of the last time on air of each file, by its id.

    As-run names bytes, which a file shares with its cuts; for those the cue tells which it was.
    """
    keys = {row.key for row in rows if row.key}
    shared = set(
        session.scalars(
            select(AssetRow.key).where(AssetRow.key.in_(keys), AssetRow.cut_of.is_not(None))
        )
    )
    aired = AsRunRow.ticks > 0, AsRunRow.counts.is_(True)
    ends = select(AsRunRow.asset, func.max(AsRunRow.end)).group_by(AsRunRow.asset)
    plain = session.execute(ends.where(AsRunRow.asset.in_(keys - shared), *aired))
    last = {str(key): end for key, end in plain}
    cues = select(AsRunRow.asset, AsRunRow.cue, AsRunRow.end)
    known = [*session.execute(cues.where(AsRunRow.asset.in_(shared), *aired))]
    found = {row.id: last[row.key] for row in rows if row.key in last}
    for row in rows:
        own = [end for key, cue, end in known if key == row.key and _is_of(cue, row)]
        found |= {row.id: max(own)} if own else {}
    return found


def _is_of(cue: str, row: AssetRow) -> bool:
    """Tell whether a cue with the bytes of a file may have shown it, and not another cut."""
    return row.media is None or shows(CueId(cue), _MEDIA.validate_python(row.media).material)


def _note_airings(session: Session, aired: Mapping[tuple[str, str], datetime]) -> None:
    """Write into the entries of files that they aired."""
    entries = (
        select(SearchEntryRow, AssetRow)
        .join(AssetRow, AssetRow.id == SearchEntryRow.asset_id)
        .where(SearchEntryRow.key.in_({key for key, _ in aired}))
    )
    for entry, row in session.execute(entries):
        own = [end for (key, cue), end in aired.items() if key == entry.key and _is_of(cue, row)]
        if own:
            entry.last_aired = max([*own, *([entry.last_aired] if entry.last_aired else [])])


def _note(session: Session, _context: Any) -> None:
    """Note what the rows of a flush belong to."""
    noted: _Noted = session.info.setdefault(_NOTED, _Noted())
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, AssetRow):
            noted.assets.add(row.id)
        elif isinstance(row, ProgramRow):
            noted.programs.add(row.id)
        elif isinstance(row, AsRunRow) and row.asset and row.ticks > 0 and row.counts:
            noted.aired[row.asset, row.cue] = row.end
        elif getattr(row, "__tablename__", "") in OF_A_FILE:
            noted.assets.add(row.asset_id)


def _write(session: Session) -> None:
    """Write the entries of what was noted, in the transaction that is about to end."""
    session.flush()
    noted: _Noted = session.info.pop(_NOTED, _Noted())
    if noted.programs:
        linked = select(DetailsRow.asset_id).where(DetailsRow.program_id.in_(noted.programs))
        noted.assets.update(session.scalars(linked))
    if noted.aired:
        _note_airings(session, noted.aired)
    if noted.assets:
        index(session, noted.assets)
    session.info.pop(_NOTED, None)
