"""Actions of staff on programming blocks: add one, change it, retire it."""

from datetime import datetime

from scheduler.changing.drafts import UNKNOWN_ID_SENTENCES
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.desk import BlockRow
from scheduler.db.tables.plan import AssetRow, ChannelRow
from scheduler.domain.model.ids import BlockId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.series.blocks import Block, BlockDraft, files_of, problems
from scheduler.ids import new_id
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: BlockDraft) -> Block:
    """Add a block, which fills its hours from now on. Raises Refused."""
    with changing(db, actor, now, Right.PLAN, "add") as work:
        row = BlockRow(id=new_id())
        row.archived = False
        load.desk.fill_block(row, draft)
        _check(work, load.desk.block(row))
        work.add(row)
        work.about("block", row.id, f"Added the block {row.name}", row.channel_id)
    return load.desk.block(row)


def edit(
    db: Database, actor: Actor, now: datetime, block: BlockId, draft: BlockDraft, version: int
) -> Block:
    """Change a block. What it has on air plays to its end.

    Raises Refused, Missing, and Conflict with the present Block.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = work.get(BlockRow, block, "block")
        before = row.channel_id
        work.expect_version(row, version, load.desk.block(row))
        load.desk.fill_block(row, draft)
        _check(work, load.desk.block(row))
        work.about("block", row.id, f"Changed the block {row.name}", before, row.channel_id)
    return load.desk.block(row)


def retire(db: Database, actor: Actor, now: datetime, block: BlockId, version: int) -> Block:
    """Retire a block. Filler and bulletins fill its hours again."""
    with changing(db, actor, now, Right.PLAN, "retire") as work:
        row = work.get(BlockRow, block, "block")
        work.expect_version(row, version, load.desk.block(row))
        row.archived = True
        work.about("block", row.id, f"Retired the block {row.name}", row.channel_id)
    return load.desk.block(row)


def _check(work: UnitOfWork, block: Block) -> None:
    errors = problems(block.draft)
    if work.session.get(ChannelRow, block.draft.channel) is None:
        errors["channel"] = "Choose a channel."
    named = {id for id in files_of(block) if id}
    if any(work.session.get(AssetRow, id) is None for id in named):
        errors["assets"] = "Choose files from the library."
    searches = block.draft.searches
    if len(find.searches.by_id(work.session, searches)) < len(set(searches)):
        errors["searches"] = UNKNOWN_ID_SENTENCES["search"]
    if errors:
        raise Refused(errors)
