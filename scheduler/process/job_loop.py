"""The loop of a worker thread that does jobs from the database, one at a time."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from config.clock import Clock
from scheduler.db.store import DatabaseError

log = logging.getLogger(__name__)


def do_jobs(
    what: str,
    one: Callable[[], bool],
    clock: Clock,
    stop: threading.Event,
    *,
    look_every: float,
) -> None:
    """Call `one` until `stop` is set, again at once while it did a job, else after `look_every`
    seconds. `what` names the work in the log. A job that failed stays as it is, and begins anew at
    the next start.
    """
    while not stop.is_set():
        try:
            worked = one()
        except DatabaseError as error:
            log.warning("%s waits for the database: %s", what, error)
            worked = False
        except Exception:  # noqa: BLE001 - the rim of a worker: the next job may be a good one
            log.exception("%s failed; it continues with the next file", what)
            worked = False
        if not worked:
            clock.wait(look_every, stop)


class JobThread(ABC):
    """A thread beside the scheduler's loop that does one kind of job."""

    def __init__(self, what: str, clock: Clock, look_every: float) -> None:
        """`what` names the work in the log; `look_every` is in seconds."""
        self._what, self._clock, self._look_every = what, clock, look_every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=what, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no more jobs. One that is cut off begins anew at the next start."""
        self._stop.set()

    @abstractmethod
    def one(self) -> bool:
        """Do the next job; return False when there is none."""

    def _work(self) -> None:
        do_jobs(self._what, self.one, self._clock, self._stop, look_every=self._look_every)
