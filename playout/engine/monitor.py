"""The monitor: watches the program as a viewer would."""

from pathlib import Path

from config.child import beat
from config.clock import Clock


def run_monitor(ring_handle: int, folder: Path, clock: Clock) -> None:
    """The monitor process."""
    while True:
        clock.wait(0.2)
        beat()
