"""The library as tables of titles read it, for the preview and for the change itself."""

from collections.abc import Sequence

from playout.timing.search import fold
from scheduler.db import find, load
from scheduler.db.search_index import first_details, station_zone
from scheduler.db.store import Session
from scheduler.db.tables.plan import StationRow
from scheduler.domain.library.details import Details
from scheduler.domain.library.sheet import read_sheet
from scheduler.domain.library.titles import Import, KnownFile, changes, match
from scheduler.domain.model.ids import STATION_KEY, ProgramId
from scheduler.domain.model.text import one_line


def weighed(session: Session, text: str) -> Import:
    """Return what a table would change. Raises SheetError."""
    fields = station_fields(session)
    sheet = read_sheet(text, fields)
    matched = match(sheet, files(session))
    known = known_details(session, [file.id for _, file in matched.rows])
    return changes(sheet, matched, known, programs_by_title(session), fields)


def files(session: Session) -> list[KnownFile]:
    """Return every file of the library, the newest first."""
    return [KnownFile(*row) for row in find.titles.asset_titles(session)]


def station_fields(session: Session) -> dict[str, str]:
    """Return the names of the station's fields by id, in its order."""
    row = session.get(StationRow, STATION_KEY)
    return {one.id: one.name for one in load.details.station_fields(row)}


def programs_by_title(session: Session) -> dict[str, ProgramId]:
    """Return the programs in use by their folded title; a title that several have is left out."""
    programs: dict[str, list[str]] = {}
    for row in find.plan.programs(session):
        programs.setdefault(fold(one_line(row.title)), []).append(row.id)
    return {title: ProgramId(ids[0]) for title, ids in programs.items() if len(ids) == 1}


def known_details(session: Session, ids: Sequence[str]) -> dict[str, Details]:
    """Return what is known of these files: what staff wrote, else what a recording brought."""
    zone = station_zone(session)
    rows = find.titles.details_of(session, ids)
    recordings = find.titles.recordings_of(session, [id for id in ids if id not in rows])
    return {
        id: load.details.details(rows[id])
        if id in rows
        else _untouched(load.details.details(first_details(recordings.get(id), zone)))
        for id in ids
    }


def _untouched(details: Details) -> Details:
    """Return details that nobody wrote: of version 0."""
    return Details(details.day, details.body, details.program)
