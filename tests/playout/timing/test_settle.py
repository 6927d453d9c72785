"""The rules of an airing, one sentence each (`docs/glossary.md`, `docs/design/lives.md`)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import (
    DAY,
    EndRule,
    MissedStart,
    Rank,
    at,
    clips,
    item,
    live,
    media,
    minutes,
    page,
    plan,
    soft,
    waiting,
)

from config.names import CueId, ItemId
from playout.model.events import Absent, Event, Extended, Failed, Held, Off, On, Skipped
from playout.model.plan import ContentKind, Item
from playout.model.rundown import Cue, Rundown, cue_at
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.settle import settle


def cues_of(rundown: Rundown, name: str) -> list[Cue]:
    return [cue for cue in rundown.cues if cue.item == name]


def span(rundown: Rundown, name: str) -> tuple[datetime, datetime]:
    (cue,) = cues_of(rundown, name)
    return cue.start, cue.end


def why(rundown: Rundown, name: str) -> str:
    return next((one.reason for one in rundown.displaced if one.item == name), "")


def preview(*items: Item) -> Rundown:
    return settle(plan(*items), AirState(), DAY)


def council_ends(at_: datetime, *others: Item, how: str = "adjourned") -> Rundown:
    """The council, on from 10:00 and planned to 12:00, ended by the operator at `at_`."""
    council = live("council", at("10:00"), minutes(120))
    items = plan(council, *others)
    on = cues_of(settle(items, AirState(), DAY), "council")[0]
    happened = fold([Absent(at("9:00")), On(on), Off(on.id, at_, "adjourned")])
    return settle(items, happened, at_)


def council_runs(now: datetime, *others: Item) -> Rundown:
    council = live("council", at("10:00"), minutes(120))
    items = plan(council, *others)
    on = cues_of(settle(items, AirState(), DAY), "council")[0]
    return settle(items, fold([Absent(at("9:00")), On(on)]), now)


def test_an_empty_plan_is_a_day_of_slate() -> None:
    rundown = preview()

    assert (rundown.starts, rundown.ends) == (at("0:00"), at("0:00", 1))
    assert {cue.kind for cue in rundown.cues} == {ContentKind.SLATE}


def test_a_hard_start_cuts_the_program_before() -> None:
    rundown = preview(item("a", at("10:00"), minutes(60)), item("b", at("10:30"), minutes(60)))

    assert span(rundown, "a") == (at("10:00"), at("10:30"))
    assert span(rundown, "b") == (at("10:30"), at("11:30"))
    assert why(rundown, "a") == "cut short by b"


def test_a_waiting_start_lets_the_predecessor_finish_within_its_limit() -> None:
    film = item(
        "a", at("10:00"), minutes(60), media=media("a", minutes(63)), end_rule=EndRule.FINISH
    )
    rundown = preview(film, waiting("b", at("11:00"), minutes(30), minutes(5)))

    assert span(rundown, "a") == (at("10:00"), at("11:03"))
    assert span(rundown, "b") == (at("11:03"), at("11:33"))


def test_a_waiting_start_cuts_an_overrun_beyond_its_limit() -> None:
    film = item(
        "a", at("10:00"), minutes(60), media=media("a", minutes(73)), end_rule=EndRule.FINISH
    )
    rundown = preview(film, waiting("b", at("11:00"), minutes(30), minutes(5)))

    assert span(rundown, "b") == (at("11:05"), at("11:35"))


def test_following_items_slide_and_never_come_early() -> None:
    film = item(
        "a", at("10:00"), minutes(60), media=media("a", minutes(73)), end_rule=EndRule.FINISH
    )
    rundown = preview(
        film, soft("b", at("11:00"), minutes(30)), soft("c", at("12:00"), minutes(10))
    )

    assert span(rundown, "b") == (at("11:13"), at("11:43"))
    assert span(rundown, "c") == (at("12:00"), at("12:10"))


def test_an_end_by_the_clock_cuts_a_longer_file() -> None:
    rundown = preview(item("a", at("10:00"), minutes(60), media=media("a", minutes(90))))

    assert span(rundown, "a") == (at("10:00"), at("11:00"))


def test_a_file_shorter_than_its_slot_is_followed_by_filler_to_the_next_start() -> None:
    short = item("a", at("10:00"), minutes(60), media=media("a", minutes(58)))
    items = plan(short, item("b", at("11:00"), minutes(30)), filler=clips(60, 45, 90))
    rundown = settle(items, AirState(), DAY)
    between = [cue for cue in rundown.cues if at("10:58") <= cue.start < at("11:00")]

    assert span(rundown, "a") == (at("10:00"), at("10:58"))
    assert between[-1].end == at("11:00")
    assert {cue.rank for cue in between} <= {Rank.FILLER, Rank.SLATE}
    assert any(cue.rank == Rank.FILLER for cue in between)


def test_a_file_a_few_frames_short_of_its_slot_reaches_to_the_next_start() -> None:
    hour = timedelta(hours=1)
    short = media("replay", hour - timedelta(seconds=0.03))

    rundown = preview(
        item("replay", at("10:00"), hour, media=short), item("news", at("11:00"), hour)
    )

    assert cue_at(rundown, at("11:00") - timedelta(milliseconds=1)).title == "replay"
    assert span(rundown, "replay") == (at("10:00"), at("11:00"))


def test_a_live_is_held_past_its_time_and_its_end_stays_ahead_of_now() -> None:
    replay = item("replay", at("12:00"), minutes(60))
    rundown = council_runs(at("12:40"), replay)
    (council,) = cues_of(rundown, "council")

    assert council.held and council.end > at("12:41")
    assert cues_of(rundown, "replay")[0].start == council.end


def test_at_adjournment_a_hard_replay_joins_in_progress() -> None:
    rundown = council_ends(at("12:49"), item("replay", at("12:00"), minutes(60)))
    (replay,) = cues_of(rundown, "replay")

    assert cue_at(rundown, at("12:49:01")).rank <= Rank.BOARD
    assert replay.start - at("12:49") <= timedelta(seconds=5)
    assert replay.offset == replay.start - at("12:00")
    assert replay.end == at("13:00")


def test_at_adjournment_a_hard_replay_starts_from_the_top_when_so_asked() -> None:
    rundown = council_ends(
        at("12:49"), item("replay", at("12:00"), minutes(60), missed=MissedStart.TOP)
    )
    (replay,) = cues_of(rundown, "replay")

    assert (replay.offset, replay.end - replay.start) == (timedelta(0), minutes(60))


def test_a_hard_replay_whose_start_was_missed_is_skipped_when_so_asked() -> None:
    rundown = council_ends(
        at("12:49"), item("replay", at("12:00"), minutes(60), missed=MissedStart.SKIP)
    )

    assert not cues_of(rundown, "replay")
    assert why(rundown, "replay") == "its start was missed"


def test_a_replay_over_before_adjournment_is_displaced() -> None:
    rundown = council_ends(at("13:10"), item("replay", at("12:00"), minutes(60)))

    assert not cues_of(rundown, "replay")
    assert "its time passed" in why(rundown, "replay")


def test_a_waiting_item_behind_a_live_that_goes_on_is_skipped() -> None:
    rundown = council_runs(at("12:30"), waiting("b", at("12:00"), minutes(60), minutes(10)))

    assert not cues_of(rundown, "b")
    assert why(rundown, "b") == "council was still on air"


def test_following_items_ripple_across_midnight_behind_a_live() -> None:
    council = live("council", at("20:00"), minutes(120))
    items = plan(
        council, soft("b", at("22:00"), minutes(60)), soft("c", at("23:00"), minutes(60)), days=2
    )
    on = cues_of(settle(items, AirState(), DAY), "council")[0]
    happened = fold([Absent(at("19:00")), On(on), Off(on.id, at("0:30", 1), "adjourned")])
    rundown = settle(items, happened, at("0:30", 1))

    assert span(rundown, "b") == (at("0:30:03", 1), at("1:30:03", 1))
    assert span(rundown, "c") == (at("1:30:03", 1), at("2:30:03", 1))
    assert "late" in why(rundown, "b")


def test_the_next_live_starts_on_time_when_the_first_ended_before_it() -> None:
    rundown = council_ends(
        at("12:49"),
        item("replay", at("12:00"), minutes(60), missed=MissedStart.TOP),
        live("hearing", at("13:30"), minutes(60)),
    )

    assert cues_of(rundown, "hearing")[0].start == at("13:30")


def test_live_against_live_the_one_on_air_stays() -> None:
    rundown = council_runs(at("13:40"), live("hearing", at("13:30"), minutes(90)))
    hearing = cues_of(rundown, "hearing")[0]

    assert cue_at(rundown, at("13:40")).item == "council"
    assert hearing.start == cues_of(rundown, "council")[0].end
    assert "late, after council" in why(rundown, "hearing")


def test_an_early_end_is_filled_exactly_to_the_next_start() -> None:
    rundown = council_ends(at("10:22"), item("replay", at("12:00"), minutes(60)))

    assert span(rundown, "replay") == (at("12:00"), at("13:00"))
    assert all(cue.item is None for cue in rundown.cues if at("10:22") <= cue.start < at("12:00"))


def test_a_hard_limit_is_absolute() -> None:
    council = live("council", at("10:00"), minutes(120), hard_limit=at("13:00"))
    on = cues_of(preview(council), "council")[0]
    rundown = settle(plan(council), fold([Absent(at("9:00")), On(on)]), at("12:58:30"))

    assert span(rundown, "council") == (at("10:00"), at("13:00"))


def test_a_soft_item_that_will_not_fit_is_truncated_or_skipped_by_its_policy() -> None:
    film = item(
        "a", at("10:00"), minutes(60), media=media("a", minutes(80)), end_rule=EndRule.FINISH
    )
    fixed = item("c", at("12:00"), minutes(30))
    kept = preview(film, soft("b", at("11:00"), minutes(60)), fixed)
    skipped = preview(film, soft("b", at("11:00"), minutes(60), missed=MissedStart.SKIP), fixed)

    assert span(kept, "b") == (at("11:20"), at("12:00"))
    assert why(kept, "b") == "cut short by c"
    assert not cues_of(skipped, "b")
    assert "fit" in why(skipped, "b")
    assert span(skipped, "c") == span(kept, "c") == (at("12:00"), at("12:30"))


def test_an_emergency_interrupts_a_live_which_then_goes_on_in_progress() -> None:
    alarm = item("alarm", at("11:00"), minutes(2), rank=Rank.EMERGENCY)
    replay = item("replay", at("10:30"), minutes(60))
    rundown = preview(replay, alarm)
    first, second = cues_of(rundown, "replay")

    assert span(rundown, "alarm") == (at("11:00"), at("11:02"))
    assert (first.end, second.start, second.end) == (at("11:00"), at("11:02"), at("11:30"))
    assert second.offset == minutes(32)


def test_an_item_without_a_file_is_filled_and_listed() -> None:
    items = plan(item("a", at("10:00"), minutes(60), media=None), board=(page(),))
    rundown = settle(items, AirState(), DAY)

    assert cue_at(rundown, at("10:30")).kind is ContentKind.BOARD
    assert why(rundown, "a") == "it has no file yet"


def test_a_failed_item_is_filled_until_the_next_one() -> None:
    items = plan(item("a", at("10:00"), minutes(60)), item("b", at("11:00"), minutes(60)))
    happened = fold([Failed(at("9:59"), "the file is damaged", ItemId("a"))])
    rundown = settle(items, happened, at("9:59"))

    assert not cues_of(rundown, "a")
    assert why(rundown, "a") == "the file is damaged"
    assert span(rundown, "b") == (at("11:00"), at("12:00"))


def test_a_slate_from_before_the_first_plan_gives_way_to_filler() -> None:
    empty = plan()
    happened = fold([On(settle(empty, fold([Absent(at("1:00"))]), at("1:00")).cues[0])])
    assert happened.pinned[0].kind is ContentKind.SLATE

    rundown = settle(plan(filler=clips(30, 60)), happened, at("1:00:20"))

    assert cue_at(rundown, at("1:00:22")).kind is ContentKind.SLATE
    assert cue_at(rundown, at("1:00:27")).rank is Rank.FILLER


def test_a_live_overtaken_by_a_later_one_stays_out_when_settled_again() -> None:
    lives = (
        live("first", at("0:00"), minutes(63), end_rule=EndRule.CUT),
        live("second", at("0:50"), minutes(12), end_rule=EndRule.CUT),
    )
    happened = fold([Absent(at("1:00"))])
    before = settle(plan(*lives), happened, at("1:00"))

    after = settle(plan(*lives), fold([On(before.cues[0])], happened), at("1:00:01"))

    assert [c.id for c in after.cues] == [c.id for c in before.cues]


def test_a_soft_item_left_out_once_does_not_come_hours_later() -> None:
    late = soft("extra", at("1:00"), minutes(30), missed=MissedStart.SKIP)
    happened = fold([Absent(at("1:00")), On(settle(plan(), AirState(), at("1:00")).cues[1])])

    rundown = settle(plan(late), happened, at("1:20"))

    assert why(rundown, "extra") == "it did not fit before the next fixed start"


def test_a_weaker_fixed_start_cuts_an_overrun_when_the_slot_before_is_over() -> None:
    long = item(
        "long", at("1:00"), minutes(6), media=media("long", minutes(9)), end_rule=EndRule.FINISH
    )
    weak = item("weak", at("1:05"), minutes(3), rank=Rank.SOFT)

    rundown = preview(long, weak)

    assert span(rundown, "long") == (at("1:00"), at("1:06"))


def test_an_item_added_after_its_start_joins_in_progress_a_moment_from_now() -> None:
    filling = settle(plan(), AirState(), DAY)
    happened = fold([Absent(at("9:00")), On(cue_at(filling, at("10:10")))])
    rundown = settle(plan(item("a", at("10:00"), minutes(60))), happened, at("10:10"))
    (cue,) = cues_of(rundown, "a")

    assert at("10:10") < cue.start <= at("10:10:05")
    assert cue.offset == cue.start - at("10:00")


def test_booting_during_a_program_joins_skips_or_restarts_it_by_its_rule() -> None:
    def booted(missed: MissedStart) -> Rundown:
        items = plan(item("a", at("10:00"), minutes(60), missed=missed))
        return settle(items, fold([Absent(at("10:20"))]), at("10:20"))

    joined, topped = (
        cues_of(booted(MissedStart.JOIN), "a")[0],
        cues_of(booted(MissedStart.TOP), "a")[0],
    )

    assert (joined.start, joined.offset) == (at("10:20"), minutes(20))
    assert (topped.start, topped.offset, topped.end) == (at("10:20"), minutes(0), at("11:20"))
    assert not cues_of(booted(MissedStart.SKIP), "a")


def test_a_program_over_before_boot_never_airs() -> None:
    items = plan(
        soft("a", at("8:00"), minutes(30)),
        item("b", at("9:00"), minutes(30), missed=MissedStart.TOP),
        days=1,
    )
    rundown = settle(items, fold([Absent(at("12:00"))]), at("12:00"))

    assert not cues_of(rundown, "a") and not cues_of(rundown, "b")
    assert why(rundown, "a") == "the channel was not on air then"


def test_after_a_power_cut_the_item_goes_on_where_it_would_be() -> None:
    items = plan(item("a", at("2:00"), minutes(60)))
    on = cues_of(settle(items, AirState(), DAY), "a")[0]
    rundown = settle(items, fold([Absent(at("1:00")), On(on)]), at("2:25"))

    assert cue_at(rundown, at("2:25")).id == on.id
    assert cue_at(rundown, at("2:25")).offset == minutes(0)


def test_unknown_time_is_off_air_and_the_next_program_joins() -> None:
    items = plan(item("a", at("2:00"), minutes(30)), item("b", at("2:40"), minutes(60)))
    on = cues_of(settle(items, AirState(), DAY), "a")[0]
    rundown = settle(items, fold([Absent(at("1:00")), On(on)]), at("3:00"))

    assert cue_at(rundown, at("2:50")).title == "Off air"
    assert cues_of(rundown, "b")[0].offset == minutes(20)


def test_deleting_moving_or_shortening_a_program_on_air_does_not_end_it() -> None:
    whole = item("a", at("10:00"), minutes(60))
    on = cues_of(preview(whole), "a")[0]
    happened = fold([Absent(at("9:00")), On(on)])
    moved = item("a", at("15:00"), minutes(60))
    shorter = item("a", at("10:00"), minutes(20))
    other_file = item("a", at("10:00"), minutes(60), media=media("other", minutes(60)))

    for edited in (plan(), plan(moved), plan(shorter), plan(other_file)):
        rundown = settle(edited, happened, at("10:30"))
        (cue,) = cues_of(rundown, "a")
        assert (cue.id, cue.start, cue.end, cue.media) == (on.id, on.start, on.end, on.media)


def test_an_edit_may_extend_the_program_on_air() -> None:
    file = media("a", minutes(90))
    on = cues_of(preview(item("a", at("10:00"), minutes(60), media=file)), "a")[0]
    longer = plan(item("a", at("10:00"), minutes(80), media=file))
    rundown = settle(longer, fold([Absent(at("9:00")), On(on)]), at("10:30"))

    assert span(rundown, "a") == (at("10:00"), at("11:20"))


def test_an_operator_may_extend_hold_and_skip() -> None:
    council = live("council", at("10:00"), minutes(120), end_rule=EndRule.CUT)
    replay = item("replay", at("12:00"), minutes(60), missed=MissedStart.TOP)
    on = cues_of(preview(council, replay), "council")[0]
    start: list[Event] = [Absent(at("9:00")), On(on)]

    def after(*events: Event) -> Rundown:
        return settle(plan(council, replay), fold([*start, *events]), at("11:58"))

    extended = after(Extended(ItemId("council"), minutes(1), at("11:50")))
    held = after(Held(ItemId("council"), at("11:50")))
    skipped = after(Skipped(ItemId("replay"), at("11:50")))

    assert cues_of(extended, "council")[0].end == at("12:00")
    assert cues_of(held, "council")[0].held
    assert not cues_of(skipped, "replay")
    assert why(skipped, "replay") == "the operator skipped it"


def test_after_an_override_the_interrupted_item_goes_on_in_progress() -> None:
    items = plan(item("a", at("10:00"), minutes(60)))
    on = cues_of(settle(items, AirState(), DAY), "a")[0]
    slate = Cue(
        CueId("slate-1"), None, ContentKind.SLATE, "Slate", at("10:10"), at("10:15"), Rank.OVERRIDE,
        held=True,
    )  # fmt: skip
    before = fold([Absent(at("9:00")), On(on), On(slate)])
    after = fold([Off(slate.id, at("10:20"), "rejoined")], before)

    assert cue_at(settle(items, before, at("10:19:30")), at("10:20")).id == "slate-1"
    back = cues_of(settle(items, after, at("10:20")), "a")[-1]
    assert back.offset == back.start - at("10:00")
    assert (back.end, back.start) == (at("11:00"), at("10:20:03"))


def test_a_rundown_reaches_past_a_plan_that_has_run_out() -> None:
    happened = fold([Absent(at("9:00"))])

    assert settle(plan(), happened, at("6:00", 9)).ends >= at("8:00", 9)


def test_the_horizon_only_cuts_the_rundown_off() -> None:
    items = plan(item("a", at("10:00"), minutes(5)), filler=clips(30, 40, 50))
    whole = settle(items, AirState(), DAY)
    short = settle(items, AirState(), DAY, horizon=at("9:00"))

    assert short.ends == at("9:00")
    assert whole.cues[: len(short.cues) - 1] == short.cues[:-1]


@pytest.mark.parametrize(
    "night",
    [datetime.fromisoformat("2027-03-14T00:00Z"), datetime.fromisoformat("2027-11-07T00:00Z")],
)
def test_on_nights_when_clocks_change_lengths_are_elapsed_time(night: datetime) -> None:
    first = item("a", night + timedelta(hours=5), timedelta(hours=3))
    items = plan(first, soft("b", night + timedelta(hours=8), minutes(30)), starts=night,
                 ends=night + timedelta(days=1))  # fmt: skip
    rundown = settle(items, AirState(), night)

    assert cues_of(rundown, "a")[0].end - cues_of(rundown, "a")[0].start == timedelta(hours=3)
    assert len(cues_of(rundown, "b")) == 1


def test_a_waiting_item_past_its_limit_never_cuts_whatever_its_rank() -> None:
    """Found by search: settled again, it ended the live that had been put on air without it."""
    council = live("council", at("0:00"), minutes(63))
    late = waiting("alarm", at("0:00"), minutes(3), minutes(0))
    items = plan(council, replace(late, rank=Rank.EMERGENCY))
    booted = fold([Absent(at("1:00"))])
    on = cues_of(settle(items, booted, at("1:00")), "council")[0]
    rundown = settle(items, fold([On(on)], booted), at("1:00:01"))

    assert cues_of(rundown, "council")[0].end == on.end
    assert not cues_of(rundown, "alarm")


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_two_at_one_time_the_locked_one_airs(names: tuple[str, str]) -> None:
    locked, other = names
    both = (
        item(locked, at("10:00"), minutes(60), locked=True),
        item(other, at("10:00"), minutes(60)),
    )
    rundown = settle(plan(*both), AirState(), DAY)

    assert span(rundown, locked) == (at("10:00"), at("11:00"))
    assert not cues_of(rundown, other)
