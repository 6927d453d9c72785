"""Actions of staff on saved searches: write one, change it, let it fill gaps, remove it."""

from collections.abc import Iterable
from datetime import datetime

from config.names import ChannelId
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.plan import ChannelRow, ProgramRow
from scheduler.db.tables.saved_searches import FillerSearchRow, SavedSearchRow
from scheduler.domain.library.saved_search import SavedSearch, SavedSearchDraft, problems
from scheduler.domain.model.ids import SearchId
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id
from scheduler.reading.search_uses import uses_of
from scheduler.refusals import Missing, Refused


def add(db: Database, actor: Actor, now: datetime, draft: SavedSearchDraft) -> SavedSearch:
    """Write a saved search. Nothing airs by it until something draws from it. Raises Refused."""
    with changing(db, actor, now, Right.PLAN, "add") as work:
        _check(work, draft)
        row = SavedSearchRow(id=new_id(), archived=False)
        load.searches.fill_saved(row, draft)
        work.add(row)
        work.about("search", row.id, f"Saved the search {row.name}", *_touched(work, row))
    return load.searches.saved(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    search: SearchId,
    draft: SavedSearchDraft,
    version: int,
) -> SavedSearch:
    """Change a saved search. What draws from it follows at once, apart from what is cued.

    Raises Refused, Missing, and Conflict with the present SavedSearch.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = work.get(SavedSearchRow, search, "saved search")
        work.expect_version(row, version, load.searches.saved(row))
        _check(work, draft)
        before = _touched(work, row)
        load.searches.fill_saved(row, draft)
        channels = before | _touched(work, row)
        work.about("search", row.id, f"Changed the search {row.name}", *channels)
    return load.searches.saved(row)


def remove(
    db: Database,
    actor: Actor,
    now: datetime,
    search: SearchId,
    version: int,
    feeding: Iterable[str] = (),
) -> SavedSearch:
    """Remove a saved search; what draws from it finds nothing more.

    `feeding` are the ids of the uses that the person saw. Raises Refused with what it feeds where
    that is not all of it, Missing, and Conflict.
    """
    with changing(db, actor, now, Right.PLAN, "remove") as work:
        row = work.get(SavedSearchRow, search, "saved search")
        work.expect_version(row, version, load.searches.saved(row))
        uses = uses_of(work.session, search, now)
        unseen = [one.words for one in uses if one.id not in set(feeding)]
        if unseen:
            raise Refused(message=f"{row.name} feeds {', '.join(unseen)}. Remove it there first.")
        row.archived = True
        work.about("search", row.id, f"Removed the search {row.name}", *_touched(work, row))
    return load.searches.saved(row)


def set_filler(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, search: SearchId, used: bool
) -> None:
    """Let the files that a saved search finds fill gaps of the channel, or stop it. Raises
    Missing.
    """
    with changing(db, actor, now, Right.PLAN, "filler") as work:
        saved = work.session.get(SavedSearchRow, search)
        if saved is None or saved.archived:
            raise Missing("saved search")
        if work.session.get(ChannelRow, channel) is None:
            raise Missing("channel")
        row = work.session.get(FillerSearchRow, (channel, search))
        if row is None:
            row = FillerSearchRow(channel_id=channel, search_id=search, used=False)
            work.session.add(row)
            work.session.flush()
        work.watch(row)
        row.used = used
        words = "fills gaps" if used else "no longer fills gaps"
        work.about("search", search, f"What {saved.name} finds {words}", channel)


def _touched(work: UnitOfWork, row: SavedSearchRow) -> set[ChannelId]:
    """Return the channels whose plans may draw from the search."""
    return {ChannelId(row.channel_id)} if row.channel_id else set(all_channels(work.session))


def _check(work: UnitOfWork, draft: SavedSearchDraft) -> None:
    errors = problems(draft)
    if draft.channel is not None and work.session.get(ChannelRow, draft.channel) is None:
        errors["channel"] = "Choose a channel."
    program = draft.search.filter.program
    if program and work.session.get(ProgramRow, program) is None:
        errors["program"] = "Choose a program from the list."
    if errors:
        raise Refused(errors)
