"""The loop of a worker thread that does jobs from the database, one at a time."""

import logging
import threading
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
