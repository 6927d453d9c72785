"""The life of one target: opened, fed, and after a fault tried again and again, ever less often."""

import logging
from collections.abc import Callable
from datetime import datetime

from config.clock import Clock
from playout.engine.format.ticks import NS
from playout.engine.links.target_state import TargetState
from playout.engine.targets.sender import SendError, TargetSender

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds until a target is tried again; the pause doubles while it keeps failing."""
STEADY_AFTER = 10.0
"""Seconds of sending after which the next pause is the shortest again."""


class TargetRun:
    """Keeps one sender going. No fault of the target leaves it."""

    def __init__(
        self,
        sender: TargetSender,
        shown: str,
        clock: Clock,
        drain: Callable[[], int],
        before: TargetState | None = None,
    ) -> None:
        """Take a sender that is still closed. `drain` drops what waits to be sent, and returns how
        many bytes that were. `before` is the last state of a process before this one, whose counts
        and problem go on.
        """
        self._sender, self._shown, self._clock, self._drain = sender, shown, clock, drain
        self._since: datetime | None = None
        self._opened_at = self._try_at = clock.monotonic()
        self._pause = FIRST_PAUSE
        self._sent, self._dropped = (before.sent, before.dropped) if before is not None else (0, 0)
        self._problem = before.problem if before is not None else ""
        self._failing_since = before.failing_since if before is not None else None

    def take(self, chunks: bytes) -> None:
        """Send chunks; drop them while the target does not take any. Without chunks, only see
        whether it is time to try again.
        """
        if self._since is None and not self._open():
            self._dropped += len(chunks)
            return
        if not chunks:
            return
        try:
            missed = self._sender.send(chunks)
        except SendError as error:
            self._fail(error)
            self._dropped += len(chunks)
            return
        self._sent += len(chunks) - missed
        self._dropped += missed
        if self._problem and self._has_sent_for(STEADY_AFTER):
            self._problem, self._pause, self._failing_since = "", FIRST_PAUSE, None

    @property
    def state(self) -> TargetState:
        """The state at this moment."""
        note = self._sender.note if self._since is not None else ""
        return TargetState(
            self._shown,
            self._since,
            self._sent,
            self._dropped,
            self._problem,
            note,
            self._failing_since,
        )

    def rest(self) -> None:
        """Send nothing, and leave the target to the other machine of the channel."""
        self._drain()
        if self._since is not None:
            self._sender.close()
        self._since, self._problem, self._failing_since = None, "", None
        self._pause, self._try_at = FIRST_PAUSE, self._clock.monotonic()

    def close(self) -> None:
        """Close the sender for good."""
        self._sender.close()

    def _open(self) -> bool:
        """Open the sender where it is time to; return whether it takes the chunks at hand. After a
        fault it goes on with what comes next, not with what piled up meanwhile.
        """
        if self._clock.monotonic() < self._try_at:
            return False
        try:
            self._sender.open()
        except SendError as error:
            self._fail(error)
            return False
        log.info("%s takes the stream", self._shown)
        self._since, self._opened_at = self._clock.utc(), self._clock.monotonic()
        if not self._problem:
            return True
        self._dropped += self._drain()
        return False

    def _fail(self, error: SendError) -> None:
        """Close the sender until the next try. What piled up meanwhile is dropped and counted now:
        no state is written while that try lasts.
        """
        self._sender.close()
        self._dropped += self._drain()
        if self._since is not None and self._has_sent_for(STEADY_AFTER):
            self._pause = FIRST_PAUSE
        problem = f"The stream does not reach {self._shown}: {error}."
        if problem != self._problem:
            log.warning("%s", problem)
        self._failing_since = self._failing_since or self._clock.utc()
        self._since, self._problem = None, problem
        self._try_at = self._clock.monotonic() + round(self._pause * NS)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _has_sent_for(self, seconds: float) -> bool:
        return self._clock.monotonic() - self._opened_at >= seconds * NS
