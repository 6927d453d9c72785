"""The judges of file ends must fail on each planted fault, and on nothing else."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
from soak.file_ends import (
    DeckSample,
    EndClip,
    EndStrike,
    EndStriker,
    growth,
    judge_items,
    lost_decks,
    make_clips,
    random_order,
    spoil_tail,
)
from soak.judge import FRAME, lay_on_ticks
from support.capture import CapturedPicture, read_ts
from support.clips import NTSC, Clip, numbered_clip

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
DELAY, ZERO, TICKS = 0.7, 100.0, 60


def piece(ident, kind="plain", ticks=TICKS):
    return EndClip(Clip(Path(f"{ident}.mp4"), ident, NTSC, ticks, ticks / NTSC), kind)


def aired(*made):
    """Return a flawless capture of these clips, and its as-run."""
    seen, lines, first = [], [], 0
    for one in made:
        ticks, start = one.clip.frames, START + timedelta(seconds=first * FRAME)
        lines.append({
            "planned_start": start.isoformat(), "planned_tick": first, "planned_frames": ticks,
            "first_tick": first, "frames": ticks, "held": 0, "dropped": 0,
        })  # fmt: skip
        for place in range(ticks):
            at = (first + place) * FRAME
            arrived = START.timestamp() + at + DELAY
            seen.append(CapturedPicture(ZERO + at, one.clip.ident, place, 120.0, arrived=arrived))
        first += ticks
    return seen, list(made), lines


def verdict(seen, made, lines, blows=(), stalled=lambda arrived: False):
    laid = lay_on_ticks(seen, [one.clip for one in made], lines)
    return judge_items(laid, made, lines, blows, stalled)


def late(seen, number, by):
    """Replace the item's first pictures by the last one of the item before."""
    first = number * TICKS
    still = [replace(one, pts=seen[first + n].pts) for n, one in enumerate([seen[first - 1]] * by)]
    return [*seen[:first], *still, *seen[first + by :]]


def blow(at):
    return EndStrike("SIGKILL", START.timestamp() + at, START.timestamp() + at + 1.0)


def test_a_flawless_run_has_no_fault():
    found = verdict(*aired(piece(1), piece(2, "long sound"), piece(3, "damaged"), piece(4)))
    assert (found.faults, found.late, found.never, found.untrue) == ([], [], [], [])


def test_an_item_that_begins_late_is_named_and_its_pictures_are_counted():
    seen, made, lines = aired(piece(1), piece(2), piece(3))
    lines[1] |= {"first_tick": 60 + 21, "frames": 39}
    found = verdict(late(seen, 1, 21), made, lines)
    assert (found.late, len(found.faults), found.untrue) == ([1], 21, [])


def test_the_last_pictures_of_a_long_sound_that_never_came_are_counted():
    seen, made, lines = aired(piece(1), piece(2, "long sound"), piece(3))
    held = [replace(one, frame=55) if one.ident == 2 and one.frame > 55 else one for one in seen]
    assert len(verdict(held, made, lines).faults) == 4


def test_an_unseen_item_is_lost_even_if_it_is_tiny():
    for ticks in (TICKS, 2):
        seen, made, lines = aired(piece(1), piece(2, "short", ticks), piece(3))
        lines[1] |= {"first_tick": None, "frames": 0}
        slate = [replace(one, ident=None, frame=None) if one.ident == 2 else one for one in seen]
        assert verdict(slate, made, lines).never == [1]


def test_an_item_one_picture_late_after_a_tiny_clip_is_late_not_lost():
    seen, made, lines = aired(piece(1), piece(2, "short", 5), piece(3))
    lines[2] |= {"first_tick": TICKS + 5 + 21, "frames": 39}
    joined = [
        one if one.ident != 3
        else replace(one, ident=2, frame=4) if one.frame < 21
        else replace(one, frame=one.frame - 2)
        for one in seen
    ]  # fmt: skip
    found = verdict(joined, made, lines)
    assert (found.never, found.behind_short, found.late, found.untrue) == ([], [2], [], [])


def test_an_as_run_that_claims_more_than_was_seen_is_untrue():
    seen, made, lines = aired(piece(1), piece(2), piece(3))
    assert verdict(late(seen, 1, 21), made, lines).untrue == [1]


def test_only_a_strike_or_a_stall_at_that_time_excuses():
    seen, made, lines = aired(piece(1), piece(2), piece(3))
    disturbed = late(seen, 1, 5)
    assert not verdict(disturbed, made, lines, [blow(1.8)]).faults
    assert verdict(disturbed, made, lines, [blow(0.5)]).late == [1]
    assert verdict(disturbed, made, lines, [blow(2.3)]).late == [1]
    assert not verdict(disturbed, made, lines, stalled=lambda arrived: True).faults


def looks(idle=lambda at: False, grow=0.0, seconds=600):
    """Return samples of two decks that alternate every five seconds; the arguments make the second
    faulty.
    """
    made = []
    for quarter in range(seconds * 4):
        at = quarter / 4
        films = {7: f"file{int(at) // 5}/a.mp4"}
        if not idle(at):
            films[9] = f"file{int(at + 2) // 5}/a.mp4"
        switches = at / 5
        made.append(
            DeckSample(at, {7: 70, 9: 90}, films, {7: 10**8, 9: 10**8 + round(switches * grow)})
        )
    return made


def test_a_deck_idle_while_items_air_is_lost():
    assert lost_decks(looks()) == []
    assert lost_decks(looks(idle=lambda at: 100 < at < 130)) == []
    ((ring, seconds),) = lost_decks(looks(idle=lambda at: at > 100))
    assert (ring, round(seconds)) == (9, 500)


def test_memory_growth_is_reported_per_thousand_switches():
    assert max(abs(size) for _, size in growth(looks())) == 0
    worst = max(size for _, size in growth(looks(grow=2e6)))
    assert worst == pytest.approx(2e9, rel=0.05)
    assert growth(looks(grow=2e6, seconds=100)) == []


def test_strikes_of_every_kind_hit_the_last_half_second_of_items():
    ends = [5.0 * n for n in range(1, 200)]
    due = EndStriker(ends, random.Random(1))._due()
    assert {kind for _, kind in due} == {"SIGSTOP", "SIGKILL", "hogs"}
    assert all(any(0 < end - at <= 0.5 for end in ends) for at, _ in due)
    assert len(due) > 30


def test_the_random_order_has_every_kind_and_repeats_by_its_seed(tmp_path):
    some = [piece(n, kind) for n, kind in enumerate(("plain", "long sound", "damaged", "short"))]
    some += [piece(9), piece(10)]
    made = random_order(some, 10, random.Random(5))
    assert made == random_order(some, 10, random.Random(5))
    assert {one.kind for one in made} == {"plain", "long sound", "damaged", "short"}
    assert all(one is not after for one, after in zip(made, made[1:], strict=False))


def test_a_damaged_tail_opens_and_loses_only_its_last_pictures(tmp_path):
    path = tmp_path / "a.mp4"
    numbered_clip(path, frames=90, ident=1)
    spoil_tail(path)
    right = [one.frame for one in read_ts(path)]
    assert right[:60] == list(range(60))
    assert right != list(range(90))


def test_some_clips_have_sound_that_outlasts_the_picture(tmp_path):
    made = make_clips(tmp_path)
    for one in made:
        if one.kind == "long sound":
            with av.open(str(one.clip.path)) as file:
                assert file.duration / av.time_base > float(one.clip.seconds) + 0.3
    assert {one.kind for one in made} == {"plain", "long sound", "damaged", "short"}
