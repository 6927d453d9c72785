"""The limits of a bulletin's text."""

import pytest
from support.desk import NOW

from scheduler.domain.model.slide import SlideDraft, problems


@pytest.mark.parametrize(("words", "fine"), [(1, True), (58, True), (59, False)])
def test_a_bulletin_too_long_to_read_is_refused(words: int, fine: bool) -> None:
    found = problems(SlideDraft("Leaf pickup", "leaves " * words, None, NOW))
    assert (found == {}) is fine
    assert fine or f"this has {words + 2}" in found["body"]
