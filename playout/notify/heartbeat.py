"""Heartbeats: requests that leave while all is well, so that silence itself is an alarm."""

import logging

import httpx

from config.alert_settings import AlertSettings
from playout.notify.notifier import NotifyError
from playout.notify.web import call

log = logging.getLogger(__name__)
MINUTE_NS = 60_000_000_000


class Heartbeat:
    """The requests to one address of the settings. Without an address nothing is sent."""

    def __init__(
        self, settings: AlertSettings, name: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._address = settings.heartbeat.get(name)
        self._every = int(settings.heartbeat_minutes * MINUTE_NS)
        self._transport = transport
        self._last: int | None = None
        self.problem = ""
        """Why the last request failed, in words; empty if it did not."""

    def beat(self, monotonic: int) -> bool:
        """Make one request if one is due, and return whether it was answered.

        Call it only while all is well. A failure is tried again at the next call.
        """
        if self._address is None:
            return False
        if self._last is not None and monotonic - self._last < self._every:
            return False
        try:
            call("GET", self._address.get_secret_value(), None, self._transport)
        except NotifyError as error:
            if not self.problem:
                log.warning("the heartbeat is not answered: %s", error)
            self.problem = str(error)
            return False
        self.problem, self._last = "", monotonic
        return True
