"""A look at something that may never answer, shared by all who ask and bounded in time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Generic, TypeVar

from config.clock import Clock

Seen = TypeVar("Seen")


class BoundedLook(Generic[Seen]):
    """One look at a time, in a thread of its own; callers share its result.

    A look that hangs holds that one thread, and no second look begins beside it. Example, with
    `kept` 1 and `patience` 1.5: a caller at second 0 begins a look. It hangs. At 1.5 that caller
    gets None, and so does everyone who asks later, at once. At 9 the look ends; until 10 all get
    its result, and whoever asks then begins the next look.
    """

    def __init__(
        self, look: Callable[[], Seen], clock: Clock, *, kept: float = 1.0, patience: float = 1.5
    ) -> None:
        self._look, self._clock = look, clock
        self._kept, self._patience = kept, patience
        self._lock = threading.Lock()
        self._latest: Future[Seen] | None = None
        self._began = self._ended = 0.0

    def result(self) -> Seen | None:
        """Return what the newest look saw, at most `kept` seconds old.

        Return None when it has not answered within `patience` seconds of its beginning. Raises
        what the look raised.
        """
        with self._lock:
            now = self._now()
            latest = self._latest
            if latest is None or (latest.done() and not 0 <= now - self._ended < self._kept):
                latest = self._latest = Future()
                self._began = now
                threading.Thread(
                    target=self._run, args=(latest,), name="bounded look", daemon=True
                ).start()
            left = self._patience - (now - self._began)
        try:
            return latest.result(max(0.0, left))
        except NotYet:
            return None

    def _run(self, future: Future[Seen]) -> None:
        try:
            seen = self._look()
        except BaseException as error:  # noqa: BLE001 - handed to every caller
            self._ended = self._now()
            future.set_exception(error)
        else:
            self._ended = self._now()
            future.set_result(seen)

    def _now(self) -> float:
        return self._clock.monotonic() / 1e9
