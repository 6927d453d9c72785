"""Changes of the bulletin board, made by a scheduler directly or by approving a proposal."""

from config.names import ChannelId
from scheduler.changing.proposals import close
from scheduler.changing.transaction import UnitOfWork, all_channels
from scheduler.db import find, load
from scheduler.db.tables.plan import AssetRow, ChannelRow, SlideColumns, SlideRow
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.proposal import ProposalStage
from scheduler.domain.model.slide import SlideDraft, problems
from scheduler.ids import new_id
from scheduler.refusals import Refused

REMOVED_REASON = "The bulletin was removed."
"""The answer to an open proposal about a bulletin that is gone."""


def check(work: UnitOfWork, draft: SlideDraft) -> None:
    """Raise Refused for a bulletin that cannot be stored."""
    errors = problems(draft)
    if draft.channel is not None and work.session.get(ChannelRow, draft.channel) is None:
        errors["channel"] = "Choose a channel, or every channel."
    if draft.picture is not None and not _is_still(work, draft.picture):
        errors["picture"] = "Choose a picture of the library that has been checked."
    if errors:
        raise Refused(errors)


def _is_still(work: UnitOfWork, picture: AssetId) -> bool:
    """Return whether the file is a still that may air."""
    row = work.session.get(AssetRow, picture)
    file = load.plan.asset(row) if row is not None else None
    return file is not None and file.fit and file.media is not None and file.media.is_still


def shown_on(work: UnitOfWork, row: SlideColumns) -> set[ChannelId]:
    """Return the channels that show the bulletin, or would."""
    return {ChannelId(row.channel_id)} if row.channel_id else all_channels(work.session)


def put_up(work: UnitOfWork, draft: SlideDraft) -> SlideRow:
    """Put a new bulletin at the end of the board."""
    last = max((row.position for row in find.plan.slides(work.session)), default=0)
    row = SlideRow(id=new_id(), position=last + 1)
    load.plan.fill_slide(row, draft)
    work.add(row)
    work.channels |= shown_on(work, row)
    return row


def rewrite(work: UnitOfWork, row: SlideRow, draft: SlideDraft) -> None:
    """Change what a bulletin says. Its old channels and its new ones count as changed."""
    work.channels |= shown_on(work, row)
    load.plan.fill_slide(row, draft)
    work.channels |= shown_on(work, row)


def take_off(work: UnitOfWork, row: SlideRow) -> None:
    """Take a bulletin off the board, and close the open proposals about it."""
    row.removed = True
    work.channels |= shown_on(work, row)
    for proposal in find.desk.open_of_slide(work.session, row.id):
        work.watch(proposal)
        stage = ProposalStage.ACCEPTED if proposal.removes else ProposalStage.DECLINED
        close(work, proposal, stage, "" if proposal.removes else REMOVED_REASON)
