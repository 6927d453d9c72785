"""Fixtures and plugins of all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from config.times import Hours, written_in

pytest_plugins = (
    "support.databases",
    "support.backups",
    "support.website",
    "support.quick_apps",
    "support.quick_databases",
    "support.resting_collector",
    "support.slowest_first",
    "support.hostile_tries",
    "soak.outcomes",
)

# NumPy gives a multiplication a thread for each processor, and they wait for each other by turning.
# Tests use one thread, as the processes of a channel do (playout/processes/child.py).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A deadline in milliseconds judges the machine, which may be busy, and not the code.
settings.register_profile("gavel", deadline=None)
settings.load_profile("gavel")


@pytest.fixture(autouse=True)
def _hours() -> Iterator[None]:
    """Use the 24-hour clock unless a test says otherwise, so that no test depends on the one
    before.
    """
    with written_in(Hours.TWENTY_FOUR):
        yield
