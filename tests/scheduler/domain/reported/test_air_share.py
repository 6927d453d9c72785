"""How a day was spent is worked out from frames seen, and adds up to the day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.names import CueId, ItemId
from playout.model.plan import Outcome
from playout.model.wire import AsRun, SeenStretch
from scheduler.domain.reported.air_share import Share, share
from scheduler.domain.reported.aired import Account, account

MIDNIGHT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(start: float, end: float, layer: str, item: str | None = None, ticks: int = 1) -> AsRun:
    """Hours after midnight."""
    first, last = MIDNIGHT + start * HOUR, MIDNIGHT + end * HOUR
    return AsRun(
        cue=CueId("c"), item=ItemId(item) if item else None, airing=None, title="", layer=layer,
        planned_start=first, planned_end=last, start=first, end=last, ticks=ticks, held=0,
        dropped=0, outcome=Outcome.AIRED,
    )  # fmt: skip


def made(runs: list[AsRun], hours: float, running: tuple[AsRun, ...] = ()) -> Account:
    return account(runs, running, (), MIDNIGHT, MIDNIGHT + hours * HOUR)


def parts(one: AsRun, *hours: tuple[float, float]) -> AsRun:
    """The row with only these stretches seen."""
    seen = (SeenStretch(MIDNIGHT + a * HOUR, MIDNIGHT + b * HOUR, one.layer) for a, b in hours)
    return replace(one, seen=tuple(seen))


@pytest.mark.parametrize(
    ("runs", "hours", "expected", "on_air"),
    [
        ([], 24, Share(unseen=24 * HOUR), 0.0),
        ([run(0, 24, "deck", "a")], 24, Share(programs=24 * HOUR), 1.0),
        ([run(-1, 2, "deck", "a"), run(2, 3, "deck")], 3, Share(2 * HOUR, HOUR), 1.0),
        (
            [run(0, 6, "board"), run(6, 8, "slate")], 8,
            Share(bulletins=6 * HOUR, slate=2 * HOUR), 0.75,
        ),
        ([run(0, 1, "deck", "a", ticks=0)], 1, Share(unseen=HOUR), 0.0),
        ([run(0, 5, "deck", "a")], 2, Share(programs=2 * HOUR), 1.0),
        ([], 0, Share(), 0.0),
        ([parts(run(0, 4, "deck", "a"), (0, 1), (2, 4))], 4, Share(3 * HOUR, unseen=HOUR), 0.75),
        (
            [run(0, 4, "deck", "a"), replace(run(1, 2, "deck"), cue=CueId("over-x"))], 4,
            Share(programs=4 * HOUR), 1.0,
        ),
    ],
)  # fmt: skip
def test_the_kinds_add_up_to_the_whole_span(
    runs: list[AsRun], hours: float, expected: Share, on_air: float
) -> None:
    found = share(made(runs, hours))
    assert found == expected
    assert found.whole == hours * HOUR
    assert found.on_air == on_air


def test_what_is_on_air_now_counted_as_unseen_until_it_was_over() -> None:
    on = parts(run(0, 3, "deck", "council"), (0, 3))

    assert share(made([], 3, (on,))) == Share(programs=3 * HOUR)
