"""The library as a table: what is exported, and what a table would change."""

from datetime import datetime

from scheduler.changing.titles import files, known_details, station_fields, weighed
from scheduler.db import find
from scheduler.db.search_index import station_zone
from scheduler.db.store import Database
from scheduler.domain.library.search import Search
from scheduler.domain.library.sheet import OWN_COLUMNS, write_sheet
from scheduler.domain.library.titles import Import
from scheduler.domain.model.ids import ProgramId

MOST_EXPORTED = 100_000


def preview(db: Database, text: str) -> Import:
    """Return what a table would change. Raises SheetError."""
    with db.read() as session:
        return weighed(session, text)


def table(db: Database, search: Search, now: datetime) -> str:
    """Return the files that a search finds, in its order, as a table that can be brought back."""
    with db.read() as session:
        fields, zone = station_fields(session), station_zone(session)
        found = find.library.search(session, search, now, zone, most=MOST_EXPORTED)
        known = {file.id: file for file in files(session)}
        details = known_details(session, found.ids)
        titles = {row.id: row.title for row in find.plan.programs(session)}
        rows = []
        for file in (known[id] for id in found.ids if id in known):
            one = details[file.id]
            program = titles.get(one.program or ProgramId(""), "")
            day = one.day.isoformat() if one.day else ""
            own = (file.id, file.file, file.title, program, one.body, day)
            said = (", ".join(one.tags), one.notes, *(one.fields.get(id, "") for id in fields))
            rows.append((*own, *said))
    return write_sheet([*OWN_COLUMNS, *fields.values()], rows)


def program_titles(db: Database) -> dict[str, str]:
    """Return the title of every program by id, retired ones too."""
    with db.read() as session:
        both = (find.plan.programs(session, archived=archived) for archived in (False, True))
        return {row.id: row.title for rows in both for row in rows}
