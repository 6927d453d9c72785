"""Every verb, and every reason to refuse it."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import DAY, at, item, live, minutes, plan

from config.names import CueId, ItemId
from playout.commands.obey import obey, refuse_late
from playout.model.commands import Command, Verb
from playout.model.events import Absent, Begun, Extended, Failed, Held, Off, On, Skipped
from playout.model.plan import ContentKind, Item, Rank
from playout.model.rundown import cue_at
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

FILM, NEWS = item("film", at("10:00"), minutes(60)), item("news", at("11:00"), minutes(30))
COUNCIL = live("council", at("10:00"), minutes(60))


def air(now: datetime, *items: Item, more: AirState | None = None) -> Situation:
    made = plan(*(items or (FILM, NEWS)))
    first = settle(made, AirState(), DAY)
    on = On(cue_at(first, now))
    happened = fold([Absent(at("9:00")), on], more)
    rundown = settle(made, happened, now)
    return Situation(made, rundown, happened, cue_at(rundown, now), now)


def command(verb: Verb, **rest: object) -> Command:
    given = at("10:30")
    made = Command("c1", 1, verb, given, given + timedelta(seconds=10), "ann")
    return replace(made, **rest)  # type: ignore[arg-type]


def refusal(given: Command, stands: Situation) -> str:
    with pytest.raises(CommandRefused) as caught:
        obey(given, stands)
    return str(caught.value)


def test_take_airs_the_next_item_from_its_start_above_the_schedule() -> None:
    off, on = obey(command(Verb.TAKE), air(at("10:30")))

    assert isinstance(off, Off) and off.why == "taken"
    assert isinstance(on, On)
    assert (on.cue.item, on.cue.start, on.cue.offset) == ("news", at("10:30"), timedelta(0))
    assert (on.cue.end, on.cue.rank) == (at("11:00"), Rank.OVERRIDE)


def test_take_of_a_live_lasts_to_its_planned_end_and_is_held() -> None:
    stands = air(at("10:30"), FILM, live("hearing", at("11:00"), minutes(60)))
    _, on, begun = obey(command(Verb.TAKE), stands)

    assert isinstance(on, On)
    assert begun == Begun(ItemId("hearing"), at("10:30"), "operator")
    assert on.cue.held and on.cue.end == at("12:00")


def test_each_verb_gives_its_event() -> None:
    stands = air(at("10:30"), COUNCIL, NEWS)
    (slate,) = obey(command(Verb.SLATE), stands)

    assert obey(command(Verb.SKIP), stands) == (Skipped(ItemId("news"), at("10:30")),)
    assert obey(command(Verb.HOLD), stands) == (Held(ItemId("council"), at("10:30")),)
    assert obey(command(Verb.EXTEND, minutes=5), stands) == (
        Extended(ItemId("council"), minutes(5), at("10:30")),
    )
    (off,) = obey(command(Verb.ADJOURN), stands)
    assert isinstance(off, Off) and (off.why, off.cue) == ("adjourned", stands.current.id)
    assert isinstance(slate, On) and (slate.cue.kind, slate.cue.held) == (ContentKind.SLATE, True)
    under = replace(stands, current=slate.cue)
    (back,) = obey(command(Verb.REJOIN), under)
    assert isinstance(back, Off) and back.why == "rejoined"
    assert "already" in refusal(command(Verb.SLATE), under)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (command(Verb.TAKE, cue=CueId("news@20261120T110000.x#1")), "film is on air"),
        (command(Verb.TAKE, item=ItemId("gone")), "no longer coming up"),
        (command(Verb.REJOIN), "already"),
        (command(Verb.HOLD), "Only a live"),
        (command(Verb.EXTEND), "how many minutes"),
        (command(Verb.EXTEND, minutes=-5), "how many minutes"),
    ],
)
def test_a_mistaken_command_is_refused_in_words(given: Command, why: str) -> None:
    assert why in refusal(given, air(at("10:30")))


def test_an_item_that_cannot_be_played_is_not_taken() -> None:
    broken = fold([Failed(at("9:00"), "it is damaged", item=ItemId("news"))])
    stands = air(at("10:30"), more=broken)
    named = replace(stands, rundown=air(at("10:30")).rundown)

    assert "Nothing is planned" in refusal(command(Verb.TAKE), stands)
    assert "it is damaged" in refusal(command(Verb.TAKE), named)


@pytest.mark.parametrize(("wall", "late"), [(at("10:30:10"), False), (at("10:30:11"), True)])
def test_a_command_more_than_ten_seconds_late_is_refused(wall: datetime, late: bool) -> None:
    refused = (
        nullcontext() if not late else pytest.raises(CommandRefused, match="11 s after .* too late")
    )

    with refused:
        refuse_late(command(Verb.TAKE), wall)


def test_a_command_may_name_any_filling_cue() -> None:
    stands = air(at("9:30"))
    given = command(Verb.TAKE, cue=CueId("fill-20261120T000000.000000-1"))
    (on,) = obey(given, stands)

    assert isinstance(on, On) and on.cue.item == "film"


def test_skip_of_the_item_on_air_ends_it_as_its_dialog_promises() -> None:
    stands = air(at("10:30"))
    made = replace(command(Verb.SKIP), item=stands.current.item)

    assert [(type(one), one.why) for one in obey(made, stands) if isinstance(one, Off)] == [
        (Off, "adjourned")
    ]
