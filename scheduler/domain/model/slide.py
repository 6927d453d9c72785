"""A slide of the bulletin board: text, the span in which it is shown, and its place in the
order."""

from dataclasses import dataclass
from datetime import UTC, datetime

from config.names import ChannelId
from scheduler.domain.model.ids import SlideId

ALWAYS_UNTIL = datetime(9999, 1, 1, tzinfo=UTC)
MOST_WORDS = 60
"""Words of heading and text: a minute's reading at twelve words in ten seconds is 72."""
SLIDE_STYLES = ("plain", "notice", "urgent")


@dataclass(frozen=True)
class SlideDraft:
    """The fields of a slide that staff may set. Text is plain text; lines may break."""

    heading: str
    body: str
    channel: ChannelId | None
    """None for every channel."""
    shown_from: datetime
    shown_until: datetime = ALWAYS_UNTIL
    seconds: float = 10.0
    style: str = "plain"


@dataclass(frozen=True)
class Slide:
    """A slide as stored."""

    id: SlideId
    draft: SlideDraft
    position: int
    version: int


def problems(draft: SlideDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not draft.heading.strip() or len(draft.heading) > 120:
        errors["heading"] = "Give the bulletin a heading of up to 120 characters."
    if len(draft.body) > 1000:
        errors["body"] = (
            "A bulletin holds up to 1000 characters; viewers cannot read more in its time."
        )
    words = len(draft.heading.split()) + len(draft.body.split())
    if words > MOST_WORDS:
        errors["body"] = (
            f"A bulletin holds up to {MOST_WORDS} words, and this has {words}: more is too small "
            "to read. Make it two bulletins."
        )
    if draft.shown_until <= draft.shown_from:
        errors["shown_until"] = "It must end after it starts."
    if not 3 <= draft.seconds <= 120:
        errors["seconds"] = "Show a bulletin for 3 to 120 seconds."
    if draft.style not in SLIDE_STYLES:
        errors["style"] = f"Choose one of {', '.join(SLIDE_STYLES)}."
    return errors
