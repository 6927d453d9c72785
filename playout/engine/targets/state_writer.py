"""A thread that writes the state of a target to disk, so that a disk that hangs holds up no
stream.
"""

import threading
from pathlib import Path

from config.wholefile import replace_file
from playout.engine.links.target_state import TargetState


class StateWriter:
    """Writes the newest state. One that the disk has not taken yet is replaced by the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._newest: TargetState | None = None
        self._wake = threading.Event()
        threading.Thread(target=self._run, daemon=True, name="state").start()

    def write(self, state: TargetState) -> None:
        """Have this state written; returns at once."""
        self._newest = state
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._newest is not None:
                replace_file(self._path, self._newest.to_json())
