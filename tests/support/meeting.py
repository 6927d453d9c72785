"""Meeting-like material for the watcher of the output, drawn picture by picture.

A static camera with noise in a dim room, heads that move a little, a speaker with pauses; between
them recess slates with and without music, still bulletins, dark title cards, and a moving film.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Luma: TypeAlias = NDArray[np.uint8]
Sound: TypeAlias = NDArray[np.float32]
RATE = 48_000


@dataclass(frozen=True)
class Scene:
    """One stretch of program: its kind, seconds, and a number that makes it like no other."""

    kind: str
    """`room`, `still room`, `slate`, `music slate`, `card`, `bulletin` or `film`."""
    seconds: float
    seed: int = 0


class Meeting:
    """A program of scenes, one after another, repeated for ever."""

    def __init__(self, scenes: Sequence[Scene], width: int = 640, height: int = 360) -> None:
        self.scenes, self.width, self.height = tuple(scenes), width, height
        self._backs: dict[Scene, Luma] = {}
        rng = np.random.default_rng(7)
        self._noise = [rng.normal(0, 2.5, (height, width)).astype(np.int16) for _ in range(13)]
        self._hiss = rng.normal(0, 1, RATE).astype(np.float32)
        self.seconds = sum(scene.seconds for scene in scenes)

    def at(self, t: float) -> tuple[Scene, float]:
        """Return the scene at `t` seconds, and the seconds into it."""
        left = t % self.seconds
        for scene in self.scenes:
            if left < scene.seconds:
                return scene, left
            left -= scene.seconds
        return self.scenes[-1], left

    def luma(self, t: float) -> Luma:
        """Return the picture at `t` seconds."""
        scene, inside = self.at(t)
        back = self._back(scene)
        if scene.kind in ("room", "still room"):
            return self._room(scene, back, inside)
        if scene.kind == "film":
            shift = round(inside * 90)
            return np.roll(back, (shift // 3, shift), (0, 1))
        return back

    def sound(self, t: float, count: int) -> Sound:
        """Return so many samples from `t` seconds on, one channel, of full scale 1."""
        scene, _ = self.at(t)
        times = t + np.arange(count) / RATE
        if scene.kind in ("slate", "bulletin", "card"):
            return np.zeros(count, np.float32)
        if scene.kind == "music slate":
            tune = np.sin(times * 2 * np.pi * (220 + 55 * (int(t) % 4))) * 0.05
            return tune.astype(np.float32)
        hiss = np.resize(np.roll(self._hiss, -int(t * RATE) % RATE), count)
        # Words of a third of a second, breaths, and a pause of 2.5 s in each 11.
        speaks = (times % 11 < 8.5) * (np.sin(times * 2 * np.pi * 1.4) > -0.5)
        level = 0.0003 + 0.06 * speaks * (1 + 0.4 * np.sin(times * 0.7))
        return (hiss * level).astype(np.float32)

    def _room(self, scene: Scene, back: Luma, t: float) -> Luma:
        picture = back.astype(np.int16)
        height, width = back.shape
        still = scene.kind == "still room"
        for head in range(3):
            sway = 0.0 if still else np.sin(t * (0.9 + 0.3 * head) + head) * width / 40
            nod = 0.0 if still else np.sin(t * (1.7 + 0.2 * head)) * height / 60
            x, y = width * (head + 1) // 4 + round(sway), height * 5 // 9 + round(nod)
            wide, tall = width // 20, height // 7
            picture[y - tall : y + tall, x - wide : x + wide] = 150 - 25 * head
            picture[y : y + 4, x - wide // 2 : x + wide // 2] = 60
        picture += self._noise[int(t * 30) % len(self._noise)]
        return picture.clip(16, 235).astype(np.uint8)

    def _back(self, scene: Scene) -> Luma:
        if scene not in self._backs:
            self._backs[scene] = self._drawn(scene)
        return self._backs[scene]

    def _drawn(self, scene: Scene) -> Luma:
        rng = np.random.default_rng(scene.seed)
        shape = (self.height, self.width)
        if scene.kind in ("room", "still room"):
            across, down = np.linspace(45, 95, self.width), np.linspace(0, 25, self.height)
            back = (across[None, :] + down[:, None]).astype(np.int16)
            for _ in range(14):
                x, y = rng.integers(0, self.width), rng.integers(0, self.height)
                back[y : y + self.height // 6, x : x + self.width // 9] = rng.integers(30, 130)
        elif scene.kind == "film":
            small = rng.integers(20, 230, (self.height // 20, self.width // 20))
            back = np.kron(small, np.ones((20, 20), np.int16)).astype(np.int16)
        else:
            dark = {"card": 18, "slate": 40}.get(scene.kind, 170)
            back = np.full(shape, dark, np.int16)
            for line in range(3 if scene.kind == "card" else 7):
                y = self.height // 4 + line * self.height // 12
                letters = rng.integers(0, 2, self.width // 10) * (90 if dark < 100 else -110)
                row = np.repeat(letters, 5)[None, :]
                left = self.width // 4
                back[y : y + self.height // 30, left : left + row.shape[1]] += row.astype(np.int16)
        return np.clip(back, 16, 235).astype(np.uint8)
