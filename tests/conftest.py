"""Fixtures every room's tests may ask for."""

from collections.abc import Iterator

import pytest

from config.times import Hours, written_in

pytest_plugins = (
    "support.databases",
    "support.website",
    "support.quick_apps",
    "support.quick_databases",
    "support.slowest_first",
    "support.hostile_tries",
    "soak.outcomes",
)


@pytest.fixture(autouse=True)
def _hours() -> Iterator[None]:
    """Tests read the clock of 24 hours, unless they say otherwise: sentences that a test expects
    are those of one setting, whatever the test before it was about."""
    with written_in(Hours.TWENTY_FOUR):
        yield
