"""The place of an encoder's units on the stream's clock."""

from dataclasses import replace

from playout.engine.relay.placement import Placement
from playout.engine.relay.units import AccessUnit
from playout.engine.transport import STAMP_WRAP

KEY = AccessUnit(1, is_video=True, is_key=True, pts=36_000, dts=36_000, data=b"")
SECOND = 90_000


def picture(number: int, run: int = 1, *, key: bool = False) -> AccessUnit:
    stamp = 36_000 + 3000 * number
    return AccessUnit(run, is_video=True, is_key=key, pts=stamp, dts=stamp, data=b"")


def sound(dts: int, run: int = 1) -> AccessUnit:
    return AccessUnit(run, is_video=False, is_key=False, pts=dts, dts=dts, data=b"")


def put(placement: Placement, unit: AccessUnit, now: int, late_by: int = 0) -> int | None:
    """Return where a unit stands relative to the stream's time; None if it is dropped."""
    ready = now if not late_by else now + 10 * SECOND
    placed = placement.place(unit, now, ready)
    return placed.dts - now if placed is not None else None


def test_the_first_picture_gets_the_lead_and_the_rest_keeps_the_distance() -> None:
    placement = Placement(lead=54_000)

    assert put(placement, KEY, 50 * SECOND) == 54_000
    assert put(placement, picture(1), 50 * SECOND + 3100) == 53_900
    assert put(placement, sound(37_000), 50 * SECOND + 3100) == 54_000 + 1000 - 3100


def test_presentation_keeps_its_distance_from_decoding() -> None:
    placed = Placement().place(replace(KEY, pts=42_000), 7, 7)

    assert placed is not None
    assert placed.pts - placed.dts == 6000


def test_a_new_run_is_placed_anew_on_the_running_clock() -> None:
    placement = Placement(lead=54_000)
    put(placement, KEY, 0)

    assert put(placement, replace(KEY, run=2), 8 * SECOND) == 54_000


def test_nothing_of_a_run_is_placed_before_its_first_key_picture() -> None:
    placement = Placement()
    put(placement, KEY, 0)

    assert put(placement, sound(36_000, run=2), SECOND) is None
    assert put(placement, picture(1, run=2), SECOND) is None


def test_a_picture_that_cannot_be_sent_in_time_is_shown_later_and_the_next_ones_catch_up() -> None:
    placement = Placement(lead=54_000)
    put(placement, KEY, 0)
    late = placement.place(picture(1), 30_000, 60_000)
    after = [put(placement, picture(2 + n), 30_000 + 10) for n in range(4)]

    assert late is not None
    assert late.dts == 60_000
    assert after == [60_750 - 30_010, 63_000 - 30_010, 66_000 - 30_010, 69_000 - 30_010]
    assert (placement.delayed, placement.dropped) == (2, 0)


def test_a_picture_much_too_late_takes_along_those_that_need_it() -> None:
    placement = Placement()
    put(placement, KEY, 0)
    got = [
        put(placement, picture(1), 3000, late_by=1),
        put(placement, picture(2), 6000),
        put(placement, sound(42_000), 6000),
        put(placement, picture(30, key=True), 30 * 3000),
        put(placement, picture(31), 31 * 3000),
    ]

    assert [one is not None for one in got] == [False, False, True, True, True]
    assert placement.dropped == 2


def test_a_stalled_encoder_gets_a_new_place_at_its_next_key_picture() -> None:
    """Its clock lags by two seconds from now on, so what comes before the key picture is late."""
    placement = Placement(lead=54_000)
    put(placement, KEY, 0)
    late = placement.place(picture(1), 3000 + 2 * SECOND, 3000 + 2 * SECOND)

    assert late is None
    assert put(placement, picture(30, key=True), 30 * 3000 + 2 * SECOND) == 54_000
    assert placement.moved == 1


def test_a_run_that_begins_in_a_burst_settles_at_the_lead_and_its_pictures_stay_in_order() -> None:
    """Fifteen pictures come at once, and from then on each at its time."""
    placement = Placement(lead=54_000)
    stamps = [put(placement, picture(number, key=not number), 0) for number in range(15)]
    for number in range(15, 60):
        now = 3000 * (number - 14)
        at = put(placement, picture(number), now)
        stamps.append(at + now if at is not None else None)

    known = [stamp for stamp in stamps if stamp is not None]
    assert len(known) == 60
    assert known == sorted(set(known))
    assert placement.slack == 54_000
    assert placement.delayed < 30


def test_a_run_that_has_settled_keeps_its_place_when_a_picture_comes_early() -> None:
    placement = Placement(lead=54_000)
    put(placement, KEY, 0)
    put(placement, picture(60), 60 * 3000)
    before = placement.shift
    put(placement, picture(62), 60 * 3000)

    assert placement.shift == before


def test_sound_that_would_overlap_the_last_run_is_left_out() -> None:
    placement = Placement(lead=54_000)
    put(placement, KEY, 0)
    put(placement, sound(40_000), 0)
    put(placement, replace(KEY, run=2), 1000)

    assert put(placement, sound(36_000, run=2), 1000) is None
    assert put(placement, sound(41_000, run=2), 1000) is not None


def test_a_run_whose_stamps_wrap_goes_on_without_a_step() -> None:
    placement = Placement(lead=54_000)
    start = STAMP_WRAP - 3000
    put(placement, replace(KEY, pts=start, dts=start), 1000)

    assert put(placement, replace(KEY, pts=0, dts=0), 4000) == 54_000


DATED = 100 * SECOND
"""A place that is given: what is to be added to stamps that begin at 0.4 s."""


def late_run() -> Placement:
    """Return the placement of a run whose first key picture came too late for its given place."""
    placement = Placement(lead=54_000, anchor=DATED)
    assert put(placement, KEY, DATED + 36_000 + 4_000) == 54_000
    for number in range(1, 30):
        put(placement, picture(number), DATED + 36_000 + 4_000 + 1500 * number)
    return placement


def test_a_run_that_comes_in_time_has_the_place_that_is_given() -> None:
    assert put(Placement(anchor=DATED), KEY, DATED - 36_000) == 72_000


def test_a_late_run_gets_its_given_place_while_nothing_leaves() -> None:
    """Otherwise a standby would date all pictures of its run late, and a change lose some."""
    placement = late_run()
    placement.is_unseen = True
    put(placement, picture(30, key=True), DATED + 100_000)
    assert placement.shift == DATED
    stamps = [
        placed.dts - DATED - 36_000 - 3000 * number
        for number in range(31, 90)
        if (placed := placement.place(picture(number), DATED + 10_000 + 3000 * number, 0))
        is not None
    ]
    assert len(stamps) == 59
    assert set(stamps[30:]) == {0}


def test_a_late_run_keeps_its_place_while_viewers_see_it() -> None:
    placement = late_run()
    put(placement, picture(30, key=True), DATED + 100_000)
    before = placement.shift
    put(placement, picture(60, key=True), DATED + 190_000)
    assert placement.shift == before != DATED


def test_a_run_that_still_comes_late_waits_for_a_key_picture_in_time() -> None:
    placement = late_run()
    placement.is_unseen = True
    before = placement.shift
    put(placement, picture(30, key=True), DATED + 36_000 + 90_000 - 4_000)
    assert placement.shift == before
