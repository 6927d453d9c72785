"""Music under bulletins: when it plays, how it comes and goes, and that programs start clean."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from support.bus_plant import HOUSE, NOON, SECOND, Plant

from config.names import SAMPLE_RATE, CueId
from playout.engine.bus.limiter import LOOK_AHEAD
from playout.engine.bus.music import DUCKED, FADE_SECONDS, MusicBed, wanted_level
from playout.engine.bus.take import Take, TickContent
from playout.engine.fakes.music import FakeMusic
from playout.engine.links.messages import DESIRED
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, music_shape
from playout.model.engine import BoardPage, Desired, Graphic, Shot
from playout.model.layer import Layer

FOREVER = datetime(2027, 1, 1, tzinfo=UTC)
TICK = SAMPLE_RATE // SECOND
LEVEL = 8000


def shot(layer: Layer, **more: object) -> Shot:
    return Shot(CueId("a"), layer, NOON, FOREVER, **more)  # type: ignore[arg-type]


PROGRAM = shot(Layer.DECK, path="/a")
BOARD = shot(Layer.BOARD)
LIVE = shot(Layer.DECK, source="hall", beneath=Layer.SLATE)
RECESS = shot(Layer.SLATE, source="hall")
FAR = float("inf")


@pytest.mark.parametrize(
    ("on", "layer", "program_in", "in_recess", "is_told", "level"),
    [
        (BOARD, Layer.BOARD, FAR, False, False, 1.0),
        (BOARD, Layer.SLATE, FAR, False, False, 1.0),
        (BOARD, Layer.BOARD, 60.0, False, False, 1.0),
        (BOARD, Layer.BOARD, FADE_SECONDS, False, False, 0.0),
        (BOARD, Layer.BOARD, FAR, False, True, DUCKED),
        (PROGRAM, Layer.DECK, FAR, False, False, 0.0),
        (PROGRAM, Layer.BOARD, FAR, False, False, 1.0),
        (LIVE, Layer.DECK, FAR, True, False, 0.0),
        (LIVE, Layer.SLATE, FAR, True, False, 0.0),
        (RECESS, Layer.SLATE, FAR, False, False, 0.0),
        (RECESS, Layer.SLATE, FAR, True, False, 1.0),
        (RECESS, Layer.SLATE, FAR, True, True, DUCKED),
    ],
)
def test_music_plays_under_what_has_no_sound_of_its_own(
    on: Shot, layer: Layer, program_in: float, in_recess: bool, is_told: bool, level: float
) -> None:
    air = TickContent(layer)
    wanted = wanted_level(air, Take(on, 0, 0), program_in, in_recess=in_recess, is_told=is_told)
    assert wanted == level


def test_before_the_first_take_nothing_plays() -> None:
    air = TickContent(Layer.SLATE)
    assert wanted_level(air, None, FAR, in_recess=True, is_told=False) == 0.0


@pytest.fixture
def music() -> Iterator[FakeMusic]:
    handle = make_ring("music", music_shape(HOUSE.rate))
    yield FakeMusic(Ring(handle), LEVEL)
    os.close(handle)


def silence() -> np.ndarray:
    return np.zeros((TICK, 2), dtype=np.int16)


def ticks(bed: MusicBed, music: FakeMusic, wanted: float, count: int) -> np.ndarray:
    heard = []
    for _ in range(count):
        music.step()
        heard.append(bed.under(silence(), wanted)[:, 0])
    return np.concatenate(heard).astype(int)


def test_it_fades_in_and_out_over_a_second_without_a_step(music: FakeMusic) -> None:
    bed = MusicBed(music.ring)
    rising = ticks(bed, music, 1.0, 2 * SECOND)
    falling = ticks(bed, music, 0.0, 2 * SECOND)
    whole = np.concatenate((rising, falling))

    assert np.abs(np.diff(whole)).max() <= 1
    assert rising[SAMPLE_RATE // 2] == pytest.approx(LEVEL / 2, abs=2)
    assert set(rising[SAMPLE_RATE:]) == {LEVEL} and set(falling[SAMPLE_RATE:]) == {0}


def test_it_ducks_by_fifteen_decibels_and_returns(music: FakeMusic) -> None:
    bed = MusicBed(music.ring)
    ticks(bed, music, 1.0, 2 * SECOND)
    ducked = ticks(bed, music, DUCKED, SECOND)
    assert 20 * np.log10(ducked[-1] / LEVEL) == pytest.approx(-15, abs=0.05)
    assert ducked[SAMPLE_RATE // 4] == pytest.approx(DUCKED * LEVEL, abs=2)
    assert ticks(bed, music, 1.0, SECOND)[-1] == LEVEL


def test_unannounced_take_ends_it_within_five_milliseconds(music: FakeMusic) -> None:
    bed = MusicBed(music.ring)
    ticks(bed, music, 1.0, 2 * SECOND)
    own = silence() + np.int16(5)
    first = bed.under(own, 0.0, at_once=True)
    assert set(first[SAMPLE_RATE // 200 :].ravel()) == {5}
    assert bed.under(own, 0.0) is own


def test_it_waits_where_it_stopped(music: FakeMusic) -> None:
    bed = MusicBed(music.ring)
    ticks(bed, music, 1.0, SECOND)
    ticks(bed, music, 0.0, 2 * SECOND)
    there = music.ring.tail
    ticks(bed, music, 0.0, 100)
    assert music.ring.tail == there


def test_a_dead_player_is_silence_and_a_new_one_fades_in(music: FakeMusic) -> None:
    bed = MusicBed(music.ring)
    ticks(bed, music, 1.0, 2 * SECOND)
    for _ in range(5 * SECOND):
        last = bed.under(silence(), 1.0)
    assert not last.any()
    back = ticks(bed, music, 1.0, 2 * SECOND)
    assert back[0] <= 1 and np.abs(np.diff(back)).max() <= 1 and back[-1] == LEVEL


def test_without_music_sound_passes_untouched() -> None:
    own = silence() + np.int16(77)
    assert MusicBed(None).under(own, 1.0) is own


def test_mix_of_loud_sound_and_music_does_not_wrap_around(music: FakeMusic) -> None:
    bed = MusicBed(music.ring)
    ticks(bed, music, 1.0, 2 * SECOND)
    music.step()
    assert set(bed.under(silence() + np.int16(32000), 1.0).ravel()) == {32767}


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(tmp_path, with_music=LEVEL)
    page = tmp_path / "page"
    page.write_bytes(bytes([200]) * HOUSE.picture_bytes)
    plant.board = (BoardPage(str(page), 10.0),)
    yield plant
    plant.close()


def heard(plant: Plant, seconds: float) -> np.ndarray:
    """Return the left channel of what the bus writes meanwhile."""
    parts = []
    for _ in range(round(seconds * SECOND)):
        plant.run(1 / SECOND)
        slot = plant.ring.look(plant.next - 1)
        assert slot is not None
        parts.append(slot.sound[: slot.samples, 0].astype(int))
    return np.concatenate(parts)


def test_program_after_bulletins_starts_clean_to_the_sample(plant: Plant) -> None:
    """The fake deck's frames are as loud as their number: the first is silent."""
    at = NOON + timedelta(seconds=5)
    board = Shot(CueId("pages"), Layer.BOARD, NOON, at)
    film = Shot(CueId("film"), Layer.DECK, at, FOREVER, path="/film", length=30.0)
    plant.agent.send(DESIRED.dump_python(Desired(1, board, film, board=plant.board), mode="json"))
    sound = heard(plant, 7.0)
    start = 5 * SAMPLE_RATE + LOOK_AHEAD

    assert sound[3 * SAMPLE_RATE] == LEVEL
    assert not sound[start - 50 : start + TICK].any()
    assert set(sound[start + 10 * TICK : start + 11 * TICK]) == {10}


def test_message_ducks_the_music_and_one_over_the_whole_screen_ends_it(
    plant: Plant, tmp_path: Path
) -> None:
    board = Shot(CueId("pages"), Layer.BOARD, NOON, FOREVER)

    def show(serial: int, rows: int) -> None:
        path = tmp_path / f"message{rows}"
        path.write_bytes(bytes([250]) * (HOUSE.width * rows * 3 // 2))
        message = Graphic(f"m{rows}", str(path), 0, rows)
        desired = Desired(serial, board, board=plant.board, graphic=message)
        plant.agent.send(DESIRED.dump_python(desired, mode="json"))

    plant.agent.send(DESIRED.dump_python(Desired(1, board, board=plant.board), mode="json"))
    free = heard(plant, 3.0)[-1]
    show(2, 8)
    ducked = heard(plant, 2.0)[-1]
    show(3, HOUSE.height)
    covered = heard(plant, 2.0)[-1]

    assert (free, covered) == (LEVEL, 0)
    assert ducked == pytest.approx(LEVEL * DUCKED, abs=1)


def test_a_new_bus_takes_the_music_up_again(plant: Plant) -> None:
    board = Shot(CueId("pages"), Layer.BOARD, NOON, FOREVER)
    plant.agent.send(DESIRED.dump_python(Desired(1, board, board=plant.board), mode="json"))
    heard(plant, 3.0)
    plant.end_bus()
    plant.run(0.5)
    plant.start_bus()
    assert heard(plant, 3.0)[-1] == LEVEL
