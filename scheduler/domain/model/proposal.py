"""Proposals of airings, bulletins and filler. None airs until a scheduler approves it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.names import AiringId, ChannelId
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, PersonId, ProposalId, SlideId
from scheduler.domain.model.slide import SlideDraft

LONGEST_REASON = 400


class ProposalStage(StrEnum):
    """The stage that a proposal has reached."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def word(self) -> str:
        """The stage in the words of the pages."""
        return {ProposalStage.OPEN: "proposed", ProposalStage.ACCEPTED: "approved"}.get(
            self, self.value
        )


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The part that all proposals share: who proposed, and what became of it."""

    id: ProposalId
    by: PersonId
    by_name: str
    created: datetime
    stage: ProposalStage
    reason: str
    """Why it was declined, for who proposed it."""
    decided: datetime | None
    decided_by: str
    version: int

    @property
    def open(self) -> bool:
        """True while it waits for an answer."""
        return self.stage is ProposalStage.OPEN


@dataclass(frozen=True, kw_only=True)
class AiringProposal(Proposal):
    """A proposed airing as stored; `draft` is the airing it would become."""

    draft: AiringDraft
    airing: AiringId | None
    """What it became, once approved."""

    @property
    def channel(self) -> ChannelId:
        """The channel it is meant for."""
        return self.draft.channel

    @property
    def title(self) -> str:
        """Its title."""
        return self.draft.title

    @property
    def start(self) -> datetime:
        """The start it proposes, UTC."""
        return self.draft.start

    @property
    def end(self) -> datetime:
        """The end it proposes, UTC."""
        return self.draft.start + self.draft.length


@dataclass(frozen=True, kw_only=True)
class SlideProposal(Proposal):
    """A proposed bulletin. An approved version airs unchanged until the proposal is answered."""

    draft: SlideDraft
    """What it would say; of one to remove, what it says."""
    slide: SlideId | None
    """The bulletin it would change; of an approved new one, the bulletin it became."""
    removes: bool

    @property
    def title(self) -> str:
        """Its heading."""
        return self.draft.heading


@dataclass(frozen=True, kw_only=True)
class FillerProposal(Proposal):
    """A file that is proposed as filler of a channel, or proposed to be filler no longer."""

    channel: ChannelId
    asset: AssetId
    title: str
    used: bool


def reason_problems(reason: str) -> dict[str, str]:
    """Return what is wrong with the reason for declining; empty when it may be saved."""
    if not reason.strip():
        return {"reason": "Say why, so that it can be fixed."}
    if len(reason) > LONGEST_REASON:
        return {"reason": f"Use up to {LONGEST_REASON} characters."}
    return {}
