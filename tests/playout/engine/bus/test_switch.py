"""Takes, holds and falls, tick by tick, over fake decks in simulated time."""

from datetime import timedelta

import pytest
from support.switch_studio import NOON, Studio, frames, shot

from playout.engine.bus.switch import CUE_AHEAD, HOLD_SECONDS
from playout.engine.fakes.engine import FakeFile
from playout.engine.links.ring import SAME_PICTURE, Slot
from playout.model.engine import DeckState, Desired, Shot
from playout.model.layer import Layer


@pytest.mark.parametrize("early", [0.0, 2.1])
def test_a_channel_cues_in_its_turn_and_takes_on_the_same_tick(early: float) -> None:
    studio = Studio(early=early)
    studio.switch.desired = Desired(1, shot("a", 2, 8), shot("b", 10, 4))
    before = round((10 - CUE_AHEAD - early) * 25)
    studio.run((before - 1) / 25)
    assert not any(deck.cue == "b" for deck in studio.supply.decks)

    studio.run(3 / 25)

    assert any(deck.cue == "b" for deck in studio.supply.decks)
    assert frames(studio.run(14 - (before + 2) / 25), "b") == list(range(100))


def test_a_file_that_begins_later_than_its_first_picture_is_not_cued_earlier() -> None:
    """Its deck may hurry, and be out of place once it was blocked (docs/design/engine.md)."""
    studio = Studio(early=2.1)
    studio.switch.desired = Desired(1, shot("a", 2, 8), shot("b", 10, 4, offset=5.0, length=9.0))
    studio.run(10 - CUE_AHEAD - 0.1)

    assert not any(deck.cue == "b" for deck in studio.supply.decks)


def test_two_files_join_frame_by_frame() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 4), shot("b", 6, 4))
    seen = studio.run(10)
    assert [air.layer for air in seen[:50]] == [Layer.SLATE] * 50
    assert frames(seen, "a") == list(range(100))
    assert frames(seen, "b") == list(range(100))
    assert [air.cue for air in seen[50:150]] == ["a"] * 100
    assert not any(air.hold or air.dropped for air in seen)


def test_clock_set_ahead_keeps_the_item_whole_and_the_next_on_time() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 10), shot("b", 12, 4))
    studio.run(5)
    studio.time.wall.steer(studio.clock.monotonic(), NOON + timedelta(seconds=8))
    studio.run(8)
    assert frames(studio.seen, "a") == list(range(7 * 25))
    assert frames(studio.seen, "b") == list(range(4 * 25))
    assert studio.time.instant(studio.next) == NOON + timedelta(seconds=16)


def test_slate_covers_when_nothing_follows() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 4))
    seen = studio.run(7)
    assert {air.layer for air in seen[-20:]} == {Layer.SLATE}


def test_failed_file_is_covered_at_once_and_never_black() -> None:
    studio = Studio({"/a": FakeFile(fails="a is missing")})
    studio.switch.desired = Desired(1, shot("a", 2, 4), shot("b", 6, 4))
    seen = studio.run(10)
    mine = [air for air in seen if air.cue == "a"]
    assert {air.layer for air in mine} == {Layer.SLATE}
    assert all("a is missing" in air.reason for air in mine)
    assert frames(seen, "b") == list(range(100))


def test_file_is_joined_in_progress_once_descriptors_are_free() -> None:
    """The file is not to blame: it never counts as failed, and airs once it can be opened."""
    studio = Studio()
    studio.lacks("no file descriptors are left")
    studio.switch.desired = Desired(1, shot("a", 2, 60), shot("b", 62, 4))
    waiting = studio.run(12)
    assert {deck.report.state for deck in studio.supply.decks} == {DeckState.WAITING}
    assert not [air for air in waiting if air.slot]
    assert waiting[-1].reason == "a: no file descriptors are left"
    studio.lacks("")
    seen = studio.run(56)
    mine = [(number + 250, a.source) for number, a in enumerate(seen) if a.cue == "a" and a.slot]
    assert all(place == source for place, source in mine)
    assert mine[0][0] < (10 + 5) * 25
    assert mine[-1][0] == 60 * 25 - 1
    assert frames(studio.seen, "b") == list(range(100))


def test_hanging_file_is_held_half_a_second_then_covered() -> None:
    studio = Studio({"/a": FakeFile(hangs_at=1.0)})
    studio.switch.desired = Desired(1, shot("a", 2, 10))
    seen = studio.run(11)
    held = [air.hold for air in seen]
    longest = max(len(run) for run in "".join("x" if h else " " for h in held).split())
    assert 0 < longest <= 0.5 * 25
    assert longest == round(HOLD_SECONDS * 25)
    assert frames(seen, "a")[:25] == list(range(25))


def test_when_the_deck_on_air_dies_the_other_takes_over_in_place() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 10))
    studio.run(4)
    on_air = next(wire for wire in studio.wires if wire.deck and wire.deck.report().cue is not None)
    on_air.dead = True
    seen = studio.run(6)
    assert not any(air.hold for air in seen)
    assert frames(seen, "a") == list(range(50, 200))


def test_death_of_a_deck_off_air_is_not_seen() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 10))
    studio.run(4)
    idle = next(wire for wire in studio.wires if wire.deck and wire.deck.report().cue is None)
    idle.dead = True
    assert frames(studio.run(4), "a") == list(range(50, 150))


def test_take_without_a_start_time_waits_for_frames() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 60))
    studio.run(5)
    studio.switch.desired = Desired(2, shot("b", 5, 60, as_soon_as_ready=True))
    seen = studio.run(3)
    waited = sum(air.cue == "a" for air in seen)
    assert 0 < waited < 25
    assert frames(seen, "b") == list(range(75 - waited))
    assert not any(air.hold for air in seen)


def test_a_slate_is_taken_at_once() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 60))
    studio.run(5)
    slate = shot("s", 5, 60, layer=Layer.SLATE, path=None)
    studio.switch.desired = Desired(2, slate)
    assert {air.layer for air in studio.run(1)} == {Layer.SLATE}


def test_a_late_order_joins_in_progress_at_the_right_place() -> None:
    studio = Studio()
    studio.run(4)
    studio.switch.desired = Desired(1, shot("a", 1, 60, length=60))
    seen = studio.run(4)
    shown = [(number, air.source) for number, air in enumerate(seen) if air.slot is not None]
    assert shown
    assert all(source == 75 + number for number, source in shown)


def test_old_desired_state_does_not_bring_back_the_past() -> None:
    studio = Studio()
    both = Desired(1, shot("a", 2, 4), shot("b", 6, 4))
    studio.switch.desired = both
    studio.run(7)
    studio.switch.desired = Desired(2, both.on_air, both.next)
    assert {air.cue for air in studio.run(1)} == {"b"}


def test_file_that_crashes_its_decks_is_given_up() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, shot("a", 2, 60))
    studio.run(1)
    for _ in range(12):
        for wire in studio.wires:
            if wire.deck is not None and wire.deck.report().cue is not None:
                wire.deck.stop()
                wire.waiting = [{"hello": 1}]
        studio.run(0.2)
    assert "again and again" in studio.run(1)[-1].reason


def test_slate_replaces_a_picture_that_freezes_under_its_sound() -> None:
    studio = Studio()
    whole = studio.supply.slot

    def standing(shot: Shot, frame: int) -> Slot | None:
        slot = whole(shot, frame)
        if slot is not None and frame >= 50:
            slot.words[3] |= SAME_PICTURE
        return slot

    studio.supply.slot = standing  # type: ignore[method-assign]
    studio.switch.desired = Desired(1, shot("a", 2, 4), shot("b", 6, 1))
    seen = studio.run(7)[50:]
    stood = round(HOLD_SECONDS * 25)
    assert [air.bare for air in seen[:100]] == [False] * (50 + stood) + [True] * (50 - stood)
    assert frames(seen, "a") == list(range(100))
    assert not any(air.bare for air in seen[100:])


def stumbles(studio: Studio, times: int) -> None:
    """Stop both decks until their rings are empty, then let them catch up."""
    for _ in range(times):
        for dead in (True, False):
            for wire in studio.wires:
                wire.dead = dead
            studio.run(4)


def test_item_rests_after_three_falls_and_never_strobes() -> None:
    studio = Studio()
    studio.switch.has_board = True
    studio.switch.desired = Desired(1, shot("a", 2, 80), shot("b", 82, 4))
    studio.run(4)
    stumbles(studio, 4)
    layers = [air.layer for air in studio.seen[50:]]
    changes = sum(a is not b for a, b in zip(layers, layers[1:], strict=False))
    assert changes == 5
    assert studio.seen[-1].reason == "given up after three failures"
    assert not any(air.slot for air in studio.run(10))
    studio.run(50)
    assert frames(studio.seen, "b") == list(range(100))


@pytest.mark.parametrize("slow", [1.4, 2.0, 3.0, 3.8])
def test_a_file_that_misses_its_tick_is_joined_in_progress_within_seconds(slow: float) -> None:
    files = {"/a": FakeFile(ready_after=slow)}
    studio = Studio(files)
    studio.switch.desired = Desired(1, shot("a", 2, 40), shot("b", 42, 10))
    seen = studio.run(60)
    mine = [(number - 50, air.source) for number, air in enumerate(seen[:1050]) if air.slot]
    assert mine[0][0] < 10 * 25
    assert all(place == source for place, source in mine)
    assert [place for place, _ in mine] == list(range(mine[0][0], 1000))
    assert frames(seen, "b") == list(range(250))


def test_overload_ends_when_the_load_does() -> None:
    slow = FakeFile(ready_after=2.5)
    files = {f"/{number}": slow for number in range(4)}
    studio = Studio(files)
    items = [shot(f"{number}", 2 + number * 12, 12) for number in range(12)]
    for item, after in zip(items, [*items[1:], None], strict=True):
        studio.switch.desired = Desired(1, item, after)
        studio.run(12)
    studio.run(3)
    for number, item in enumerate(items[1:], 1):
        seen = frames(studio.seen, item.cue)
        assert seen[-1] == 299, item.cue
        assert seen[0] < (8 * 25 if number < 6 else 1), (item.cue, seen[0])


@pytest.mark.parametrize("ticks", [1, 2, 5])
def test_a_tiny_file_airs_whole_on_its_tick_and_the_next_is_joined_within_a_second(
    ticks: int,
) -> None:
    studio = Studio()
    first, after = shot("a", 2, 6), shot("b", 8 + ticks / 25, 8)
    tiny = shot("t", 8, ticks / 25)
    studio.switch.desired = Desired(1, first, tiny)
    studio.run(8 + 1 / 25)
    studio.switch.desired = Desired(2, tiny, after)
    studio.run(10)
    assert frames(studio.seen, "t") == list(range(ticks))
    begun = frames(studio.seen, "b")
    assert begun == list(range(begun[0], 200))
    assert begun[0] < 25
