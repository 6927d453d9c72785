"""A pytest plugin that runs the slowest files first."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
SLOWEST = (
    "browser/test_accessibility.py",
    "browser/test_source_sheet.py",
    "simulation/test_what_can_go_wrong.py",
    "simulation/test_anything.py",
    "simulation/test_pages_and_feed.py",
    "simulation/test_a_restored_database.py",
    "scheduler/test_any_order.py",
    "scheduler/feeds/test_feed_goes_out.py",
    "web/test_hostile_tries.py",
)
"""Files with tests of more than 20 s, named from the folder of all tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the slowest files: a long test that starts last leaves one processor idle."""
    slowest = {TESTS / name for name in SLOWEST}
    items.sort(key=lambda item: item.path not in slowest)
