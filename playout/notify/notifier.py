"""The narrow waist of sending: a message, a way to send it, and the error that says why not."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class OutgoingMessage:
    """A message as an adapter sends it."""

    id: str
    """The same at every try, so that a mailbox can tell a repetition."""
    subject: str
    text: str
    at: datetime
    """When it was made, UTC."""
    facts: tuple[dict[str, Any], ...] = ()
    """One entry for each alert, for machines (`playout.alerts.words.facts`)."""
    link: str = field(default="", repr=False)
    """The address where its alerts are acknowledged; empty for none."""


class NotifyError(Exception):
    """A message that could not be sent. The text says why, and holds no secret."""


class Notifier(Protocol):
    """One way to send."""

    def send(self, target: str, message: OutgoingMessage) -> None:
        """Send the message to a target of this way, or raise NotifyError.

        Returns only once the far end has accepted it.
        """
