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
    proposed = [one for one in waiting if one.channel == sheet.channel.id]
    added = [_row(one) for one in proposed if sheet.starts <= one.start < sheet.ends]
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
        decidable = [one for one in waiting if actor.may(Right.PLAN, one.channel)]
        lines = [_line_to_decide(one, named, now) for one in decidable if one.channel in named]
        return (
            ProposalList(words.a_count(len(lines), "proposal"), tuple(lines), True)
            if lines
            else None
        )
    if not actor.may(Right.PROPOSE):
        return None
    own = proposals.own(db, PersonId(actor.id), now)
    lines = [_own_line(one, named, now) for one in own if one.channel in named]
    return ProposalList("Your proposals", tuple(lines), False) if lines else None


def with_others(first: ProposalList | None, lines: tuple[ProposalLine, ...]) -> ProposalList | None:
    """Append other proposals to decide to the list of airings to decide."""
    if not lines:
        return first
    if first is not None and first.to_decide:
        lines = (*first.lines, *lines)
    return ProposalList(words.a_count(len(lines), "proposal"), lines, True)


def outcome_sentence(proposal: AiringProposal) -> str:
    """Say what happened to the proposal; empty while it is open."""
    why = f": {proposal.reason}" if proposal.reason else "."
    return {
        ProposalStage.OPEN: "",
        ProposalStage.ACCEPTED: f"{proposal.decided_by} approved this proposal.",
        ProposalStage.DECLINED: f"{proposal.decided_by} declined this proposal{why}",
        ProposalStage.WITHDRAWN: f"{proposal.by_name} withdrew this proposal.",
    }[proposal.stage]


def _row(proposal: AiringProposal) -> RundownRow:
    return RundownRow(
        start=proposal.start,
        end=proposal.end,
        title=proposal.title,
        fold=False,
        on_air=False,
        past=False,
        detail=f"proposed by {proposal.by_name}",
        starts=START_NOTES[proposal.draft.start_rule],
        exact=bool(proposal.start.second),
        proposal=proposal.id,
        kind=kind_word(proposal.draft),
    )


def _line_to_decide(
    proposal: AiringProposal, channels: Mapping[ChannelId, Channel], now: datetime
) -> ProposalLine:
    sentence = f"{proposal.by_name} proposed it {ago(proposal.created, now)}"
    return ProposalLine(
        proposal.id,
        "proposed",
        "proposed",
        f"{_place_and_time(proposal, channels, now)}. {sentence}.",
    )


def _own_line(
    proposal: AiringProposal, channels: Mapping[ChannelId, Channel], now: datetime
) -> ProposalLine:
    what = _place_and_time(proposal, channels, now)
    if proposal.open and proposal.end <= now:
        return ProposalLine(
            proposal.id, "amber", "too late", f"{what}. No one answered before its time."
        )
    if proposal.open:
        return ProposalLine(proposal.id, "proposed", "proposed", f"{what}. Waiting for approval.")
    state = "ready" if proposal.stage is ProposalStage.ACCEPTED else "amber"
    return ProposalLine(
        proposal.id, state, proposal.stage.word, f"{what}. {outcome_sentence(proposal)}"
    )


def _place_and_time(
    proposal: AiringProposal, channels: Mapping[ChannelId, Channel], now: datetime
) -> str:
    channel = channels[proposal.channel]
    at = words.when(proposal.start, channel.tz, now)
    where = f" on {channel.name}" if len(channels) > 1 else ""
    return f"{proposal.title}, {at}–{words.clock(proposal.end, channel.tz)}{where}"
