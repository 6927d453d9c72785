"""The outcome of each airing, planned against aired, and what staff should hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.times import length
from playout.model.plan import ContentKind, Outcome
from playout.model.wire import AsRun
from scheduler.domain.model.airing import Airing
from scheduler.domain.reported.states import is_measured, outcome_words, state_word

MISSED_AFTER = timedelta(minutes=2)
"""An airing not seen this long after its planned end is missed, if its host was heard since."""
FINE = timedelta(seconds=2)
_WORST_FIRST = (
    Outcome.TERMINATED,
    Outcome.SUBSTITUTED,
    Outcome.CUT_SHORT,
    Outcome.INTERRUPTED,
    Outcome.OVERRAN,
    Outcome.JOINED,
    Outcome.LATE,
)


@dataclass(frozen=True)
class JudgedOutcome:
    """The outcome of an airing, from all its stretches on air."""

    outcome: Outcome
    reason: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Discrepancy:
    """One airing that did not go as planned, in a sentence for staff."""

    title: str
    planned: datetime
    outcome: Outcome
    sentence: str
    word: str = ""
    """The word for what became of it, as every page says it."""


def judge(
    airing: Airing,
    seen: Sequence[AsRun],
    heard_until: datetime | None,
    *,
    playable: bool = True,
    is_open: bool = False,
) -> JudgedOutcome | None:
    """Return the outcome of the airing; None while it cannot be known.

    `heard_until` is how far the host's journal has been heard. Stretches without a frame of the
    airing's own do not count as seen. An airing without a `playable` file was never in the host's
    plan: its time was filled like any gap. One that `is_open` is on air or may still come, so a
    meeting long past its planned end has not been missed.
    """
    own = sorted((run for run in seen if run.ticks > 0), key=lambda run: run.start)
    if not own:
        return None if is_open and not seen else _unseen(airing, seen, heard_until, playable)
    first, last = own[0], own[-1]
    outcomes = {run.outcome for run in own} | {run.outcome for run in seen if run.end > last.end}
    outcome = next((worst for worst in _WORST_FIRST if worst in outcomes), Outcome.AIRED)
    if outcome is Outcome.JOINED and first.outcome is not Outcome.JOINED:
        outcome = Outcome.AIRED
    reason = next((run.reason for run in own if run.outcome is outcome and run.reason), "")
    return JudgedOutcome(outcome, reason, first.start, last.end)


def _unseen(
    airing: Airing, seen: Sequence[AsRun], heard_until: datetime | None, playable: bool
) -> JudgedOutcome | None:
    told = next((run for run in seen if run.outcome is not Outcome.AIRED), None)
    if told is not None:
        never = airing.kind is ContentKind.LIVE and told.outcome is Outcome.SUBSTITUTED
        return JudgedOutcome(Outcome.MISSED if never else told.outcome, told.reason, None, None)
    if heard_until is None or heard_until < airing.end + MISSED_AFTER:
        return None
    if airing.kind is ContentKind.FILE and not playable:
        return JudgedOutcome(
            Outcome.SUBSTITUTED, "It had no file; its time was filled.", None, None
        )
    return JudgedOutcome(Outcome.MISSED, "", None, None)


def discrepancy(airing: Airing) -> Discrepancy | None:
    """Return what to tell staff of an airing that was judged; None when all went as planned."""
    if airing.outcome is None or airing.outcome is Outcome.AIRED:
        return None
    word = state_word(airing.outcome, seen=airing.aired_start is not None)
    sentence = f"{airing.title} {_was(_became(airing, airing.outcome))}"
    return Discrepancy(airing.title, airing.start, airing.outcome, sentence, word)


def _became(airing: Airing, outcome: Outcome) -> str:
    """Return the outcome and its reason; where the reason has no amount, compute it from the
    times."""
    reason = airing.outcome_reason
    if not is_measured(reason):
        why = f": {reason}" if reason else ""
        if outcome is Outcome.LATE and airing.aired_start:
            return f"started {length(airing.aired_start - airing.start)} late{why}"
        if outcome is Outcome.OVERRAN and airing.aired_end:
            return f"ran {length(airing.aired_end - airing.end)} over{why}"
    return outcome_words(outcome, reason, seen=airing.aired_start is not None)


def _was(words: str) -> str:
    return (
        words
        if words.startswith(("started", "ran", "aired", "overran", "joined", "did not"))
        else (f"was {words}")
    )
