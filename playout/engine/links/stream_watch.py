"""Problems of the stream that leaves, in sentences for staff, from the relay's status."""

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.clock import Clock
from config.readjson import read_json
from playout.engine.format.ticks import NS
from playout.engine.links.stream_file import STREAM_FILE
from playout.model.caption_status import CAPTIONS_RECENT

LARGEST_STATUS_BYTES = 1 << 16
RELAY_SILENT_AFTER = 10.0
"""Seconds without a report from the relay until staff are told."""
NO_PICTURE_STEPS = ((60.0, "a minute"), (10.0, "ten seconds"), (3.0, "three seconds"))
"""Seconds without a picture, and the words for them. Few steps, so that the sentence stays."""
SILENT = (
    "The stream may have stopped: the process that sends it has reported nothing for ten seconds."
)
DROPPED = (
    "Pictures were dropped from the stream in the last ten seconds: the encoder makes more than "
    "the stream's rate, or this machine is too busy."
)
STALLED = "The stream was interrupted in the last ten seconds: this machine stood still."


class StreamWatch:
    """The agent's view of the stream. `names` has each output as staff may see it."""

    def __init__(self, folder: Path, names: Sequence[str], clock: Clock) -> None:
        self._path, self._names, self._clock = folder / STREAM_FILE, names, clock
        self._word, self._heard = self._written(), clock.monotonic()
        self._status: Mapping[str, Any] = {}
        self._words = deque[tuple[int, int]]()
        """Instants of the last reports, and how many words of captions had left by then."""

    def problems(self) -> tuple[str, ...]:
        """Return a sentence for each problem. A problem disappears once it is over."""
        word, now = self._written(), self._clock.monotonic()
        if word != self._word:
            self._word, self._heard = word, now
            self._status = self._read()
            self._count_words(now)
        elif now - self._heard > RELAY_SILENT_AFTER * NS:
            return (SILENT,)
        return tuple(_sentences(self._status, self._names))

    def numbers(self) -> dict[str, float]:
        """Return the numbers of the relay's last report; empty before the first."""
        plain = (int, float)
        return {
            name: value
            for name, value in self._status.items()
            if isinstance(value, plain) and not isinstance(value, bool)
        }

    def recent_words(self) -> int | None:
        """Return the words of captions that left recently; None while the relay does not report."""
        if not self._words or self._clock.monotonic() - self._heard > RELAY_SILENT_AFTER * NS:
            return None
        return self._words[-1][1] - self._words[0][1]

    def _count_words(self, now: int) -> None:
        count = int(_number(self._status.get("words")))
        if self._words and count < self._words[-1][1]:
            self._words.clear()  # a new relay counts from zero
            self._words.append((now, 0))
        self._words.append((now, count))
        while len(self._words) > 2 and self._words[1][0] <= now - CAPTIONS_RECENT * NS:
            self._words.popleft()

    def _written(self) -> int | None:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return None

    def _read(self) -> Mapping[str, Any]:
        try:
            status = read_json(self._path, LARGEST_STATUS_BYTES)
        except (OSError, ValueError):
            return {}
        return status if isinstance(status, dict) else {}


def _sentences(status: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    sentences = []
    missing = _number(status.get("since_picture"))
    for seconds, words in NO_PICTURE_STEPS:
        if missing >= seconds:
            sentences.append(f"The stream has had no new picture for {words}.")
            break
    recent = _mapping(status.get("recent"))
    if _number(recent.get("dropped")):
        sentences.append(DROPPED)
    if _number(recent.get("skipped")):
        sentences.append(STALLED)
    for number, way in _mapping(status.get("targets")).items():
        if _number(_mapping(way).get("recent")):
            sentences.append(
                f"{_name(number, names)} does not take the whole stream: parts of it were dropped "
                "in the last ten seconds."
            )
    for number, reason in _mapping(status.get("closed")).items():
        sentences.append(f"{_name(number, names)} cannot be opened: {reason}.")
    return sentences


def _name(number: str, names: Sequence[str]) -> str:
    place = int(number) if number.isdigit() else -1
    shown = f" ({names[place]})" if 0 <= place < len(names) else ""
    return f"Output {place + 1}{shown}"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
