"""Placement as a table: a situation, who is on air when, and why the others are not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from support.plans import (
    DAY,
    EndRule,
    MissedStart,
    Rank,
    at,
    item,
    live,
    media,
    minutes,
    plan,
    soft,
    waiting,
)

from playout.model.events import Absent, Event, Held, Off, On, Skipped
from playout.model.plan import Item
from playout.model.rundown import Cue
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.placement import place


@dataclass(frozen=True)
class Case:
    """Items of a Friday; what air they get, and the reason kept for each that airs otherwise."""

    name: str
    items: tuple[Item, ...]
    airs: list[str]
    displaced: dict[str, str] = field(default_factory=dict)


def told(cues: Iterable[Cue]) -> list[str]:
    """Each stretch as `name 10:00-11:00`, with how far into its media it begins."""
    return [
        f"{cue.item or cue.title} {_clock(cue.start)}-{_clock(cue.end)}"
        + (f" from {cue.offset.total_seconds() / 60:.0f} min" if cue.offset else "")
        for cue in cues
    ]


def _clock(at_: datetime) -> str:
    return f"{at_:%H:%M:%S}" if at_.second else f"{at_:%H:%M}"


def placed(
    items: Iterable[Item], state: AirState, now: datetime
) -> tuple[list[str], dict[str, str]]:
    made = plan(*items)
    found = place(made, state, now, made.ends)
    return told(found.cues), {one.item: one.reason for one in found.displaced}


def film(**rest: object) -> Item:
    """An hour from 10:00, hard start."""
    return item("film", at("10:00"), minutes(60), **rest)


COUNCIL = live("council", at("10:00"), minutes(120))
PASSED = "its time passed while another program was on"

AS_PLANNED = [
    Case(
        "a hard start cuts the program before it",
        (film(), item("news", at("10:30"), minutes(30))),
        ["film 10:00-10:30", "news 10:30-11:00"],
        {"film": "cut short by news"},
    ),
    Case(
        "an item that follows slides behind the program before it",
        (film(), soft("talk", at("10:30"), minutes(30))),
        ["film 10:00-11:00", "talk 11:00-11:30"],
        {"talk": "starts 30 min late, after film"},
    ),
    Case(
        "an item that follows never comes before its planned start",
        (film(), soft("talk", at("11:30"), minutes(30))),
        ["film 10:00-11:00", "talk 11:30-12:00"],
    ),
    Case(
        "an item that waits airs when the air is free within its limit",
        (film(), waiting("talk", at("10:50"), minutes(30), minutes(15))),
        ["film 10:00-11:00", "talk 11:00-11:30"],
        {"talk": "starts 10 min late, after film"},
    ),
    Case(
        "an item that waits is left out at its limit, behind a program in its own time",
        (film(), waiting("talk", at("10:30"), minutes(30), minutes(20))),
        ["film 10:00-11:00"],
        {"talk": "film was still on air"},
    ),
    Case(
        "an item that waits cuts, at its limit, a weaker program that overruns",
        (
            soft("long", at("10:00"), minutes(60), media=media("long", minutes(120)),
                 end_rule=EndRule.FINISH),
            waiting("talk", at("10:55"), minutes(30), minutes(20)),
        ),
        ["long 10:00-11:15", "talk 11:15-11:45"],
        {"long": "cut short by talk", "talk": "starts 20 min late, after long"},
    ),
    Case(
        "a held live is not cut, and a missed program joins in progress behind it",
        (COUNCIL, item("news", at("11:30"), minutes(60))),
        ["council 10:00-12:00", "news 12:00-12:30 from 30 min"],
        {"news": "starts 30 min late, after council"},
    ),
    Case(
        "a missed program airs from the top where its rule says so",
        (COUNCIL, item("news", at("11:30"), minutes(60), missed=MissedStart.TOP)),
        ["council 10:00-12:00", "news 12:00-13:00"],
        {"news": "starts 30 min late, after council"},
    ),
    Case(
        "a missed program is skipped where its rule says so",
        (COUNCIL, item("news", at("11:30"), minutes(60), missed=MissedStart.SKIP)),
        ["council 10:00-12:00"],
        {"news": "its start was missed"},
    ),
    Case(
        "a program whose time has passed behind a live is left out",
        (COUNCIL, item("news", at("11:00"), minutes(30))),
        ["council 10:00-12:00"],
        {"news": PASSED},
    ),
    Case(
        "of several missed hard starts only the latest joins",
        (
            COUNCIL,
            item("early", at("10:30"), minutes(120)),
            item("late", at("11:30"), minutes(60)),
        ),
        ["council 10:00-12:00", "late 12:00-12:30 from 30 min"],
        {"early": "late was due by then", "late": "starts 30 min late, after council"},
    ),
    Case(
        "what an override interrupts rejoins in progress",
        (film(), item("alert", at("10:30"), minutes(10), rank=Rank.OVERRIDE)),
        ["film 10:00-10:30", "alert 10:30-10:40", "film 10:40-11:00 from 40 min"],
    ),
    Case(
        "less than five seconds left of an interrupted item are not worth rejoining",
        (film(), item("alert", at("10:30"), minutes(29.95), rank=Rank.OVERRIDE)),
        ["film 10:00-10:30", "alert 10:30-10:59:57"],
    ),
    Case(
        "a soft item that is to be skipped needs room before the next hard start",
        (soft("talk", at("10:00"), minutes(60), missed=MissedStart.SKIP),
         item("news", at("10:30"), minutes(30))),
        ["news 10:30-11:00"],
        {"talk": "it does not fit before the next fixed start"},
    ),
    Case(
        "of two hard starts at one time the locked one airs",
        (film(), item("locked", at("10:00"), minutes(60), locked=True)),
        ["locked 10:00-11:00"],
        {"film": PASSED},
    ),
    Case(
        "a file shorter than its slot leaves a gap",
        (film(media=media("film", minutes(44))), item("news", at("11:00"), minutes(30))),
        ["film 10:00-10:44", "news 11:00-11:30"],
    ),
    Case(
        "a file longer than its slot is cut there",
        (film(media=media("film", minutes(70))),),
        ["film 10:00-11:00"],
    ),
    Case(
        "a file that may finish overruns its slot up to the next hard start",
        (film(media=media("film", minutes(80)), end_rule=EndRule.FINISH),
         item("news", at("11:10"), minutes(30))),
        ["film 10:00-11:10", "news 11:10-11:40"],
        {"film": "cut short by news"},
    ),
    Case(
        "an in point is where the file begins",
        (film(media=media("film", minutes(90)), in_point=minutes(12)),),
        ["film 10:00-11:00 from 12 min"],
    ),
    Case("an item without a file has no air", (film(media=None),), [],
         {"film": "it has no file yet"}),
]  # fmt: skip


@pytest.mark.parametrize("case", AS_PLANNED, ids=lambda case: case.name)
def test_a_plan_is_placed(case: Case) -> None:
    assert placed(case.items, AirState(), DAY) == (case.airs, case.displaced)


def committed(name: str, *items: Item) -> Cue:
    """The cue of an item as it was committed by the plan."""
    made = plan(*items)
    return next(cue for cue in place(made, AirState(), DAY, made.ends).cues if cue.item == name)


EVENING = (
    live("council", at("19:00"), minutes(120)),
    waiting("parks", at("21:00"), minutes(30), minutes(40)),
    item("news", at("21:15"), minutes(30)),
    item("film", at("22:00"), minutes(60)),
)


def on(name: str, *items: Item) -> list[Event]:
    """The channel is on air since nine, and committed the cue of this item."""
    return [Absent(at("9:00")), On(committed(name, *items))]


@dataclass(frozen=True)
class Later:
    """The same, at an instant of the day and after these events."""

    name: str
    items: tuple[Item, ...]
    events: list[Event]
    now: str
    airs: list[str]
    displaced: dict[str, str] = field(default_factory=dict)


TALK = soft("talk", at("10:20"), minutes(30))
COUNCIL_ON = on("council", COUNCIL)
FILM_ON = on("film", film())
ON_THE_DAY = [
    Later(
        "the example of the sweep: a meeting overruns by twenty minutes",
        EVENING,
        on("council", *EVENING),
        "21:20",
        ["council 19:00-21:25", "news 21:25-21:45 from 10 min", "film 22:00-23:00"],
        {"news": "starts 10 min late, after council", "parks": "news was still on air"},
    ),
    Later(
        "an adjourned meeting leaves three seconds to cue what follows",
        (COUNCIL, TALK),
        [*COUNCIL_ON, Off(committed("council", COUNCIL).id, at("10:40"), "adjourned")],
        "10:40",
        ["council 10:00-10:40", "talk 10:40:03-11:10:03"],
        {"talk": "starts 20 min late, after council"},
    ),
    Later(
        "a channel that came on air late joins what is on and misses what is over",
        (item("dawn", at("9:00"), minutes(60)), film()),
        [Absent(at("10:20"))],
        "10:20",
        ["film 10:20-11:00 from 20 min"],
        {"dawn": "the channel was not on air then", "film": "starts 20 min late, after the break"},
    ),
    Later(
        "an agent that was down calls the time it does not know off air",
        (film(), item("news", at("11:30"), minutes(60))),
        FILM_ON,
        "11:40",
        ["film 10:00-11:00", "Off air 11:00-11:40", "news 11:40-12:30 from 10 min"],
        {"news": "starts 10 min late, after Off air"},
    ),
    Later(
        "an edit makes a committed program longer, of the file it was committed with",
        (item("film", at("10:00"), minutes(80), media=media("other", minutes(80))),),
        on("film", film(media=media("film", minutes(90)))),
        "10:30",
        ["film 10:00-11:20"],
    ),
    Later(
        "an edit does not make a committed program shorter",
        (item("film", at("10:00"), minutes(30), media=media("film", minutes(60))),),
        FILM_ON,
        "10:10",
        ["film 10:00-11:00"],
    ),
    Later(
        "a program taken off the plan while on air ends as it was committed",
        (item("news", at("11:00"), minutes(30)),),
        FILM_ON,
        "10:10",
        ["film 10:00-11:00", "news 11:00-11:30"],
    ),
    Later(
        "a skipped item has no air",
        (film(), TALK),
        [*FILM_ON, Skipped(TALK.id, at("10:15"))],
        "10:15",
        ["film 10:00-11:00"],
        {"talk": "the operator skipped it"},
    ),
    Later(
        "a live held by an operator goes on past its planned end",
        (live("hearing", at("10:00"), minutes(60), end_rule=EndRule.CUT), TALK),
        [
            *on("hearing", live("hearing", at("10:00"), minutes(60), end_rule=EndRule.CUT)),
            Held(live("hearing", at("10:00"), minutes(60)).id, at("10:50")),
        ],
        "11:07",
        ["hearing 10:00-11:10", "talk 11:10-11:40"],
        {"talk": "starts 50 min late, after hearing"},
    ),
    Later(
        "a hard limit is never passed by a held live",
        (live("council", at("10:00"), minutes(120), hard_limit=at("12:30")), TALK),
        COUNCIL_ON,
        "12:29",
        ["council 10:00-12:30", "talk 12:30-13:00"],
        {"talk": "starts 130 min late, after council"},
    ),
]


@pytest.mark.parametrize("case", ON_THE_DAY, ids=lambda case: case.name)
def test_a_day_is_placed_from_what_has_happened(case: Later) -> None:
    assert placed(case.items, fold(case.events), at(case.now)) == (case.airs, case.displaced)
