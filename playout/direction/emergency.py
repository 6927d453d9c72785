"""The emergency message in force, which comes before everything else over the picture."""

from datetime import datetime

from playout.model.events import Message
from playout.state.air_state import AirState


def message_in_force(happened: AirState, now: datetime) -> Message | None:
    """Return the emergency message that is on the picture at `now`, if any."""
    message = happened.message
    return message if message is not None and message.at <= now < message.until else None
