"""When files come back from the archive, as tables."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from support.desk import HOUR, MINUTE, NOW

from config.names import AssetKey
from scheduler.domain.air.readiness import Light, return_light
from scheduler.domain.library.returning import (
    ReturnOutlook,
    WaitingReturn,
    foreseen,
    in_order,
    urgency,
)

NEW_YORK = ZoneInfo("America/New_York")
PACE = 10_000_000
GIGABYTE = 1_000_000_000


def waiting(name: str, gigabytes: int, needed: timedelta, **over: bool) -> WaitingReturn:
    return WaitingReturn(AssetKey(name), gigabytes * GIGABYTE, NOW + needed, **over)


def test_the_example_of_the_module() -> None:
    files = [
        waiting("budget", 36, 72 * HOUR),
        waiting("parks", 6, 58 * MINUTE),
        waiting("council", 18, 50 * MINUTE),
    ]
    assert [one.key for one in in_order(files)] == ["council", "parks", "budget"]
    ready = foreseen(files, PACE, NOW)
    minutes = {key: (at - NOW) // MINUTE for key, at in ready.items()}
    assert minutes == {"council": 30, "parks": 40, "budget": 100}


def test_what_is_coming_is_finished_first() -> None:
    files = [waiting("near", 6, HOUR), waiting("present", 6, 90 * HOUR, is_working=True)]
    assert [one.key for one in in_order(files)] == ["present", "near"]


@pytest.mark.parametrize(
    ("airs", "asked", "needed"),
    [
        (3 * HOUR, None, 3 * HOUR),
        (None, -10 * MINUTE, 50 * MINUTE),
        (3 * HOUR, -10 * MINUTE, 50 * MINUTE),
        (20 * MINUTE, -10 * MINUTE, 20 * MINUTE),
        (None, None, HOUR),
    ],
)
def test_how_urgent_a_file_is(
    airs: timedelta | None, asked: timedelta | None, needed: timedelta
) -> None:
    at = NOW + airs if airs is not None else None
    wanted = NOW + asked if asked is not None else None
    assert urgency(at, wanted, NOW) == NOW + needed


COMING = "Its file is in the archive, coming back, ready about"
AWAY = "Its file does not come back from the archive. The archive is away."


@pytest.mark.parametrize(
    ("ahead", "ready", "hindrance", "light", "words"),
    [
        (20 * 24 * HOUR, HOUR, "", Light.READY, "Its file is in the archive, and comes back 14"),
        (20 * 24 * HOUR, HOUR, "The archive is away.", Light.READY, "Its file is in the archive,"),
        (5 * HOUR, HOUR, "", Light.AMBER, COMING),
        (5 * 24 * HOUR, HOUR, "", Light.AMBER, COMING),
        (HOUR, 55 * MINUTE, "", Light.RED, COMING),
        (40 * HOUR, 50 * HOUR, "", Light.AMBER, COMING),
        (5 * HOUR, HOUR, "The archive is away.", Light.RED, AWAY),
        (50 * HOUR, HOUR, "The archive is away.", Light.AMBER, AWAY),
    ],
)
def test_the_light_of_an_airing_whose_file_rests(
    ahead: timedelta, ready: timedelta, hindrance: str, light: Light, words: str
) -> None:
    outlook = ReturnOutlook(NOW + ready, hindrance)
    found, why = return_light(outlook, NOW + ahead, NOW, NEW_YORK)
    assert found is light and why.startswith(words)
    late = ready + 10 * MINUTE > ahead and not hindrance
    assert why.endswith("too late for its start.") is late
