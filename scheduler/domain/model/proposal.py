"""What somebody proposes: an airing, a bulletin, filler. None airs until a scheduler approves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.names import AiringId, ChannelId
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, PersonId, ProposalId, SlideId
from scheduler.domain.model.slide import SlideDraft

LONGEST_REASON = 400


class ProposalStage(StrEnum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def word(self) -> str:
        """The stage as pages name it."""
        return {ProposalStage.OPEN: "proposed", ProposalStage.ACCEPTED: "approved"}.get(
            self, self.value
        )


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Who proposed something, and what became of it."""

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
    """A proposed airing as the house keeps it; `draft` is the airing it would be."""

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
        """When it would start, UTC."""
        return self.draft.start

    @property
    def end(self) -> datetime:
        """When it would end, UTC."""
        return self.draft.start + self.draft.length


@dataclass(frozen=True, kw_only=True)
class SlideProposal(Proposal):
    """A proposed bulletin; the approved one, if there is one, airs as it is until the answer."""

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
    """A file that would fill gaps of a channel, or would no longer."""

    channel: ChannelId
    asset: AssetId
    title: str
    used: bool


def reason_problems(reason: str) -> dict[str, str]:
    """What is wrong with the words that decline a proposal; empty when they may be kept."""
    if not reason.strip():
        return {"reason": "Say why, so that it can be fixed."}
    if len(reason) > LONGEST_REASON:
        return {"reason": f"Use up to {LONGEST_REASON} characters."}
    return {}
