"""One table of channel states and buttons: what each button promises is what then airs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from support.folded_air import FoldedAir
from support.plans import EndRule, Rank, at, clips, item, live, minutes, page, plan, soft, source

from config.names import ItemId
from playout.commands.viewed import Sight, ViewedStretch
from playout.lives.sessions import intakes
from playout.model.commands import Verb
from playout.model.events import Alerted, Message, MessagePlacement, Off
from playout.model.plan import Item
from playout.model.rundown import Rundown
from scheduler.domain.model.channel import Channel
from scheduler.queries.button_effects import ButtonEffects, effect_of
from scheduler.queries.onair import OnAir
from web.onair.buttons import Button
from web.onair.desk import Desk, desk
from web.onair.live_buttons import foreseen_commands
from web.onair.promises import promised

COUNCIL = live("council", at("10:00"), minutes(120), record=True)
HEARING = live("hearing", at("12:00"), minutes(60), source="room", record=True)
REPLAY = item("replay", at("12:00"), minutes(60))
EVENING = (COUNCIL, REPLAY, soft("talk", at("13:00"), minutes(20)),
           item("news", at("13:30"), minutes(30)))  # fmt: skip
SETTLES = timedelta(seconds=15)
"""Board or slate for a few seconds, while a deck is cued, is not held against any words."""
WATCHED = timedelta(minutes=75)
"""For so long a stretch that only a press ends is watched."""


def house(*items: Item, now: str = "9:55", to: str = "11:30", **rest: object) -> FoldedAir:
    """Return a channel that started at `now` and aired until `to`."""
    rest.setdefault("filler", clips(400, 700, 900))
    rest.setdefault("board", (page(),))
    made = plan(*(items or EVENING), sources=(source(), source("room")), **rest)  # type: ignore[arg-type]
    air = FoldedAir(made, at(now))
    air.to(at(to))
    return air


def pressed(air: FoldedAir, verb: Verb, to: str, **rest: object) -> FoldedAir:
    """Return the channel after a press, some time later."""
    assert not air.press(verb, **rest)
    air.to(at(to))
    return air


def late() -> FoldedAir:
    air = FoldedAir(plan(*EVENING, filler=clips(400, 700)), at("9:55"), signal=False)
    air.to(at("10:10"))
    return air


def alerted(placement: MessagePlacement) -> FoldedAir:
    air = house()
    air.tell(Alerted(Message("m", "Boil water", placement, air.now, at("12:30"), "ann")))
    return air


def provisional() -> FoldedAir:
    air = house(to="12:20")
    air.tell(Off(air.current().id, air.now, "provisional"))
    air.to(at("12:25"))
    return air


def by_hand(air: FoldedAir, to: str, until: str) -> FoldedAir:
    return pressed(air, Verb.OVERRIDE, to, source="room", until=at(until))


CUT = (replace(COUNCIL, end_rule=EndRule.CUT), *EVENING[1:])
LIMITED = (replace(COUNCIL, hard_limit=at("12:40")), *EVENING[1:])
WAITING = (COUNCIL, HEARING, *EVENING[2:])
FILE = (item("film", at("10:00"), minutes(90)), item("show", at("11:20"), minutes(60)))
BLOCK = (item("b1", at("10:00"), minutes(60), rank=Rank.BLOCK),
         item("b2", at("11:00"), minutes(60), rank=Rank.BLOCK), EVENING[3])  # fmt: skip
STATES: dict[str, Callable[[], FoldedAir]] = {
    "live": lambda: house(*CUT),
    "held": house,
    "held, past its end": lambda: house(to="12:20"),
    "held, long past its end": lambda: house(to="13:45"),
    "held, with a limit": lambda: house(*LIMITED, to="12:20"),
    "held, nothing after": lambda: house(COUNCIL, to="12:20"),
    "not started": late,
    "recess": lambda: pressed(house(), Verb.RECESS, "11:40"),
    "recess, past its end": lambda: pressed(house(), Verb.RECESS, "12:20"),
    "slate over a live": lambda: pressed(house(), Verb.SLATE, "11:40"),
    "slate over a live, past its end": lambda: pressed(house(), Verb.SLATE, "12:20"),
    "slate over a live in recess": lambda: pressed(
        pressed(house(), Verb.RECESS, "11:40"), Verb.SLATE, "12:20"
    ),
    "slate over a file": lambda: pressed(house(*FILE, to="10:30"), Verb.SLATE, "10:40"),
    "slate over a file whose time passed": lambda: pressed(
        house(*FILE, to="10:30"), Verb.SLATE, "11:30"
    ),
    "slate over filler": lambda: pressed(house(to="9:57"), Verb.SLATE, "9:58"),
    "slate over filler, a meeting due": lambda: pressed(house(to="9:57"), Verb.SLATE, "10:10"),
    "slate over a source by hand": lambda: pressed(
        by_hand(house(), "11:40", "11:50"), Verb.SLATE, "12:20"
    ),
    "source by hand over a live": lambda: by_hand(house(), "11:40", "12:10"),
    "source by hand over a live, past its end": lambda: by_hand(house(), "12:20", "12:30"),
    "source by hand over a file": lambda: by_hand(house(*FILE, to="10:30"), "10:40", "11:00"),
    "source by hand over filler": lambda: by_hand(house(to="9:56"), "9:57", "10:20"),
    "emergency over a live": lambda: alerted(MessagePlacement.STRIP),
    "emergency over all": lambda: alerted(MessagePlacement.FULL),
    "file": lambda: house(*FILE, to="10:30"),
    "file that another cuts": lambda: house(*FILE, to="11:15"),
    "file taken early": lambda: pressed(house(*FILE, to="10:30"), Verb.TAKE, "10:40"),
    "block": lambda: house(*BLOCK, to="10:30"),
    "filler": lambda: house(to="9:57"),
    "bulletins": lambda: house(to="9:57", filler=()),
    "slate for want of all": lambda: house(to="9:57", filler=(), board=()),
    "second live waits": lambda: house(*WAITING, to="12:20"),
    "second live waits behind a slate": lambda: pressed(
        house(*WAITING, to="11:50"), Verb.SLATE, "12:20"
    ),
    "second live waits behind a source by hand": lambda: by_hand(
        house(*WAITING, to="11:50"), "12:20", "12:30"
    ),
    "second live waits behind a recess": lambda: pressed(
        house(*WAITING, to="11:50"), Verb.RECESS, "12:20"
    ),
    "adjourned early": lambda: pressed(house(), Verb.ADJOURN, "11:45"),
    "adjourned late": lambda: pressed(house(to="12:20"), Verb.ADJOURN, "12:25"),
    "adjourned for lack of signal": provisional,
    "skipped": lambda: pressed(house(*FILE, to="10:30"), Verb.SKIP, "10:40", item=ItemId("film")),
    "nothing planned": lambda: house(replace(EVENING[3], start=at("9:00")), to="11:00"),
}
BUTTONS = ("take", "skip", "slate", "rejoin", "go", "hold", "extend-15", "extend-30", "adjourn",
           "recess", "resume", "mark", "unmark")  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """The desk in one state, and the air behind it."""

    air: FoldedAir
    desk: Desk
    acts: dict[str, Button]


def on_air(air: FoldedAir, rundown: Rundown) -> OnAir:
    coming = (c for c in rundown.cues if c.start > air.now and c.item and c.rank > Rank.FILLER)
    channel = Channel(
        air.plan.channel, "City 13", "UTC", "64x36@30", "", "Back soon", "", timedelta(hours=1),
        False, 1, 1,
    )  # fmt: skip
    return OnAir(channel, "on air", air.now, False, air.current(), tuple(coming)[:4], None, 1,
                 True, (), (), {})  # fmt: skip


def shown_by(air: FoldedAir) -> Shown:
    """Return the desk as the operator sees it now."""
    on = on_air(air, air.rundown())
    asked = {
        name: effect_of(air.plan, air.happened, air.now, command)
        for name, command in foreseen_commands(on, air.now).items()
    }
    limits = {one.id: one.hard_limit for one in air.plan.items if one.hard_limit is not None}
    made = desk(on, (), (), ButtonEffects(asked, air.happened, limits), (), air.now)
    acts = (*made.buttons, *(made.live.buttons if made.live else ()))
    return Shown(air, made, {act.key or act.verb.value: act for act in acts})


SEEN: dict[str, Shown] = {}


def state(name: str) -> Shown:
    if name not in SEEN:
        SEEN[name] = shown_by(STATES[name]())
    return SEEN[name]


def is_same(seen: ViewedStretch, promise: ViewedStretch) -> bool:
    """Compare two stretches: filler matches any filler, everything else by item and title."""
    return (seen.shows, seen.item, seen.title) == (promise.shows, promise.item, promise.title)


def after(air: FoldedAir, act: Button) -> FoldedAir:
    """Return the air a moment after the press."""
    tried = air.copy()
    given: dict[str, object] = {"cue": air.current().id, "minutes": act.minutes}
    assert not tried.press(act.verb, item=ItemId(act.item) if act.item else None, **given)
    return tried


def check(tried: FoldedAir, act: Button) -> None:
    """Compare the air with the promise, to the end of the first stretch and past it."""
    first, following = act.then[0], act.then[1] if len(act.then) > 1 else None
    tried.to(tried.now + SETTLES)
    ends = min(first.end or tried.now + WATCHED, tried.now + WATCHED)
    if first.latest is not None:
        ends = min(ends, first.latest)

    def look() -> None:
        seen = tried.sees()
        if tried.now < ends - timedelta(seconds=1):
            assert is_same(seen, first), (tried.now, seen, first)

    look()
    tried.to(ends, look)
    if first.end is not None and following is not None and first.end == ends:
        tried.to(ends + SETTLES)
        assert is_same(tried.sees(), following), (tried.now, tried.sees(), following)


def check_words(act: Button) -> None:
    """Check that the sentence follows the promise and names what comes and when."""
    first, text = act.then[0], act.consequence
    if not act.confirm and not text:
        return
    if act.verb is Verb.SLATE:
        assert "until you press Rejoin" in text and first.shows is Sight.SLATE
        return
    assert promised(act.then, ZoneInfo("UTC")) in text
    assert first.title in text
    if first.end is not None and (first.item or len(act.then) > 1):
        assert f"{first.end:%H:%M}" in text
    if first.shows is Sight.LIVE and first.end is None:
        assert "until it is adjourned" in text


@pytest.mark.parametrize("name", STATES)
def test_what_each_button_promises_is_what_then_airs(name: str) -> None:
    shown = state(name)
    assert any(act.possible for act in shown.acts.values()), "no button can be pressed"
    for act in shown.acts.values():
        if not act.possible:
            continue
        assert act.then, act.word
        check_words(act)
        check(after(shown.air, act), act)


@pytest.mark.parametrize("name", STATES)
def test_a_disabled_button_would_be_refused_or_change_nothing(name: str) -> None:
    shown = state(name)
    for act in shown.acts.values():
        if act.possible:
            continue
        tried = shown.air.copy()
        before = tried.sees()
        item = ItemId(act.item) if act.item else None
        refused = tried.press(act.verb, item=item, minutes=act.minutes)
        assert refused or is_same(tried.sees(), before) or act.brief.startswith("nothing"), act


@pytest.mark.parametrize("name", STATES)
def test_adjourn_promises_the_recording_and_the_way_back_only_where_there_is_one(name: str) -> None:
    shown = state(name)
    act = shown.acts.get("adjourn")
    if act is None or not act.possible:
        return
    item = shown.air.plan.item(ItemId(act.item))
    assert item is not None
    tried = after(shown.air, act)
    kept = intakes(tried.plan, tried.current(), tried.happened, tried.now)

    assert act.consequence.startswith("It ends now.")
    assert ("recording is kept" in act.consequence) == (item.airing in {i.airing for i in kept})
    assert ("go back" in act.consequence) == (not tried.copy().press(Verb.RESUME, item=item.id))


def test_no_two_states_of_the_table_are_alike() -> None:
    """Two names for one state would test it twice and another not at all."""
    told = {
        repr((state(name).air.plan, state(name).air.happened, state(name).air.now))
        for name in STATES
    }

    assert len(told) == len(STATES)


def test_the_table_presses_every_button() -> None:
    pressed = {key for name in STATES for key, act in state(name).acts.items() if act.possible}

    assert pressed >= set(BUTTONS) - {"mark", "unmark"}


def test_rejoin_returns_to_a_held_meeting_past_its_planned_end() -> None:
    """After a slate by hand, Rejoin used to show the program that the meeting had displaced."""
    for name in ("slate over a live, past its end", "source by hand over a live, past its end"):
        shown = state(name)
        tried = after(shown.air, shown.acts["rejoin"])
        tried.to(tried.now + SETTLES)

        assert (tried.sees().item, tried.sees().end) == ("council", None)


def test_adjourn_never_says_that_the_meeting_on_air_does_not_air() -> None:
    says = state("held, past its end").acts["adjourn"].consequence

    assert says == (
        "It ends now. Viewers see replay, 20 min in, until 13:00. The recording is kept. "
        "You can go back to it for an hour."
    )
    early = state("held, nothing after").acts["adjourn"].consequence
    assert early.startswith("It ends now. Viewers see filler and bulletins. The recording is kept.")
