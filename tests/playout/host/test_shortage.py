"""What does not fit on a machine's disk is named with its day, count and size."""

from dataclasses import replace

import pytest
from support.plans import at, media, minutes, plan

from config.times import Hours
from playout.host.shortage import shortage
from playout.timing.media_need import MediaNeed, Need

NOW = at("9:00")
"""A Friday."""
THURSDAY = at("19:00", 6)
GB = 10**9


def lacks(kind: Need, *sizes: int, start: object = THURSDAY) -> list[MediaNeed]:
    return [
        MediaNeed(replace(media(f"f{n}", minutes(1)), size=size * GB), kind, start)  # type: ignore[arg-type]
        for n, size in enumerate(sizes)
    ]


CASES = [
    ([], "", False),
    (lacks(Need.PLANNED, 20, 20, 1), "Thursday, November 26, 2:00 PM and later: 3 files (41 GB) "
     "do not fit", True),
    (lacks(Need.NEXT_HOUR, 7, start=NOW), "Today, 4:00 AM and later: 1 file (7 GB) does not fit",
     True),
    (lacks(Need.ALWAYS, 1), "Bulletins and graphics: 1 file (1 GB) does not fit", True),
    (lacks(Need.FILLER, 1), "Filler and later: 1 file (1 GB) does not fit", True),
    (lacks(Need.MORE_FILLER, 1, 2), "Filler repeats more often: 2 files (3 GB) do not fit", False),
]  # fmt: skip


@pytest.mark.parametrize(("lacking", "words", "fault"), CASES)
def test_what_does_not_fit_is_named(lacking: list[MediaNeed], words: str, fault: bool) -> None:
    made = plan(zone="America/New_York", hours=Hours.TWELVE.value)
    said = shortage(lacking, made, NOW)

    assert said.words.startswith(words)
    assert bool(said.words) == bool(words)
    assert bool(said.fault) == fault


def test_the_station_that_writes_24_hours_reads_24_hours() -> None:
    made = plan(zone="Europe/Berlin", hours=Hours.TWENTY_FOUR.value)
    said = shortage(lacks(Need.PLANNED, 1), made, NOW)

    assert said.words.startswith("Thursday 26 November, 20:00 and later")
