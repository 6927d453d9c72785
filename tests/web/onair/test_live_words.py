"""The words under a live's buttons match what settling then airs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import EndRule, at, item, live, minutes, plan

from config.names import ItemId
from playout.commands.foresee import consequences
from playout.model.events import Absent, Begun, Extended, Held, On
from playout.model.plan import Item, Plan
from playout.model.rundown import cue_at
from playout.state.air_state import AirState, CommandRefused
from playout.state.fold import fold
from playout.timing.settle import settle
from scheduler.domain.model.channel import Channel
from scheduler.queries.button_effects import ButtonEffect, ButtonEffects
from scheduler.queries.onair import OnAir
from web.onair.buttons import Button
from web.onair.live_buttons import foreseen_commands, live_buttons

COUNCIL = live("council", at("10:00"), minutes(120))
CUT = replace(COUNCIL, end_rule=EndRule.CUT)
PARKS = item("parks", at("12:00"), minutes(60))
LATER = item("parks", at("12:10"), minutes(60))
NOW = at("11:30")


def begun(*items: Item) -> tuple[Plan, AirState]:
    """Return a rundown in which the council has been on since ten."""
    made = plan(*items)
    on = On(cue_at(settle(made, AirState(), at("9:00")), at("10:00")))
    return made, fold([Absent(at("9:00")), on, Begun(ItemId("council"), at("10:00"), "time")])


def buttons(made: Plan, known: AirState, now: datetime = NOW) -> Mapping[str, Button]:
    """Return the buttons at `now` by their keys."""
    rundown = settle(made, known, now)
    coming = tuple(cue for cue in rundown.cues if cue.start > now and cue.item is not None)
    channel = Channel(
        made.channel, "City 13", "UTC", "64x36@30", "", "", "", timedelta(hours=1), False, 1, 1
    )
    on = OnAir(
        channel, "on air", now, False, cue_at(rundown, now), coming, None, 1, True, (), (), {}
    )
    asked: dict[str, ButtonEffect] = {}
    for name, command in foreseen_commands(on, now).items():
        try:
            asked[name] = ButtonEffect(consequences(made, known, now, command))
        except CommandRefused as refused:
            asked[name] = ButtonEffect(refused=str(refused))
    limits = {one.id: one.hard_limit for one in made.items if one.hard_limit is not None}
    evening = ButtonEffects(asked, known, limits)
    return {act.key: act for act in live_buttons(on, evening)}


@pytest.mark.parametrize(
    ("council", "says", "possible"),
    [
        (COUNCIL, "already on hold until adjourned", False),
        (CUT, "stays until it is adjourned", True),
        (replace(COUNCIL, hard_limit=at("14:30")),
         "already on hold, until 14:30 at the latest", False),
        (replace(COUNCIL, hard_limit=at("11:45")),
         "already on hold, until 11:45 at the latest", False),
        (replace(CUT, hard_limit=at("14:30")), "stays on until 14:30 at the latest", True),
    ],
)  # fmt: skip
def test_a_hold_never_promises_more_than_the_hard_limit(
    council: Item, says: str, possible: bool
) -> None:
    hold = buttons(*begun(council))["hold"]

    assert (hold.brief, hold.possible) == (says, possible)


@pytest.mark.parametrize(
    ("items", "fifteen", "thirty"),
    [
        ((COUNCIL,), "expected until 12:15", "expected until 12:30"),
        ((COUNCIL, PARKS), "12:00 parks joins 15 min in", "12:00 parks joins 30 min in"),
        ((CUT,), "ends at 12:15", "ends at 12:30"),
        ((CUT, PARKS), "no change: parks starts at 12:00",
         "no change: parks starts at 12:00"),
        ((CUT, LATER), "ends at 12:10, when parks starts", "ends at 12:10, when parks starts"),
        ((replace(COUNCIL, hard_limit=at("12:00")),), "no change: 12:00 is its latest end",
         "no change: 12:00 is its latest end"),
        ((replace(COUNCIL, hard_limit=at("12:20")),), "expected until 12:15",
         "ends at 12:20, its latest end"),
    ],
)  # fmt: skip
def test_more_time_never_says_expected_until_when_nothing_changes(
    items: tuple[Item, ...], fifteen: str, thirty: str
) -> None:
    acts = buttons(*begun(*items))

    assert (acts["extend-15"].brief, acts["extend-30"].brief) == (fifteen, thirty)


def test_more_time_past_the_extended_end_says_no_change() -> None:
    acts = buttons(*begun(COUNCIL), at("12:40"))

    assert acts["extend-15"].brief == "no change: already on hold past that"


@pytest.mark.parametrize("by", [15, 30])
@pytest.mark.parametrize("items", [(CUT, PARKS), (CUT, LATER), (CUT,)])
def test_more_time_names_the_end_that_then_airs(items: tuple[Item, ...], by: int) -> None:
    made, known = begun(*items)
    says = buttons(made, known)[f"extend-{by}"].brief
    known = fold([Extended(ItemId("council"), minutes(by), NOW)], known)
    end = cue_at(settle(made, known, NOW), NOW).end

    assert f"{end:%H:%M}" in says


def test_a_hold_ends_when_its_button_says() -> None:
    made, known = begun(replace(CUT, hard_limit=at("14:30")), PARKS)
    known = fold([Held(ItemId("council"), NOW)], known)

    assert cue_at(settle(made, known, at("14:29")), at("14:29")).item == "council"
    assert cue_at(settle(made, known, at("14:31")), at("14:31")).item != "council"
