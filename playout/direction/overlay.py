"""The text over the picture: an emergency message, or the announcement of another meeting."""

from dataclasses import dataclass
from datetime import timedelta

from playout.lives.sessions import in_session
from playout.model.events import MessagePlacement
from playout.model.plan import ContentKind
from playout.state.air_state import Situation

ANNOUNCEMENT_SHOWN_FOR = timedelta(seconds=20)
"""How long the announcement of another meeting stays each time."""
ANNOUNCEMENT_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Overlay:
    """A text to draw over whatever is on air."""

    id: str
    text: str
    placement: MessagePlacement
    emergency: bool = False


def overlay(air: Situation) -> Overlay | None:
    """Return the one text over the picture at `air.now`; an emergency comes before any other."""
    message = air.happened.message
    if message is not None and message.at <= air.now < message.until:
        return Overlay(message.id, message.text, message.placement, emergency=True)
    return _announced(air)


def _announced(air: Situation) -> Overlay | None:
    """Announce now and then that another meeting has begun behind the live on air."""
    if air.current.kind is not ContentKind.LIVE or air.current.item is None:
        return None
    for item in air.plan.items:
        if (
            item.kind is not ContentKind.LIVE
            or item.start > air.now
            or item.id in air.happened.aired
        ):
            continue
        if not in_session(item, air.current, air.happened, air.now):
            continue
        if (air.now - item.start) % ANNOUNCEMENT_EVERY < ANNOUNCEMENT_SHOWN_FOR:
            text = f"{item.title} has started and is being recorded. It will air later."
            return Overlay(f"announced-{item.id}", text, MessagePlacement.STRIP)
    return None
