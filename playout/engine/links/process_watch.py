"""Problems of a channel's own processes, in sentences for staff."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from config.clock import Clock
from playout.engine.format.ticks import NS
from playout.engine.links.health_file import HEALTH_FILE
from playout.engine.links.port import SharedState
from playout.engine.links.stream_watch import StreamWatch
from playout.engine.links.target_watch import TargetWatch
from playout.model.engine_numbers import EngineNumbers

MONITOR_SILENT_AFTER = 30.0
"""Seconds without a report from the monitor until staff are told; a busy machine starts it late."""
UNWATCHED = (
    "No one is watching what is on air: the monitor has reported nothing for half a minute. "
    "A black, frozen or silent picture would not be noticed."
)
ENDING_KEY, STARTS_KEY = "ending", "starts"
STAFF_LOSE = {
    "monitor": "A black, frozen or silent picture may not be noticed.",
    "stream output": "Until then the stream has no new pictures.",
    "stream relay": "The stream has holes.",
    "watcher of the output": "What leaves is not compared with the program.",
    "keeper of recordings": "Recordings wait for it before they can air again.",
}
"""What staff lose while a process keeps ending, where the page does not show it anyway."""


class SupervisorReport:
    """The supervisor's word on its children, in memory that no full disk can refuse."""

    def __init__(self, handle: int) -> None:
        self._state = SharedState(handle)
        self._said: dict[str, object] = {}

    def ending(self, names: Sequence[str]) -> None:
        """Store the names of the processes that keep ending."""
        self._say(ENDING_KEY, list(names))

    def starts(self, counts: Mapping[str, int]) -> None:
        """Store how often each process was started."""
        self._say(STARTS_KEY, dict(counts))

    def _say(self, key: str, value: object) -> None:
        self._said[key] = value
        self._state.save(self._said)


class ProcessWatch:
    """The agent's view of its channel's processes."""

    def __init__(
        self, folder: Path, ending: int, clock: Clock, stream: StreamWatch | None = None
    ) -> None:
        self._stream, self._targets = stream, TargetWatch(folder, clock)
        self._path, self._ending, self._clock = folder / HEALTH_FILE, SharedState(ending), clock
        self._word, self._heard = self._written(), clock.monotonic()

    def problems(self) -> tuple[str, ...]:
        """Return a sentence or two for each problem. A problem disappears once it is over.

        The monitor counts as alive while its file changes; its instant is not compared, because its
        clock and the house's may differ.
        """
        word, now = self._written(), self._clock.monotonic()
        if word != self._word:
            self._word, self._heard = word, now
        silent = (UNWATCHED,) if now - self._heard > MONITOR_SILENT_AFTER * NS else ()
        stream = self._stream.problems() if self._stream is not None else ()
        targets = self._targets.problems()
        return (*map(_in_words, self._names()), *targets, *silent, *stream)

    def recent_words(self) -> int | None:
        """Return the words of captions that left recently; None where no stream is watched."""
        return self._stream.recent_words() if self._stream is not None else None

    def numbers(self) -> EngineNumbers:
        """Return what the processes count, as far as it is known."""
        starts = (self._ending.load() or {}).get(STARTS_KEY, {})
        stream = self._stream.numbers() if self._stream is not None else {}
        return EngineNumbers(
            {str(name): max(0, int(count) - 1) for name, count in starts.items()},
            stream,
            {one.shown: (one.sent, one.dropped, bool(one.since)) for one in self._targets.states()},
        )

    def _names(self) -> list[str]:
        names = (self._ending.load() or {}).get(ENDING_KEY, [])
        return [str(name) for name in names] if isinstance(names, list) else []

    def _written(self) -> int | None:
        """Return when the monitor last wrote. This needs no file descriptor, so it works when there
        are none left.
        """
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return None


def _in_words(name: str) -> str:
    means = f" {STAFF_LOSE[name]}" if name in STAFF_LOSE else ""
    return f"A process of this channel keeps ending and restarting: {name}.{means}"
