"""What the fake and the real player of music both promise the bus."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from support.music import write_song

from config.names import HouseFormat
from playout.engine.fakes.music import FakeMusic
from playout.engine.format.ticks import sound_before
from playout.engine.links.ring import TAIL, Ring
from playout.engine.links.ring_shape import make_ring, music_shape
from playout.engine.music.player import MusicPlayer

HOUSE = HouseFormat.parse("64x36@30000/1001")
RATE = HOUSE.rate


@pytest.fixture
def ring() -> Iterator[Ring]:
    handle = make_ring("music", music_shape(RATE))
    yield Ring(handle)
    os.close(handle)


@pytest.fixture(params=["fake", "real"])
def step(request: pytest.FixtureRequest, ring: Ring, tmp_path: Path) -> Callable[[], None]:
    if request.param == "fake":
        return FakeMusic(ring, 8000).step
    songs = tmp_path / "songs"
    songs.mkdir()
    write_song(songs / "a.wav", 3.0, 500.0, -20.0)
    write_song(songs / "b.wav", 2.0, 500.0, -20.0)
    return MusicPlayer(ring, songs, tmp_path).step


def drawn(ring: Ring, step: Callable[[], None], seconds: float) -> np.ndarray:
    """Take sound out of the ring as the bus does, at the speed of the bus."""
    parts = []
    for _ in range(round(seconds * RATE)):
        while ring.look(ring.tail) is None:
            step()
        slot = ring.look(ring.tail)
        assert slot is not None
        parts.append(slot.sound[: slot.samples].copy())
        ring.put_word(TAIL, ring.tail + 1)
        step()
    return np.concatenate(parts)


def test_ring_is_filled_and_never_over_what_is_not_taken(
    ring: Ring, step: Callable[[], None]
) -> None:
    for _ in range(50):
        step()
    assert ring.head == ring.shape.slots and ring.room() == 0
    assert ring.look(0) is not None


def test_slots_hold_exactly_the_samples_of_their_ticks(
    ring: Ring, step: Callable[[], None]
) -> None:
    sound = drawn(ring, step, 5.0)
    assert len(sound) == sound_before(RATE, round(5.0 * RATE))


def test_sound_goes_on_without_a_hole_from_song_to_song(
    ring: Ring, step: Callable[[], None]
) -> None:
    sound = drawn(ring, step, 12.0)
    blocks = sound[: len(sound) // 480 * 480].reshape(-1, 480, 2)
    assert np.abs(blocks.astype(int)).max(axis=(1, 2)).min() > 1000
    assert np.abs(np.diff(sound.astype(int), axis=0)).max() < 1000
