"""The kinds of things on a schedule, one word each, as pages name and mark them."""

from playout.model.plan import ContentKind
from scheduler.domain.model.airing import AiringDraft, kind_of
from scheduler.domain.series.blocks import Block, Fill

LIVE, REPLAY, PROGRAM, SLATE = "live", "replay", "program", "slate"
PROPOSAL, BLOCK, BULLETINS = "proposal", "block", "bulletins"

LEGEND = (
    (LIVE, "live"),
    (REPLAY, "replay"),
    (PROGRAM, "film or series"),
    (SLATE, "slate"),
    (PROPOSAL, "proposal"),
    (BLOCK, "block"),
    (BULLETINS, "block of bulletins"),
)
"""Every kind with its words in the legend of the week grid."""


def kind_word(draft: AiringDraft) -> str:
    """Return the word for what an airing is to viewers: live, replay, slate or program."""
    kind = kind_of(draft)
    if kind is ContentKind.LIVE:
        return LIVE
    if draft.replay or draft.replay_of is not None:
        return REPLAY
    return SLATE if kind is ContentKind.SLATE else PROGRAM


def block_word(block: Block) -> str:
    """Return the word for what a block fills free time with: bulletins, or else programs."""
    return BULLETINS if block.draft.fill is Fill.BULLETINS else BLOCK
