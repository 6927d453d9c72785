"""An outcome is judged from frames seen, one sentence for each."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import DAY, at, clips, item, live, media, minutes, plan, soft

from config.names import AiringId, CueId
from playout.asrun.judge import judge, unaired
from playout.asrun.ledger import AsRunLedger
from playout.asrun.tally import MOST_STRETCHES, Tally
from playout.model.cue_ids import Origin, instance_of
from playout.model.engine import AirFact
from playout.model.events import Absent, Off, On, Overridden
from playout.model.layer import Layer
from playout.model.plan import ContentKind, Item, Outcome, Rank
from playout.model.rundown import Cue, Displaced
from playout.model.wire import AsRun
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.settle import settle


def cue_of(one: Item, start: datetime | None = None) -> Cue:
    cue = next(c for c in settle(plan(one), AirState(), DAY).cues if c.item == one.id)
    if start is None:
        return cue
    return replace(cue, start=start, offset=start - one.start)


def fact(start: datetime, end: datetime, layer: Layer = Layer.DECK, **rest: object) -> AirFact:
    ticks = round((end - start).total_seconds() * 30)
    first = 0 if layer is Layer.DECK else -1
    made = AirFact(100, ticks, start, end, layer, CueId("x"), source_first=first)
    return replace(made, **rest)  # type: ignore[arg-type]


def row(
    one: Item, *facts: AirFact, cue: Cue | None = None, happened: AirState | None = None
) -> AsRun:
    cue = cue or cue_of(one)
    tally = Tally(cue, cue.end)
    for seen in facts:
        tally.add(seen, cue)
    return judge(tally, one, happened or AirState())


FILM = item("film", at("10:00"), minutes(60))


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ([fact(at("10:00"), at("11:00"))], Outcome.AIRED),
        ([], Outcome.MISSED),
        ([fact(at("10:00"), at("11:00"), Layer.BOARD)], Outcome.SUBSTITUTED),
        (
            [fact(at("10:00"), at("10:30")), fact(at("10:30"), at("11:00"), Layer.SLATE)],
            Outcome.SUBSTITUTED,
        ),
        ([fact(at("10:00"), at("10:40"))], Outcome.CUT_SHORT),
        (
            [fact(at("10:00"), at("10:00:02"), Layer.SLATE), fact(at("10:00:02"), at("11:00"))],
            Outcome.JOINED,
        ),
    ],
)
def test_outcomes_of_a_hard_item(facts: list[AirFact], outcome: Outcome) -> None:
    assert row(FILM, *facts).outcome is outcome


@pytest.mark.parametrize(
    ("began", "ended", "why"),
    [
        (at("10:16:37"), at("11:00"), "16 min 37 s late"),
        (at("10:00"), at("11:02:21"), "2 min 21 s over"),
        (at("10:00"), at("10:40"), "by 20 min"),
        (at("10:00"), at("10:59:48"), "by 12 s"),
    ],
)
def test_lateness_and_length_are_in_the_words_of_staff(
    began: datetime, ended: datetime, why: str
) -> None:
    """The report once said `996.6 s after its start`."""
    assert row(FILM, fact(began, ended)).reason == why


def seconds(count: float) -> datetime:
    return at("10:00") + timedelta(seconds=count)


def test_a_held_picture_of_the_item_before_does_not_count() -> None:
    """Thirteen ticks of the picture before, eight of slate, then the film from its place on."""
    held = fact(seconds(0), seconds(13 / 30), source_first=-1, source_last=-1, held=13)
    slate = fact(seconds(13 / 30), seconds(0.7), Layer.SLATE, reason="not ready in time")
    own = fact(seconds(0.7), at("11:00"), source_first=21, tick=121)

    judged = row(FILM, held, slate, own)

    assert (judged.outcome, judged.start) == (Outcome.LATE, seconds(0.7))
    assert (judged.ticks, judged.first_tick) == (own.ticks, 121)
    assert judged.reason == "0.7 s late"


def test_an_item_that_never_showed_its_own_picture_did_not_air() -> None:
    held = fact(seconds(0), seconds(13 / 30), source_first=-1, held=13)
    slate = fact(seconds(13 / 30), at("11:00"), Layer.SLATE, reason="not ready in time")

    assert row(FILM, held).outcome is Outcome.SUBSTITUTED
    assert row(FILM, held, slate).outcome is Outcome.SUBSTITUTED
    assert row(FILM, held, slate).ticks == 0


def test_a_picture_of_its_own_that_is_held_midway_is_still_its_own() -> None:
    own = fact(at("10:00"), at("10:30"))
    held = fact(at("10:30"), at("10:30") + timedelta(seconds=0.4), source_first=-1, held=12)
    rest = fact(held.end, at("11:00"), source_first=54_012)

    judged = row(FILM, own, held, rest)

    assert (judged.outcome, judged.held) == (Outcome.AIRED, 12)
    assert judged.ticks == own.ticks + held.ticks + rest.ticks


def test_an_item_that_slid_aired_late_and_one_that_joined_says_so() -> None:
    late = soft("film", at("10:00"), minutes(60))
    slid = replace(cue_of(late), start=at("10:20"), end=at("11:20"))
    joined = cue_of(FILM, at("10:20"))

    assert row(late, fact(at("10:20"), at("11:20")), cue=slid).outcome is Outcome.LATE
    assert row(FILM, fact(at("10:20"), at("11:00")), cue=joined).outcome is Outcome.JOINED


def test_a_live_over_its_time_overran_and_an_early_end_is_no_fault() -> None:
    council = live("council", at("10:00"), minutes(60))

    assert row(council, fact(at("10:00"), at("11:30"))).outcome is Outcome.OVERRAN
    assert row(council, fact(at("10:00"), at("10:20"))).outcome is Outcome.AIRED


def test_a_live_in_recess_for_longer_than_it_met_still_aired_and_says_how_long() -> None:
    council = live("council", at("10:00"), minutes(60))
    made = row(
        council,
        fact(at("10:00"), at("10:10")),
        fact(at("10:10"), at("10:50"), Layer.SLATE),
        fact(at("10:50"), at("11:00")),
    )

    assert (made.outcome, made.reason) == (Outcome.AIRED, "its slate was shown for 40 min")


def test_a_live_late_behind_its_slate_aired_late_and_behind_another_it_joined() -> None:
    council = live("council", at("10:00"), minutes(60))
    joined = replace(cue_of(council), start=at("10:30"))
    slate = fact(at("10:00"), at("10:17"), Layer.SLATE)

    assert row(council, slate, fact(at("10:17"), at("11:00"))).outcome is Outcome.LATE
    assert row(council, fact(at("10:30"), at("11:00")), cue=joined).outcome is Outcome.JOINED


def test_a_live_of_which_nothing_but_its_slate_was_seen_was_substituted() -> None:
    council = live("council", at("10:00"), minutes(60))

    assert row(council, fact(at("10:00"), at("11:00"), Layer.SLATE)).outcome is Outcome.SUBSTITUTED


def test_an_override_names_who_put_it_on_air() -> None:
    over = Cue(
        CueId("over-c1"), None, ContentKind.LIVE, "Chamber", at("10:00"), at("10:30"),
        Rank.OVERRIDE, source="chamber", origin=Origin.OVERRIDE,
    )  # fmt: skip
    tally = Tally(over, over.end)
    tally.add(fact(at("10:00"), at("10:30")), over)
    known = fold([Overridden(over.id, at("10:00"), at("10:30"), "ann"), On(over)])
    made = judge(tally, None, known)

    assert (made.outcome, made.reason) == (Outcome.AIRED, "put on air by ann")


def test_a_replay_whose_substitute_aired_was_substituted() -> None:
    other = media("last week", minutes(60))
    tonight = replace(FILM, replay_of=AiringId("airing-council"), substitute=other)
    seen = fact(at("10:00"), at("11:00"))
    assert row(tonight, seen).outcome is Outcome.AIRED
    told = row(replace(tonight, media=other), seen)
    assert (told.outcome, told.asset) == (Outcome.SUBSTITUTED, other.key)
    assert told.reason == "its recording failed, and another file stood in for it"


def test_a_file_ended_by_hand_was_terminated_and_a_failed_one_substituted() -> None:
    cue = cue_of(FILM)
    seen = fact(at("10:00"), at("10:30"))
    on = [Absent(at("9:00")), On(cue)]
    by_hand = fold([*on, Off(cue.id, at("10:30"), "adjourned")])
    broke = fold([*on, Off(cue.id, at("10:30"), "failed")])

    assert row(FILM, seen, happened=by_hand).outcome is Outcome.TERMINATED
    assert row(FILM, seen, happened=broke).outcome is Outcome.SUBSTITUTED


def test_figures_come_from_the_frames() -> None:
    made = row(FILM, fact(at("10:00"), at("11:00"), held=3, dropped=2, tick=77))

    assert (made.held, made.dropped, made.first_tick, made.ticks) == (3, 2, 77, 108000)
    assert (made.planned_start, made.planned_end) == (at("10:00"), at("11:00"))
    assert (made.layer, made.airing) == ("deck", "airing-film")


def test_a_row_keeps_the_planned_start_when_the_airing_was_moved_meanwhile() -> None:
    cue = cue_of(FILM)
    tally = Tally(cue, cue.end)
    tally.add(fact(at("10:00"), at("11:00")), cue)
    made = judge(tally, replace(FILM, start=at("20:00")), AirState())

    assert (made.planned_start, made.outcome) == (at("10:00"), Outcome.AIRED)


def test_an_item_that_never_aired_has_a_row_with_its_reason() -> None:
    one = Displaced(FILM.id, FILM.airing, "film", FILM.start, "council was still on air")
    made = unaired(one, plan(FILM), AirState())

    assert made is not None
    assert (made.outcome, made.reason, made.ticks) == (Outcome.MISSED, one.reason, 0)


def test_an_unaired_block_item_has_no_row_unless_its_file_does_not_play() -> None:
    """Staff who add a block at noon would read that its whole morning was missed."""
    one = replace(FILM, rank=Rank.BLOCK, airing=None)
    gone = Displaced(one.id, None, "film", one.start, "the channel was not on air then")
    failed = replace(AirState(), failed={one.id: "its file cannot be played"})

    assert unaired(gone, plan(one), AirState()) is None
    made = unaired(gone, plan(one), failed)
    assert made is not None and made.outcome is Outcome.SUBSTITUTED


def test_pieces_of_an_item_make_one_row_and_repeated_facts_make_none() -> None:
    made = plan(FILM, filler=clips(60))
    cue = cue_of(FILM)
    second = replace(
        cue, id=CueId(cue.id.replace("#1", "#2")), start=at("10:30"), offset=minutes(30)
    )
    happened = fold([Absent(at("9:59")), On(cue), On(second)])
    rundown = settle(made, happened, at("11:05"))
    facts = [
        fact(at("10:00"), at("10:20"), cue=cue.id),
        fact(at("10:20"), at("10:30"), Layer.SLATE, cue=CueId("slate-1")),
        fact(at("10:30"), at("11:00"), cue=second.id),
        fact(at("11:00"), at("11:02"), cue=CueId("other")),
    ]
    reckoner = AsRunLedger()
    reckoner.count(facts, {cue.id: cue, second.id: second}, 0)
    rows = list(reckoner.rows(made, rundown, happened, at("11:05")))
    reckoner.count(facts, {cue.id: cue, second.id: second}, 0)
    again = list(reckoner.rows(made, rundown, happened, at("11:05")))

    assert [(r.item, r.ticks) for r in rows if r.item] == [("film", 50 * 60 * 30)]
    assert [r for r in again if r.item] == []


def test_an_open_tally_names_the_cursor_to_read_again_from() -> None:
    cue = cue_of(FILM)
    reckoner = AsRunLedger()
    reckoner.count([fact(at("10:00"), at("10:10"), cue=cue.id)], {cue.id: cue}, 40)
    reckoner.count([fact(at("10:10"), at("10:20"), cue=cue.id)], {cue.id: cue}, 90)

    assert reckoner.safe(140) == 40


def test_an_instance_is_named_without_its_piece_or_file() -> None:
    assert instance_of(CueId("a@20261120T100000.ff00#2")) == "a@20261120T100000"
    assert instance_of(CueId("fill-20261120T100000.000000-3")) == "fill-20261120T100000.000000-3"


def test_a_file_shorter_than_its_slot_is_not_cut_short() -> None:
    short = item("film", at("10:00"), minutes(60), media=media("film", minutes(50)))

    assert row(short, fact(at("10:00"), at("10:50"))).outcome is Outcome.AIRED


def test_half_a_second_of_grace_is_not_needed_at_an_end() -> None:
    end = at("11:00") - timedelta(milliseconds=30)

    assert row(FILM, fact(at("10:00"), end)).outcome is Outcome.AIRED


def counted(*facts: AirFact) -> AsRunLedger:
    """What an agent has counted of the council, and of what lay over it for ten minutes."""
    council, over = live("council", at("10:00"), minutes(60)), cue_of(FILM)
    known = {CueId("c"): cue_of(council), CueId("o"): replace(over, id=CueId("over-1"), item=None)}
    reckoner = AsRunLedger()
    reckoner.count(facts, known, 0)
    return reckoner


def of(cue: str, start: str, end: str, tick: int, layer: Layer = Layer.DECK) -> AirFact:
    return fact(at(start), at(end), layer, cue=CueId(cue), tick=tick)


def test_a_row_lists_each_stretch_seen_without_what_covered_it() -> None:
    """A meeting covered for ten minutes had one row from its first picture to its last."""
    reckoner = counted(
        of("c", "10:00", "10:20", 0),
        of("o", "10:20", "10:30", 36_000),
        of("c", "10:30", "10:30:30", 54_000, Layer.SLATE),
        of("c", "10:30:30", "10:45", 54_900),
    )
    (council, over) = reckoner.running(plan(live("council", at("10:00"), minutes(60))), AirState())

    assert [(one.start, one.end, one.layer) for one in council.seen] == [
        (at("10:00"), at("10:20"), "deck"),
        (at("10:30"), at("10:30:30"), "slate"),
        (at("10:30:30"), at("10:45"), "deck"),
    ]
    assert [(one.start, one.end) for one in over.seen] == [(at("10:20"), at("10:30"))]
    assert "nothing was on air" not in council.reason


def test_a_row_names_the_dark_minutes_of_a_power_cut() -> None:
    """A live over two power cuts said that its slate was seen for one second."""
    reckoner = counted(
        of("c", "10:00", "10:20", 0),
        of("c", "10:22:10", "10:40", 7),
        of("c", "10:42", "11:00", 9),
    )
    (council,) = reckoner.running(plan(live("council", at("10:00"), minutes(60))), AirState())

    assert (council.outcome, council.reason) == (
        Outcome.INTERRUPTED, "nothing was on air for 4 min 10 s"
    )  # fmt: skip
    assert len(council.seen) == 3


def test_a_clock_set_ahead_while_the_picture_went_on_is_no_dark_hour() -> None:
    reckoner = counted(of("c", "10:00", "10:20", 0), of("c", "11:20", "11:40", 36_000))
    (council,) = reckoner.running(plan(live("council", at("10:00"), minutes(60))), AirState())

    assert "nothing was on air" not in council.reason


def test_a_source_that_flaps_for_hours_makes_no_endless_row() -> None:
    flaps = [
        fact(seconds(n), seconds(n + 1), [Layer.DECK, Layer.SLATE][n % 2], cue=CueId("c"),
             tick=30 * n)
        for n in range(2 * MOST_STRETCHES)
    ]  # fmt: skip
    (council,) = counted(*flaps).running(plan(FILM), AirState())

    assert len(council.seen) == MOST_STRETCHES
    assert council.seen[-1].end == seconds(2 * MOST_STRETCHES)
