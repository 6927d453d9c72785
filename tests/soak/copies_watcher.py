"""A watcher, from outside, of one recording's copies: on its machine, the server, in the backup."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.apart import ServerAndMachines

from config.names import AssetKey


@dataclass
class Watcher:
    """A watcher of the recording's copies, from outside."""

    scene: ServerAndMachines
    films: frozenset[AssetKey]
    key: AssetKey | None = None
    size: int = 0
    wrong: list[str] = field(default_factory=list)
    """Moments at which too few copies were there."""
    looks: int = 0

    def look(self) -> None:
        """Look once. The machine is looked at first, because the other places only gain."""
        machine = self.scene.store("a")
        if self.key is None:
            new = [(key, size) for key, size in machine.oldest_first() if key not in self.films]
            if new:
                (self.key, self.size), *_ = new
            return
        self.looks += 1
        if machine.home(self.key) is None and not (self.at_server and self.in_backup):
            self.wrong.append(f"{time.time():.2f}: {self.at_server=}, {self.in_backup=}")

    @property
    def at_server(self) -> bool:
        return self.key is not None and self.scene.store("s").home(self.key) is not None

    @property
    def in_backup(self) -> bool:
        return self.key is not None and bool(self.backed_up())

    def backed_up(self) -> list[Path]:
        """Return the file in the backup."""
        return [*self.scene.backups.glob(f"objects/??/{self.key}*")]

    @property
    def is_over(self) -> bool:
        """Whether the machine has let its copy go."""
        return self.key is not None and self.scene.store("a").home(self.key) is None


@contextmanager
def looking(watcher: Watcher) -> Iterator[None]:
    """Let the watcher look all the time."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            watcher.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
