"""Problems of a channel's targets, in sentences for staff."""

from pathlib import Path

from config.clock import Clock
from playout.engine.format.ticks import NS
from playout.engine.links.target_state import TargetState, read_state, state_files

SILENT_AFTER = 60.0
"""Seconds without a state from a target's process until staff are told; it is killed before."""


class TargetWatch:
    """The agent's view of the targets that have a process of their own."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._changed: dict[Path, tuple[int, int]] = {}
        """When each state was written, and the monotonic instant at which that was seen."""
        self._states: dict[Path, TargetState] = {}

    def problems(self) -> tuple[str, ...]:
        """Return a sentence for each target that the stream does not reach. A state that cannot be
        read at the moment counts as it was.
        """
        try:
            paths = state_files(self._folder)
        except OSError:
            paths = []
        found = (self._problem(path) for path in paths)
        return tuple(problem for problem in found if problem)

    def states(self) -> tuple[TargetState, ...]:
        """Return the state of each target as it was last read."""
        return tuple(self._states.values())

    def _problem(self, path: Path) -> str:
        try:
            written = path.stat().st_mtime_ns
        except OSError:
            return ""
        now = self._clock.monotonic()
        before, seen = self._changed.get(path, (None, now))
        if written != before:
            self._changed[path] = written, now
            state = read_state(path)
            if state is not None:
                self._states[path] = state
        known = self._states.get(path)
        if known is None:
            return ""
        if written == before and now - seen > SILENT_AFTER * NS:
            return f"The process that sends to {known.shown} has reported nothing for a minute."
        return known.problem
