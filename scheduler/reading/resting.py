"""The facts by which files rest in the archive, read from the rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.domain.library.copies import SERVER, Copy
from scheduler.domain.library.keeping import FileUse
from scheduler.domain.library.resting import STAYS_AHEAD, needed_within, why_not_rest
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind
from scheduler.reading import keeping

_OWN_TABLES = ("asset", "recording", "job", "search_entry")
"""Tables that name the bytes of a file of the library, which is asked what needs it instead."""
_SAME_LANE = frozenset({JobKind.REST, JobKind.ARCHIVE})
"""Kinds of job that are never done beside one that lets a file rest."""


def why_it_stays(session: Session, key: str, now: datetime, after: timedelta) -> str:
    """Return why the server keeps these bytes, as a sentence; empty where they may rest.

    Every file of the library with these bytes is judged, so also each cut of it.
    """
    ids = find.library.naming(session, key)
    files = list(find.plan.assets_by_id(session, ids).values())
    if not files or any(row.state != "ready" or row.deleted is not None for row in files):
        return "It is not a file that may air."
    if find.keeping.is_named(session, key, beside=_OWN_TABLES):
        return "It is used outside the library."
    if find.jobs.has_open_job(session, ids, apart_from=_SAME_LANE):
        return "Work on it is not done."
    uses: list[FileUse] = []
    for row in files:
        uses += keeping.thorough_facts(session, row, now).uses
    places = [load.recordings.copy(row) for row in find.recordings.copies(session, [key])]
    aired = find.keeping.last_aired(session, {key}).get(key)
    needed = max([*(row.uploaded for row in files), *_known(aired, places)])
    return why_not_rest(places, uses, needed, now, after)


def unneeded(
    session: Session, files: Sequence[tuple[datetime, AssetId, str]], now: datetime
) -> Iterator[AssetId]:
    """Yield those of these files (time, id, key) that no row needs soon, nor a cut of them."""
    uses = find.uses.uses(session, now) if files else {}
    for _, id, key in files:
        ids = find.library.naming(session, key)
        if not any(needed_within(uses.get(one, ()), now, STAYS_AHEAD) for one in ids):
            yield id


def _known(aired: datetime | None, places: Iterable[Copy]) -> list[datetime]:
    """Return when a file aired last, and since when the server has it."""
    here = [one.since for one in places if one.place == SERVER]
    return [*here, *([aired] if aired is not None else ())]
