"""The clock: the only module that reads time or waits for it, so any decision can be tested at any
instant.
"""

import ctypes
import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

TIME_ERROR = 5
"""adjtimex's answer while no service disciplines the kernel's clock (STA_UNSYNC)."""


BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""A file in which the kernel names the present start of the machine."""


@dataclass(frozen=True)
class SinceBoot:
    """The time since the machine started, by a clock that nobody sets (CLOCK_BOOTTIME)."""

    boot: str
    """Name of that start of the machine; empty where the kernel does not say."""
    ns: int
    """Nanoseconds since then, also those asleep. They run as fast as the wall clock, which a time
    service steers, so their distance to it changes only when the wall clock is set."""


class Clock(Protocol):
    """A source of time. A decision reads it once and passes the instant on."""

    def utc(self) -> datetime:
        """Return the wall clock, aware, in UTC."""

    def monotonic(self) -> int:
        """Return nanoseconds on a clock that never steps (CLOCK_MONOTONIC); only differences mean
        anything.
        """

    def wait(self, seconds: float, wake: threading.Event | None = None) -> bool:
        """Let `seconds` pass, or less if `wake` is set first; True if it was woken."""

    def synchronized(self) -> bool | None:
        """Return whether a time service keeps the wall clock; None where the kernel does not
        say."""

    def since_boot(self) -> SinceBoot:
        """Return how long this start of the machine lasts, whatever was done to the wall clock."""


def machine_zone() -> ZoneInfo:
    """Return this machine's time zone: that of TZ, else of /etc/localtime, else UTC."""
    leads_to = str(Path("/etc/localtime").resolve())
    name = os.environ.get("TZ", "").lstrip(":") or leads_to.partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=1)
def _boot() -> str:
    try:
        return BOOT_ID.read_text().strip()
    except (OSError, ValueError):
        return ""


class SystemClock:
    """The machine's own clocks."""

    def utc(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> int:
        return time.monotonic_ns()

    def wait(self, seconds: float, wake: threading.Event | None = None) -> bool:
        if wake is None:
            time.sleep(max(0.0, seconds))
            return False
        return wake.wait(max(0.0, seconds))

    def synchronized(self) -> bool | None:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
        return None if state < 0 else state != TIME_ERROR

    def since_boot(self) -> SinceBoot:
        return SinceBoot(_boot(), time.clock_gettime_ns(time.CLOCK_BOOTTIME))


class SimulatedClock:
    """A clock that moves only when a caller waits on it or advances it."""

    def __init__(self, start: datetime, monotonic_ns: int = 1_000_000_000) -> None:
        if start.tzinfo is None:
            raise ValueError("a simulated clock starts at an aware instant")
        self._utc = start.astimezone(UTC)
        self._monotonic = monotonic_ns
        self.kept: bool | None = None
        """The answer of `synchronized`."""
        self._boots, self._booted = 1, monotonic_ns

    def utc(self) -> datetime:
        return self._utc

    def monotonic(self) -> int:
        return self._monotonic

    def wait(self, seconds: float, wake: threading.Event | None = None) -> bool:
        if wake is not None and wake.is_set():
            return True
        self.advance(timedelta(seconds=max(0.0, seconds)))
        return False

    def synchronized(self) -> bool | None:
        return self.kept

    def since_boot(self) -> SinceBoot:
        return SinceBoot(f"boot-{self._boots}", self._monotonic - self._booted)

    def advance(self, by: timedelta) -> None:
        """Let time pass on both clocks."""
        self._utc += by
        self._monotonic += round(by.total_seconds() * 1e9)

    def step(self, by: timedelta) -> None:
        """Set the wall clock as NTP or a person would; monotonic time is untouched."""
        self._utc += by

    def reboot(self) -> None:
        """Start the machine anew: what its clocks say goes on, and its time since boot is 0."""
        self._boots, self._booted = self._boots + 1, self._monotonic
