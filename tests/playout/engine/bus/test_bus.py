"""The whole bus over fake decks in simulated time: what it publishes and what it logs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.bus_plant import HOUSE, NOON, SECOND, Plant

from config.names import CueId
from playout.engine.bus.limiter import CEILING_DBTP
from playout.engine.links.air_log import read_facts
from playout.engine.links.messages import DESIRED
from playout.engine.links.ring import LAYER_NUMBERS
from playout.model.engine import BoardPage, Desired, Graphic, Shot
from playout.model.layer import Layer


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    shot = Shot(
        CueId("a"), Layer.DECK, NOON + timedelta(seconds=2), NOON + timedelta(seconds=32),
        path="/a", length=30.0,
    )  # fmt: skip
    plant.agent.send(DESIRED.dump_python(Desired(1, shot), mode="json"))
    yield plant
    plant.close()


def level(tick: int) -> int:
    """Return the grey that a fake deck draws for the picture of this tick."""
    return 32 + (tick - 2 * SECOND) % 200


@pytest.mark.parametrize(("away", "covered"), [(0.4, 0), (1.0, 0), (2.0, 1), (5.0, 2)])
def test_a_new_bus_continues_in_place_after_any_outage(
    plant: Plant, away: float, covered: int
) -> None:
    """A deck's ring bridges one second; after a longer outage the deck has to catch up."""
    plant.run(6)
    plant.end_bus()
    plant.run(away)
    plant.start_bus()
    back = plant.next
    seen = plant.run(4)
    deck, slate = LAYER_NUMBERS[Layer.DECK], LAYER_NUMBERS[Layer.SLATE]
    assert [layer for layer, _ in seen[:covered]] == [slate] * covered
    in_place = [(deck, level(tick)) for tick in range(back, back + len(seen))]
    assert seen[covered:] == in_place[covered:]


def test_air_log_records_what_viewers_saw_while_the_bus_was_away(plant: Plant) -> None:
    plant.run(6)
    plant.end_bus()
    plant.run(2)
    plant.start_bus()
    plant.run(15)
    facts, _ = read_facts(plant.log, 0)
    covered = {tick: fact for fact in facts for tick in range(fact.tick, fact.tick + fact.ticks)}
    assert sorted(covered) == list(range(max(covered) + 1))
    for tick, fact in covered.items():
        layer, grey = plant.seen[tick]
        if layer == LAYER_NUMBERS[Layer.DECK]:
            source = fact.source_first + tick - fact.tick
            assert (fact.layer, 32 + source % 200) == (Layer.DECK, grey)
        else:
            assert fact.source_first < 0


@pytest.mark.parametrize("full", [False, True])
def test_message_removed_during_a_hold_disappears_on_the_next_tick(
    plant: Plant, tmp_path: Path, full: bool
) -> None:
    """The held picture is the one beneath the message. Under a full screen nothing is heard."""
    rows = HOUSE.height if full else 8
    path = tmp_path / "message"
    path.write_bytes(bytes([250]) * (HOUSE.width * rows * 3 // 2))
    shot = Shot(
        CueId("a"), Layer.DECK, NOON + timedelta(seconds=2), NOON + timedelta(seconds=32),
        path="/a", length=30.0,
    )  # fmt: skip
    message = Graphic("m1", str(path), 0, rows)
    plant.agent.send(DESIRED.dump_python(Desired(2, shot, graphic=message), mode="json"))
    seen = plant.run(6)
    assert {grey for _, grey in seen[-25:]} == {250}
    last = plant.ring.look(plant.next - 1)
    assert last is not None and bool(last.sound[:1600].any()) is not full
    plant.stalled = True
    while plant.run(1 / SECOND) and not plant.bus._last.held:
        beneath = level(plant.bus._last.tick)
    plant.agent.send(DESIRED.dump_python(Desired(3, shot), mode="json"))
    plant.run(1 / SECOND)
    ((_, grey),) = plant.run(1 / SECOND)
    assert plant.bus._last.held and grey == beneath


def test_sound_only_file_shows_the_slate_not_the_board(plant: Plant, tmp_path: Path) -> None:
    def drawn(name: str, grey: int) -> str:
        path = tmp_path / name
        path.write_bytes(bytes([grey]) * HOUSE.picture_bytes)
        return str(path)

    shot = Shot(
        CueId("song"), Layer.DECK, NOON + timedelta(seconds=2), NOON + timedelta(seconds=32),
        path="/song", length=30.0, has_picture=False,
    )  # fmt: skip
    board = (BoardPage(drawn("page", 200), 10.0),)
    desired = Desired(2, shot, board=board, slate=drawn("title", 99))
    plant.agent.send(DESIRED.dump_python(desired, mode="json"))
    seen = plant.run(5)
    assert set(seen[2 * SECOND :]) == {(LAYER_NUMBERS[Layer.DECK], 99)}
    assert seen[SECOND][1] == 200


def test_bus_airs_without_its_log_reports_it_and_writes_it_later(tmp_path: Path) -> None:
    (tmp_path / "air.log").mkdir()
    plant = Plant(tmp_path)
    shown = plant.run(2.0)
    problems = [message["problems"] for message in plant.agent.receive()]
    (tmp_path / "air.log").rmdir()
    plant.run(12.0)
    after = [message["problems"] for message in plant.agent.receive()]
    facts, _ = read_facts(plant.log, 0)
    plant.close()

    assert {layer for layer, _ in shown} == {LAYER_NUMBERS[Layer.SLATE]}
    assert problems[-1] == ["The air log cannot be written: Is a directory."]
    assert after[-1] == []
    assert facts[0].tick == 0


def test_facts_the_log_refused_survive_the_death_of_the_bus(
    tmp_path: Path,
) -> None:
    """As-run is made of these facts: an item whose facts are lost would count as never aired."""
    (tmp_path / "air.log").mkdir()
    plant = Plant(tmp_path)
    for _ in range(3):
        plant.run(25.0)
        plant.end_bus()
        plant.start_bus()
    (tmp_path / "air.log").rmdir()
    plant.run(12.0)
    plant.end_bus()
    plant.start_bus()
    plant.run(12.0)
    facts, _ = read_facts(plant.log, 0)
    plant.close()

    ticks = [tick for fact in facts for tick in range(fact.tick, fact.tick + fact.ticks)]
    assert ticks == list(range(ticks[-1] + 1)) and ticks[-1] >= 85 * SECOND


def test_bus_reports_what_the_machine_lacks_until_it_is_over(plant: Plant) -> None:
    for process in plant.decks:
        process._deck.lacks = "this machine has no file descriptors left"
    plant.run(4.0)
    problems = [message["problems"] for message in plant.agent.receive()]
    for process in plant.decks:
        process._deck.lacks = ""
    plant.run(4.0)
    after = [message["problems"] for message in plant.agent.receive()]

    assert problems[-1] == [
        "No file can be opened for air: this machine has no file descriptors left."
    ]
    assert after[-1] == []


def test_take_is_reported_in_the_same_tick(plant: Plant) -> None:
    """After a tiny file the next cue but one is due at once: a quarter of a second later is too
    late.
    """
    plant.run(2)
    assert {message["cue"] for message in plant.agent.receive()} == {None}
    plant.run(1 / SECOND)
    assert [message["cue"] for message in plant.agent.receive()] == ["a"]


def test_no_sample_that_the_bus_writes_is_above_the_ceiling(plant: Plant) -> None:
    for process in plant.decks:
        process._deck.is_loud = True
    heard = []
    for _ in range(4 * SECOND):
        plant.run(1 / SECOND)
        slot = plant.ring.look(plant.next - 1)
        heard.append(0 if slot is None else int(abs(slot.sound[: slot.samples].astype(int)).max()))

    assert 0 < max(heard) <= 32768 * 10 ** (CEILING_DBTP / 20)


class Frozen:
    """A stopped deck process: it obeys nothing and sends nothing."""

    def step(self) -> None:
        """Do nothing."""


def test_a_new_bus_leaves_no_deck_with_an_order_it_does_not_know(plant: Plant) -> None:
    """A deck that plays on unknown to the bus is not idle: it decodes its file as fast as it can,
    and no deck is left to step in.
    """
    plant.run(6)
    assert plant.bus is not None
    plant.bus._keep = lambda: None  # it dies before it saves again
    first, plant.decks[0] = plant.decks[0], Frozen()
    plant.run(3)
    plant.decks[0] = first
    plant.end_bus()
    plant.start_bus()
    plant.run(4)
    assert [deck.is_idle for deck in plant.decks].count(True) == 1
    assert plant.seen[-1] == (LAYER_NUMBERS[Layer.DECK], level(plant.next - 1))


def test_a_bus_saves_what_it_ordered_in_the_same_tick(plant: Plant) -> None:
    assert plant.bus is not None
    while all(deck.is_idle for deck in plant.decks):
        plant.run(1 / SECOND)
    kept = plant.bus._state.load()
    assert kept is not None
    assert any(doing is not None for doing in kept["decks"])
