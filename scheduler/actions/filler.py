"""Actions on the filler pool: add or remove a file, propose it, approve or decline that."""

from datetime import datetime

from config.names import ChannelId
from scheduler.changing.proposals import answer, asked_by, close, own, refuse, still_open
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.desk import FillerProposalRow
from scheduler.db.tables.plan import AssetRow, ChannelRow, FillerRow
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.ids import AssetId, ProposalId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.proposal import FillerProposal, ProposalStage
from scheduler.ids import new_id
from scheduler.refusals import Missing, Refused

ENTITY = "filler proposal"


def set_filler(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, asset: AssetId, used: bool
) -> None:
    """Let a file fill gaps of the channel, or stop it. An open proposal of the same is approved by
    it.

    Raises Missing, and Forbidden for someone who may only propose it.
    """
    with changing(db, actor, now, Right.PLAN, "filler") as work:
        file = _file(work, channel, asset)
        _use(work, channel, asset, used)
        words = f"{file.title} fills gaps" if used else f"{file.title} no longer fills gaps"
        work.about("filler", f"{channel}/{asset}", words, channel)


def propose(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, asset: AssetId, used: bool
) -> FillerProposal:
    """Propose that a file fills gaps of the channel, or no longer does. Nothing airs by this.

    Raises Missing, and Refused when it is proposed already or would change nothing.
    """
    with changing(db, actor, now, Right.PREPARE, "propose") as work:
        file = _file(work, channel, asset)
        _check(work, file, channel, used)
        asked = asked_by(actor, now)
        row = FillerProposalRow(id=new_id(), channel_id=channel, asset_id=asset, used=used, **asked)
        work.add(row)
        work.about(ENTITY, row.id, f"Proposed that {file.title} {_does(used)}")
    return load.desk.filler_proposal(row, file)


def withdraw(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, version: int
) -> FillerProposal:
    """Withdraw one's own open proposal. Raises Missing, Forbidden, Conflict."""
    with changing(db, actor, now, Right.PREPARE, "withdraw") as work:
        row = own(work, FillerProposalRow, proposal, version)
        file = _named(work, row)
        row.stage = ProposalStage.WITHDRAWN.value
        work.about(ENTITY, row.id, f"Withdrew the proposal that {file.title} {_does(row.used)}")
    return load.desk.filler_proposal(row, file)


def accept(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, version: int
) -> FillerProposal:
    """Approve a proposal, so that the file fills gaps. Raises Refused, Missing, Forbidden,
    Conflict.
    """
    with changing(db, actor, now, Right.PLAN, "accept") as work:
        row = still_open(work, FillerProposalRow, proposal, version)
        file, channel = _named(work, row), ChannelId(row.channel_id)
        if row.used and (file.archived or file.state != AssetState.READY.value):
            raise Refused(message=f"{file.title} cannot air; decline the proposal.")
        sentence = f"Approved that {file.title} {_does(row.used)}"
        work.about("filler", f"{channel}/{row.asset_id}", sentence, channel)
        answer(work, row, ProposalStage.ACCEPTED)
        _use(work, channel, AssetId(row.asset_id), row.used)
    return load.desk.filler_proposal(row, file)


def decline(
    db: Database, actor: Actor, now: datetime, proposal: ProposalId, reason: str, version: int
) -> FillerProposal:
    """Decline a proposal with a reason. Raises Refused without it, Missing, Forbidden, Conflict."""
    with changing(db, actor, now, Right.PLAN, "decline") as work:
        row = still_open(work, FillerProposalRow, proposal, version)
        file = _named(work, row)
        sentence = f"Declined that {file.title} {_does(row.used)}"
        work.about("decision", row.id, sentence, row.channel_id)
        refuse(work, row, reason)
    return load.desk.filler_proposal(row, file)


def _does(used: bool) -> str:
    return "fills gaps" if used else "no longer fills gaps"


def _file(work: UnitOfWork, channel: ChannelId, asset: AssetId) -> AssetRow:
    file = work.session.get(AssetRow, asset)
    if file is None:
        raise Missing("file")
    if work.session.get(ChannelRow, channel) is None:
        raise Missing("channel")
    return file


def _named(work: UnitOfWork, row: FillerProposalRow) -> AssetRow:
    return _file(work, ChannelId(row.channel_id), AssetId(row.asset_id))


def _check(work: UnitOfWork, file: AssetRow, channel: ChannelId, used: bool) -> None:
    """Refuse a second proposal of the same, and one that would change nothing."""
    row = work.session.get(FillerRow, (channel, file.id))
    if (row is not None and row.used) is used:
        raise Refused(message=f"{file.title} {_does(used)} already.")
    if used and (file.archived or file.state != AssetState.READY.value):
        raise Refused(message=f"{file.title} cannot air, so it cannot be proposed as filler.")
    if any(one.used is used for one in find.desk.open_filler(work.session, file.id, channel)):
        raise Refused(message=f"{file.title} waits for approval already.")


def _use(work: UnitOfWork, channel: ChannelId, asset: AssetId, used: bool) -> None:
    row = work.session.get(FillerRow, (channel, asset))
    if row is None:
        row = FillerRow(channel_id=channel, asset_id=asset, used=False)
        work.session.add(row)
        work.session.flush()
    work.watch(row)
    row.used = used
    for one in find.desk.open_filler(work.session, asset, channel):
        if one.used is used:
            work.watch(one)
            close(work, one, ProposalStage.ACCEPTED)
