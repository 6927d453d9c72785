"""Where an element is drawn, while the page refreshes itself."""

from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support import boxes
from support.boxes import box_of

BROWSER_TESTS = Path(__file__).parent.parent / "browser"


def element(*looks: Any) -> Any:
    """Return an element that is at these places in turn, and stays at the last."""
    waits = SimpleNamespace(wait_for_timeout=lambda ms: None)
    turns = chain(looks, repeat(looks[-1]))
    return SimpleNamespace(page=waits, bounding_box=lambda: next(turns))


def at(y: float) -> dict[str, float]:
    return {"x": 1.0, "y": y, "width": 10.0, "height": 10.0}


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param((at(5),), id="at rest"),
        pytest.param((at(1), None, at(5)), id="replaced meanwhile"),
        pytest.param((None, None, at(5)), id="not there yet"),
        pytest.param((at(1), at(3), at(5)), id="still moving"),
    ],
)
def test_an_element_is_measured_where_it_comes_to_rest(looks: tuple[Any, ...]) -> None:
    assert box_of(element(*looks)) == at(5)


def test_an_element_that_stays_away_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "PAGE_TIMEOUT_MS", 10)

    with pytest.raises(AssertionError, match="never came to rest"):
        box_of(element(None))


def test_every_browser_test_measures_that_way() -> None:
    measured = [
        one.name for one in BROWSER_TESTS.glob("*.py") if "bounding_box(" in one.read_text()
    ]

    assert measured == []
