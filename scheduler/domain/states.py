"""One word for each state of an airing, on every page, in feeds, simulation and history."""

from playout.rundown import Kind, Outcome
from playout.wire import AsRun
from scheduler.domain.airing import Airing

DID_NOT_AIR = "did not air"
ON_AIR = "on air"
SKIPPED = "skipped"
NOT_RECORDED = "not recorded"
"""Nobody told what was on then: the machine was off, or what it told is lost."""
_WORDS = {Outcome.MISSED: DID_NOT_AIR}


def state_word(outcome: Outcome, *, seen: bool = True) -> str:
    """The word for what became of an airing; `seen` is False where no frame of it was."""
    if outcome is Outcome.TERMINATED and not seen:
        return SKIPPED
    return _WORDS.get(outcome, outcome.value)


def run_words(run: AsRun) -> str:
    """The word for one row of as-run, and why: `cut short: 12 s short`."""
    word = state_word(run.outcome, seen=bool(run.ticks))
    return f"{word}: {run.reason}" if run.reason else word


def never_aired(airing: Airing) -> bool:
    """Whether it was judged and no frame of it was seen."""
    return airing.outcome is not None and airing.aired_start is None


def is_over_for_viewers(airing: Airing) -> bool:
    """Whether it cannot come back at another time by itself: a meeting, or a replay of one. Other
    programs stay postponed until staff give them another time."""
    return airing.kind is Kind.LIVE or airing.draft.replay_of is not None
