"""Proposals on pages: lists of those that wait, their outcomes, and the form to decline one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from wtforms import HiddenField

from config.names import ChannelId
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.proposal import FillerProposal, Proposal, ProposalStage, SlideProposal
from scheduler.reading.channels import zone_of
from web.kit import words
from web.kit.bounds import lines
from web.kit.forms import DeskForm

WAITING_WORDS = "Waiting for approval"
BULLETIN_DRAWER, FILLER_DRAWER = "slide_proposals.show", "filler_proposals.show"
STAGE_LIGHTS = {
    ProposalStage.OPEN: "proposed",
    ProposalStage.ACCEPTED: "ready",
    ProposalStage.DECLINED: "amber",
}
BoardProposal = SlideProposal | FillerProposal


@dataclass(frozen=True)
class ProposalLine:
    """One proposal in a list: its light, the word for its state, and a sentence about it."""

    id: str
    state: str
    word: str
    text: str
    drawer: str = "proposals.show"
    """The endpoint that opens it."""


@dataclass(frozen=True)
class ProposalList:
    """A list of proposals on top of a page; `to_decide` tells whether they wait for the reader."""

    heading: str
    lines: tuple[ProposalLine, ...]
    to_decide: bool


class DeclineForm(DeskForm):
    """The reason for declining a proposal."""

    reason = lines("Why, if you decline it")
    version = HiddenField()


def may_air(actor: Actor, channel: ChannelId | None, channels: Iterable[Channel]) -> bool:
    """Tell whether the actor may put something on this channel's air, or on all for None."""
    wanted = [one.id for one in channels] if channel is None else [channel]
    return actor.may(Right.PLAN) and all(actor.may(Right.PLAN, one) for one in wanted)


def outcome(proposal: Proposal, tz: ZoneInfo, now: datetime) -> str:
    """Return its outcome: `Waiting for approval`, `Approved by Pat on Tue 24 Nov`, `Declined …`."""
    if proposal.open:
        return WAITING_WORDS
    if proposal.stage is ProposalStage.DECLINED:
        return f"Declined by {proposal.decided_by}: {proposal.reason}"
    if proposal.stage is ProposalStage.WITHDRAWN:
        return f"Withdrawn by {proposal.by_name}"
    at = proposal.decided or now
    day = words.day(at.astimezone(tz).date(), now.astimezone(tz).date())
    on = "" if day in ("today", "yesterday", "tomorrow") else "on "
    return f"Approved by {proposal.decided_by} {on}{day}"


def proposal_words(proposal: BoardProposal, channels: Sequence[Channel]) -> str:
    """Say what approval would do: `Changed bulletin: Winter parking, every channel`."""
    names = {channel.id: channel.name for channel in channels}
    if isinstance(proposal, FillerProposal):
        word = "Filler" if proposal.used else "No longer filler"
        return f"{word}: {proposal.title}, {names.get(proposal.channel, proposal.channel)}"
    channel = proposal.draft.channel
    where = names.get(channel, channel) if channel else "every channel"
    word = (
        "Bulletin"
        if proposal.slide is None or proposal.stage is ProposalStage.ACCEPTED
        else "Changed bulletin"
    )
    return (
        f"{'Bulletin to remove' if proposal.removes else word}: {proposal.draft.heading}, {where}"
    )


def proposed_channel(proposal: BoardProposal) -> ChannelId | None:
    """Return the channel it is proposed for; None for every channel."""
    return proposal.channel if isinstance(proposal, FillerProposal) else proposal.draft.channel


def sections(
    actor: Actor,
    channels: Sequence[Channel],
    waiting: Iterable[BoardProposal],
    own: Iterable[BoardProposal],
    now: datetime,
) -> list[ProposalList]:
    """Return the lists on top of a page: what this person may decide, then their own proposals."""
    lines, lists = to_decide(actor, channels, waiting, now), []
    if lines:
        lists.append(ProposalList(words.a_count(len(lines), "proposal"), lines, True))
    tz = zone_of(channels)
    own_lines = tuple(
        _line(one, f"{proposal_words(one, channels)}. {outcome(one, tz, now)}.") for one in own
    )
    if own_lines:
        lists.append(ProposalList("Your proposals", own_lines, False))
    return lists


def to_decide(
    actor: Actor, channels: Sequence[Channel], waiting: Iterable[BoardProposal], now: datetime
) -> tuple[ProposalLine, ...]:
    """Return a line for each proposal in `waiting` that this person may approve."""
    return tuple(
        _line(
            one,
            f"{proposal_words(one, channels)}. {one.by_name} proposed it {ago(one.created, now)}.",
        )
        for one in waiting
        if may_air(actor, proposed_channel(one), channels)
    )


def _line(proposal: BoardProposal, text: str) -> ProposalLine:
    drawer = BULLETIN_DRAWER if isinstance(proposal, SlideProposal) else FILLER_DRAWER
    return ProposalLine(
        proposal.id,
        STAGE_LIGHTS.get(proposal.stage, "past"),
        proposal.stage.word,
        text.replace("..", "."),
        drawer,
    )


def ago(at: datetime, now: datetime) -> str:
    """Write how long ago an instant was: `just now`, `3 h ago`."""
    age = words.about(now - at)
    return age if age == "just now" else f"{age} ago"
