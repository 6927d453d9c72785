"""Go, recess, resume, override, emergency, clear: what each does and when it is refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import DAY, at, item, live, minutes, plan

from config.names import CueId, ItemId
from playout.commands.obey import obey
from playout.model.commands import Command, Verb
from playout.model.events import (
    Absent,
    Alerted,
    Begun,
    Cleared,
    Event,
    LiveClosed,
    MessagePlacement,
    Off,
    On,
    Overridden,
    Recessed,
    Resumed,
)
from playout.model.plan import ContentKind, Item, Rank
from playout.model.rundown import cue_at
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

COUNCIL, ITEM = live("council", at("10:00"), minutes(60)), ItemId("council")
HEARING = live("hearing", at("13:00"), minutes(60), source="room")
NOW = at("10:30")


def air(
    *events: Event, now: datetime = NOW, items: tuple[Item, ...] = (COUNCIL, HEARING)
) -> Situation:
    """Return a situation in which the first item is on air since ten."""
    made = plan(*items)
    on = On(cue_at(settle(made, AirState(), DAY), at("10:00")))
    happened = fold([Absent(at("9:00")), on, *events])
    rundown = settle(made, happened, now)
    return Situation(made, rundown, happened, cue_at(rundown, now), now)


def command(verb: Verb, now: datetime = NOW, **rest: object) -> Command:
    made = Command("c1", 1, verb, now, now + timedelta(seconds=10), "ann")
    return replace(made, **rest)  # type: ignore[arg-type]


def refusal(given: Command, stands: Situation) -> str:
    with pytest.raises(CommandRefused) as caught:
        obey(given, stands)
    return str(caught.value)


BEGUN = Begun(ITEM, at("10:00"), "time")
FILM = item("film", at("10:00"), minutes(60))


def test_go_begins_a_late_live_only_once() -> None:
    assert obey(command(Verb.GO), air()) == (Begun(ITEM, NOW, "operator"),)
    assert "already started" in refusal(command(Verb.GO), air(BEGUN))
    assert "No live" in refusal(command(Verb.GO), air(items=(FILM,)))


def test_go_begins_a_live_that_was_told_to_wait() -> None:
    waiting = fold([Recessed(ITEM, at("9:59"))])
    begun = fold([Begun(ITEM, NOW, "operator")], waiting)

    assert waiting.recess and not begun.recess


def test_recess_is_ended_by_resume() -> None:
    assert obey(command(Verb.RECESS), air(BEGUN)) == (Recessed(ITEM, NOW),)
    in_recess = air(BEGUN, Recessed(ITEM, at("10:20")))
    assert obey(command(Verb.RESUME), in_recess) == (Resumed(ITEM, NOW),)
    assert "already" in refusal(command(Verb.RECESS), in_recess)
    assert "not in recess" in refusal(command(Verb.RESUME), air(BEGUN))
    assert "Only a live" in refusal(command(Verb.RECESS), air(items=(FILM,)))


def test_only_a_coming_live_can_be_told_to_wait() -> None:
    named = command(Verb.RECESS, item=ItemId("hearing"))
    news = item("news", at("12:00"), minutes(30))

    assert obey(named, air(BEGUN)) == (Recessed(ItemId("hearing"), NOW),)
    other = command(Verb.RECESS, item=ItemId("news"))
    assert "not a live" in refusal(other, air(BEGUN, items=(COUNCIL, news)))


def adjourned(now: datetime, why: str = "adjourned") -> Situation:
    on = air(BEGUN).current
    return air(BEGUN, Off(on.id, at("10:40"), why), now=now)  # type: ignore[arg-type]


@pytest.mark.parametrize("why", ["adjourned", "provisional"])
def test_resume_continues_an_adjourned_live_as_the_same_airing(why: str) -> None:
    (on,) = obey(command(Verb.RESUME, at("10:50")), adjourned(at("10:50"), why))

    assert isinstance(on, On)
    assert (on.cue.item, on.cue.start, on.cue.held) == (ITEM, at("10:50"), True)
    assert (on.cue.id.rsplit("#", 1)[1], on.cue.rank) == ("2", Rank.HELD)


def test_an_adjourned_live_cannot_be_resumed_after_an_hour() -> None:
    assert "last hour" in refusal(command(Verb.RESUME, at("11:41")), adjourned(at("11:41")))


def test_adjourning_a_resumed_live_brings_back_what_it_covered() -> None:
    replay = item("replay", at("10:45"), minutes(60))
    on = air(BEGUN).current
    off = Off(on.id, at("10:40"), "adjourned")
    stands = air(BEGUN, off, now=at("10:44"), items=(COUNCIL, replay))
    playing = air(BEGUN, off, On(cue_at(stands.rundown, at("10:46"))), now=at("10:50"),
                  items=(COUNCIL, replay))  # fmt: skip
    (back,) = obey(command(Verb.RESUME, at("10:50")), playing)
    happened = fold([back], playing.happened)
    rundown = settle(playing.plan, happened, at("10:51"))
    again = fold([Off(cue_at(rundown, at("10:51")).id, at("11:00"), "adjourned")], happened)
    after = settle(playing.plan, again, at("11:00"))

    assert cue_at(rundown, at("10:51")).item == "council"
    assert cue_at(after, at("11:01")).item == "replay"
    assert cue_at(after, at("11:01")).offset > minutes(15)


def test_neither_resume_nor_take_passes_a_hard_limit() -> None:
    """Found by random search: resumed after its limit, the live was on air for a second."""
    limited = replace(COUNCIL, hard_limit=at("10:45"))
    on = air(BEGUN, items=(limited,)).current
    over = air(BEGUN, Off(on.id, at("10:40"), "adjourned"), now=at("10:46"), items=(limited,))
    coming = replace(HEARING, hard_limit=at("13:40"))
    (_, taken, _) = obey(command(Verb.TAKE), air(BEGUN, items=(COUNCIL, coming)))

    assert "latest end time" in refusal(command(Verb.RESUME, at("10:46")), over)
    assert isinstance(taken, On) and taken.cue.end == at("13:40")


def test_a_live_that_is_only_recorded_can_be_adjourned() -> None:
    behind = live("behind", at("10:15"), minutes(30), source="room")
    stands = air(BEGUN, items=(COUNCIL, behind))
    (closed,) = obey(command(Verb.ADJOURN, item=ItemId("behind")), stands)

    assert isinstance(closed, LiveClosed) and closed.item == "behind"
    early = command(Verb.ADJOURN, item=ItemId("hearing"))
    assert "not in session" in refusal(early, air(BEGUN))


def test_an_override_lasts_until_its_end_and_names_the_operator() -> None:
    given = command(Verb.OVERRIDE, source="Chamber", until=at("11:00"), text=" The  Mayor ")
    overridden, on = obey(given, air(BEGUN))

    assert overridden == Overridden(CueId("over-c1"), NOW, at("11:00"), "ann")
    assert isinstance(on, On)
    assert (on.cue.kind, on.cue.rank, on.cue.source) == (ContentKind.LIVE, Rank.OVERRIDE, "chamber")
    assert (on.cue.start, on.cue.end, on.cue.item) == (NOW, at("11:00"), None)


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ({"source": "attic", "until": at("11:00")}, "does not have that source"),
        ({"source": "chamber"}, "end time in the future"),
        ({"source": "chamber", "until": at("10:30")}, "end time in the future"),
        ({"source": "chamber", "until": at("23:00")}, "twelve hours"),
    ],
)
def test_an_override_without_source_or_end_is_refused(rest: dict[str, object], why: str) -> None:
    assert why in refusal(command(Verb.OVERRIDE, **rest), air(BEGUN))


def test_an_emergency_message_is_obeyed_whatever_is_on_air_and_can_be_cleared() -> None:
    given = command(
        Verb.EMERGENCY, text=" Boil\n water. ", until=at("11:00"), placement=MessagePlacement.FULL,
        cue=CueId("something else"),
    )  # fmt: skip
    (alerted,) = obey(given, air(BEGUN))

    assert isinstance(alerted, Alerted)
    said = alerted.message
    assert (said.text, said.placement, said.by) == ("Boil water.", MessagePlacement.FULL, "ann")
    assert (said.at, said.until) == (NOW, at("11:00"))
    assert obey(command(Verb.CLEAR), air(BEGUN, alerted)) == (Cleared(NOW, "ann"),)
    assert "No emergency" in refusal(command(Verb.CLEAR), air(BEGUN))
    late = command(Verb.CLEAR, at("11:30"))
    assert "No emergency" in refusal(late, air(BEGUN, alerted, now=at("11:30")))


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Write the message"), ("   ", "Write the message"), ("x" * 301, "up to 300 characters")],
)
def test_an_empty_or_too_long_message_is_refused(text: str, said: str) -> None:
    given = command(Verb.EMERGENCY, text=text, until=at("11:00"))

    assert said in refusal(given, air(BEGUN))
