"""A notifier for tests and simulations: it keeps what it was sent."""

from playout.notify.notifier import NotifyError, OutgoingMessage


class KeptMessages:
    """A far end that accepts everything, until it is told to refuse."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, OutgoingMessage]] = []
        self.refusal = ""
        """Why it refuses; empty while it accepts."""

    def send(self, target: str, message: OutgoingMessage) -> None:
        """Keep the message. Raises NotifyError while it refuses."""
        if self.refusal:
            raise NotifyError(self.refusal)
        self.messages.append((target, message))
