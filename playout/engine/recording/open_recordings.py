"""The recordings that are open on one source, and what is wrong with any of them."""

import logging
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from config.clock import Clock
from config.disk import RECORDING_STOPS_BELOW
from config.names import AiringId
from config.wholefile import safe
from playout.engine.format.ticks import NS
from playout.engine.links.packets import CodedPacket, StreamFormat
from playout.engine.recording.pieces import RECORDINGS_FOLDER, note_opened, pieces_of, seconds_of
from playout.engine.recording.recorder import FileCloser, Recorder, RecordError

log = logging.getLogger(__name__)

ASSUMED_BYTES_PER_SECOND = 1_000_000.0
"""Bytes a second assumed of a source in its first minute, before its own rate is known."""
DISK_RETRIED_AFTER = 5.0
"""Seconds after which a disk that refused a write is tried again."""


@dataclass
class _OpenRecording:
    """The recording of one airing in one folder, and its latest fault."""

    recorder: Recorder
    before: float = 0.0
    """Seconds already recorded when this process began."""
    problem: str = ""
    failed_at: int = 0


@dataclass
class OpenRecordings:
    """Writes the packets of one source into the recording of every airing that is open now."""

    root: Path
    clock: Clock
    _closer: FileCloser = field(default_factory=FileCloser)
    _kept: dict[AiringId, _OpenRecording] = field(default_factory=dict)
    _form: StreamFormat | None = None
    _bytes: int = 0
    _since: int = 0

    def open(self, airings: Sequence[AiringId], recess: Collection[AiringId] = ()) -> None:
        """Record these airings, those in `recess` into pieces of their own; close all others."""
        for airing in [known for known in self._kept if known not in airings]:
            self._kept.pop(airing).recorder.close()
        for airing in airings:
            if airing not in self._kept:
                folder = self.root / RECORDINGS_FOLDER / safe(airing)
                with suppress(OSError):
                    note_opened(folder, airing, self.clock.utc())
                kept = _OpenRecording(Recorder(folder, self._closer), seconds_of(pieces_of(folder)))
                self._kept[airing] = kept
                if self._form is not None:
                    kept.recorder.begin(self._form)
            self._kept[airing].recorder.recess(airing in recess)

    def begin(self, form: StreamFormat | None) -> None:
        """Begin a stretch in this format; None where the source is gone."""
        self._form = form
        for kept in self._kept.values():
            if form is None:
                kept.recorder.close()
            else:
                kept.recorder.begin(form)

    def write(self, pack: CodedPacket, now: datetime) -> None:
        """Write a packet into every recording; `now` is its arrival, UTC."""
        self._bytes += len(pack.data)
        self._since = self._since or pack.arrival
        for kept in self._kept.values():
            if kept.problem and self.clock.monotonic() - kept.failed_at < DISK_RETRIED_AFTER * NS:
                continue
            try:
                kept.recorder.write(pack, now)
                kept.problem = ""
            except RecordError as error:
                log.error("%s", error)
                kept.problem, kept.failed_at = str(error), self.clock.monotonic()
                if self._form is not None:
                    kept.recorder.begin(self._form)

    def seconds(self) -> dict[str, float]:
        """Return the seconds recorded of each airing, by this process and those before it."""
        return {
            airing: round(kept.before + kept.recorder.seconds, 3)
            for airing, kept in self._kept.items()
        }

    def lacks_room(self, seconds: float) -> str:
        """Say how long the disk still lasts if that is less than `seconds`; empty when it lasts
        longer.
        """
        passed = (self.clock.monotonic() - self._since) / NS if self._since else 0.0
        rate = self._bytes / passed if passed > 60 else ASSUMED_BYTES_PER_SECOND
        with suppress(OSError):
            room = shutil.disk_usage(self.root).free - RECORDING_STOPS_BELOW
            if self._kept and room < seconds * rate * len(self._kept):
                minutes = max(0, round(room / rate / len(self._kept) / 60))
                return f"The recording disk has room for about {minutes} minutes more."
        return ""

    def problem(self) -> str:
        """Say what keeps any airing from being recorded; empty when nothing does."""
        return next((kept.problem for kept in self._kept.values() if kept.problem), "")
