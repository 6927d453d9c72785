"""Faults of power, files and clocks, edits and commands, through the real agent on a simulated
clock.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import DAY, at, clips, item, live, media, minutes, page, plan, soft

from playout.engine.fakes.engine import FakeFile
from playout.model.commands import Command, Verb
from playout.model.layer import Layer
from playout.model.plan import Outcome, Plan
from playout.model.rundown import cue_at

SLACK = timedelta(milliseconds=40)


def night() -> Plan:
    return plan(
        item("film", at("2:00"), minutes(60)),
        item("news", at("3:00"), minutes(30)),
        filler=clips(60, 120, 300),
        board=(page(),),
    )


def test_after_a_power_cut_the_right_item_airs_in_progress(tmp_path: Path) -> None:
    """S22."""
    machine = Machine(tmp_path, night(), at("1:55"))
    machine.run_until(at("2:10"))
    machine.server.up = False
    machine.power_cut(minutes(15))
    machine.run_for(5)
    back = machine.aired("film")[-1]

    assert back.start < at("2:25:02")
    into = back.source_first / float(machine.engine.rate)
    assert abs(into - (back.start - at("2:00")).total_seconds()) < 0.1
    machine.server.up = True
    machine.run_until(at("3:40"))
    assert [row.outcome for row in machine.rows("news")] == [Outcome.AIRED]
    assert len(machine.rows("film")) == 1


def test_filler_covers_two_corrupt_files_in_a_row(tmp_path: Path) -> None:
    """S24."""
    bad, worse = item("bad", at("10:00"), minutes(5)), item("worse", at("10:05"), minutes(5))
    good = item("good", at("10:10"), minutes(5))
    machine = Machine(
        tmp_path, plan(bad, worse, good, filler=clips(*range(40, 100, 6))), at("9:55")
    )
    machine.files[machine.path(bad.media)] = FakeFile(fails="it is not a video")
    machine.files[machine.path(worse.media)] = FakeFile(ends_after=0.0)
    machine.run_until(at("10:12"), most=1)
    machine.run_until(at("10:20"))
    dark = [
        fact
        for fact in machine.facts()
        if at("9:55:01") < fact.start and fact.layer is not Layer.DECK
    ]

    assert machine.aired("good")[0].start - at("10:10") < SLACK
    assert sum((f.end - f.start for f in dark if f.start < at("10:10")), timedelta(0)) < minutes(1)
    assert [row.outcome for row in machine.rows("bad")] == [Outcome.SUBSTITUTED]
    assert [row.outcome for row in machine.rows("worse")] == [Outcome.SUBSTITUTED]
    assert [row.outcome for row in machine.rows("good")] == [Outcome.AIRED]
    assert any("not a video" in said for said in machine.server.said("alarm"))
    assert any("worse" in said for said in machine.server.said("alarm"))


def test_filler_replaces_a_file_that_stops_half_way(tmp_path: Path) -> None:
    """S23, seen from the agent."""
    film, after = item("film", at("10:00"), minutes(30)), item("next", at("10:30"), minutes(5))
    machine = Machine(tmp_path, plan(film, after, filler=clips(60, 90, 30)), at("9:58"))
    machine.files[machine.path(film.media)] = FakeFile(hangs_at=600.0)
    machine.run_until(at("10:09:50"))
    machine.run_for(30)

    hung = [f for f in machine.facts() if f.start >= at("10:10") and f.cue]
    filled = next(f.start for f in hung if f.layer is Layer.DECK and str(f.cue).startswith("fill-"))
    assert filled - at("10:10") < timedelta(seconds=10)
    assert machine.on_air().startswith("fill-")
    assert any("film" in said for said in machine.server.said("alarm"))
    machine.run_until(at("10:40"))
    assert [row.outcome for row in machine.rows("film")] == [Outcome.SUBSTITUTED]
    assert machine.aired("next")[0].start - at("10:30") < SLACK


def test_a_failed_file_that_recovers_is_joined_in_progress(tmp_path: Path) -> None:
    early, late = item("early", at("10:00"), minutes(30)), item("late", at("10:30"), minutes(30))
    machine = Machine(tmp_path, plan(early, late, filler=clips(60, 90, 30)), at("9:58"))
    machine.files[machine.path(early.media)] = FakeFile(fails="the disk does not answer")
    machine.files[machine.path(late.media)] = FakeFile(hangs_at=300.0)
    machine.run_until(at("10:00:10"), most=1)
    assert machine.on_air().startswith("fill-")
    machine.files.clear()
    machine.files[machine.path(late.media)] = FakeFile(hangs_at=300.0)
    machine.run_until(at("10:01"), most=1)
    machine.run_until(at("10:34:50"), most=10)
    machine.run_until(at("10:36"), most=1)
    early_back = machine.aired("early")[0]
    assert at("10:00:20") < early_back.start < at("10:00:50")
    assert early_back.source_first / 29.97 == pytest.approx(
        (early_back.start - at("10:00")).total_seconds(), abs=0.1
    )
    assert machine.on_air().startswith("fill-")
    machine.files.clear()
    machine.run_until(at("10:38"), most=1)
    machine.run_until(at("11:05"), most=10)
    back = [fact for fact in machine.aired("late") if fact.start > at("10:36")]
    assert at("10:36:50") < back[0].start < at("10:38")
    assert abs(back[-1].end - at("11:00")) < SLACK
    assert [row.outcome for row in machine.rows("early")] == [Outcome.JOINED]
    assert [row.outcome for row in machine.rows("late")] == [Outcome.INTERRUPTED]


def test_a_replaced_file_is_tried_at_once_and_joined_in_progress(tmp_path: Path) -> None:
    film = item("film", at("10:00"), minutes(30))
    machine = Machine(tmp_path, plan(film, filler=clips(60, 90, 30)), at("9:58"))
    machine.files[machine.path(film.media)] = FakeFile(fails="it is not a video")
    machine.run_until(at("10:01"), most=1)
    machine.run_until(at("10:05"), most=10)
    assert machine.on_air().startswith("fill-")

    repaired = replace(film, media=media("repaired film", minutes(30)))
    machine.server.publish(replace(machine.server.plan, items=(repaired,)))
    machine.run_until(at("10:06"), most=1)
    machine.boot()
    machine.run_until(at("10:35"), most=10)

    back = machine.aired("film")[0]
    assert at("10:05") < back.start < at("10:05:05")
    into = back.source_first / float(machine.engine.rate)
    assert into == pytest.approx((back.start - at("10:00")).total_seconds(), abs=0.1)
    (row,) = machine.rows("film")
    assert repaired.media is not None
    assert (row.outcome, row.asset) == (Outcome.JOINED, repaired.media.key)


def test_a_file_replaced_after_it_broke_on_air_is_joined_at_once(tmp_path: Path) -> None:
    film = item("film", at("10:00"), minutes(30))
    machine = Machine(tmp_path, plan(film, filler=clips(60, 90, 30)), at("9:58"))
    machine.files[machine.path(film.media)] = FakeFile(hangs_at=300.0)
    machine.run_until(at("10:04:50"), most=10)
    machine.run_until(at("10:05:30"), most=1)
    assert machine.on_air().startswith("fill-")

    repaired = replace(film, media=media("repaired film", minutes(30)))
    machine.server.publish(replace(machine.server.plan, items=(repaired,)))
    machine.run_until(at("10:06:30"), most=1)
    machine.run_until(at("10:35"), most=10)

    back = [fact for fact in machine.aired("film") if fact.start > at("10:05:30")]
    assert back[0].start < at("10:05:35")
    assert back[0].source_first / 29.97 == pytest.approx(
        (back[0].start - at("10:00")).total_seconds(), abs=0.1
    )
    assert abs(back[-1].end - at("10:30")) < SLACK
    (row,) = machine.rows("film")
    assert row.outcome is Outcome.INTERRUPTED and abs(row.end - at("10:30")) < SLACK
    assert row.reason.startswith("its file failed; it came back after")
    assert back[0].start in [stretch.start for stretch in row.seen]


def test_a_missing_file_is_joined_in_progress_once_it_arrives(tmp_path: Path) -> None:
    film = item("film", at("10:00"), minutes(30))
    machine = Machine(tmp_path, plan(film, board=(page(),)), at("9:55"))
    assert film.media is not None
    machine.gone.add(film.media.key)
    machine.run_until(at("10:10"), most=5)
    assert machine.server.last is not None
    assert machine.server.last.status.missing == (film.media.key,)
    assert machine.engine.observe().layer is Layer.BOARD  # type: ignore[union-attr]
    machine.gone.clear()
    machine.run_until(at("10:35"), most=5)

    assert machine.aired("film")[0].start < at("10:10:15")
    assert [row.outcome for row in machine.rows("film")] == [Outcome.JOINED]


@pytest.mark.parametrize("gone_at", ["9:59:57", "10:00:01", "10:15"])
def test_a_file_removed_while_cued_or_on_air_airs_to_its_end(tmp_path: Path, gone_at: str) -> None:
    film, after = item("film", at("10:00"), minutes(30)), item("next", at("10:30"), minutes(5))
    machine = Machine(tmp_path, plan(film, after, filler=clips(60, 90, 30)), at("9:55"))
    assert film.media is not None
    machine.run_until(at(gone_at))
    machine.gone.add(film.media.key)
    machine.run_for(60, most=1)
    machine.run_until(at("10:29:50"), most=10)
    machine.run_until(at("10:36"), most=1)
    aired = machine.aired("film")

    assert abs(aired[0].start - at("10:00")) < SLACK
    assert abs(aired[-1].end - at("10:30")) < SLACK
    assert sum((fact.end - fact.start for fact in aired), timedelta(0)) > minutes(30) - SLACK
    assert [row.outcome for row in machine.rows("film")] == [Outcome.AIRED]


def test_filler_removed_while_on_air_airs_to_its_end(tmp_path: Path) -> None:
    pool = clips(600, 540)
    machine = Machine(tmp_path, plan(filler=pool), at("9:55"))
    machine.run_until(at("9:58"), most=10)
    on = machine.on_air()
    machine.gone.update(clip.key for clip in pool)
    machine.run_until(at("10:01"), most=1)

    assert machine.on_air() == on
    assert machine.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]


def test_a_cued_file_removed_before_a_deck_opens_it_is_replaced(
    tmp_path: Path,
) -> None:
    film, after = item("film", at("10:00"), minutes(30)), item("next", at("10:30"), minutes(5))
    machine = Machine(tmp_path, plan(film, after, filler=clips(60, 90, 30)), at("9:55"))
    assert film.media is not None
    machine.run_until(at("9:59:57"))
    machine.gone.add(film.media.key)
    machine.files[machine.path(film.media)] = FakeFile(fails="it is missing")
    machine.run_until(at("10:05"), most=1)

    assert machine.on_air().startswith("fill-")
    assert any("film" in said and "missing" in said for said in machine.server.said("alarm"))


@pytest.mark.parametrize("step", [-2.0, 90.0])
def test_a_clock_step_never_moves_or_repeats_what_is_on_air(tmp_path: Path, step: float) -> None:
    """S30."""
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:10"))
    machine.clock.step(timedelta(seconds=step))
    machine.run_until(at("3:20"))
    films = machine.aired("film")

    assert [(b.source_first - a.source_last) for a, b in zip(films, films[1:], strict=False)] == [
        1 for _ in films[1:]
    ]
    assert machine.aired("news")[0].start - at("3:00") < SLACK
    assert len(machine.rows("film")) == 1
    assert any("clock" in said for said in machine.server.said("alarm"))


def test_commands_work_after_the_clock_is_set_back_during_a_meeting(tmp_path: Path) -> None:
    """The house clock keeps its own time until the next take, which may be eleven hours away."""
    council = live("council", at("10:00"), minutes(120))
    machine = Machine(tmp_path, plan(council, board=(page(),)), at("9:55"))
    machine.run_until(at("10:10"))
    machine.clock.step(timedelta(seconds=-90))
    machine.run_for(60)
    machine.server.press(Verb.ADJOURN, machine.now)
    machine.run_for(20)

    assert not machine.on_air().startswith("council@")
    machine.run_for(120)
    assert [row.outcome for row in machine.rows("council")] == [Outcome.AIRED]


def test_setting_the_clock_ahead_revives_no_expired_take(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:10"))
    machine.server.up = False
    machine.run_for(5)
    machine.clock.step(timedelta(seconds=90))
    machine.server.press(Verb.TAKE, machine.now - timedelta(seconds=60))
    machine.run_for(5)
    machine.server.up = True
    machine.run_for(5)

    assert machine.on_air().startswith("film@")
    assert any("too late" in said for said in machine.server.said("refused"))


def test_a_clock_step_after_a_take_does_not_take_again(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:00:00.5"), most=0.25)
    machine.clock.step(timedelta(seconds=-2))
    machine.run_for(10)

    assert {f.cue for f in machine.facts() if f.start > at("2:00:01")} == {machine.on_air()}


def test_a_clock_set_an_hour_back_repeats_nothing(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("3:10"))
    machine.clock.step(timedelta(hours=-1))
    machine.run_for(7200, most=15)
    firsts = [f for f in machine.aired("film") if f.source_first == 0]

    assert len(firsts) == 1
    assert machine.aired("news")[-1].source_last >= 30 * 60 * 29


def test_a_clock_wrong_at_boot_airs_the_slate_until_it_is_right(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:55"))
    machine.run_until(at("2:05"))
    machine.server.up = False
    machine.clock.step(datetime(1970, 1, 1, tzinfo=UTC) - machine.now)
    machine.power_cut(timedelta(seconds=30))
    machine.run_for(20)
    assert machine.on_air().startswith("standby-")
    assert machine.agent.state is None
    machine.clock.step(at("2:10") - machine.now)
    machine.run_for(20)

    assert machine.on_air().startswith("film@")
    machine.server.up = True
    machine.run_for(5)
    assert any("not set" in said for said in machine.server.said("alarm"))


def test_a_clock_behind_the_journal_is_not_believed(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("2:05"))
    machine.run_for(5)
    machine.clock.step(timedelta(hours=-6))
    machine.power_cut(timedelta(seconds=5))
    machine.run_for(5)

    assert "behind the journal" in machine.agent.trust.reason


@pytest.mark.parametrize("year", [2027, 2038])
def test_a_clock_years_ahead_at_boot_airs_the_slate_until_it_is_right(
    tmp_path: Path, year: int
) -> None:
    """A dead battery while the server is in contact; the server must not get the wrong time."""
    machine = Machine(tmp_path, night(), at("1:55"))
    machine.run_until(at("2:05"))
    right, machine.clock.kept = machine.now + timedelta(seconds=50), False
    machine.clock.step(datetime(year, 5, 19, tzinfo=UTC) - machine.now)
    machine.power_cut(timedelta(seconds=30))
    machine.run_for(20)
    assert machine.on_air().startswith("standby-") and machine.agent.state is None
    report = machine.server.last
    assert report is not None and report.status.at < at("2:06")
    assert f"The clock says {year}" in report.status.problems[0]
    assert max(entry.at for entry in machine.server.entries.values()) < at("2:06")
    machine.clock.step(right - machine.now)
    machine.clock.kept = True
    machine.run_for(20)

    assert machine.on_air().startswith("film@")
    assert any("no time service" in said for said in machine.server.said("alarm"))
    machine.power_cut(timedelta(seconds=5))
    machine.run_for(10)
    assert machine.on_air().startswith("film@")


def test_nights_without_server_and_time_service_are_believed(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("2:05"))
    machine.run_for(5)
    machine.server.up, machine.clock.kept = False, False
    machine.power_cut(timedelta(days=6))
    machine.run_for(20)
    assert machine.agent.trust.good and machine.agent.state is not None


def test_rejoin_on_the_machine_confirms_the_clock(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("2:05"))
    machine.run_for(5)
    machine.clock.kept = False
    machine.power_cut(timedelta(days=60))
    machine.run_for(5)
    assert not machine.agent.trust.good
    press = Command("here", 0, Verb.REJOIN, machine.now, machine.now, "here")
    assert machine.agent.trust.hear(press) == ""
    machine.run_for(5)
    assert machine.agent.state is not None


def test_a_synchronized_clock_is_believed_rather_than_the_journal(
    tmp_path: Path,
) -> None:
    machine = Machine(tmp_path, night(), at("2:05"))
    machine.clock.step(timedelta(hours=6))
    machine.run_for(5)
    machine.clock.step(timedelta(hours=-6))
    machine.clock.kept = True
    machine.power_cut(timedelta(seconds=5))
    machine.run_for(10)
    assert machine.agent.trust.good and machine.on_air().startswith("film@")


def test_a_new_agent_does_not_disturb_the_item_on_air(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:20"))
    machine.boot()
    machine.run_until(at("2:59:50"))
    machine.clock.advance(timedelta(seconds=25))
    machine.boot()
    machine.run_until(at("3:40"))
    changes = {fact.cue for fact in machine.facts() if at("2:00") <= fact.start < at("3:30")}

    assert len(changes) == 2
    assert [row.outcome for row in machine.rows("film")] == [Outcome.AIRED]
    assert [row.outcome for row in machine.rows("news")] == [Outcome.AIRED]


def test_the_last_edit_before_a_server_failure_airs(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:00"))
    machine.run_for(5)
    earlier = replace(machine.server.plan.items[1], start=at("2:30"))
    machine.server.publish(replace(machine.server.plan, items=(earlier,)))
    machine.run_for(2)
    machine.server.up = False
    machine.run_until(at("3:10"))

    assert machine.aired("news")[0].start - at("2:30") < SLACK
    assert machine.aired("film") == []


def test_an_edit_less_than_five_seconds_before_its_cue_does_not_air(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:50"))
    machine.run_until(at("1:59:50"))
    machine.run_until(at("1:59:57"), most=0.5)
    film = machine.server.plan.items[0]
    edited = replace(film, media=media("another cut", minutes(60)))
    machine.server.publish(replace(machine.server.plan, items=(edited,)))
    machine.run_until(at("2:05"))
    on_air = machine.engine.shown[-1].on_air

    assert on_air.path == machine.path(film.media)


def test_moving_or_deleting_the_item_on_air_does_not_end_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:20"))
    film, news = machine.server.plan.items
    for items in ((replace(film, start=at("20:00")), news), (news,), ()):
        machine.server.publish(replace(machine.server.plan, items=items))
        machine.run_for(30)
        assert machine.on_air().startswith("film@")
    machine.run_until(at("3:05"))

    assert machine.aired("film")[-1].end - at("3:00") < SLACK
    assert [row.outcome for row in machine.rows("film")] == [Outcome.AIRED]


def test_a_take_pressed_during_an_outage_is_never_obeyed(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:50"))
    machine.run_for(5)
    machine.server.up = False
    machine.run_for(60, most=5)
    machine.server.press(Verb.TAKE, machine.now, machine.on_air())
    machine.run_for(600, most=5)
    machine.server.up = True
    machine.run_for(3)

    assert machine.aired("film")[0].start - at("2:00") < SLACK
    assert not any("take-" in (fact.cue or "") for fact in machine.facts())
    assert any("too late" in said for said in machine.server.said("refused"))


def test_a_command_meant_for_another_item_is_refused(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("2:59"))
    machine.run_for(2)
    looked_at = machine.on_air()
    machine.run_until(at("3:00:01"), most=0.5)
    machine.server.press(Verb.SKIP, machine.now, looked_at)
    machine.run_for(2)

    assert machine.server.said("refused") == ["news is on air now."]


def test_a_take_airs_at_once_and_rejoin_goes_back_in_progress(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:10"))
    pressed = machine.now
    machine.server.press(Verb.TAKE, pressed, machine.on_air())
    machine.run_for(3)
    assert machine.on_air() == "take-c1"
    take = next(fact for fact in machine.facts() if fact.cue == "take-c1")
    assert take.start - pressed < timedelta(seconds=1)
    assert take.source_first == 0
    machine.server.press(Verb.REJOIN, machine.now, machine.on_air())
    machine.run_for(10)
    film = machine.aired("film")[-1]

    assert film.cue is not None and film.cue.startswith("film@")
    into = film.source_first / float(machine.engine.rate)
    assert abs(into - (film.start - at("2:00")).total_seconds()) < 0.1
    machine.run_until(at("3:10"))
    assert machine.on_air().startswith("news@")


def test_a_restarted_agent_does_not_move_a_take(tmp_path: Path) -> None:
    """It once took the instant at which it first saw the take for the take's start."""
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:10"))
    machine.server.press(Verb.TAKE, machine.now, machine.on_air())
    machine.run_for(3)
    standing = machine.agent.state
    assert standing is not None
    until = cue_at(standing.rundown, machine.now).end
    machine.run_until(at("2:20"))
    machine.boot()
    machine.run_for(5)

    assert machine.on_air() == "take-c1"
    assert machine.engine.shown[-1].on_air.until == until
    machine.run_until(at("2:42"))
    (last,) = [f for f in machine.facts() if f.cue == "take-c1"][-1:]
    assert abs(last.end - at("2:40")) < timedelta(seconds=2)


def test_the_slate_stays_until_rejoin(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_until(at("2:10"))
    machine.server.press(Verb.SLATE, machine.now, machine.on_air())
    machine.run_until(at("2:40"))
    assert machine.on_air() == "slate-c1"
    machine.server.press(Verb.REJOIN, machine.now, machine.on_air())
    machine.run_for(10)

    assert machine.on_air().startswith("film@")


def test_skip_drops_the_next_item(tmp_path: Path) -> None:
    machine = Machine(tmp_path, night(), at("2:50"))
    machine.run_for(5)
    machine.server.press(Verb.SKIP, machine.now, machine.on_air())
    machine.run_until(at("3:40"))

    assert machine.aired("news") == []
    assert [row.outcome for row in machine.rows("news")] == [Outcome.TERMINATED]


def test_an_overrunning_meeting_stays_until_adjourn(tmp_path: Path) -> None:
    """S6, S8."""
    council = live("council", at("10:00"), minutes(120), slate_text="Council begins shortly")
    machine = Machine(
        tmp_path,
        plan(council, item("replay", at("12:00"), minutes(60)), board=(page(),)),
        at("9:55"),
    )
    machine.run_until(at("12:49"))
    assert machine.on_air().startswith("council@")
    assert machine.engine.shown[-1].next is None
    machine.server.press(Verb.ADJOURN, machine.now, machine.on_air())
    machine.run_for(10)

    assert machine.on_air().startswith("replay@")
    machine.run_until(at("13:05"))
    assert [row.outcome for row in machine.rows("council")] == [Outcome.OVERRAN]
    assert [row.outcome for row in machine.rows("replay")] == [Outcome.JOINED]


def test_in_a_week_every_item_has_exactly_one_outcome(tmp_path: Path) -> None:
    items = []
    for day in range(7):
        items += [
            item(f"a{day}", at("9:00", day), minutes(60)),
            soft(f"b{day}", at("10:00", day), minutes(45)),
            live(f"c{day}", at("11:00", day), minutes(60)),
            item(f"d{day}", at("12:00", day), minutes(40), media=None),
            item(f"e{day}", at("14:00", day), minutes(60)),
            item(f"f{day}", at("14:30", day), minutes(60)),
        ]
    made = plan(*items, days=8, filler=clips(900, 1800, 1500), board=(page(),))
    machine = Machine(tmp_path, made, DAY)
    days = iter(range(8))

    def adjourn() -> None:
        if machine.on_air().startswith("c") and machine.now.minute == 20:
            machine.server.press(Verb.ADJOURN, machine.now, machine.on_air())

    for day in days:
        if day == 3:
            machine.power_cut(minutes(20))
        machine.run_until(min(at("0:00", day + 1), at("2:00", 7)), most=600, each=adjourn)
    counts = {one.id: len(machine.rows(one.id)) for one in items}

    assert {name: count for name, count in counts.items() if count != 1} == {}
    assert {row.outcome for row in machine.rows("f0")} == {Outcome.AIRED}
    assert {row.outcome for row in machine.rows("e0")} == {Outcome.CUT_SHORT}
    assert {row.outcome for row in machine.rows("d0")} == {Outcome.SUBSTITUTED}
