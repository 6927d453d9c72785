"""The account of a stretch of air: each instant once, holes named, presses with who and when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.plans import at

from config.names import CueId, ItemId
from playout.model.commands import Verb
from playout.model.plan import Outcome
from playout.model.wire import AsRun, SeenStretch
from scheduler.domain.reported.aired import Account, ButtonPress, account, pressed_for

SINCE, TOLD = at("10:00"), at("12:00")


def run(cue: str, start: str, end: str, item: str | None = None, layer: str = "deck") -> AsRun:
    return AsRun(
        cue=CueId(cue), item=ItemId(item) if item else None, airing=None, title=cue,
        planned_start=at(start), planned_end=at(end), start=at(start), end=at(end), ticks=1,
        held=0, dropped=0, outcome=Outcome.AIRED, layer=layer,
    )  # fmt: skip


def seen(one: AsRun, *spans: tuple[str, str]) -> AsRun:
    return replace(one, seen=tuple(SeenStretch(at(a), at(b), one.layer) for a, b in spans))


COUNCIL = run("council", "10:00", "12:00", "council")
OVER = run("over-c7", "10:30", "10:45")
FILLER = run("fill-1", "10:00", "10:30")


def told(made: Account) -> list[tuple[str, str, str]]:
    return [(one.run.title, f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in made.pieces]


@pytest.mark.parametrize(
    ("runs", "running", "pieces", "holes"),
    [
        ([], [], [], [("10:00", "12:00")]),
        ([COUNCIL], [], [("council", "10:00", "12:00")], []),
        (
            [OVER, seen(COUNCIL, ("10:00", "10:30"), ("10:45", "12:00"))], [],
            [("council", "10:00", "10:30"), ("over-c7", "10:30", "10:45"),
             ("council", "10:45", "12:00")], [],
        ),
        (   # a host of the version before tells one stretch: what began later lay over it
            [OVER, COUNCIL], [],
            [("council", "10:00", "10:30"), ("over-c7", "10:30", "10:45"),
             ("council", "10:45", "12:00")], [],
        ),
        (   # the row of what is on air is not closed yet
            [FILLER], [seen(COUNCIL, ("10:30", "12:00"))],
            [("fill-1", "10:00", "10:30"), ("council", "10:30", "12:00")], [],
        ),
        (   # told twice, once closed and once still running: the closed row counts
            [COUNCIL], [COUNCIL], [("council", "10:00", "12:00")], [],
        ),
        (   # a power cut
            [seen(COUNCIL, ("10:00", "10:20"), ("10:24", "12:00"))], [],
            [("council", "10:00", "10:20"), ("council", "10:24", "12:00")],
            [("10:20", "10:24")],
        ),
        (   # what begins before and ends after is cut to what was asked for
            [run("film", "9:00", "13:00", "film")], [], [("film", "10:00", "12:00")], [],
        ),
    ],
)  # fmt: skip
def test_an_account_has_each_instant_once_and_names_unrecorded_holes(
    runs: list[AsRun],
    running: list[AsRun],
    pieces: list[tuple[str, str, str]],
    holes: list[tuple[str, str]],
) -> None:
    made = account(runs, running, (), SINCE, TOLD)

    assert told(made) == pieces
    assert [(f"{a:%H:%M}", f"{b:%H:%M}") for a, b in made.holes] == holes
    covered = sum((one.end - one.start for one in made.pieces), timedelta(0))
    assert covered + sum((b - a for a, b in made.holes), timedelta(0)) == TOLD - SINCE


def test_running_items_carry_the_account_past_the_last_report() -> None:
    made = account([], [seen(COUNCIL, ("10:00", "12:00"))], (), SINCE, at("11:00"))

    assert made.told == TOLD and made.pieces[0].running


def test_an_item_never_seen_is_listed_apart_from_what_aired() -> None:
    never = replace(COUNCIL, ticks=0, outcome=Outcome.MISSED)
    made = account([never, FILLER], [], (), SINCE, at("10:30"))

    assert (made.unaired, told(made)) == ((never,), [("fill-1", "10:00", "10:30")])


def test_an_item_put_on_by_hand_is_matched_to_its_press() -> None:
    press = ButtonPress(at("10:30"), Verb.OVERRIDE, "Otto", "c7", "Chamber")

    assert pressed_for(OVER, [press]) == press
    assert pressed_for(COUNCIL, [press]) is None
    assert pressed_for(replace(OVER, cue=CueId("over-c8")), [press]) is None
