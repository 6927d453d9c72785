"""An airing that somebody proposes: on no schedule until a scheduler accepts it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.names import AiringId, ChannelId
from scheduler.domain.airing import AiringDraft
from scheduler.domain.names import PersonId, ProposalId

LONGEST_REASON = 400


class Stage(StrEnum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Proposal:
    """A proposal as the house keeps it; `draft` is the airing it would be."""

    id: ProposalId
    draft: AiringDraft
    by: PersonId
    by_name: str
    created: datetime
    stage: Stage
    reason: str
    """Why it was declined, for who proposed it."""
    decided: datetime | None
    decided_by: str
    airing: AiringId | None
    """What it became, once accepted."""
    version: int

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

    @property
    def open(self) -> bool:
        """True while it waits for an answer."""
        return self.stage is Stage.OPEN


def reason_problems(reason: str) -> dict[str, str]:
    """What is wrong with the words that decline a proposal; empty when they may be kept."""
    if not reason.strip():
        return {"reason": "Say why, so that it can be put right."}
    if len(reason) > LONGEST_REASON:
        return {"reason": f"Say it in {LONGEST_REASON} letters."}
    return {}
