"""A machine lets a recording go only where two copies stay."""

from datetime import UTC, datetime

import pytest

from config.names import AssetKey
from scheduler.domain.library.copies import (
    BACKUP,
    SECOND_STORE,
    SERVER,
    Copy,
    host_of,
    machine_place,
    may_let_go,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
A, B = machine_place("a"), machine_place("b")
KEY = AssetKey("f" * 64)


def copies(*places: str) -> list[Copy]:
    """Return one copy at each place; a place with a minus before it is being left."""
    return [
        Copy(KEY, place.lstrip("-"), 1000, NOW, leaving=NOW if place[0] == "-" else None)
        for place in places
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("places", "recording", "upload"),
    [
        ([], False, False),
        ([A], False, False),
        ([A, B], False, False),
        ([A, SECOND_STORE, BACKUP], False, False),
        ([SERVER, A], False, True),
        ([SERVER], False, True),
        ([SERVER, A, B], True, True),
        ([SERVER, A, SECOND_STORE], True, True),
        ([SERVER, A, BACKUP], True, True),
        ([SERVER, A, f"-{B}"], False, True),
        ([f"-{SERVER}", A, B], False, False),
        ([SERVER, f"-{A}", B], True, True),
    ],
)
def test_what_a_machine_may_let_go(places: list[str], *, recording: bool, upload: bool) -> None:
    assert may_let_go(copies(*places), A, is_recording=True) is recording
    assert may_let_go(copies(*places), A, is_recording=False) is upload
    assert may_let_go(copies(*places), A, is_recording=True, is_released=True)


def test_a_place_names_its_machine() -> None:
    assert host_of(A) == "a"
    assert host_of(SERVER) is None


@pytest.mark.parametrize(
    ("places", "may"),
    [
        ([A, SECOND_STORE, BACKUP], True),
        ([A, SECOND_STORE, B], True),
        ([A, SECOND_STORE], False),
        ([A, BACKUP, B], False),
        ([A, f"-{SECOND_STORE}", BACKUP, B], False),
    ],
)
def test_what_rests_in_the_archive_needs_two_copies_elsewhere(places: list[str], may: bool) -> None:
    for is_recording in (True, False):
        assert may_let_go(copies(*places), A, is_recording=is_recording, rests=True) is may
