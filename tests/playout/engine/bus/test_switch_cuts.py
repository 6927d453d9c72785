"""A shot that jumps over frames of its file, tick by tick over fake decks."""

from datetime import timedelta

import pytest
from support.switch_studio import HOUSE, NOON, Studio, frames, shot

from playout.engine.bus.shot_parts import whole_cue
from playout.engine.bus.take import Take
from playout.engine.fakes.engine import FakeFile
from playout.model.engine import Desired, Shot
from playout.model.layer import Layer

HEARING = ((50, 150), (400, 500), (200, 275))
MARKED = [*range(50, 150), *range(400, 500), *range(200, 275)]


def cut(at: float, seconds: float = 11, **more: object) -> Shot:
    values = {"length": None, "pieces": HEARING, "rate": HOUSE.rate, **more}
    return shot("a", at, seconds, **values)


def test_what_is_marked_airs_and_nothing_else() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2), shot("b", 13, 4))
    seen = studio.run(17)

    assert frames(seen, "a") == MARKED
    assert [air.cue for air in seen[50:325]] == ["a"] * 275
    assert frames(seen, "b") == list(range(100))
    assert not any(air.hold or air.dropped for air in seen)


def test_a_deck_is_cued_with_the_next_piece_only_shortly_before_it() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2))
    studio.run(4)
    assert [deck.cue for deck in studio.supply.decks] == ["a|1", None]

    studio.run(1)

    assert {deck.cue for deck in studio.supply.decks} == {"a|1", "a|2"}
    assert {whole_cue(deck.cue) for deck in studio.supply.decks if deck.cue} == {"a"}


@pytest.mark.parametrize("late", [1.0, 4.5, 7.9])
def test_a_cut_is_joined_in_progress_in_the_piece_that_is_due(late: float) -> None:
    studio = Studio()
    studio.run(2 + late)
    studio.switch.desired = Desired(1, cut(2))
    aired = frames(studio.run(12 - late), "a")

    assert aired and aired == MARKED[-len(aired) :]
    assert len(aired) > 275 - late * 25 - 3 * 25


def test_a_part_of_a_cut_begins_in_its_own_time() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2, 4, offset=3.0), shot("b", 6, 4))

    assert frames(studio.run(10), "a") == MARKED[75:175]


def test_a_clock_that_is_steered_moves_no_join() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2))
    seen = []
    for _ in range(14 * 5):
        seen += studio.run(0.2)
        fast = NOON + timedelta(seconds=studio.next * 0.04 + 0.3)
        studio.time.wall.steer(studio.clock.monotonic(), fast)

    assert frames(seen, "a") == MARKED[: len(frames(seen, "a"))]
    assert len(frames(seen, "a")) > 270
    assert not any(air.dropped for air in seen)


def test_a_slot_longer_than_the_cut_shows_no_frame_that_was_left_out() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2, 11.2), shot("b", 13.2, 4))
    seen = studio.run(17.2)

    assert frames(seen, "a") == MARKED
    assert sum(air.hold for air in seen if air.cue == "a") == 5
    assert frames(seen, "b") == list(range(100))


def test_an_end_in_the_middle_is_kept() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2, 5), shot("b", 7, 4))

    assert frames(studio.run(12), "a") == MARKED[:125]


def test_a_bus_that_starts_again_continues_in_its_piece() -> None:
    first = Studio()
    first.switch.desired = Desired(1, cut(2))
    first.run(6)
    take = first.switch.take
    assert take is not None
    again = Studio()
    again.clock.advance(timedelta(seconds=6))
    again.next, again.switch.desired = 150, first.switch.desired
    again.switch.take = Take(take.shot, take.first, take.frame, fallen=True)
    aired = frames(again.run(8), "a")

    assert aired == MARKED[-len(aired) :]
    assert len(aired) > 275 - 100 - 50


def test_when_a_deck_dies_the_piece_goes_on_in_place() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2))
    studio.run(6.5)
    on_air = next(w for w in studio.wires if w.deck and w.deck.report().cue == "a|2")
    on_air.dead = True
    seen = studio.run(3)
    aired = frames(studio.seen, "a")

    assert aired == [frame for frame in MARKED if frame in set(aired)]
    assert {air.layer for air in seen[-20:]} == {Layer.DECK}


def test_a_file_shorter_than_its_pieces_is_covered_by_what_is_beneath() -> None:
    studio = Studio({"/a": FakeFile(ends_after=17.0)})
    studio.switch.desired = Desired(1, cut(2), shot("b", 13, 4))
    seen = studio.run(17)

    assert frames(seen, "a") == [*range(50, 150), *range(400, 425), *range(200, 275)]
    assert frames(seen, "b") == list(range(100))


def test_decks_know_each_piece_by_a_name_of_its_own() -> None:
    """So captions are cleared at each jump, and no frame of one piece is taken for another's."""
    studio = Studio()
    studio.switch.desired = Desired(1, cut(2))
    seen = studio.run(13)

    names = [air.part.cue for air in seen if air.part is not None]
    assert names == ["a|1"] * 100 + ["a|2"] * 100 + ["a|3"] * 75
    assert {air.cue for air in seen[50:]} == {"a"}
