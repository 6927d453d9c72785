"""The bringing in of a table of titles, as one change that one press undoes."""

from collections.abc import Sequence
from datetime import datetime

from scheduler.changing.details import open_all_details
from scheduler.changing.titles import weighed
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.domain.library.titles import FileChange
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id
from scheduler.refusals import Conflict, Refused


def bring_in(db: Database, actor: Actor, now: datetime, text: str, seen: str) -> tuple[int, str]:
    """Change the library as a table says; return how many files changed, and the audit id.

    `seen` is the mark of the preview that was read (`mark`). Raises SheetError, Conflict where the
    library has changed since, and Refused where there is nothing to change, or too
    much at once.
    """
    with changing(db, actor, now, Right.PREPARE, "import") as work:
        found = weighed(work.session, text)
        if found.mark != seen:
            raise Conflict(found, "The library has changed since this was shown.")
        if found.refusal:
            raise Refused(message=found.refusal)
        channels = _apply(work, found.changes)
        count, id = len(found.changes), new_id()
        what = f"{count} files" if count > 1 else found.changes[0].title
        work.about("asset", id, f"Brought in a table of titles: changed {what}", *channels)
    return count, id


def _apply(work: UnitOfWork, changes: Sequence[FileChange]) -> frozenset[str]:
    """Make the changes, all at once; return the channels whose plan names one of the titles."""
    titles = {one.file.id: one.title for one in changes if one.title != one.file.title}
    for row in find.titles.assets_to_change(work.session, list(titles)):
        work.watch(row)
        row.title = titles[row.id]
    details = {one.file.id: one.details for one in changes if one.changes_details}
    for asset, opened in open_all_details(work, list(details)).items():
        load.details.fill_details(opened, details[asset])
    return find.titles.filler_of_assets(work.session, list(titles))
