"""The worker that looks at certificates, in its own thread because far ends take their time."""

from datetime import datetime

from config.clock import Clock
from config.settings import Settings
from playout.alerts.conditions import Condition
from playout.alerts.tracking import Observation
from playout.notify.certificates import LOOK_EVERY, CertificateWatch, places_of_server
from scheduler.domain.model.alerts import FaultList
from scheduler.process.job_loop import JobThread

CERTIFICATES = "certificates"
"""The name of the reporter."""


class CertificateWorker(JobThread):
    """Reads the certificates of the server every six hours."""

    def __init__(
        self, settings: Settings, clock: Clock, watch: CertificateWatch | None = None
    ) -> None:
        super().__init__(CERTIFICATES, clock, LOOK_EVERY.total_seconds())
        self._watch = watch or CertificateWatch(places_of_server(settings))

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
