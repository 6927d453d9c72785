"""Replays planned before their file, postponed meetings, overrides, messages: S14 to S31."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import at, clips, item, live, media, minutes, page, plan, soft

from config.names import AiringId
from playout.model.commands import Verb
from playout.model.events import MessagePlacement, Recorded
from playout.model.layer import Layer
from playout.model.plan import EndRule, Item, MissedStart, Outcome

SECOND = timedelta(seconds=1)


def council(**rest: object) -> Item:
    return live("council", at("10:00"), minutes(120), record=True, **rest)


def replay(name: str, start: str, day: int = 0, **rest: object) -> Item:
    """Return a replay of the council, planned before the meeting."""
    rest.setdefault("replay_of", AiringId("airing-council"))
    rest.setdefault("end_rule", EndRule.FINISH)
    return item(name, at(start, day), minutes(120), media=None, **rest)


def machine(folder: Path, *items: Item, days: int = 2) -> Machine:
    made = plan(*items, filler=clips(60, 90, 120), board=(page(),), days=days)
    return Machine(folder, made, at("9:50"))


def hold_council(air: Machine, until: str) -> None:
    air.run_until(at(until))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(air.now + minutes(7))


def starts(air: Machine, name: str) -> timedelta:
    """Return when an item is expected to start, since midnight of the first day."""
    assert air.server.expected is not None
    return next(c.start for c in air.server.expected.cues if c.item == name) - at("0:00")


def evening() -> tuple[Item, ...]:
    return (
        council(),
        replay("tonight", "19:00"),
        soft("talk", at("21:00"), minutes(20)),
        item("news", at("22:30"), minutes(60)),
        soft("film", at("23:00"), minutes(45)),
        soft("late", at("0:00", 1), minutes(20)),
    )


def test_s14_the_true_length_moves_only_soft_items(tmp_path: Path) -> None:
    air = machine(tmp_path, *evening())
    air.run_until(at("10:30"))
    assert starts(air, "tonight") == timedelta(hours=19)
    hold_council(air, "13:07:12")

    assert starts(air, "tonight") == timedelta(hours=19)
    ends = timedelta(hours=22, minutes=7, seconds=12)
    assert abs(starts(air, "talk") - ends) < 2 * SECOND
    assert starts(air, "news") == timedelta(hours=22, minutes=30)
    assert starts(air, "film") == timedelta(hours=23, minutes=30)
    assert starts(air, "late") == timedelta(hours=24, minutes=15)
    air.run_until(at("0:40", 1), most=300)
    shown = [fact for fact in air.aired("tonight") if fact.cue and fact.cue.startswith("tonight")]
    length = sum((fact.end - fact.start for fact in shown), timedelta(0))
    assert abs(shown[0].source_first / 30 - 120) < 2, "the pre-roll is not aired"
    assert abs(length - timedelta(hours=3, minutes=7, seconds=12)) < 2 * SECOND
    assert abs(air.aired("late")[0].start - at("0:15", 1)) < 2 * SECOND
    assert [row.outcome for row in air.rows("tonight")] == [Outcome.AIRED]


def test_s14_a_locked_replay_keeps_its_own_time_and_slot(tmp_path: Path) -> None:
    items = (council(), replay("tonight", "19:00", locked=True, end_rule=EndRule.CUT))
    air = machine(tmp_path, *items, item("news", at("21:00"), minutes(30)))
    hold_council(air, "13:07:12")
    air.run_until(at("21:01"), most=300)

    assert abs(air.aired("tonight")[0].start - at("19:00")) < SECOND
    assert abs(air.aired("news")[0].start - at("21:00")) < SECOND


def test_s14_a_failed_recording_is_replaced_by_its_substitute(
    tmp_path: Path,
) -> None:
    other = media("last week", minutes(90))
    air = machine(tmp_path, council(), replay("tonight", "19:00", substitute=other))
    air.signal().fails = "no picture could be decoded"
    hold_council(air, "11:30")
    air.run_until(at("19:05"), most=300)

    assert air.engine.shown[-1].on_air.path == air.path(other)
    assert any("recording of council failed" in said for said in air.server.said("alarm"))
    air.run_until(at("21:01"), most=300)
    assert [row.outcome for row in air.rows("tonight")] == [Outcome.SUBSTITUTED]


def test_s14_a_replay_of_a_meeting_still_going_on_is_filled_and_joined(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), replay("soon", "12:15"))
    hold_council(air, "12:11:30")
    assert air.on_air().startswith("soon@")
    air.run_until(at("12:30"))

    (row,) = air.rows("soon")[:1] or (None,)
    assert row is None
    assert air.aired("soon")[0].start < at("12:17:30")


def test_s15_an_item_that_does_not_fit_is_skipped_or_cut_by_its_rule(
    tmp_path: Path,
) -> None:
    for name in ("skipped", "cut"):
        (tmp_path / name).mkdir()
    skipped = machine(tmp_path / "skipped", *_tight(MissedStart.SKIP), days=1)
    cut = machine(tmp_path / "cut", *_tight(MissedStart.JOIN), days=1)
    for air in (skipped, cut):
        air.run_until(at("21:10"), most=300)

    assert [(r.outcome, r.reason) for r in skipped.rows("long")] == [
        (Outcome.MISSED, "it did not fit before the next fixed start")
    ]
    assert [row.outcome for row in cut.rows("long")] == [Outcome.CUT_SHORT]
    for air in (skipped, cut):
        assert abs(air.aired("news")[0].start - at("20:30")) < SECOND


def _tight(missed: MissedStart) -> tuple[Item, ...]:
    long = soft("long", at("19:00"), minutes(100), missed=missed)
    return item("film", at("9:50"), minutes(30)), long, item("news", at("20:30"), minutes(30))


def test_s17_a_meeting_postponed_before_air_is_replayed_from_its_second_day(
    tmp_path: Path,
) -> None:
    tomorrow = live("council-2", at("10:00", 1), minutes(120), record=True)
    night = replay("tonight", "19:00", 1, replay_of=AiringId("airing-council-2"))
    air = machine(tmp_path, replace(council(), start=at("10:35")), replay("tonight", "19:00"))
    air.run_until(at("9:55"))
    air.server.publish(replace(air.server.plan, items=(tomorrow, night)))
    air.run_until(at("10:40"))
    assert air.engine.observe().sources == ()  # type: ignore[union-attr]
    air.run_until(at("11:00", 1), most=300)
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("19:01", 1), most=300)

    assert air.on_air().startswith("tonight@")
    assert air.engine.shown[-1].on_air.path is not None
    assert air.rows("council") == []
    assert [row.outcome for row in air.rows("council-2")] == [Outcome.AIRED]


def test_s19_an_override_ends_by_itself_and_its_row_names_the_operator(tmp_path: Path) -> None:
    air = machine(tmp_path, item("film", at("9:50"), minutes(90)))
    air.run_until(at("9:55"))
    until = at("10:20")
    air.server.press(Verb.OVERRIDE, air.now, air.on_air(), source="chamber", until=until)
    air.run_for(3)
    assert air.on_air() == "over-c1"
    assert air.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]
    status = air.server.last.status  # type: ignore[union-attr]
    assert status.override is not None
    assert (status.override.by, status.override.until, status.title) == ("ann", until, "Chamber")
    air.run_until(at("10:25"))
    film = next(fact for fact in air.aired("film") if fact.start > at("10:19"))

    assert abs(film.start - until) < SECOND
    assert abs(film.source_first / 29.97 - (film.start - at("9:50")).total_seconds()) < 1
    rows = [row for row in air.server.as_run() if row.cue == "over-c1"]
    assert [(row.title, row.outcome, row.reason) for row in rows] == [
        ("Chamber", Outcome.AIRED, "put on air by ann")
    ]
    assert abs(rows[0].start - at("9:55")) < 2 * SECOND


def test_s19_an_override_over_a_meeting_gives_the_meeting_back(tmp_path: Path) -> None:
    air = machine(tmp_path, council())
    air.run_until(at("11:55"))
    air.server.press(
        Verb.OVERRIDE, air.now, air.on_air(), source="chamber", until=at("12:10"), text="Mayor"
    )
    air.run_until(at("12:15"))

    assert air.on_air().startswith("council@")
    assert air.engine.shown[-1].on_air.until > at("0:00", 9), "it is held as before"
    assert air.rows("council") == []


def on_file(air: Machine) -> None:
    air.run_until(at("15:00"), most=300)


def on_live(air: Machine) -> None:
    air.run_until(at("10:30"))


def on_board(air: Machine) -> None:
    air.server.publish(replace(air.server.plan, items=(), filler=()))
    air.run_until(at("9:55"))


@pytest.mark.parametrize("by", ["slate", "override"])
def test_an_overrunning_meeting_comes_back_after_a_slate_or_source_by_hand(
    tmp_path: Path, by: str
) -> None:
    """The replay that the meeting had displaced came instead, although the dialog promised the
    meeting.
    """
    air = machine(tmp_path, council(), item("parks", at("12:00"), minutes(60)))
    air.run_until(at("11:55"))
    if by == "slate":
        air.server.press(Verb.SLATE, air.now, air.on_air())
        air.run_until(at("12:10"))
        air.server.press(Verb.REJOIN, air.now, air.on_air())
    else:
        until = at("12:10")
        air.server.press(Verb.OVERRIDE, air.now, air.on_air(), source="chamber", until=until)
    air.run_until(at("12:11"))
    assert air.on_air().startswith("council@")
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("12:12"))

    assert air.on_air().startswith("parks@")


@pytest.mark.parametrize("where", [on_file, on_live, on_board])
@pytest.mark.parametrize("placement", list(MessagePlacement))
def test_s31_a_message_covers_anything_within_a_second_and_ends_on_time(
    tmp_path: Path, where: object, placement: MessagePlacement
) -> None:
    air = machine(tmp_path, council(hard_limit=at("12:00")), item("film", at("14:00"), minutes(90)))
    where(air)  # type: ignore[operator]
    before, pressed = air.on_air(), air.now
    air.server.press(
        Verb.EMERGENCY,
        pressed,
        "whatever was looked at",
        text="Boil water before you drink it.",
        placement=placement,
        until=pressed + minutes(3),
    )
    air.run_for(1)
    assert air.engine.observe().graphic == "c1"  # type: ignore[union-attr]
    assert air.engine.shown[-1].graphic.path == "/drawn/Boil water before you drink it."  # type: ignore[union-attr]
    air.run_for(2)
    status = air.server.last.status  # type: ignore[union-attr]
    assert status.message is not None and status.message_shown
    assert (status.message.by, status.cue) == ("ann", before)
    air.boot()
    air.run_for(60)
    assert air.engine.observe().graphic == "c1"  # type: ignore[union-attr]
    air.run_for(125, most=1)

    assert air.engine.observe().graphic == ""  # type: ignore[union-attr]
    for film in air.aired("film")[-1:]:
        into = (film.end - at("14:00")).total_seconds()
        assert abs(film.source_last / 29.97 - into) < 1, "the film went on beneath"
    audited = [entry.command for entry in air.server.entries.values() if entry.command is not None]
    assert [(one.verb, one.actor) for one in audited] == [(Verb.EMERGENCY, "ann")]
    assert [f.reason for f in air.facts() if pressed < f.start and f.ticks > 2 and f.reason] == []


def test_s31_a_message_can_be_cleared_and_displaces_other_graphics(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), live("hearing", at("12:10"), minutes(60)))
    air.run_until(at("12:10:05"), most=5)
    assert air.engine.observe().graphics == ("announced-hearing",)  # type: ignore[union-attr]
    air.server.press(Verb.EMERGENCY, air.now, text="Leave the building.", until=at("13:00"))
    air.run_for(1)
    assert air.engine.observe().graphic == "c1"  # type: ignore[union-attr]
    air.server.press(Verb.CLEAR, air.now)
    air.run_for(1)

    assert air.engine.observe().graphic == ""  # type: ignore[union-attr]


def test_the_day_goes_on_by_its_rules_when_the_server_fails(
    tmp_path: Path,
) -> None:
    air = machine(tmp_path, *evening(), item("matinee", at("12:00"), minutes(60)))
    air.run_until(at("11:30"))
    air.server.up = False
    air.run_until(at("12:49"))
    assert air.on_air().startswith("council@")
    air.local(Verb.ADJOURN)
    air.run_until(at("13:30"))
    assert air.aired("matinee")[0].start - at("12:49") < 5 * SECOND
    air.run_until(at("0:40", 1), most=300)
    air.server.up = True
    air.run_for(60)

    assert abs(air.aired("tonight")[0].start - at("19:00")) < SECOND
    assert abs(air.aired("news")[0].start - at("22:30")) < SECOND
    assert [row.outcome for row in air.rows("council")] == [Outcome.OVERRAN]
    assert [row.outcome for row in air.rows("tonight")] == [Outcome.AIRED]
    facts = [entry.fact for entry in air.server.entries.values()]
    (whole,) = [f.recording.media for f in facts if isinstance(f, Recorded) and f.recording.media]
    assert abs(whole.length - minutes(2 + 169 + 5)) < SECOND


def test_a_power_cut_during_a_meeting_costs_only_its_own_length(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), replay("tonight", "19:00"))
    air.run_until(at("10:30"))
    air.power_cut(minutes(5))
    air.run_until(at("12:30"))
    assert air.on_air().startswith("council@")
    assert air.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]
    hold_council(air, "12:30")
    air.run_until(at("19:05"), most=300)

    assert len(air.rows("council")) == 1
    assert air.on_air().startswith("tonight@")
