"""The journal's memory: everything the host must remember of the entries up to a number.

It is written to disk now and then. A start reads this one value and the few entries after it,
however long the host has been without a server.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.names import CueId
from config.readjson import read_bounded
from config.wholefile import write_whole
from playout.host.journal_segments import instant_of
from playout.model.wire import AsRun, JournalEntry
from playout.state.air_state import AirState, forget
from playout.state.fold import apply
from playout.state.fold_lives import RECORDINGS_KEPT_FOR

log = logging.getLogger(__name__)

NAMES_KEPT_FOR = timedelta(days=11)
"""How long ids of entries are remembered: longer than the eight days of air log counted again, and
than the state of air remembers names, because a lost memory is folded from no more than these."""
NAMED = ("as-run", "alarm", "fact")
"""Kinds of entries that may have a name of their own, under which they are written once."""
AS_RUN = "as-run:"
BELIEVED = "clock-believed:"
"""How the id begins of the entry that says why a clock behind the journal is believed."""
_SECOND = "%Y%m%dT%H%M%S"
LARGEST_MEMORY = 64 << 20
VERSION = 1
"""Raised when the fold changes its meaning: a memory of another version is folded again."""


@dataclass
class JournalMemory:
    """The fold of all entries up to `number`."""

    number: int = 0
    at: datetime | None = None
    """The latest instant of any entry since a clock behind the journal was believed last."""
    state: AirState = field(default_factory=AirState)
    command: int = 0
    """Number of the server's command that was answered last."""
    command_id: str = ""
    names: dict[str, datetime] = field(default_factory=dict)
    """As-run rows, alarms and measurements that must not be written twice, by their ids."""
    reported: dict[CueId, datetime] = field(default_factory=dict)
    """Cues that have their as-run row."""
    ends: dict[CueId, datetime] = field(default_factory=dict)
    """The end of the last row of each of these cues."""
    commands: dict[str, datetime] = field(default_factory=dict)
    """Commands that were answered, by their ids."""
    again: dict[str, datetime] = field(default_factory=dict)
    """Ids of as-run rows of a clock that was ahead: a row of the same instant gets another id."""
    version: int = VERSION

    def take(self, entry: JournalEntry) -> None:
        """Apply the next entry."""
        self.number = max(self.number, entry.number)
        if entry.id.startswith(BELIEVED):
            self._leave_future(entry.at)
        self.at = entry.at if self.at is None else max(self.at, entry.at)
        if entry.fact is not None:
            self.state = apply(self.state, entry.fact)
        if not entry.id.startswith(f"{entry.number}-") and entry.kind in NAMED:
            self.names[entry.id] = entry.at
        if entry.as_run is not None:
            self.reported[entry.as_run.cue] = entry.at
            self.ends[entry.as_run.cue] = entry.as_run.end
        if entry.command is not None:
            self.commands[entry.command.id] = entry.at
            if entry.command.number:
                self.command, self.command_id = entry.command.number, entry.command.id

    def _leave_future(self, now: datetime) -> None:
        """Forget that airings of after `now` have their rows: a clock that was ahead wrote those,
        and the airings are still to come. Also of those that have not ended by `now`.
        """
        self.at = now
        due = {cue.id for cue in self.state.pinned if cue.end > now}
        due |= {cue for cue, end in self.ends.items() if end > now}
        for name, at in [*self.names.items()]:
            cue = CueId(name.removeprefix(AS_RUN).rpartition(":")[0])
            if name.startswith(AS_RUN) and at > now and cue in due:
                self.again[name] = now
                del self.names[name]
                self.reported.pop(cue, None)

    def name_of(self, row: AsRun) -> str:
        """Return the id under which a row is written."""
        name = as_run_id(row.cue, row.start)
        while name in self.again:
            name += "+"
        return name

    def knows(self, entry: JournalEntry) -> bool:
        """Return whether this entry, or its command, is here already."""
        command = entry.command
        return entry.id in self.names or (command is not None and command.id in self.commands)

    def forget(self) -> None:
        """Drop what is too old to matter, so that memory stays bounded."""
        now = self.at
        if now is None:
            return
        self.state = forget(self.state, now)
        for known in (self.names, self.reported, self.ends, self.commands, self.again):
            _forget(known, now)


def _forget(known: dict[Any, datetime], now: datetime) -> None:
    for name in [name for name, at in known.items() if now - at >= NAMES_KEPT_FOR]:
        del known[name]


def recent(lines: Iterator[bytes], newest: bytes) -> Iterator[bytes]:
    """Yield the lines that still matter if no memory is on disk, as after an upgrade.

    Eleven days matter, and recordings for as long as a replay may name them. The lines are picked
    by their text alone, because a host that was long alone has hundreds of thousands. `newest` is
    the instant of the newest line, as `instant_of` returns it.
    """
    if not newest:
        return
    now = datetime.fromisoformat(newest.decode())
    since = (now - NAMES_KEPT_FOR).isoformat().encode()
    recorded_since = (now - RECORDINGS_KEPT_FOR).isoformat().encode()
    for line in lines:
        at = instant_of(line)
        if at >= since or (at >= recorded_since and b'"what":"recorded"' in line):
            yield line


_MEMORY = TypeAdapter(JournalMemory)


def keep_memory(path: Path, memory: JournalMemory) -> None:
    """Write the memory whole, with a digest, and keep the one before. Raises OSError."""
    body = _MEMORY.dump_json(memory)
    content = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    write_whole(path, content, keep_previous=True)


def read_memory(path: Path) -> JournalMemory:
    """Return the newest memory whose digest is right; an empty one if there is none."""
    for candidate in (path, path.with_name(path.name + ".previous")):
        try:
            digest, _, body = read_bounded(candidate, LARGEST_MEMORY).partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                raise ValueError("its digest is another")
            memory = _MEMORY.validate_json(body)
            if memory.version == VERSION:
                return memory
        except FileNotFoundError:
            continue
        except (OSError, ValidationError, ValueError) as error:
            log.warning("%s cannot be used, the journal is read instead: %s", candidate, error)
    return JournalMemory()


def as_run_id(cue: CueId, start: datetime) -> str:
    """Return the id of a row: the same however often its stretch of air is judged."""
    return f"{AS_RUN}{cue}:{start:{_SECOND}}"
