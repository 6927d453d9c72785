"""Waiting in a test for something that happens at once, except on a busy machine."""

import time
from collections.abc import Callable

PATIENCE = 90.0
"""Seconds that only a hang reaches. On a busy machine a scheduler process once took twenty to
start."""


def in_the_end(holds: Callable[[], bool]) -> bool:
    """Return True as soon as a condition holds, and False if it does not within PATIENCE."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.01)
    return False
