"""The one word for each state of an airing, on pages, in feeds, simulation and history."""

from playout.model.plan import ContentKind, Outcome
from playout.model.wire import AsRun
from scheduler.domain.model.airing import Airing

DID_NOT_AIR = "did not air"
ON_AIR = "on air"
SKIPPED = "skipped"
NOT_RECORDED = "not recorded"
"""Nobody told what was on then: the machine was off, or what it told is lost."""
_WORDS = {Outcome.MISSED: DID_NOT_AIR}
_MEASURED = {
    Outcome.LATE: "aired",
    Outcome.JOINED: "joined",
    Outcome.OVERRAN: "ran",
    Outcome.CUT_SHORT: "cut short",
}
"""The words before a reason that says how much: `joined 16 min 37 s late`."""
_WOULD = {Outcome.LATE: "air", Outcome.JOINED: "be joined", Outcome.OVERRAN: "run"}


def state_word(outcome: Outcome, *, seen: bool = True) -> str:
    """Return the word for an outcome; `seen` is False where no frame of the airing was seen."""
    if outcome is Outcome.TERMINATED and not seen:
        return SKIPPED
    return _WORDS.get(outcome, outcome.value)


def outcome_words(outcome: Outcome, reason: str, *, seen: bool = True) -> str:
    """Return an outcome and its reason in words: `ran 2 min 21 s over`, `skipped: too late`."""
    if is_measured(reason) and outcome in _MEASURED:
        return f"{_MEASURED[outcome]} {reason}"
    word = state_word(outcome, seen=seen)
    return f"{word}: {reason}" if reason else word


def would_words(outcome: Outcome, reason: str) -> str:
    """Return the same for an outcome that is only expected: `would air 5 min late`."""
    if outcome is Outcome.MISSED:
        return f"would not air: {reason}" if reason else "would not air"
    if is_measured(reason) and outcome in _WOULD:
        return f"would {_WOULD[outcome]} {reason}"
    return f"would be {outcome_words(outcome, reason)}"


def run_words(run: AsRun) -> str:
    """Return the word for one as-run row, and why: `joined 16 min 37 s late`."""
    return outcome_words(run.outcome, run.reason, seen=bool(run.ticks))


def is_measured(reason: str) -> bool:
    """Return whether the reason begins with an amount: `2 min 21 s over`, `by 12 s`."""
    return reason.removeprefix("by ")[:1].isdigit()


def never_aired(airing: Airing) -> bool:
    """Return whether the airing was judged and no frame of it was seen."""
    return airing.outcome is not None and airing.aired_start is None


def is_over_for_viewers(airing: Airing) -> bool:
    """Return whether the airing cannot come back at another time: a meeting, or a replay of one.

    Other programs stay postponed until staff give them another time.
    """
    return airing.kind is ContentKind.LIVE or airing.draft.replay_of is not None
