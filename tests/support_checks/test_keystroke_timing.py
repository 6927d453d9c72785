"""The keystroke model is a plain sum of actions, so its figures can be checked by hand."""

import pytest
from support.keystroke_timing import HOME, KEY, POINT, THINK, count_keys, seconds


@pytest.mark.parametrize(
    ("did", "takes"),
    [
        ((), 0.0),
        ((KEY,) * 10, 2.8),
        ((THINK, POINT, KEY), 2.73),
        ((HOME, THINK, *(KEY,) * 8), 3.99),
    ],
)
def test_a_person_needs_the_sum_of_all_action_times(did: tuple[str, ...], takes: float) -> None:
    assert seconds(did) == pytest.approx(takes)


@pytest.mark.parametrize(("text", "keys"), [("", 0), ("abc", 3), ("6:00 PM", 9), ("Vote", 5)])
def test_a_capital_takes_two_keys(text: str, keys: int) -> None:
    assert count_keys(text) == keys
