"""One sentence for what became of an airing, on every page, in feeds, simulation and history."""

import pytest

from playout.model.plan import Outcome
from scheduler.domain.reported.states import outcome_words, would_words


@pytest.mark.parametrize(
    ("outcome", "reason", "said"),
    [
        (Outcome.JOINED, "16 min 37 s late", "joined 16 min 37 s late"),
        (Outcome.LATE, "0.7 s late", "aired 0.7 s late"),
        (Outcome.OVERRAN, "2 min 21 s over", "ran 2 min 21 s over"),
        (Outcome.CUT_SHORT, "by 12 s", "cut short by 12 s"),
        (Outcome.CUT_SHORT, "", "cut short"),
        (Outcome.MISSED, "it had no file", "did not air: it had no file"),
        (Outcome.SUBSTITUTED, "3 files failed", "substituted: 3 files failed"),
    ],
)
def test_an_outcome_is_one_sentence(outcome: Outcome, reason: str, said: str) -> None:
    assert outcome_words(outcome, reason) == said


@pytest.mark.parametrize(
    ("outcome", "reason", "said"),
    [
        (Outcome.LATE, "5 min late", "would air 5 min late"),
        (Outcome.JOINED, "5 min late", "would be joined 5 min late"),
        (Outcome.OVERRAN, "2 min over", "would run 2 min over"),
        (Outcome.CUT_SHORT, "by 30 min", "would be cut short by 30 min"),
        (Outcome.MISSED, "", "would not air"),
        (Outcome.MISSED, "it had no file", "would not air: it had no file"),
        (
            Outcome.TERMINATED,
            "a person ended it",
            "would be terminated by operator: a person ended it",
        ),
    ],
)
def test_the_simulation_words_expected_outcomes_alike(
    outcome: Outcome, reason: str, said: str
) -> None:
    assert would_words(outcome, reason) == said
