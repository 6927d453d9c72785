"""The player of music: every song as loud as a program, in order, and only what can be played."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from support.music import write_song

from config.names import SAMPLE_RATE, HouseFormat
from playout.engine.links.ring import TAIL, Ring, Sound
from playout.engine.links.ring_shape import make_ring, music_shape
from playout.engine.loudness.meter import HopMeter
from playout.engine.loudness.tally import LoudnessTally
from playout.engine.music.player import KEPT_FILE, MusicPlayer
from playout.engine.music.songs import songs_of

RATE = HouseFormat.parse("64x36@25").rate


@pytest.fixture
def ring() -> Iterator[Ring]:
    handle = make_ring("music", music_shape(RATE))
    yield Ring(handle)
    os.close(handle)


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    folder = tmp_path / "songs"
    folder.mkdir()
    return folder


def drawn(player: MusicPlayer, ring: Ring, seconds: float) -> Sound:
    """Take so much sound as the bus would; what does not come within 200 steps is missing."""
    parts: list[Sound] = []
    idle = 0
    while len(parts) < seconds * RATE and idle < 200:
        slot = ring.look(ring.tail)
        if slot is None:
            player.step()
            idle += 1
            continue
        idle = 0
        parts.append(slot.sound[: slot.samples].copy())
        ring.put_word(TAIL, ring.tail + 1)
    return np.concatenate(parts) if parts else np.zeros((0, 2), dtype=np.int16)


def loudness(sound: Sound) -> float | None:
    tally, meter = LoudnessTally(), HopMeter()
    for hop in meter.hear(sound):
        tally.add(hop)
    return tally.integrated()


def hertz(sound: Sound) -> int:
    """Return the strongest frequency, to 10 Hz."""
    spectrum = np.abs(np.fft.rfft(sound[:, 0]))
    return round(int(spectrum.argmax()) * SAMPLE_RATE / len(sound) / 10) * 10


@pytest.mark.parametrize(("level", "rate"), [(-40.0, 48000), (-3.0, 48000), (-12.0, 44100)])
def test_every_song_is_as_loud_as_a_program(
    ring: Ring, songs: Path, tmp_path: Path, level: float, rate: int
) -> None:
    write_song(songs / "a.wav", 4.0, 997.0, level, rate)
    sound = drawn(MusicPlayer(ring, songs, tmp_path), ring, 8.0)
    assert loudness(sound) == pytest.approx(-24.0, abs=0.3)
    assert hertz(sound[:SAMPLE_RATE]) == 1000


def test_songs_play_by_name_and_a_new_player_goes_on_with_the_next(
    ring: Ring, songs: Path, tmp_path: Path
) -> None:
    for number, name in enumerate(("c", "a", "b"), 1):
        write_song(songs / f"{name}.wav", 1.0, 500.0 * number, -20.0)
    first = MusicPlayer(ring, songs, tmp_path)
    for _ in range(10):
        first.step()
    drawn(first, ring, 6.0)
    played = json.loads((tmp_path / KEPT_FILE).read_text())["last"]
    handle = make_ring("again", music_shape(RATE))
    again = Ring(handle)
    sound = drawn(MusicPlayer(again, songs, tmp_path), again, 3.0)
    order = [hertz(sound[at * SAMPLE_RATE : (at + 1) * SAMPLE_RATE]) for at in range(3)]
    os.close(handle)
    tones = {"a.wav": 1000, "b.wav": 1500, "c.wav": 500}
    names = sorted(tones)
    at = names.index(played) + 1

    assert order == [tones[names[(at + n) % 3]] for n in range(3)]


def test_loudness_is_measured_once_and_kept(ring: Ring, songs: Path, tmp_path: Path) -> None:
    path = write_song(songs / "a.wav", 1.0, 997.0, -20.0)
    drawn(MusicPlayer(ring, songs, tmp_path), ring, 1.0)
    (key,) = json.loads((tmp_path / KEPT_FILE).read_text())["songs"]
    kept = json.loads((tmp_path / KEPT_FILE).read_text())
    kept["songs"][key] = -44.0
    (tmp_path / KEPT_FILE).write_text(json.dumps(kept))
    handle = make_ring("again", music_shape(RATE))
    louder = drawn(MusicPlayer(Ring(handle), songs, tmp_path), Ring(handle), 2.0)
    os.close(handle)

    assert key.startswith(path.name)
    assert loudness(louder) == pytest.approx(0.0, abs=1.5), "what was kept is believed"


@pytest.mark.parametrize("content", [b"", b"no music at all", b"RIFF0000WAVEfmt ", None])
def test_what_cannot_be_played_is_left_out(
    ring: Ring, songs: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (songs / "a.wav").write_bytes(content)
    (songs / "folder").mkdir()
    (songs / ".hidden.wav").write_bytes(b"x")
    player = MusicPlayer(ring, songs, tmp_path)
    assert len(drawn(player, ring, 1.0)) == 0
    write_song(songs / "b.wav", 1.0, 500.0, -20.0)
    assert len(drawn(player, ring, 1.0)) == SAMPLE_RATE


@pytest.mark.parametrize("text", ["", "[]", '{"songs": {"a": "x"}}', '{"songs": []}'])
def test_a_damaged_memory_of_loudness_is_made_again(
    ring: Ring, songs: Path, tmp_path: Path, text: str
) -> None:
    (tmp_path / KEPT_FILE).write_text(text)
    write_song(songs / "a.wav", 1.0, 500.0, -20.0)
    assert len(drawn(MusicPlayer(ring, songs, tmp_path), ring, 1.0)) == SAMPLE_RATE


def test_a_folder_that_is_not_there_is_silence(ring: Ring, tmp_path: Path) -> None:
    assert songs_of(tmp_path / "none") == []
    assert len(drawn(MusicPlayer(ring, tmp_path / "none", tmp_path), ring, 1.0)) == 0
