"""Actions of staff on the crawls of a channel: add one, change it, remove it."""

from datetime import datetime

from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.graphics import CrawlRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.model.ids import CrawlId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.series.crawls import (
    MOST_CRAWLS,
    ChannelCrawl,
    CrawlDraft,
    in_the_way,
    problems,
)
from scheduler.ids import new_id
from scheduler.refusals import Refused

ENTITY = "crawl"
MOST_LETTERS_NAMED = 40


def add(db: Database, actor: Actor, now: datetime, draft: CrawlDraft) -> ChannelCrawl:
    """Add a crawl to its channel. Raises Refused."""
    with changing(db, actor, now, Right.PLAN, "add") as work:
        row = CrawlRow(id=new_id(), archived=False)
        _check(work, row, draft)
        load.graphics.fill_crawl(row, draft)
        work.add(row)
        work.about(ENTITY, row.id, f"Added the crawl {named(draft.text)}", draft.channel)
    return load.graphics.crawl(row)


def edit(
    db: Database, actor: Actor, now: datetime, crawl: CrawlId, draft: CrawlDraft, version: int
) -> ChannelCrawl:
    """Change a crawl. Raises Refused, Missing, and Conflict with the present ChannelCrawl."""
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = work.get(CrawlRow, crawl, "crawl")
        before = row.channel_id
        work.expect_version(row, version, load.graphics.crawl(row))
        _check(work, row, draft)
        load.graphics.fill_crawl(row, draft)
        work.about(ENTITY, row.id, f"Changed the crawl {named(row.text)}", before, row.channel_id)
    return load.graphics.crawl(row)


def remove(db: Database, actor: Actor, now: datetime, crawl: CrawlId, version: int) -> ChannelCrawl:
    """Remove a crawl; undo brings it back. Raises Missing, and Conflict with the present
    ChannelCrawl.
    """
    with changing(db, actor, now, Right.PLAN, "remove") as work:
        row = work.get(CrawlRow, crawl, "crawl")
        work.expect_version(row, version, load.graphics.crawl(row))
        row.archived = True
        work.about(ENTITY, row.id, f"Removed the crawl {named(row.text)}", row.channel_id)
    return load.graphics.crawl(row)


def named(text: str) -> str:
    """Return the text in quotation marks, shortened: it is the only name that a crawl has."""
    text = text.strip()
    short = text if len(text) <= MOST_LETTERS_NAMED else f"{text[:MOST_LETTERS_NAMED].rstrip()}…"
    return f"“{short}”"


def _check(work: UnitOfWork, row: CrawlRow, draft: CrawlDraft) -> None:
    errors = problems(draft)
    if work.session.get(ChannelRow, draft.channel) is None:
        errors["channel"] = "Choose a channel."
    others = [
        load.graphics.crawl(one)
        for one in find.graphics.crawls(work.session, draft.channel)
        if one.id != row.id
    ]
    if len(others) >= MOST_CRAWLS and not row.archived:
        errors.setdefault(
            "text",
            f"A channel has up to {MOST_CRAWLS} crawls. Remove one that is no longer needed.",
        )
    other = in_the_way(draft, others) if not errors else None
    if other is not None:
        errors["every"] = (
            f"{named(other.draft.text)} already moves without a pause in some of these hours. "
            "Say how often this one passes, such as 15 min."
        )
    if errors:
        raise Refused(errors)
