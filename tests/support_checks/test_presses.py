"""The judge of presses fails on planted faults, and excuses only what a stall explains."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from soak.test_takes import ORDER, Press, adjourned_after, judge, slated_after
from support.stalls import Stall

from config.names import CueId
from playout.model.engine import AirFact
from playout.model.layer import Layer

CLICKED = datetime.now(UTC)


def presses(count: int = 30, ms: float = 400) -> list[Press]:
    aired = CLICKED + timedelta(milliseconds=ms)
    return [Press(ORDER[n % len(ORDER)], CLICKED, aired) for n in range(count)]


@pytest.fixture(autouse=True)
def _notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAVEL_SOAK_NOTES", str(tmp_path))


def test_prompt_presses_keep_every_limit() -> None:
    judge(presses(), [], 60)


@pytest.mark.parametrize("verb", ORDER)
@pytest.mark.parametrize("aired", [CLICKED + timedelta(milliseconds=1200), None])
def test_a_late_or_lost_press_of_one_button_is_found(verb: str, aired: datetime | None) -> None:
    late = [replace(one, aired=aired) if one.verb == verb else one for one in presses()]
    with pytest.raises(AssertionError):
        judge(late, [], 60)


def test_stalls_excuse_at_most_a_tenth_of_the_presses() -> None:
    at = round((CLICKED.timestamp() + time.monotonic() - time.time()) * 1e9)
    stall = Stall(at, at + 10**9)
    some = [*presses(27), *presses(3, 1200)]
    judge(some, [stall], 60)
    with pytest.raises(AssertionError):
        judge(some, [], 60)
    with pytest.raises(AssertionError, match="inconclusive"):
        judge([*presses(26), *presses(4, 1200)], [stall], 60)


def test_the_first_tick_belongs_to_the_requested_layer() -> None:
    """A long run of the live goes on in a second fact, and the slate lies over it, not under."""
    live = AirFact(
        1, 30, CLICKED + timedelta(seconds=1), CLICKED + timedelta(seconds=2), Layer.DECK,
        CueId("council@20261122T180020.live#1"), 0,
    )  # fmt: skip
    covered = replace(live, layer=Layer.SLATE)
    slate = replace(covered, cue=CueId("slate-1"))
    over = replace(live, cue=CueId("fill-1"), layer=Layer.BOARD)

    assert [slated_after(CLICKED)(one) for one in (live, covered, slate)] == [False, False, True]
    ended = adjourned_after(CLICKED, "council")
    assert [ended(one) for one in (live, covered, over)] == [False, False, True]
    assert not ended(replace(over, start=CLICKED - timedelta(seconds=1)))
