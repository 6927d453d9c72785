"""Live meetings through the real agent on a simulated clock: S5 to S12, and ends by rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import at, clips, item, live, minutes, page, plan, soft, source

from config.names import ItemId
from playout.model.commands import QuestionKind, Verb
from playout.model.engine import AirFact
from playout.model.layer import Layer
from playout.model.plan import Item, MissedStart, Outcome
from playout.model.source import Source

SECOND = timedelta(seconds=1)
TICK = timedelta(milliseconds=40)


def council(**rest: object) -> Item:
    return live("council", at("10:00"), minutes(120), record=True, **rest)


def machine(folder: Path, *items: Item, chamber: Source | None = None) -> Machine:
    made = plan(*items, filler=clips(60, 90, 120), board=(page(),), sources=(chamber or source(),))
    return Machine(folder, made, at("9:50"))


def seen(air: Machine, start: datetime, end: datetime) -> list[AirFact]:
    """Return the runs of ticks within [start, end)."""
    return [fact for fact in air.facts() if fact.start >= start and fact.end <= end]


def layers(air: Machine, start: datetime, end: datetime) -> set[Layer]:
    return {fact.layer for fact in seen(air, start, end)}


def asked(air: Machine, ask: QuestionKind) -> bool:
    assert air.server.last is not None
    return any(question.ask is ask for question in air.server.last.status.questions)


def test_s5_a_meeting_on_time_airs_its_source_and_is_recorded_from_its_pre_roll(
    tmp_path: Path,
) -> None:
    air = machine(tmp_path, council(pre_roll=minutes(5)))
    air.run_until(at("10:00:05"))
    (first, *_) = air.aired("council")
    (report,) = air.engine.observe().sources  # type: ignore[union-attr]

    assert first.start - at("10:00") < SECOND
    assert report.airing == "airing-council"
    assert abs(report.recorded - 305) < 1


def test_s6_an_overrun_stays_until_adjourned_and_the_hearing_starts_on_time(
    tmp_path: Path,
) -> None:
    air = machine(
        tmp_path,
        council(),
        item("replay", at("12:00"), minutes(60)),
        live("hearing", at("13:30"), minutes(60)),
    )
    air.run_until(at("12:40"))
    assert asked(air, QuestionKind.OVERRUN)
    air.run_until(at("12:49"))
    assert air.on_air().startswith("council@")
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_for(10)
    (replay,) = air.aired("replay")

    assert replay.source_first / 30 - (replay.start - at("12:00")).total_seconds() < 4
    air.run_until(at("13:31"))
    assert air.aired("hearing")[0].start - at("13:30") < SECOND
    assert [row.outcome for row in air.rows("council")] == [Outcome.OVERRAN]


@pytest.mark.parametrize(
    ("missed", "into"),
    [(MissedStart.JOIN, 49 * 60), (MissedStart.TOP, 0), (MissedStart.SKIP, None)],
)
def test_s6_after_an_overrun_each_item_follows_its_own_rule(
    tmp_path: Path, missed: MissedStart, into: float | None
) -> None:
    """In progress, from the top, or skipped until the next whole one; never before adjournment."""
    replay = item("replay", at("12:00"), minutes(60), missed=missed)
    air = machine(tmp_path, council(), replay, item("news", at("13:00"), minutes(30)))
    air.run_until(at("12:49"))
    assert air.on_air().startswith("council@") and air.aired("replay") == []
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("13:35"))
    seen = air.aired("replay")

    if into is None:
        assert seen == []
    else:
        assert abs(seen[0].source_first / 30 - into) < 5
        assert seen[0].start - at("12:49") < 5 * SECOND
    assert abs(air.aired("news")[0].start - at("13:00")) < TICK


def test_s7_of_two_lives_the_one_on_air_stays_and_the_other_is_recorded(
    tmp_path: Path,
) -> None:
    hearing = live("hearing", at("13:30"), minutes(60))
    air = machine(tmp_path, council(), hearing)
    air.run_until(at("13:16"))
    warned = [q for q in air.server.last.status.questions if q.ask is QuestionKind.CLASH]  # type: ignore[union-attr]
    assert [(q.item, q.other, q.near) for q in warned] == [("council", "hearing", 15)]
    air.run_until(at("13:26"))
    assert sum("hearing starts" in said for said in air.server.said("alarm")) == 2
    air.run_until(at("13:30:05"))
    assert air.engine.observe().graphics == ("announced-hearing",)  # type: ignore[union-attr]
    air.run_until(at("13:45"))
    assert air.on_air().startswith("council@")
    reports = {one.airing: one for one in air.engine.observe().sources}  # type: ignore[union-attr]
    assert abs(reports[hearing.airing].recorded - 17 * 60) < 2
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_for(10)

    assert air.on_air().startswith("hearing@")
    air.run_until(at("14:20"))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("14:26"))
    assert asked(air, QuestionKind.AS_LIVE)
    recordings = air.agent.state.happened.recordings  # type: ignore[union-attr]
    assert recordings[hearing.airing].began == at("13:28")  # type: ignore[index]
    whole = recordings["airing-council"]  # type: ignore[index]
    assert whole.began == at("9:58") and whole.gaps == () and whole.media is not None
    assert abs(whole.media.length - (at("13:45") - at("9:58") + minutes(5))) < SECOND
    assert [row.outcome for row in air.rows("hearing")] == [Outcome.JOINED]


def test_s8_an_early_end_is_filled_exactly_to_the_next_start(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), item("replay", at("12:00"), minutes(60)))
    air.run_until(at("10:22"))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("12:00:30"))
    between = seen(air, at("10:22:01"), at("12:00"))

    assert {(fact.cue or "")[:5] for fact in between} == {"fill-"}
    assert not [fact for fact in between if fact.reason and fact.ticks > 1]
    assert abs(air.aired("replay")[0].start - at("12:00")) < TICK
    assert [row.end - at("10:22") < SECOND for row in air.rows("council")] == [True]
    kept = air.agent.state.happened.recordings["airing-council"]  # type: ignore[union-attr,index]
    assert kept.media is not None
    assert abs(kept.media.length - minutes(22 + 2 + 5)) < SECOND


def test_s9_a_hard_limit_ends_a_meeting_after_its_warnings(tmp_path: Path) -> None:
    air = machine(tmp_path, council(hard_limit=at("13:00")), item("film", at("13:00"), minutes(30)))
    air.run_until(at("12:50"))
    air.server.press(Verb.EXTEND, air.now, air.on_air(), minutes=60)
    air.run_until(at("13:00:20"))
    warned = [said for said in air.server.said("alarm") if "latest end time" in said]

    assert len(warned) == 2
    assert abs(air.aired("council")[-1].end - at("13:00")) < SECOND
    assert abs(air.aired("film")[0].start - at("13:00")) < SECOND


def test_s10_a_meeting_without_signal_waits_behind_its_slate_for_the_operator(
    tmp_path: Path,
) -> None:
    air = machine(tmp_path, council())
    air.signal().lost.append((at("9:00"), at("10:12")))
    air.run_until(at("10:17"))
    assert layers(air, at("10:00:01"), at("10:17")) == {Layer.SLATE}
    assert air.engine.shown[-1].slate == "/drawn/council will begin shortly"
    assert asked(air, QuestionKind.LATE)
    air.server.press(Verb.GO, air.now, air.on_air())
    air.run_until(at("12:30"))

    assert air.aired("council")[0].start - at("10:17") < 2 * SECOND
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_for(10)
    assert [row.outcome for row in air.rows("council")] == [Outcome.LATE]


def test_s10_signal_begins_the_meeting_if_its_source_starts_on_signal(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), chamber=source(starts_on_signal=True))
    air.signal().lost.append((at("9:00"), at("10:17")))
    air.run_until(at("10:18"), most=1)

    assert air.aired("council")[0].start - at("10:17") < 3 * SECOND


def test_s10_a_meeting_told_to_wait_does_not_begin_by_signal(tmp_path: Path) -> None:
    air = machine(tmp_path, council())
    air.run_until(at("9:59:30"))
    air.server.press(Verb.RECESS, air.now, item=ItemId("council"))
    air.run_until(at("10:17"))
    assert layers(air, at("10:00:01"), at("10:17")) == {Layer.SLATE}
    assert air.engine.shown[-1].slate == "/drawn/council will begin shortly"
    air.server.press(Verb.GO, air.now, air.on_air())
    air.run_for(5)

    assert air.aired("council")[0].start - at("10:17") < 2 * SECOND


def test_s11_a_recess_shows_a_slate_in_the_same_airing_and_recording(tmp_path: Path) -> None:
    air = machine(tmp_path, council())
    air.run_until(at("10:30"))
    air.server.press(Verb.RECESS, air.now, air.on_air())
    air.run_until(at("11:10"))
    assert layers(air, at("10:30:01"), at("11:10")) == {Layer.SLATE}
    assert air.engine.shown[-1].slate == "/drawn/council is in recess"
    air.server.press(Verb.RESUME, air.now, air.on_air())
    air.run_for(3)
    assert air.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]
    air.run_until(at("11:50"))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("11:57"))

    (row,) = air.rows("council")
    assert row.outcome is Outcome.AIRED
    kept = air.agent.state.happened.recordings["airing-council"]  # type: ignore[union-attr,index]
    (apart,) = kept.gaps
    assert abs(apart.start - at("10:30")) < SECOND and abs(apart.end - at("11:10")) < SECOND
    assert kept.media is not None
    assert abs(kept.media.length - (minutes(2 + 110 + 5) - minutes(40))) < 2 * SECOND
    facts = [entry.fact.what for entry in air.server.entries.values() if entry.fact is not None]
    assert facts.count("recessed") == facts.count("resumed") == 1


def test_s12_a_lost_signal_shows_slate_then_bulletins_until_it_returns(tmp_path: Path) -> None:
    air = machine(tmp_path, council())
    air.signal().lost += [(at("10:40"), at("10:43")), (at("11:00"), at("11:10"))]
    air.run_until(at("11:15"), most=5)
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("11:21"))
    back = next(f for f in air.aired("council") if f.start > at("10:41"))

    assert layers(air, at("10:40:02"), at("10:43")) == {Layer.SLATE}
    assert back.start - at("10:43") < 2 * SECOND
    assert layers(air, at("11:00:02"), at("11:05")) == {Layer.SLATE}
    assert layers(air, at("11:05:30"), at("11:10")) == {Layer.BOARD}
    (row,) = air.rows("council")
    assert "slate was shown for" in row.reason
    kept = air.agent.state.happened.recordings["airing-council"]  # type: ignore[union-attr,index]
    assert [(gap.start, gap.end) for gap in kept.gaps] == air.signal().lost


def test_a_recess_past_the_expected_end_outlasts_silence(
    tmp_path: Path,
) -> None:
    """An executive session: the room is quiet, and later its encoder is off for half an hour."""
    chamber = source(ends_on_silence=True)
    air = machine(tmp_path, council(), item("replay", at("12:00"), minutes(240)), chamber=chamber)
    air.signal().silent.append((at("11:50"), at("13:30")))
    air.signal().lost.append((at("12:40"), at("13:10")))
    air.run_until(at("11:50"))
    air.server.press(Verb.RECESS, air.now, air.on_air())
    air.run_until(at("13:29"))
    assert air.on_air().startswith("council@") and air.aired("replay") == []
    assert asked(air, QuestionKind.OVERRUN) and not asked(air, QuestionKind.SILENT)
    air.server.press(Verb.RESUME, air.now, air.on_air())
    air.run_until(at("13:40"))

    assert air.on_air().startswith("council@")
    assert air.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]


def test_every_command_works_on_the_machine_without_a_server(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), item("replay", at("12:00"), minutes(60)))
    air.run_until(at("11:30"))
    air.server.up = False
    assert air.local(Verb.EXTEND, minutes=15) == ""
    assert air.local(Verb.RECESS) == "" and air.local(Verb.RESUME) == ""
    assert "already on hold until adjourned" in air.local(Verb.HOLD) or air.on_air().startswith(
        "council@"
    )
    air.run_until(at("12:14"))
    assert air.on_air().startswith("council@") and air.aired("replay") == []
    assert air.local(Verb.TAKE) == ""
    air.run_for(5)
    assert air.on_air().startswith("take-") or air.on_air().startswith("replay@")
    assert air.local(Verb.SLATE) == ""
    air.run_for(2)
    assert air.engine.observe().layer is Layer.SLATE  # type: ignore[union-attr]
    assert air.local(Verb.REJOIN) == ""
    air.run_for(5)

    assert air.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]
    told = [entry for entry in air.parts.journal.kept() if entry.command is not None]
    assert {entry.command.actor for entry in told if entry.command} == {"bea"}
    verbs = [entry.command.verb for entry in told if entry.kind == "command" and entry.command]
    assert verbs[:3] == [Verb.EXTEND, Verb.RECESS, Verb.RESUME]
    assert verbs[-3:] == [Verb.TAKE, Verb.SLATE, Verb.REJOIN]


def test_a_lost_signal_ends_no_meeting_before_its_expected_end(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), item("replay", at("12:00"), minutes(60)))
    air.signal().lost.append((at("10:30"), at("12:02")))
    air.run_until(at("12:10"))

    assert air.on_air().startswith("council@")
    assert air.aired("replay") == []


def test_a_meeting_without_signal_past_its_end_is_adjourned_and_can_return(
    tmp_path: Path,
) -> None:
    air = machine(tmp_path, council(), item("replay", at("12:00"), minutes(120)))
    air.signal().lost.append((at("12:05"), at("12:40")))
    air.run_until(at("12:07:50"))
    assert air.on_air().startswith("council@")
    air.run_until(at("12:09"))
    assert air.on_air().startswith("replay@")
    assert any("adjourned provisionally" in said for said in air.server.said("alarm"))
    assert asked(air, QuestionKind.PROVISIONAL)
    air.run_until(at("12:41"), most=1)
    assert air.on_air().startswith("council@")
    air.run_until(at("12:50"))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_for(20)

    assert air.on_air().startswith("replay@")
    (row,) = air.rows("council")
    assert row.outcome is Outcome.OVERRAN and row.end - at("12:50") < SECOND


def test_signal_after_an_hour_does_not_resume_a_meeting(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), item("replay", at("12:00"), minutes(180)))
    air.signal().lost.append((at("12:05"), at("13:09")))
    air.run_until(at("13:20"))

    assert air.on_air().startswith("replay@")
    assert len(air.rows("council")) == 1


def test_ten_minutes_of_silence_alert_and_adjourn_only_if_configured(tmp_path: Path) -> None:
    for may in (False, True):
        folder = tmp_path / str(may)
        folder.mkdir()
        air = machine(folder, council(), chamber=source(ends_on_silence=may))
        air.signal().silent.append((at("11:55"), None))
        air.run_until(at("12:11"))

        assert air.on_air().startswith("council@") is not may
        assert any("silen" in said for said in air.server.said("alarm"))


def test_a_frozen_picture_is_reported_and_ends_nothing(tmp_path: Path) -> None:
    air = machine(tmp_path, council())
    air.signal().frozen.append((at("10:30"), None))
    air.run_until(at("14:00"))

    assert air.on_air().startswith("council@")
    assert sum("does not change" in said for said in air.server.said("alarm")) == 1


def test_one_command_resumes_a_meeting_adjourned_by_mistake(tmp_path: Path) -> None:
    air = machine(tmp_path, council())
    air.run_until(at("11:00"))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("11:02"))
    air.server.press(Verb.RESUME, air.now, item=ItemId("council"))
    air.run_until(at("12:30"))

    assert air.on_air().startswith("council@")
    assert air.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]


def test_a_meeting_that_never_began_ends_at_its_expected_end(tmp_path: Path) -> None:
    air = machine(tmp_path, council(), item("replay", at("12:00"), minutes(60)))
    air.signal().lost.append((at("9:00"), None))
    air.run_until(at("12:04"))

    assert air.on_air().startswith("replay@")
    assert air.aired("council") == []


def test_a_rundown_lists_displaced_waiting_and_joining_items(tmp_path: Path) -> None:
    air = machine(
        tmp_path,
        council(),
        item("news", at("12:00"), minutes(30), missed=MissedStart.SKIP),
        soft("talk", at("12:30"), minutes(30)),
    )
    air.run_until(at("12:40"))
    assert air.server.expected is not None
    listed = {one.item: one.reason for one in air.server.expected.displaced}

    assert set(listed) == {"news", "talk"}


def without_the_meeting(air: Machine) -> None:
    """Cancel the meeting and remove its source from the settings, as staff may."""
    others = tuple(one for one in air.server.plan.items if one.id != "council")
    air.server.publish(replace(air.server.plan, items=others, sources=()))


def test_a_meeting_cancelled_while_on_air_stays_and_is_recorded(
    tmp_path: Path,
) -> None:
    air = machine(tmp_path, council(hard_limit=at("13:00")), item("film", at("12:00"), minutes(90)))
    air.run_until(at("11:00"))
    without_the_meeting(air)
    air.run_until(at("11:30"))
    air.boot()
    without_the_meeting(air)
    air.run_until(at("12:59"))
    (report,) = air.engine.observe().sources  # type: ignore[union-attr]
    assert layers(air, at("10:01"), at("12:59")) == {Layer.DECK}
    assert report.airing == "airing-council"

    air.run_until(at("13:00:20"))
    assert abs(air.aired("council")[-1].end - at("13:00")) < SECOND
    assert air.on_air().startswith("film@")


def test_a_cancelled_meeting_is_gone_once_adjourned(tmp_path: Path) -> None:
    air = machine(tmp_path, council())
    air.run_until(at("11:00"))
    without_the_meeting(air)
    air.run_until(at("11:05"))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("11:20"))
    air.server.publish(replace(air.server.plan, slate_text="Back soon"))
    air.run_until(at("11:21"))

    assert not [one for one in air.agent.state.plan.items if one.id == "council"]  # type: ignore[union-attr]
    assert not air.on_air().startswith("council@")
