"""When sources are open and recorded, and what a live shows."""

from dataclasses import replace
from datetime import datetime

import pytest
from support.plans import DAY, at, item, live, minutes, plan

from config.names import CueId, ItemId
from playout.commands.obey import obey
from playout.direction.director import DirectorInput, decide
from playout.direction.live_shot import live_shot
from playout.lives.sessions import intakes
from playout.model.commands import Command, Verb
from playout.model.cue_ids import Origin
from playout.model.engine import Intake
from playout.model.events import (
    Absent,
    Begun,
    Event,
    LiveClosed,
    Off,
    On,
    Overridden,
    Recessed,
    SignalLost,
    Skipped,
)
from playout.model.layer import Layer
from playout.model.plan import Item
from playout.model.rundown import Cue, cue_at
from playout.state.air_state import AirState, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

COUNCIL, ITEM = live("council", at("10:00"), minutes(120), record=True), ItemId("council")
HEARING = live("hearing", at("13:30"), minutes(60))


def stands(now: datetime, *events: Event, items: tuple[Item, ...] = (COUNCIL,)) -> Situation:
    made = plan(*items)
    happened = fold([Absent(at("9:00")), *events])
    rundown = settle(made, happened, now)
    return Situation(made, rundown, happened, cue_at(rundown, now), now)


def on(one: Item = COUNCIL, *others: Item) -> On:
    return On(cue_at(settle(plan(one, *others), AirState(), DAY), one.start))


def opened(air: Situation) -> list[Intake]:
    return list(intakes(air.plan, air.current, air.happened, air.now))


def spans(air: Situation) -> list[tuple[datetime, datetime]]:
    return [(one.opens, one.closes) for one in opened(air)]


CUE = on().cue


@pytest.mark.parametrize(
    ("now", "events", "expected"),
    [
        (at("9:30"), (), []),
        (at("9:55"), (), [(at("9:58"), at("12:05"))]),
        (at("11:00"), (on(),), [(at("9:58"), at("12:05"))]),
        (at("12:30"), (on(),), [(at("9:58"), at("12:40"))]),
        (at("10:25"), (on(), Off(CUE.id, at("10:22"), "adjourned")), [(at("9:58"), at("10:27"))]),
        (at("10:28"), (on(), Off(CUE.id, at("10:22"), "adjourned")), []),
        (at("12:30"), (on(), Off(CUE.id, at("12:08"), "provisional")), [(at("9:58"), at("13:08"))]),
        (at("9:55"), (Skipped(ITEM, at("9:50")),), []),
    ],
)
def test_a_source_is_open_from_its_pre_roll_to_its_post_roll(
    now: datetime, events: tuple[Event, ...], expected: list[tuple[datetime, datetime]]
) -> None:
    assert spans(stands(now, *events)) == expected


def test_pre_roll_and_post_roll_are_the_items_own() -> None:
    long = replace(COUNCIL, pre_roll=minutes(6), post_roll=minutes(20))

    assert spans(stands(at("9:50"), items=(long,))) == [(at("9:54"), at("12:20"))]


def test_a_live_is_recorded_by_plan_or_while_another_live_displaces_it() -> None:
    first = on(COUNCIL, HEARING)
    free = stands(at("13:25"), items=(HEARING,))
    kept_off = stands(at("13:45"), first, items=(COUNCIL, HEARING))

    assert [one.airing for one in opened(free)] == [None]
    assert [one.airing for one in opened(kept_off)] == ["airing-council", "airing-hearing"]
    assert opened(kept_off)[1].opens == at("13:28")


def test_a_live_that_went_on_air_late_stays_recorded() -> None:
    joined = On(replace(on(HEARING).cue, start=at("13:50")))
    air = stands(at("14:00"), joined, items=(HEARING,))

    assert [one.airing for one in opened(air)] == ["airing-hearing"]


def test_a_live_closed_off_the_air_is_recorded_to_the_end_of_its_post_roll() -> None:
    closed = LiveClosed(HEARING.id, at("14:40"))
    air = stands(at("14:42"), on(COUNCIL, HEARING), closed, items=(COUNCIL, HEARING))

    assert spans(air)[1] == (at("13:28"), at("14:45"))


def test_an_override_keeps_its_source_open_while_it_lasts() -> None:
    air = stands(at("15:00"), items=(item("film", at("14:30"), minutes(60)),))
    given = Command(
        "c1", 1, Verb.OVERRIDE, air.now, at("15:00:10"), "ann", source="chamber", until=at("15:20")
    )
    happened = fold(obey(given, air), air.happened)
    rundown = settle(air.plan, happened, air.now)
    current = cue_at(rundown, air.now)
    (intake,) = intakes(air.plan, current, happened, air.now)

    assert isinstance(happened.overrides[current.id], Overridden)
    assert (intake.opens, intake.closes, intake.airing) == (at("15:00"), at("15:20"), None)


def test_an_unchanged_state_gives_equal_intakes() -> None:
    """Otherwise the engine would get a new state four times a second."""
    seen = [opened(stands(at("12:30"), on())), opened(stands(at("12:31:30"), on()))]

    assert seen[0] == seen[1]


BEGUN = Begun(ITEM, at("10:00"), "time")


@pytest.mark.parametrize(
    ("now", "events", "layer", "beneath", "text"),
    [
        (at("9:59"), (), Layer.DECK, Layer.SLATE, "council will begin shortly"),
        (at("9:59"), (SignalLost("chamber", at("9:58")),), Layer.SLATE, Layer.SLATE,
         "council will begin shortly"),
        (at("10:01"), (), Layer.SLATE, Layer.SLATE, "council will begin shortly"),
        (at("10:01"), (BEGUN,), Layer.DECK, Layer.SLATE, ""),
        (at("10:30"), (BEGUN, Recessed(ITEM, at("10:20"))), Layer.SLATE, Layer.SLATE,
         "council is in recess"),
        (at("10:44"), (BEGUN, SignalLost("chamber", at("10:40"))), Layer.DECK, Layer.SLATE, ""),
        (at("10:45"), (BEGUN, SignalLost("chamber", at("10:40"))), Layer.DECK, Layer.BOARD, ""),
    ],
)  # fmt: skip
def test_a_live_shows_its_source_or_the_slate_that_says_why_not(
    now: datetime, events: tuple[Event, ...], layer: Layer, beneath: Layer, text: str
) -> None:
    shown = live_shot(CUE, fold(events), now)

    assert (shown.layer, shown.beneath, shown.text) == (layer, beneath, text)


def test_a_slate_text_of_the_plan_replaces_the_default() -> None:
    said = replace(CUE, slate_text="The Council meets at ten.")

    assert live_shot(said, AirState(), at("9:59")).text == "The Council meets at ten."


def test_a_live_stays_one_cue_whatever_it_shows() -> None:
    def shot(*events: Event) -> tuple[object, ...]:
        air = stands(at("10:30"), on(), *events)
        scene = DirectorInput(air.rundown, air.now, lambda media: None, happened=air.happened)
        made = decide(scene, None).on_air
        return made.cue, made.source, made.layer, made.beneath

    assert shot(BEGUN) == (CUE.id, "chamber", Layer.DECK, Layer.SLATE)
    assert shot(BEGUN, Recessed(ITEM, at("10:20"))) == (
        CUE.id, "chamber", Layer.SLATE, Layer.SLATE,
    )  # fmt: skip


def test_a_source_put_on_by_hand_waits_for_its_picture_before_it_airs() -> None:
    over = Cue(
        CUE.id, None, CUE.kind, "Mayor", at("10:30"), at("11:00"), CUE.rank, source="chamber"
    )
    taken = replace(over, id=CueId("over-c1"), origin=Origin.OVERRIDE)

    assert live_shot(taken, AirState(), at("10:30:02")).waits
    assert not live_shot(taken, AirState(), at("10:30:06")).waits
    assert not live_shot(taken, fold([SignalLost("chamber", at("10:29"))]), at("10:30:02")).waits
