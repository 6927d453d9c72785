"""Graphics on the bus: begun and ended on their tick, held, hidden and continued."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support.bus_plant import HOUSE, NOON, SECOND, Plant
from support.layer_files import layer_file, plain_layer

from config.names import CueId
from playout.engine.links.covered import covered
from playout.engine.links.messages import DESIRED, OBSERVATION
from playout.engine.links.ring import Picture, planes
from playout.model.engine import Desired, Graphic, Shot
from playout.model.layer import Layer
from playout.model.layered import Crawling, Layered

SHOT = Shot(
    CueId("a"), Layer.DECK, NOON + timedelta(seconds=2), NOON + timedelta(seconds=32),
    path="/a", length=30.0,
)  # fmt: skip


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    yield plant
    plant.close()


def order(plant: Plant, *graphics: Layered, opaque: Graphic | None = None) -> None:
    desired = Desired(1, SHOT, graphic=opaque, graphics=graphics)
    plant.agent.send(DESIRED.dump_python(desired, mode="json"))


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def bug(folder: Path, begins: float, ends: float, **rest: object) -> Layered:
    path = plain_layer(folder / "bug", 8, 4)
    made = Layered("bug", path, 4, 4, 8, 4, at(begins), at(ends))
    return replace(made, **rest)  # type: ignore[arg-type]


def row(plant: Plant, number: int = 4) -> Picture:
    """Return a row of luma of the newest picture of the program."""
    slot = plant.ring.look(plant.next - 1)
    assert slot is not None
    return planes(slot.picture, HOUSE.width, HOUSE.height)[0][number].copy()


def rows(plant: Plant, ticks: int, number: int = 4) -> dict[int, Picture]:
    seen = {}
    for _ in range(ticks):
        plant.run(1 / SECOND)
        seen[plant.next - 1] = row(plant, number)
    return seen


def shown_on(seen: dict[int, Picture]) -> list[int]:
    """Return the ticks on which the bug is there, whole and in its place."""
    return [
        tick for tick, line in seen.items() if list(np.flatnonzero(line == 235)) == [*range(4, 12)]
    ]


def ids(plant: Plant) -> tuple[str, ...]:
    plant.run(0.4)
    return OBSERVATION.validate_python(plant.agent.receive()[-1]).graphics


def test_a_graphic_ordered_ahead_is_there_on_exactly_its_ticks(
    plant: Plant, tmp_path: Path
) -> None:
    order(plant, bug(tmp_path, 3, 4.2))
    seen = rows(plant, 6 * SECOND)

    assert shown_on(seen) == list(range(3 * SECOND, 4 * SECOND + 5))


def test_a_graphic_off_over_slides_comes_with_the_first_picture_of_the_deck(
    plant: Plant, tmp_path: Path
) -> None:
    order(plant, bug(tmp_path, 1, 60, over=(Layer.DECK,)))
    seen = rows(plant, 4 * SECOND)
    assert ids(plant) == ("bug",)

    assert shown_on(seen) == list(range(2 * SECOND, 4 * SECOND))


def test_an_emergency_comes_before_graphics_and_they_return_after_it(
    plant: Plant, tmp_path: Path
) -> None:
    (tmp_path / "alarm").write_bytes(bytes([250]) * (HOUSE.width * 20 * 3 // 2))
    far = bug(tmp_path, 1, 60, id="far", top=28)
    near = bug(tmp_path, 1, 60)
    order(plant, near, far)
    plant.run(3)
    assert ids(plant) == ("bug", "far")
    order(plant, near, far, opaque=Graphic("m", str(tmp_path / "alarm"), 0, 20))
    plant.run(1)
    assert (row(plant) == 250).all() and (row(plant, 29)[4:12] == 235).all()
    assert ids(plant) == ("far",)
    order(plant, near, far)
    plant.run(1)

    assert ids(plant) == ("bug", "far")


def test_a_held_picture_is_held_without_its_graphics(plant: Plant, tmp_path: Path) -> None:
    order(plant, bug(tmp_path, 1, 4.2))
    plant.run(4)
    plant.stalled = True
    seen = rows(plant, 2 * SECOND)
    held = [tick for tick in seen if plant.seen[tick] == plant.seen[tick - 1]]
    assert plant.bus is not None and len(held) > 5
    ends = 4 * SECOND + 5

    assert shown_on(seen) == list(range(4 * SECOND, ends))
    for tick in held:
        assert (seen[tick] == seen[tick][0]).all() or tick < ends, "no bug is left behind"


def test_a_crawl_stands_where_its_tick_says_also_after_the_bus_died_in_the_middle(
    plant: Plant, tmp_path: Path
) -> None:
    text = np.full((4, 32), 235, np.uint8)
    text[:, 0] = 20
    path = layer_file(tmp_path / "crawl", text, np.full((4, 32), 255, np.uint8))
    moves = Crawling(32, Fraction(1, 2))
    crawl = Layered("crawl", path, 0, 32, 64, 4, at(3), at(60), crawl=moves)
    order(plant, crawl)
    seen = rows(plant, 4 * SECOND, 32)
    plant.end_bus()
    plant.run(0.4)
    plant.start_bus()
    seen |= rows(plant, 2 * SECOND, 32)

    crawling = [tick for tick in seen if tick >= 3 * SECOND]
    assert len(crawling) == 3 * SECOND
    for tick in crawling:
        left = 64 - (tick - 3 * SECOND) // 2
        edges = np.flatnonzero((seen[tick][:-1] == 20) & (seen[tick][1:] == 235))
        assert list(edges) == ([left] if left < 63 else []), tick


def test_a_graphic_that_cannot_be_read_costs_no_tick(plant: Plant, tmp_path: Path) -> None:
    order(plant, bug(tmp_path, 1, 60, id="gone", path="/nowhere"), bug(tmp_path, 3, 60))
    seen = rows(plant, 4 * SECOND)

    assert shown_on(seen) == list(range(3 * SECOND, 4 * SECOND))
    assert {layer for layer, _ in plant.seen} >= {3}


def test_the_ring_tells_which_boxes_are_covered(plant: Plant, tmp_path: Path) -> None:
    strip = tmp_path / "strip"
    strip.write_bytes(bytes([250]) * (HOUSE.width * 8 * 3 // 2))
    order(plant, bug(tmp_path, 2, 5), opaque=Graphic("m", str(strip), 28, 8))
    plant.run(3)
    assert covered(plant.ring) == [(0, 28, 64, 8), (4, 4, 8, 4)]
    order(plant, bug(tmp_path, 2, 5))
    plant.run(3)

    assert covered(plant.ring) == []
