"""The worker that looks at certificates, in its own thread because far ends take their time."""

import threading
from datetime import datetime

from config.clock import Clock
from config.settings import Settings
from playout.alerts.conditions import Condition
from playout.alerts.tracking import Observation
from playout.notify.certificates import LOOK_EVERY, CertificateWatch, places_of_server
from scheduler.domain.model.alerts import FaultList
from scheduler.process.job_loop import do_jobs

CERTIFICATES = "certificates"
"""The name of the reporter."""


class CertificateWorker:
    """Reads the certificates of the server every six hours."""

    def __init__(
        self, settings: Settings, clock: Clock, watch: CertificateWatch | None = None
    ) -> None:
        self._watch = watch or CertificateWatch(places_of_server(settings))
        self._clock, self._stop = clock, threading.Event()
        self._thread = threading.Thread(target=self._work, name=CERTIFICATES, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def one(self) -> bool:
        """Look once. Return False, for there is no next job to hurry to."""
        self._watch.look(self._clock.utc())
        return False

    def faults(self, now: datetime) -> FaultList:
        """Return the certificates that end soon, as they were read last."""
        return FaultList(
            CERTIFICATES,
            None,
            tuple(
                Observation(Condition.CERTIFICATE, "", place.name, True, said, now, CERTIFICATES)
                for place, said in self._watch.ending(now)
            ),
        )

    def _work(self) -> None:
        every = LOOK_EVERY.total_seconds()
        do_jobs(CERTIFICATES, self.one, self._clock, self._stop, look_every=every)
