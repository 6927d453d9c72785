"""The player of music: it keeps a ring of sound full, song after song without a gap."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

import numpy as np

from config.child import beat
from config.clock import Clock
from config.readjson import read_json
from config.wholefile import replace_file
from playout.engine.format.ticks import sound_before
from playout.engine.links.ring import Ring, Sound
from playout.engine.music.songs import Song, measuring, played, songs_of

LOOK_EVERY = 0.1
FRAMES_MEASURED_A_STEP = 400
"""Frames of sound that are measured between two looks at the ring: some 8 seconds of music."""
LARGEST_KEPT = 1 << 20
KEPT_FILE = "music.json"


class KeptLoudness:
    """The loudness of songs, measured once; and the song that was begun last."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / KEPT_FILE
        self.known: dict[str, float | None] = {}
        self.last = ""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept = read_json(self._path, LARGEST_KEPT)
            known = {
                str(key): None if one is None else float(one) for key, one in kept["songs"].items()
            }
            self.known, self.last = known, str(kept["last"])

    def save(self, songs: list[Song]) -> None:
        """Write what is known of the songs that are there."""
        here = {song.key for song in songs}
        self.known = {key: one for key, one in self.known.items() if key in here}
        replace_file(self._path, json.dumps({"songs": self.known, "last": self.last}).encode())


class MusicPlayer:
    """Fills the ring. Call `step` ten times a second: it never blocks for long."""

    def __init__(self, ring: Ring, songs: Path, state: Path) -> None:
        self._ring, self._songs, self._kept = ring, songs, KeptLoudness(state)
        self._measured: tuple[Song, Iterator[float | None]] | None = None
        self._sound: Iterator[Sound] = iter(())
        self._rest: Sound = np.zeros((0, 2), dtype=np.int16)

    def step(self) -> None:
        """Fill the ring as far as there is room, and measure a little of a song not known yet."""
        while self._ring.room() > 0:
            position = self._ring.head
            rate = self._ring.shape.format.rate
            count = sound_before(rate, position + 1) - sound_before(rate, position)
            if not self._have(count):
                break
            slot = self._ring.begin(position)
            slot.sound[:count] = self._rest[:count]
            self._rest = self._rest[count:]
            self._ring.commit(position, 1, position, 0, count)
        self._measure()

    def _have(self, count: int) -> bool:
        """Return whether so many samples wait, after decoding what was lacking."""
        parts = [self._rest]
        have = len(self._rest)
        while have < count:
            block = next(self._sound, None)
            if block is None and not self._begin_next():
                break
            if block is not None:
                parts.append(block)
                have += len(block)
        self._rest = np.concatenate(parts)
        return have >= count

    def _begin_next(self) -> bool:
        """Begin the song after the last one, by name; return False where none can be played."""
        songs = [song for song in songs_of(self._songs) if self._kept.known.get(song.key)]
        if not songs:
            return False
        later = (song for song in songs if song.path.name > self._kept.last)
        song = next(later, songs[0])
        loudness = self._kept.known[song.key]
        assert loudness is not None
        self._kept.last = song.path.name
        sound = played(song.path, loudness)
        first = next(sound, None)
        if first is None:
            self._kept.known[song.key] = None
            return self._begin_next()
        self._sound = chain((first,), sound)
        self._kept.save(songs_of(self._songs))
        return True

    def _measure(self) -> None:
        if self._measured is None:
            songs = songs_of(self._songs)
            song = next((song for song in songs if song.key not in self._kept.known), None)
            if song is None:
                return
            self._measured = song, measuring(song.path)
        song, steps = self._measured
        values = list(islice(steps, FRAMES_MEASURED_A_STEP))
        if len(values) == FRAMES_MEASURED_A_STEP and values[-1] is None:
            return
        self._kept.known[song.key] = values[-1] if values else None
        self._measured = None
        self._kept.save(songs_of(self._songs))


def run_music(ring_handle: int, songs: Path, state: Path, clock: Clock) -> None:
    """Play the songs of a folder into the ring until the process is killed."""
    os.nice(5)
    player = MusicPlayer(Ring(ring_handle), songs, state)
    while True:
        player.step()
        beat()
        clock.wait(LOOK_EVERY)
