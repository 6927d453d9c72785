"""Faults that once took the air, put on a real station one after the other and judged by its
capture.

N1 to N7 are their names in the list that found them. N4, a live that changes its coding without a
pause, is put on the real engine in `air/test_live_changes.py`.
"""

from collections.abc import Sequence

import pytest
from bench.figures import Figure
from soak import faults_disk, faults_ends, faults_restored, faults_starts
from soak.notes import alone

pytestmark = pytest.mark.soak


def holds(figures: Sequence[Figure], group: str) -> None:
    """Fail if the machine stalled too much, or if a figure of the group exceeds its limit."""
    away = [one for one in figures if one.group == "machine" and not one.good]
    assert not away, "inconclusive: the machine itself stalled too much"
    assert not [one for one in figures if one.group in (group, "picture") and not one.good]


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> list[Figure]:
    with alone():
        return faults_ends.evening(tmp_path_factory.mktemp("ends"))


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> list[Figure]:
    with alone():
        return faults_disk.evening(tmp_path_factory.mktemp("disk"))


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> list[Figure]:
    with alone():
        return faults_restored.evening(tmp_path_factory.mktemp("restored"))


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> list[Figure]:
    with alone():
        return faults_starts.evening(tmp_path_factory.mktemp("starts"))


def test_n1_what_comes_next_airs_on_its_tick_whatever_ends_just_before_it(
    ends: list[Figure],
) -> None:
    holds(ends, "N1")


def test_n5_a_file_that_is_removed_while_it_airs_airs_to_its_end(ends: list[Figure]) -> None:
    holds(ends, "N5")


def test_n2_no_file_that_the_disk_refuses_stands_in_the_way_of_an_order(
    disk: list[Figure],
) -> None:
    holds(disk, "N2")


def test_n3_after_a_restore_buttons_work_and_what_the_server_says_now_airs(
    restored: list[Figure],
) -> None:
    holds(restored, "N3")


def test_n6_a_channel_starts_without_its_air_log_and_says_so(starts: list[Figure]) -> None:
    holds(starts, "N6")


def test_n7_months_without_a_server_neither_delay_a_start_nor_take_memory(
    starts: list[Figure],
) -> None:
    holds(starts, "N7")
