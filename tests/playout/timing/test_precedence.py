"""Precedence as tables: who goes first, who cuts whom, who rejoins, and who has no air at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import (
    EndRule,
    MissedStart,
    Rank,
    at,
    item,
    live,
    minutes,
    soft,
    waiting,
)

from config.names import AiringId
from playout.model.events import Event, Failed, LiveClosed, Off, On, Skipped
from playout.model.plan import Item, StartRule
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.durations import Placed, begin_item, off_air
from playout.timing.filler import fill
from playout.timing.filler_pool import FillerChoice, FillerPool
from playout.timing.precedence import (
    cuts,
    delay_in_words,
    has_had_its_air,
    is_hard,
    keeps_off,
    precedence,
    strength,
    why_it_cannot_air,
)

NOW = at("9:00")


def film(name: str = "film", start: str = "10:00", **rest: object) -> Item:
    return item(name, at(start), minutes(60), **rest)


def placed(one: Item, start: datetime | None = None) -> Placed:
    """The item as it airs from its planned start, or from another."""
    found = begin_item(one, start or one.start, AirState(), NOW, 1)
    assert found is not None
    return found


COUNCIL = live("council", at("10:00"), minutes(120))
TALK = soft("talk", at("10:00"), minutes(60))


@pytest.mark.parametrize(
    ("one", "hard", "rank"),
    [
        (film(), True, Rank.HARD),
        (TALK, False, Rank.SOFT),
        (replace(TALK, locked=True), True, Rank.SOFT),
        (COUNCIL, True, Rank.HELD),
        (replace(COUNCIL, end_rule=EndRule.CUT), True, Rank.HARD),
        (replace(COUNCIL, start_rule=StartRule.FOLLOW), True, Rank.HELD),
        (replace(COUNCIL, start_rule=StartRule.WAIT), False, Rank.HELD),
    ],
    ids=["a program", "a soft one", "a locked one never slides", "a held live",
         "a live that is cut",         "a live never follows", "a live may wait for its room"],
)  # fmt: skip
def test_a_start_is_hard_and_a_held_live_is_strong(one: Item, hard: bool, rank: Rank) -> None:
    assert (is_hard(one), strength(one)) == (hard, rank)


@pytest.mark.parametrize(
    ("due", "first"),
    [
        ([film(), film("alert", "10:30", rank=Rank.OVERRIDE)], "alert"),
        ([film(), COUNCIL], "council"),
        ([film("early", "10:00"), film("late", "10:30")], "late"),
        ([film("early", "10:00", missed=MissedStart.TOP), film("late", "10:30")], "late"),
        ([soft("early", at("10:00"), minutes(5)), soft("late", at("10:05"), minutes(5))], "early"),
        ([film("a"), film("b", locked=True)], "b"),
        ([film("b"), film("a")], "a"),
    ],
    ids=["the higher rank", "a held live before a program", "of hard starts the latest",
         "also before one that airs from the top",
         "of soft ones the earliest", "the locked one", "else the order of ids"],
)  # fmt: skip
def test_of_several_that_are_due_one_goes_first(due: Sequence[Item], first: str) -> None:
    assert min(due, key=precedence).id == first


ON_FILM = placed(film())
"""From 10:00 to 11:00."""


@pytest.mark.parametrize(
    ("due", "current", "when", "cut"),
    [
        (film("news", "10:30"), ON_FILM, "10:30", True),
        (film("news", "10:30"), ON_FILM, "10:40", False),
        (film("news", "10:00"), ON_FILM, "10:00", False),
        (film("news", "10:30", missed=MissedStart.SKIP), ON_FILM, "10:30", True),
        (film("news", "10:30", missed=MissedStart.SKIP), ON_FILM, "10:31", False),
        (soft("talk", at("10:30"), minutes(30)), ON_FILM, "10:30", False),
        (film("news", "11:00"), placed(COUNCIL), "11:00", False),
        (film("alert", "11:00", rank=Rank.OVERRIDE), placed(COUNCIL), "11:00", True),
        (film("alert", "11:00", rank=Rank.OVERRIDE), ON_FILM, "11:00", True),
        (waiting("talk", at("10:30"), minutes(30), minutes(10)), ON_FILM, "10:39", False),
        (waiting("talk", at("10:30"), minutes(30), minutes(10)), ON_FILM, "10:40", False),
        (waiting("talk", at("10:30"), minutes(30), minutes(10)), placed(TALK), "10:40", True),
        (film("block", "10:30", rank=Rank.BLOCK), ON_FILM, "10:30", False),
        (film("block", "10:30", rank=Rank.BLOCK), ON_FILM, "11:00", True),
    ],
    ids=["a hard start at its instant", "not at another", "not one planned for the same time",
         "one that skips when missed, at its instant", "but not later", "one that follows never",
         "a held live is not cut", "but by an override", "an override cuts a program",
         "one that waits, not before its limit", "at its limit not a stronger one in its own time",
         "at its limit an equal one", "a weaker one not in its time", "but where it overruns"],
)  # fmt: skip
def test_an_item_cuts_what_is_on(due: Item, current: Placed, when: str, cut: bool) -> None:
    assert cuts(due, current, at(when), None) is cut


def test_a_hard_start_cuts_at_the_first_instant_that_is_open_to_decision() -> None:
    """A plan that comes while the film is on cannot be obeyed at an instant that has passed."""
    assert cuts(film("news", "10:30"), ON_FILM, at("10:40"), at("10:40"))


@pytest.mark.parametrize(
    ("due", "interrupted", "kept_off"),
    [
        (film("news", "10:30"), ON_FILM, True),
        (film("news", "9:30"), ON_FILM, False),
        (film("news", "11:00"), placed(COUNCIL), False),
        (film("alert", "11:00", rank=Rank.OVERRIDE), placed(COUNCIL), True),
        (live("hearing", at("11:00"), minutes(60)), placed(COUNCIL), False),
    ],
    ids=["a later hard start would have cut it", "an earlier one would not",
         "nothing cuts a held live", "but a higher rank", "nor does another held live"],
)  # fmt: skip
def test_a_due_start_keeps_off_what_was_interrupted(
    due: Item, interrupted: Placed, kept_off: bool
) -> None:
    assert keeps_off(due, interrupted) is kept_off


ON = On(ON_FILM.cue)
BACK = Off(ON_FILM.cue.id, at("9:50"), "rejoined")
"""The film was taken early, and given back at 9:50."""


@pytest.mark.parametrize(
    ("events", "one", "done"),
    [
        ([], film(), False),
        ([ON], film(), True),
        ([ON, BACK], film(), False),
        ([ON, BACK], film(start="9:40"), True),
        ([LiveClosed(COUNCIL.id, at("10:10"))], COUNCIL, False),
        ([On(placed(COUNCIL).cue), LiveClosed(COUNCIL.id, at("10:10"))], COUNCIL, True),
    ],
    ids=["not before it aired", "once it aired", "taken early, given back before its start",
         "or after it",
         "a live closed off air never had it", "one that was on had"],
)  # fmt: skip
def test_an_item_has_had_its_air(events: list[Event], one: Item, done: bool) -> None:
    assert has_had_its_air(one, fold(events)) is done


REPLAY = film(media=None, replay_of=AiringId("airing-council"))
GAP = fill(at("9:55"), at("10:30"), FillerPool(FillerChoice((), timedelta(0)), (), "", "City"), {})[
    0
]


@pytest.mark.parametrize(
    ("one", "events", "now", "reason"),
    [
        (film(), [], "9:00", None),
        (film(), [Skipped(film().id, NOW)], "9:00", "the operator skipped it"),
        (film(), [Failed(NOW, "a deck cannot open it", item=film().id)], "9:00",
         "a deck cannot open it"),
        (film(media=None), [], "9:00", "it has no file yet"),
        (REPLAY, [], "9:00", None),
        (REPLAY, [], "9:59:30", "its recording is not ready yet"),
        (COUNCIL, [LiveClosed(COUNCIL.id, at("10:10"))], "10:10",
         "its time passed before the channel was free"),
        (replace(TALK, missed=MissedStart.SKIP), [On(GAP)], "10:10",
         "it did not fit before the next fixed start"),
        (TALK, [On(GAP)], "10:10", None),
        (replace(TALK, missed=MissedStart.SKIP), [On(off_air(at("9:55"), at("10:30")))], "10:31",
         None),
    ],
    ids=["a program", "a skipped one", "a failed one", "one without a file",
         "a replay whose recording is still to come", "and no more a minute before its start",
         "a live that was closed", "a soft one that had free air and did not fit",
         "or may come late",         "time off air was no free air"],
)  # fmt: skip
def test_why_an_item_cannot_air(
    one: Item, events: list[Event], now: str, reason: str | None
) -> None:
    assert why_it_cannot_air(one, fold(events), at(now)) == reason


@pytest.mark.parametrize(
    ("late", "words"),
    [(timedelta(seconds=20), "20 s"), (timedelta(seconds=40), "1 min"), (minutes(130), "130 min")],
)
def test_a_delay_is_said_in_minutes(late: timedelta, words: str) -> None:
    assert delay_in_words(late) == words
