"""The rules of what rests in the archive, as tables."""

from datetime import timedelta

import pytest
from support.desk import NOW

from config.names import AssetKey
from scheduler.domain.library.copies import BACKUP, SECOND_STORE, SERVER, Copy, machine_place
from scheduler.domain.library.keeping import FileUse, UseKind
from scheduler.domain.library.pace import DiskPace
from scheduler.domain.library.resting import (
    NEVER,
    RETURNS_AHEAD,
    STAYS_AHEAD,
    needed_within,
    rests_after,
    why_not_rest,
)

DAY = timedelta(days=1)
KEY = AssetKey("a" * 64)
HALF_A_YEAR = 180 * DAY
MACHINE = machine_place("m1")


def copies(*places: str) -> list[Copy]:
    return [
        Copy(
            KEY,
            place.removesuffix(" damaged").removesuffix(" unread"),
            1,
            NOW,
            verified=None if place.endswith(" unread") else NOW,
            leaving=NOW if place.endswith(" damaged") else None,
        )
        for place in places
    ]


def airs_in(days: int, kind: UseKind = UseKind.AIRING) -> FileUse:
    return FileUse(kind, "Council", NOW + days * DAY)


@pytest.mark.parametrize(
    ("places", "uses", "unneeded_days", "why"),
    [
        ([SERVER, SECOND_STORE, BACKUP], [], 256, ""),
        ([SERVER, SECOND_STORE, MACHINE], [], 256, ""),
        ([SERVER, SECOND_STORE, BACKUP], [airs_in(92)], 256, ""),
        ([SERVER, SECOND_STORE, BACKUP], [airs_in(39)], 256, "Something needs it."),
        ([SERVER, SECOND_STORE], [], 256, "The archive would have the only copy."),
        ([SERVER, SECOND_STORE, BACKUP], [], 54, "It was needed not long ago."),
        ([SERVER, SECOND_STORE, BACKUP], [FileUse(UseKind.FILLER, "13")], 256, "Something"),
        ([SERVER, SECOND_STORE, BACKUP], [FileUse(UseKind.PUBLISHED, "13")], 256, "Something"),
        ([SERVER, SECOND_STORE, BACKUP], [FileUse(UseKind.CUT, "Part 1")], 256, ""),
        ([SERVER, BACKUP, MACHINE], [], 256, "The archive has no checked copy"),
        ([SERVER, SECOND_STORE + " damaged", BACKUP, MACHINE], [], 256, "The archive has no"),
        ([SERVER, SECOND_STORE + " unread", BACKUP, MACHINE], [], 256, "The archive has no"),
        ([SERVER, SECOND_STORE, BACKUP + " damaged"], [], 256, "The archive would have"),
    ],
)
def test_what_may_rest(
    places: list[str], uses: list[FileUse], unneeded_days: int, why: str
) -> None:
    needed = NOW - unneeded_days * DAY
    said = why_not_rest(copies(*places), uses, needed, NOW, HALF_A_YEAR)
    assert said.startswith(why) and bool(said) is bool(why)


@pytest.mark.parametrize(
    ("days", "comes_back"), [(15, False), (14, True), (1, True), (-1, True), (60, False)]
)
def test_a_file_comes_back_two_weeks_before_it_airs(days: int, comes_back: bool) -> None:
    for kind in (UseKind.AIRING, UseKind.PROPOSAL, UseKind.REPLAY, UseKind.SUBSTITUTE):
        assert needed_within([airs_in(days, kind)], NOW, RETURNS_AHEAD) is comes_back


def test_no_file_goes_that_would_be_back_soon() -> None:
    assert STAYS_AHEAD > RETURNS_AHEAD


@pytest.mark.parametrize(
    ("setting", "full_in", "days"),
    [
        (180, None, 180), (180, 365, 180), (180, 31, 180), (180, 30, 30), (180, 8, 30),
        (180, 7, 7), (180, 0, 7), (14, 30, 14), (14, 7, 7), (5, 0, 5), (36_500, 0, 36_500),
    ],
)  # fmt: skip
def test_a_disk_that_fills_lets_files_rest_earlier(
    setting: int, full_in: int | None, days: int
) -> None:
    pace = DiskPace(10**9, full_in) if full_in is not None else None
    assert rests_after(setting * DAY, pace) == days * DAY
    assert timedelta(days=36_500) == NEVER
