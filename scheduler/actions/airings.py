"""Actions of staff on airings: add, edit, move, copy, cancel."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from config.names import AiringId, ChannelId
from scheduler.changing.airing_rows import add_airing
from scheduler.changing.drafts import check, with_file
from scheduler.changing.meeting_airings import copy_meeting, follow_live_airing
from scheduler.changing.proposals import answer, still_open
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.desk import ProposalRow
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.model.airing import Airing, AiringDraft, again, moved
from scheduler.domain.model.ids import ProposalId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.proposal import ProposalStage
from scheduler.refusals import Conflict

Accepted = tuple[ProposalId, int]
"""A proposal that a new airing accepts, with the version that was read."""


def add(
    db: Database,
    actor: Actor,
    now: datetime,
    draft: AiringDraft,
    accepts: Accepted | None = None,
    *,
    plan: int | None = None,
) -> Airing:
    """Put an airing on a channel. Without a file of its own it takes its program's.

    Here as below, `plan` is the version of the channel's plan that the change was weighed against.
    If somebody changed the plan since, Conflict (with None) is raised so that it is weighed again.
    Raises Refused for an invalid draft, and Conflict with the Proposal when the one it accepts was
    changed or answered meanwhile.
    """
    with changing(db, actor, now, Right.PLAN, "add") as work:
        work.as_seen(draft.channel, plan)
        row = _new(work, draft, is_new=True)
        verb = "Approved" if accepts else "Added"
        work.about("airing", row.id, f"{verb} {row.title}", row.channel_id)
        _accept(work, accepts, row)
    return load.plan.airing(row)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    airing: AiringId,
    draft: AiringDraft,
    version: int,
    *,
    plan: int | None = None,
) -> Airing:
    """Set everything that staff may set. Raises Refused, Missing, and Conflict with the present
    Airing.

    An airing on air stays on air unchanged: the broadcast machine keeps its own instance of it.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        work.as_seen(draft.channel, plan)
        row = _open(work, airing, version)
        before = row.channel_id
        check(work, draft, is_new=False)
        load.plan.fill_airing(row, draft)
        row.edited = True
        follow_live_airing(work, row)
        work.about("airing", row.id, f"Changed {row.title}", before, row.channel_id)
    return load.plan.airing(row)


def move(
    db: Database,
    actor: Actor,
    now: datetime,
    airing: AiringId,
    start: datetime,
    version: int,
    channel: ChannelId | None = None,
    *,
    plan: int | None = None,
) -> Airing:
    """Give an airing another start or channel. Its hard limit moves with it."""
    with changing(db, actor, now, Right.PLAN, "move") as work:
        row = _open(work, airing, version)
        before, draft = row.channel_id, moved(load.plan.airing(row).draft, start)
        draft = replace(draft, channel=channel or draft.channel)
        work.as_seen(draft.channel, plan)
        check(work, draft, is_new=True)
        load.plan.fill_airing(row, draft)
        row.edited = True
        follow_live_airing(work, row)
        work.about("airing", row.id, f"Moved {row.title}", before, row.channel_id)
    return load.plan.airing(row)


def copy(
    db: Database,
    actor: Actor,
    now: datetime,
    airing: AiringId,
    start: datetime,
    channel: ChannelId | None = None,
    *,
    replay: bool = False,
    plan: int | None = None,
) -> Airing:
    """Copy an airing to another time, under an id of its own."""
    with changing(db, actor, now, Right.PLAN, "copy") as work:
        row = _copied(work, airing, start, channel, replay=replay)
        work.as_seen(ChannelId(row.channel_id), plan)
        work.about("airing", row.id, f"Copied {row.title}", row.channel_id)
    return load.plan.airing(row)


def copy_all(
    db: Database,
    actor: Actor,
    now: datetime,
    channel: ChannelId,
    plan: int,
    copies: Sequence[tuple[AiringId, datetime]],
) -> tuple[Airing, ...]:
    """Copy each airing of the channel to its new start, all or none, as one change with one undo.

    A live airing copies its whole meeting, whose replays follow the rules again. `plan` is the
    version of the channel's plan that was read: of two that copy at the same moment, one gets
    Conflict. Raises Refused, Missing.
    """
    with changing(db, actor, now, Right.PLAN, "copy") as work:
        work.as_seen(channel, plan)
        rows = [_again(work, airing, start) for airing, start in copies]
        new_rows = [row for row in rows if row is not None]
        if new_rows:
            sentence = f"Copied {len(new_rows)} airing{'s' if len(new_rows) > 1 else ''}"
            work.about("airing", new_rows[0].id, sentence, *(row.channel_id for row in new_rows))
    return tuple(load.plan.airing(row) for row in new_rows)


def arrange(
    db: Database,
    actor: Actor,
    now: datetime,
    edits: Mapping[AiringId, tuple[AiringDraft | None, int]],
    new: AiringDraft | None,
    sentence: str,
    accepts: Accepted | None = None,
    *,
    channel: ChannelId | None = None,
    plan: int | None = None,
) -> Airing:
    """Change several airings as one change, each with the version that was read; None cancels one.

    `plan` is the version of the plan of `channel` that all of it was weighed against. Returns `new`
    as it was added, else the first of `edits`. Raises Refused, Missing, and Conflict with the first
    Airing that was changed meanwhile, or with the Proposal that `new` accepts.
    """
    with changing(db, actor, now, Right.PLAN, "arrange") as work:
        if channel is not None:
            work.as_seen(channel, plan)
        rows = [_arranged(work, id, draft, version) for id, (draft, version) in edits.items()]
        for row in rows:
            follow_live_airing(work, row)
        new_row = _new(work, new, is_new=True) if new is not None else None
        first = new_row or rows[0]
        work.about("airing", first.id, sentence, *(row.channel_id for row in (*rows, first)))
        _accept(work, accepts, first)
    return load.plan.airing(first)


def _accept(work: UnitOfWork, accepts: Accepted | None, airing: AiringRow) -> None:
    if accepts is not None:
        row = still_open(work, ProposalRow, *accepts)
        row.airing_id = airing.id
        answer(work, row, ProposalStage.ACCEPTED)


def _arranged(work: UnitOfWork, id: AiringId, draft: AiringDraft | None, version: int) -> AiringRow:
    row = _open(work, id, version)
    work.channels.add(row.channel_id)
    row.edited = True
    if draft is None:
        row.cancelled, row.cancelled_at = True, work.now
        return row
    check(work, draft, is_new=False)
    load.plan.fill_airing(row, draft)
    return row


def cancel(db: Database, actor: Actor, now: datetime, airing: AiringId, version: int) -> Airing:
    """Take an airing off the schedule. Its subscribers read for a week that it is cancelled."""
    with changing(db, actor, now, Right.PLAN, "cancel") as work:
        row = _open(work, airing, version)
        row.cancelled, row.cancelled_at, row.edited = True, now, True
        follow_live_airing(work, row)
        work.about("airing", row.id, f"Canceled {row.title}", row.channel_id)
    return load.plan.airing(row)


def _open(work: UnitOfWork, airing: AiringId, version: int) -> AiringRow:
    row = work.get(AiringRow, airing, "airing")
    work.expect_version(row, version, load.plan.airing(row))
    if row.cancelled:
        raise Conflict(load.plan.airing(row), "This airing has been canceled since.")
    return row


def _again(work: UnitOfWork, airing: AiringId, start: datetime) -> AiringRow | None:
    row = work.get(AiringRow, airing, "airing")
    if row.meeting_id is None:
        return _copied(work, airing, start)
    return None if row.slot else copy_meeting(work, row.meeting_id, start)


def _copied(
    work: UnitOfWork,
    airing: AiringId,
    start: datetime,
    channel: ChannelId | None = None,
    *,
    replay: bool = False,
) -> AiringRow:
    first = load.plan.airing(work.get(AiringRow, airing, "airing")).draft
    draft = again(first, airing, start, replay=replay)
    draft = replace(draft, channel=channel or first.channel)
    return _new(work, draft, is_new=True)


def _new(work: UnitOfWork, draft: AiringDraft, *, is_new: bool) -> AiringRow:
    draft = with_file(work.session, draft)
    check(work, draft, is_new=is_new)
    return add_airing(work, draft)
