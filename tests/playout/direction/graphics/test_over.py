"""The rules for graphics: what lies over the picture from which instant to which."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import at, item, live, media, minutes, page, plan

from config.names import ItemId
from playout.direction.graphics.over import graphics_over
from playout.direction.graphics.shown import (
    BugFace,
    CountdownFace,
    CrawlFace,
    NextFace,
    Shown,
    ThirdFace,
    TimeFace,
)
from playout.model.events import Begun, Event, On
from playout.model.graphic_events import BugSet, Keyed, Unkeyed
from playout.model.graphics import (
    Bug,
    ClockFace,
    ComingNext,
    Corner,
    Countdown,
    Crawl,
    GraphicsRules,
    LowerThird,
    Stretch,
)
from playout.model.layer import Layer
from playout.model.layered import DigitForm
from playout.model.plan import Item, Plan
from playout.model.rundown import cue_at
from playout.state.air_state import AirState, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

FILM = item("film", at("10:00"), minutes(60))
REPLAY = item("replay", at("11:00"), minutes(30), replay=True)
COUNCIL = live("council", at("11:30"), minutes(60))
DAYTIME = (FILM, REPLAY, COUNCIL)
BUG = Bug("13")
MAYOR = LowerThird("mayor", "Ann Lee", "Mayor", after=minutes(10))
NEWS = Crawl("news", "Elm Street is closed.")
SECOND, HALF = timedelta(seconds=1), timedelta(milliseconds=500)


def made(*items: Item, rules: GraphicsRules | None = None) -> Plan:
    return replace(plan(*items, board=(page("bulletin"),)), graphics=rules)


def over(
    now: datetime, *events: Event, items: tuple[Item, ...] = DAYTIME,
    rules: GraphicsRules | None = None,
) -> tuple[Shown, ...]:  # fmt: skip
    known = made(*items, rules=rules)
    happened = fold(events)
    rundown = settle(known, happened, now)
    air = Situation(known, rundown, happened, cue_at(rundown, now), now)
    return graphics_over(air, lambda crawl: minutes(1) if crawl.times else None)


def times(shown: tuple[Shown, ...]) -> list[tuple[str, datetime, datetime]]:
    return [(one.id, one.at, one.until) for one in shown]


def with_graphics(of: Item, *graphics: LowerThird | Crawl) -> tuple[Item, ...]:
    return tuple(replace(one, graphics=graphics) if one is of else one for one in DAYTIME)


def test_without_rules_and_orders_nothing_lies_over_the_picture() -> None:
    assert over(at("10:30")) == ()


@pytest.mark.parametrize(
    ("now", "bugs"),
    [
        ("9:30", {"bug": "11:00"}),
        ("10:30", {"bug": "11:00"}),
        ("10:59:30", {"bug": "11:00", "bug-replay": "11:30"}),
        ("11:10", {"bug-replay": "11:30"}),
        ("11:29:30", {"bug-replay": "11:30", "bug-live": "never"}),
        ("11:40", {"bug-live": "never"}),
    ],
)
def test_the_bug_says_live_and_replay_beside_its_own_picture(
    now: str, bugs: dict[str, str]
) -> None:
    shown = over(at(now), rules=GraphicsRules(bug=BUG))

    assert {one.id: one.until for one in shown if one.until < at("0:00", 2)} == {
        id: at(until) for id, until in bugs.items() if until != "never"
    }
    assert {one.id for one in shown} == set(bugs)
    assert all(one.over == (Layer.DECK,) for one in shown), "and never over slides"


def test_a_bug_over_slides_leaves_its_word_to_the_program() -> None:
    rules = GraphicsRules(bug=replace(BUG, over_slides=True))
    shown = {one.id: one.over for one in over(at("11:40"), rules=rules)}

    assert shown == {"bug-live": (Layer.DECK,), "bug": (Layer.BOARD, Layer.SLATE)}


@pytest.mark.parametrize(
    ("bug", "ids"),
    [
        (replace(BUG, says_live=False), ["bug"]),
        (Bug(""), []),
        (Bug("", logo=media("logo", minutes(0)).key), ["bug-live"]),
    ],
)
def test_a_bug_shows_what_its_channel_gave_it(bug: Bug, ids: list[str]) -> None:
    assert [one.id for one in over(at("11:40"), rules=GraphicsRules(bug=bug))] == ids


def test_the_bug_finds_its_logo_among_the_pictures_of_the_plan() -> None:
    logo = media("logo", minutes(0))
    known = replace(made(FILM, rules=GraphicsRules(bug=Bug("13", logo=logo.key))), pictures=(logo,))
    now, rundown = at("10:30"), settle(known, AirState(), at("10:30"))
    air = Situation(known, rundown, AirState(), cue_at(rundown, now), now)
    (shown,) = graphics_over(air, lambda crawl: None)

    assert isinstance(shown.face, BugFace) and shown.face.logo == logo


def test_an_operator_takes_the_bug_off_with_its_fade_and_puts_it_on_again() -> None:
    rules, off = GraphicsRules(bug=BUG), BugSet(False, at("10:30"), "ann")
    on = BugSet(True, at("10:40"), "ann")

    (going,) = over(at("10:30"), off, rules=rules)
    assert going.until == at("10:30") + HALF
    assert over(at("10:31"), off, rules=rules) == ()
    assert over(at("11:10"), off, rules=rules) == (), "also over the next program"
    (back,) = over(at("10:40"), off, on, rules=rules)
    assert (back.at, back.until) == (at("10:40"), at("11:00"))
    (later,) = over(at("11:10"), off, on, rules=rules)
    assert later.at == at("11:00")


def test_a_lower_third_is_shown_at_its_place_in_the_item() -> None:
    items = with_graphics(FILM, MAYOR)
    first, last = at("10:10"), at("10:10:08")

    assert over(at("10:08:59"), items=items) == (), "too early to be handed on"
    (shown,) = over(at("10:09:01"), items=items)
    assert times((shown,)) == [("third-mayor", first, last)]
    assert shown.face == ThirdFace("Ann Lee", "Mayor") and shown.over == (Layer.DECK,)
    assert times(over(at("10:10:05"), items=items)) == times((shown,))
    assert over(at("10:10:08"), items=items) == ()


def test_a_lower_third_of_a_live_counts_from_its_beginning() -> None:
    items = with_graphics(COUNCIL, replace(MAYOR, after=minutes(1)))
    begun = Begun(ItemId("council"), at("11:37"), "operator")
    (shown,) = over(at("11:37:30"), begun, items=items)

    assert shown.at == at("11:38")


def test_a_lower_third_follows_a_file_that_is_joined_in_progress() -> None:
    made_of = replace(REPLAY, in_point=minutes(5), graphics=(replace(MAYOR, after=minutes(10)),))
    items = (FILM, made_of, COUNCIL)
    (shown,) = over(at("11:09:30"), items=items)
    assert shown.at == at("11:10")
    cue = cue_at(settle(made(*items), AirState(), at("11:05")), at("11:05"))
    joined = replace(cue, start=at("11:05"), offset=cue.offset + minutes(5))
    (shown,) = over(at("11:09:30"), On(joined), items=items)

    assert shown.at == at("11:10")


def test_of_two_lower_thirds_the_later_ends_the_earlier() -> None:
    clerk = LowerThird("clerk", "Bo Day", after=timedelta(minutes=10, seconds=3))
    shown = over(at("10:09:50"), items=with_graphics(FILM, MAYOR, clerk))

    assert sorted(times(shown)) == [
        ("third-clerk", at("10:10:03"), at("10:10:11")),
        ("third-mayor", at("10:10"), at("10:10:03")),
    ]


def test_a_lower_third_ends_with_its_item() -> None:
    late = replace(MAYOR, after=timedelta(minutes=59, seconds=57))
    (shown,) = over(at("10:59:50"), items=with_graphics(FILM, late))

    assert shown.until == at("11:00")


def test_a_lower_third_shown_by_hand_comes_before_a_planned_one() -> None:
    hand = Keyed(replace(MAYOR, id="c1", begins=at("10:09:57")), at("10:09:57"), "ann")
    items = with_graphics(FILM, MAYOR)

    assert times(over(at("10:10"), hand, items=items)) == [
        ("third-c1", at("10:09:57"), at("10:10:05"))
    ]
    assert times(over(at("10:10:05"), hand, items=items)) == [
        ("third-mayor", at("10:10"), at("10:10:08"))
    ]


def test_a_lower_third_shown_by_hand_goes_with_the_program_it_was_shown_over() -> None:
    hand = Keyed(replace(MAYOR, shown_for=minutes(2)), at("10:59"), "ann")
    (shown,) = over(at("10:59:30"), hand)

    assert shown.until == at("11:00")
    assert over(at("11:00:10"), hand) == ()


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_lower_third_that_is_taken_down_goes_with_its_fade(by_hand: bool) -> None:
    hand = (Keyed(MAYOR, at("10:10"), "ann"),) if by_hand else ()
    items = DAYTIME if by_hand else with_graphics(FILM, MAYOR)
    down = Unkeyed("lower third", at("10:10:02"), "ann")
    (shown,) = over(at("10:10:02"), *hand, down, items=items)

    assert shown.until == at("10:10:02") + HALF
    assert over(at("10:10:03"), *hand, down, items=items) == ()


def test_a_crawl_lasts_for_its_passes_and_never_longer_than_it_may() -> None:
    crawl = Keyed(NEWS, at("10:20"), "ann")
    assert times(over(at("10:20:01"), crawl)) == [("crawl-news", at("10:20"), at("10:21"))]
    assert over(at("10:21"), crawl) == ()
    until = Keyed(replace(NEWS, times=0, ends=at("10:50")), at("10:20"), "ann")
    assert times(over(at("10:40"), until)) == [("crawl-news", at("10:20"), at("10:50"))]
    far = Keyed(replace(NEWS, times=0, ends=at("10:20") + timedelta(hours=14)), at("10:20"), "ann")
    assert times(over(at("10:40"), far)) == [
        ("crawl-news", at("10:20"), at("10:20") + timedelta(hours=14))
    ]
    cut = Keyed(replace(NEWS, ends=at("10:20:30")), at("10:20"), "ann")
    assert times(over(at("10:20:01"), cut)) == [("crawl-news", at("10:20"), at("10:20:30"))]

    down = Unkeyed("crawl", at("10:20:10"), "ann")
    (shown,) = over(at("10:20:10"), crawl, down)
    assert shown.until == at("10:20:10") + HALF and shown.face == CrawlFace(NEWS)


def test_one_crawl_at_a_time_by_hand_before_the_items_before_the_channels() -> None:
    of_channel = replace(NEWS, id="all", times=0, begins=at("9:00"), ends=at("12:00"))
    of_item = replace(NEWS, id="item", after=minutes(20))
    by_hand = Keyed(replace(NEWS, id="hand"), at("10:20:30"), "ann")
    rules, items = GraphicsRules(crawls=(of_channel,)), with_graphics(FILM, of_item)

    def crawling(now: str) -> list[str]:
        shown = over(at(now), by_hand, items=items, rules=rules)
        return [one.id for one in shown if one.at <= at(now)]

    assert crawling("10:19") == ["crawl-all"]
    assert crawling("10:20:10") == ["crawl-item"]
    assert crawling("10:20:40") == ["crawl-hand"]
    assert crawling("10:21:45") == ["crawl-all"]
    assert crawling("12:00") == []


def by_the_clock(id: str, every: int = 0, *, times: int = 1) -> Crawl:
    """A crawl of the channel from 10:00 to 11:00; a pass takes a minute."""
    begins, ends = at("10:00"), at("11:00")
    return replace(NEWS, id=id, times=times, begins=begins, ends=ends, every=minutes(every))


@pytest.mark.parametrize(
    ("now", "passes"),
    [
        ("9:50", []),
        ("9:59:30", [("crawl-a-0", "10:00", "10:01")]),
        ("10:00:30", [("crawl-a-0", "10:00", "10:01")]),
        ("10:01", []),
        ("10:14:30", [("crawl-a-1", "10:15", "10:16")]),
        ("10:45:59", [("crawl-a-3", "10:45", "10:46")]),
        ("10:59:30", []),
    ],
)
def test_a_crawl_that_repeats_passes_whole_at_each_of_its_times(
    now: str, passes: list[tuple[str, str, str]]
) -> None:
    rules = GraphicsRules(crawls=(by_the_clock("a", 15),))

    assert times(over(at(now), rules=rules)) == [
        (id, at(begins), at(ends)) for id, begins, ends in passes
    ]


def test_crawls_of_one_moment_pass_one_after_another() -> None:
    rules = GraphicsRules(
        crawls=(by_the_clock("a", 30), by_the_clock("b", 30), by_the_clock("c", 15))
    )

    def on(now: str) -> list[str]:
        return [one.id for one in over(at(now), rules=rules) if one.at <= at(now)]

    assert [on(f"10:0{n}:30") for n in range(4)] == [
        ["crawl-a-0"], ["crawl-b-0"], ["crawl-c-0"], [],
    ]  # fmt: skip
    assert on("10:15:30") == ["crawl-c-1"] and on("10:32:30") == ["crawl-c-2"]


def test_a_crawl_that_repeats_waits_for_one_by_hand_and_then_passes_whole() -> None:
    by_hand = Keyed(replace(NEWS, id="hand"), at("10:14:30"), "ann")
    rules = GraphicsRules(crawls=(by_the_clock("a", 15),))
    expected = ("crawl-a-1", at("10:15:30"), at("10:16:30"))

    assert expected in times(over(at("10:15"), by_hand, rules=rules))
    assert times(over(at("10:16"), by_hand, rules=rules)) == [expected]


def test_a_pass_longer_than_its_interval_leaves_out_the_turns_it_covers() -> None:
    every = replace(by_the_clock("a"), every=timedelta(seconds=45))
    rules = GraphicsRules(crawls=(every,))

    assert ("crawl-a-1", at("10:01:30"), at("10:02:30")) in times(over(at("10:02"), rules=rules))


def test_a_crawl_without_a_pause_begins_anew_after_each_that_cuts_it() -> None:
    rules = GraphicsRules(crawls=(by_the_clock("a", 30), by_the_clock("on", times=0)))

    assert times(over(at("10:20"), rules=rules)) == [("crawl-on", at("10:01"), at("11:00"))]
    assert times(over(at("10:30:20"), rules=rules)) == [
        ("crawl-on", at("10:31"), at("11:00")), ("crawl-a-1", at("10:30"), at("10:31")),
    ]  # fmt: skip
    assert times(over(at("10:29:30"), rules=rules)) == [
        ("crawl-on", at("10:01"), at("10:30")), ("crawl-a-1", at("10:30"), at("10:31")),
    ]  # fmt: skip


def test_stopping_ends_one_pass_or_a_crawl_without_a_pause_for_its_hours() -> None:
    down = Unkeyed("crawl", at("10:30:10"), "ann")
    repeats = GraphicsRules(crawls=(by_the_clock("a", 30),))
    goes_on = GraphicsRules(crawls=(by_the_clock("on", times=0),))
    both = GraphicsRules(crawls=(*repeats.crawls, *goes_on.crawls))

    assert over(at("10:30:11"), down, rules=repeats) == ()
    assert over(at("10:40"), down, rules=goes_on) == ()
    assert times(over(at("10:40"), down, rules=both)) == [("crawl-on", at("10:31"), at("11:00"))], (
        "what was not on was not stopped"
    )


NEXT = GraphicsRules(coming_next=ComingNext(before=timedelta(seconds=30)))


def test_the_next_program_is_named_before_the_end_of_this_one() -> None:
    (shown,) = over(at("10:59:00"), rules=NEXT)

    assert (shown.at, shown.until) == (at("10:59:30"), at("10:59:40"))
    assert shown.face == NextFace("Coming up next", "replay")
    secret = (FILM, replace(REPLAY, replaces_with="A program"), COUNCIL)
    (shown,) = over(at("10:59:00"), items=secret, rules=NEXT)
    assert shown.face == NextFace("Coming up next", "A program")


@pytest.mark.parametrize(
    ("items", "now", "why"),
    [
        ((FILM,), "10:59:35", "nothing follows"),
        ((FILM, live("late", at("11:20"), minutes(9))), "10:59:35", "bulletins for twenty minutes"),
        ((item("spot", at("10:00"), timedelta(seconds=20)), *DAYTIME[1:]), "10:00:05", "too short"),
        ((COUNCIL, item("then", at("13:00"), minutes(9))), "11:59:35", "held, so nobody knows"),
    ],
)
def test_the_next_program_is_not_named(items: tuple[Item, ...], now: str, why: str) -> None:
    assert over(at(now), items=items, rules=NEXT) == (), why


COUNT = GraphicsRules(countdown=Countdown(most=minutes(5)))


def test_bulletins_before_a_live_count_down_to_it() -> None:
    items = (FILM, COUNCIL)
    assert over(at("11:20"), items=items, rules=COUNT) == ()
    (shown,) = over(at("11:26"), items=items, rules=COUNT)

    assert (shown.at, shown.until) == (at("11:25"), at("11:30"))
    assert shown.face == CountdownFace("council", "begins in", at("11:30"))
    assert shown.over == (Layer.BOARD, Layer.SLATE)
    assert over(at("9:58"), items=items, rules=COUNT) == (), "a file is not counted down to"


def test_a_crawl_by_hand_has_its_rows_before_a_countdown() -> None:
    hand = Keyed(NEWS, at("11:26"), "ann")
    shown = over(at("11:26:01"), hand, items=(FILM, COUNCIL), rules=COUNT)
    assert [one.id for one in shown if one.at <= at("11:26:01")] == ["crawl-news"]

    after = over(at("11:27"), hand, items=(FILM, COUNCIL), rules=COUNT)
    assert [one.face for one in after] == [CountdownFace("council", "begins in", at("11:30"))]


def test_the_clock_shows_the_zone_of_the_channel_in_pieces_around_its_changes() -> None:
    rules = GraphicsRules(clock=ClockFace(), zone="America/New_York")
    (shown,) = over(at("10:40"), rules=rules)
    assert (shown.at, shown.until) == (at("10:30"), at("12:30"))
    assert shown.face == TimeFace(Corner.TOP_LEFT, DigitForm.HOURS_12, -5 * 3600)
    assert shown.over == (Layer.BOARD, Layer.SLATE)
    spring = datetime.fromisoformat("2027-03-14T06:59:30+00:00")
    before, after = over(spring, items=(), rules=rules)[::-1]

    assert (before.until, after.at) == (spring + HALF * 60, spring + HALF * 60)
    faces = [one.face for one in (before, after)]
    assert [one.offset for one in faces if isinstance(one, TimeFace)] == [-5 * 3600, -4 * 3600]


@pytest.mark.parametrize(
    ("now", "clock"),
    [
        ("5:30", []),
        ("5:59:30", [("6:00", "6:40")]),
        ("6:20", [("6:15", "6:40")]),
        ("6:45", []),
        ("7:59:30", [("8:00", "9:30")]),
    ],
)
def test_a_clock_with_hours_is_shown_in_them_alone(now: str, clock: list[tuple[str, str]]) -> None:
    hours = tuple(Stretch(at(a), at(b)) for a, b in (("6:00", "6:40"), ("8:00", "12:00")))
    shown = over(at(now), rules=GraphicsRules(clock=ClockFace(hours=hours)))

    assert [(one.at, min(one.until, at("9:30"))) for one in shown] == [
        (at(a), at(b)) for a, b in clock
    ]


def test_the_clock_leaves_the_corner_of_the_bug() -> None:
    rules = GraphicsRules(bug=Bug("13"), clock=ClockFace(Corner.TOP_RIGHT, over_programs=True))
    (clock,) = (one for one in over(at("10:30"), rules=rules) if one.id == "clock")

    assert isinstance(clock.face, TimeFace) and clock.face.corner is Corner.TOP_LEFT
    assert clock.over == ()


def test_an_unknown_zone_costs_no_air() -> None:
    (shown,) = over(at("10:40"), rules=GraphicsRules(clock=ClockFace(), zone="Nowhere/At_All"))

    assert isinstance(shown.face, TimeFace) and shown.face.offset == 0


HEARING = live("hearing", at("12:10"), minutes(60), source="room")


def on(item: Item) -> On:
    """The event that an item went on air at its start."""
    return On(cue_at(settle(made(*DAYTIME, HEARING), AirState(), at("11:00")), item.start))


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("12:09", []),
        ("12:10:05", [("12:10", "12:10:20")]),
        ("12:10:20", []),
        ("12:19:30", [("12:20", "12:20:20")]),
        ("12:20:05", [("12:20", "12:20:20")]),
    ],
)
def test_another_meeting_is_announced_from_its_start_every_ten_minutes(
    now: str, shown: list[tuple[str, str]]
) -> None:
    said = over(at(now), on(COUNCIL), items=(*DAYTIME, HEARING))

    assert times(said) == [("announced-hearing", at(begins), at(ends)) for begins, ends in shown]
    assert all(
        one.face == ThirdFace("hearing has started", "It is being recorded and will air later.")
        for one in said
    )


def test_a_name_shown_by_hand_has_the_band_before_an_announcement() -> None:
    hand = Keyed(MAYOR, at("12:10:02"), "ann")
    said = over(at("12:10:05"), on(COUNCIL), hand, items=(*DAYTIME, HEARING))

    assert [one.id for one in said] == ["third-mayor"]
