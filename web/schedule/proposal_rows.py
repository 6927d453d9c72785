"""Proposed airings beside the schedule: rows of its table, and lists for staff."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from config.names import ChannelId
from scheduler.db.store import Database
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import PersonId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.proposal import AiringProposal, ProposalStage
from scheduler.queries import proposals
from scheduler.queries.rundown import DayRundown
from web.kit import words
from web.kit.approvals import ProposalLine, ProposalList, ago
from web.schedule.kinds import kind_word
from web.schedule.rundown_rows import START_NOTES, RundownRow


def with_proposals(
    rows: Sequence[RundownRow], sheet: DayRundown, waiting: Iterable[AiringProposal]
) -> list[RundownRow]:
    """Return the day's rows with the proposals for that day sorted in."""
    mine = [one for one in waiting if one.channel == sheet.channel.id]
    added = [_row(one) for one in mine if sheet.starts <= one.start < sheet.ends]
    return sorted([*rows, *added], key=lambda row: row.start)


def airing_proposals(
    db: Database,
    actor: Actor,
    channels: Sequence[Channel],
    waiting: Iterable[AiringProposal],
    now: datetime,
) -> ProposalList | None:
    """Return what a planner may approve; for a producer, the outcome of their own proposals."""
    named = {channel.id: channel for channel in channels}
    if actor.may(Right.PLAN):
        found = [one for one in waiting if actor.may(Right.PLAN, one.channel)]
        lines = [_to_answer(one, named, now) for one in found if one.channel in named]
        return (
            ProposalList(words.a_count(len(lines), "proposal"), tuple(lines), True)
            if lines
            else None
        )
    if not actor.may(Right.PROPOSE):
        return None
    mine = proposals.own(db, PersonId(actor.id), now)
    lines = [_own(one, named, now) for one in mine if one.channel in named]
    return ProposalList("Your proposals", tuple(lines), False) if lines else None


def with_others(first: ProposalList | None, lines: tuple[ProposalLine, ...]) -> ProposalList | None:
    """Append other proposals to decide to the list of airings to decide."""
    if not lines:
        return first
    if first is not None and first.to_decide:
        lines = (*first.lines, *lines)
    return ProposalList(words.a_count(len(lines), "proposal"), lines, True)


def outcome_sentence(found: AiringProposal) -> str:
    """Say what happened to the proposal; empty while it is open."""
    why = f": {found.reason}" if found.reason else "."
    return {
        ProposalStage.OPEN: "",
        ProposalStage.ACCEPTED: f"{found.decided_by} approved this proposal.",
        ProposalStage.DECLINED: f"{found.decided_by} declined this proposal{why}",
        ProposalStage.WITHDRAWN: f"{found.by_name} withdrew this proposal.",
    }[found.stage]


def _row(one: AiringProposal) -> RundownRow:
    return RundownRow(
        start=one.start,
        end=one.end,
        title=one.title,
        fold=False,
        on_air=False,
        past=False,
        detail=f"proposed by {one.by_name}",
        starts=START_NOTES[one.draft.start_rule],
        exact=bool(one.start.second),
        proposal=one.id,
        kind=kind_word(one.draft),
    )


def _to_answer(
    one: AiringProposal, channels: Mapping[ChannelId, Channel], now: datetime
) -> ProposalLine:
    by = f"{one.by_name} proposed it {ago(one.created, now)}"
    return ProposalLine(one.id, "proposed", "proposed", f"{_what(one, channels, now)}. {by}.")


def _own(one: AiringProposal, channels: Mapping[ChannelId, Channel], now: datetime) -> ProposalLine:
    what = _what(one, channels, now)
    if one.open and one.end <= now:
        return ProposalLine(
            one.id, "amber", "too late", f"{what}. No one answered before its time."
        )
    if one.open:
        return ProposalLine(one.id, "proposed", "proposed", f"{what}. Waiting for approval.")
    state = "ready" if one.stage is ProposalStage.ACCEPTED else "amber"
    return ProposalLine(one.id, state, one.stage.word, f"{what}. {outcome_sentence(one)}")


def _what(one: AiringProposal, channels: Mapping[ChannelId, Channel], now: datetime) -> str:
    channel = channels[one.channel]
    at = words.when(one.start, channel.tz, now)
    where = f" on {channel.name}" if len(channels) > 1 else ""
    return f"{one.title}, {at}–{words.clock(one.end, channel.tz)}{where}"
