"""Graphics over an evening: by the plan, by hand, and through power cuts."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support.broadcast import Machine
from support.plans import at, item, live, minutes, page, plan

from config.names import ItemId
from playout.model.commands import Verb
from playout.model.graphics import (
    Bug,
    ClockFace,
    Countdown,
    Crawl,
    GraphicsRules,
    LowerThird,
    Stretch,
)
from playout.model.plan import Item

MAYOR = LowerThird("m", "Ann Lee", "Mayor", after=minutes(5))
RULES = GraphicsRules(bug=Bug("13"), countdown=Countdown(most=minutes(5)))


def machine(folder: Path, *items: Item) -> Machine:
    made = replace(plan(*items, board=(page(),)), graphics=RULES)
    return Machine(folder, made, at("9:00"))


def shown(air: Machine) -> tuple[str, ...]:
    seen = air.engine.observe()
    assert seen is not None
    return seen.graphics


def evening() -> tuple[Item, ...]:
    film = item("film", at("10:00"), minutes(30), graphics=(MAYOR,))
    return film, live("council", at("11:00"), minutes(60))


def test_the_plan_puts_bug_name_and_countdown_on_in_their_time(tmp_path: Path) -> None:
    air = machine(tmp_path, *evening())
    air.run_until(at("10:04"), most=30)
    assert shown(air) == ("bug",)
    air.run_until(at("10:05:04"))
    assert shown(air) == ("bug", "third-m")
    air.run_until(at("10:05:09"))
    assert shown(air) == ("bug",)
    air.run_until(at("10:50"), most=30)
    assert shown(air) == (), "nothing lies over bulletins"
    air.run_until(at("10:57"), most=30)
    assert [one.partition("-")[0] for one in shown(air)] == ["countdown"]
    air.run_until(at("11:02"), most=5)

    assert shown(air) == ("bug-live",)


def test_crawls_and_clock_come_by_the_clock_without_a_server(tmp_path: Path) -> None:
    crawl = Crawl("n", "Elm Street is closed.", begins=at("10:10"), ends=at("10:20"))
    rules = GraphicsRules(
        crawls=(replace(crawl, every=minutes(5)),),
        clock=ClockFace(over_programs=True, hours=(Stretch(at("10:12"), at("10:16")),)),
    )
    made = replace(plan(*evening(), board=(page(),)), graphics=rules)
    air = Machine(tmp_path, made, at("10:05"))
    air.run_for(5)
    air.server.up = False
    air.run_until(at("10:09:58"), most=30)
    seen = []
    while air.now < at("10:21"):
        air.run_for(1)
        if not seen or seen[-1] != shown(air):
            seen.append(shown(air))

    first, second = ("crawl-n-0",), ("clock", "crawl-n-1")
    names = [tuple(id for id in one if not id.startswith("third")) for one in seen]
    assert list(dict.fromkeys(names)) == [(), first, ("clock",), second], seen


def test_what_is_shown_by_hand_outlives_a_power_cut_and_can_be_taken_down(tmp_path: Path) -> None:
    air = machine(tmp_path, *evening())
    air.run_until(at("10:10"), most=30)
    closed = Crawl("x", "Elm Street is closed.", times=0, ends=at("10:25"))
    air.server.press(Verb.GRAPHIC, air.now, graphic=closed)
    air.run_for(2)
    assert shown(air) == ("bug", "crawl-c1")
    air.power_cut(timedelta(minutes=2))
    air.run_for(60, most=5)
    assert shown(air) == ("bug", "crawl-c1")
    air.server.press(Verb.STOP_CRAWL, air.now)
    air.server.press(Verb.BUG_OFF, air.now)
    air.run_for(2)

    assert shown(air) == ()
    status = air.server.last.status if air.server.last is not None else None
    assert status is not None and status.graphics == ()


def test_a_button_on_the_machine_itself_takes_the_bug_off_without_a_server(tmp_path: Path) -> None:
    air = machine(tmp_path, *evening())
    air.run_until(at("10:10"), most=30)
    air.server.up = False
    assert air.local(Verb.BUG_OFF) == ""
    air.run_for(2)
    assert shown(air) == ()
    assert "already off" in air.local(Verb.BUG_OFF)
    air.run_until(at("11:02"), most=30)

    assert air.on_air() and shown(air) == (), "also over the meeting"
    assert ItemId("council") == air.agent.state.happened.pinned[-1].item  # type: ignore[union-attr]
