"""The host's journal: append-only files of JSON lines, synced so that they survive a power cut."""

import os
import secrets
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from config.names import CueId, Revision
from config.wholefile import write_whole
from playout.host import journal_segments
from playout.host.journal_memory import BELIEVED, keep_memory, read_memory, recent
from playout.model.commands import Command
from playout.model.events import Event
from playout.model.history import HistoryMark
from playout.model.wire import AsRun, EntryKind, JournalEntry, encode
from playout.state.air_state import AirState
from playout.state.fold_lives import RECORDINGS_KEPT_FOR

SEGMENT_BYTES = 1 << 20
"""A journal file is closed at this size: about three days, read in a tenth of a second."""
SEGMENTS_KEPT_FOR = RECORDINGS_KEPT_FOR
"""How long entries stay on disk: a restored server, or a lost memory, asks for them again."""
ENTRIES_PER_REPORT = 200
"""The most entries in one report."""
MOST_UNSAVED = 20_000
"""The most entries that wait in memory while the disk takes none: about three weeks."""


class Journal:
    """Numbered entries on disk, and how far the server has acknowledged them.

    In memory are only `state`, the names of eleven days, and the next batch for the server. A file
    that reaches SEGMENT_BYTES is closed, and the memory so far is written beside it; a start reads
    that memory and the entries after it. A closed file is removed once the server has all of it and
    it is older than any recording that a replay may name. While the disk refuses entries they stay
    in memory, and `problem` says so: the channel stays on air without its journal.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.problem = path, ""
        self._unsaved: deque[JournalEntry] = deque(maxlen=MOST_UNSAVED)
        self._batch: list[JournalEntry] = []
        self._nothing_after = -1
        """The last number given, if no entry up to it waits: a full disk may have dropped some."""
        self._lock = threading.Lock()
        self._file: int | None = None
        self._size, self._cut_at = 0, SEGMENT_BYTES
        self._memory = read_memory(self._beside("snapshot"))
        self._load()
        self._cut_at_start()

    def _load(self) -> None:
        """Apply the entries that follow the memory written last."""
        lines = journal_segments.lines_after(self.path, self._memory.number)
        last, newest = journal_segments.newest(self.path)
        # Without a memory, as after the upgrade or a damaged file, fold what still matters of the
        # whole journal and write the memory at once: it may be years of entries.
        without_memory = not self._memory.number
        if without_memory:
            lines = recent(lines, newest)
        for entry in journal_segments.entries(lines, self._memory.number):
            self._memory.take(entry)
        if without_memory and journal_segments.closed(self.path):
            with suppress(OSError):
                keep_memory(self._beside("snapshot"), self._memory)
        self.acknowledged, self.acknowledged_id = self._read_acknowledged()
        # No number that the server has acknowledged is given again, even if its entry was lost.
        self._next = max(last, self._memory.number, self.acknowledged) + 1

    @property
    def state(self) -> AirState:
        """The state of air: the fold of all facts ever written."""
        return self._memory.state

    @property
    def reported(self) -> Sequence[CueId]:
        """Cues of the last days that have an as-run row."""
        return tuple(self._memory.reported)

    @property
    def last_instant(self) -> datetime | None:
        """The latest instant, UTC, of the entries since `believe`; None before the first."""
        return self._memory.at

    @property
    def last_command(self) -> HistoryMark:
        """The server's command answered last; after a restore the server's numbers begin lower."""
        return HistoryMark(self._memory.command, self._memory.command_id)

    def knows(self, command: Command) -> bool:
        """Return whether this command was answered before."""
        return command.id in self._memory.commands

    def kept(self, after: int = 0) -> Iterator[JournalEntry]:
        """Yield the entries after a number that are still here, oldest first, lazily from disk."""
        last = after
        lines = journal_segments.lines_after(self.path, after)
        for entry in journal_segments.entries(lines, after):
            last = entry.number
            yield entry
        yield from [entry for entry in self._unsaved if entry.number > last]

    def fact(self, at: datetime, fact: Event, name: str = "") -> None:
        """Write an event; only once for each `name`, if it has one."""
        if not name or name not in self._memory.names:
            self._append(JournalEntry(0, name, at, "fact", fact=fact))

    def as_run(self, at: datetime, row: AsRun) -> bool:
        """Write an as-run row. Return False if the journal has it already."""
        if (name := self._memory.name_of(row)) in self._memory.names:
            return False
        self._append(JournalEntry(0, name, at, "as-run", as_run=row))
        return True

    def command(self, at: datetime, command: Command, refused: str | None = None) -> None:
        """Write a command that was obeyed, or why it was `refused`."""
        kind: EntryKind = "command" if refused is None else "refused"
        name, text = f"{kind}:{command.id}", refused or ""
        self._append(JournalEntry(0, name, at, kind, command=command, text=text))

    def copied(self, entry: JournalEntry) -> None:
        """Write an entry as the channel's other machine did, unless it is here already."""
        if not self._memory.knows(entry):
            self._append(replace(entry, number=0))

    @property
    def last_number(self) -> int:
        """Number of the newest entry; 0 before the first."""
        return self._next - 1

    def adopted(self, at: datetime, revision: Revision) -> None:
        """Write that another plan is in force."""
        self._append(JournalEntry(0, "", at, "adopted", revision=revision))

    def alarm(self, at: datetime, text: str, name: str = "") -> None:
        """Write an alarm for staff; only once for each `name`, if it has one."""
        if not name or name not in self._memory.names:
            self._append(JournalEntry(0, name, at, "alarm", text=text))

    def believe(self, at: datetime, why: str) -> None:
        """Write why a clock that says `at` is believed although later entries are here."""
        self.alarm(at, why, f"{BELIEVED}{self._next}-{secrets.token_hex(6)}")

    def waiting(self, most: int = ENTRIES_PER_REPORT) -> Sequence[JournalEntry]:
        """Return entries that the server has not stored yet, oldest first.

        The next ones follow once these are acknowledged, so memory never holds all unsent history.
        """
        with self._lock:
            self._batch = [entry for entry in self._batch if entry.number > self.acknowledged]
            last = self._next - 1
            if not self._batch and last not in (self.acknowledged, self._nothing_after):
                self._batch = list(islice(self.kept(self.acknowledged), ENTRIES_PER_REPORT))
                self._nothing_after = -1 if self._batch else last
            return self._batch[:most]

    def acknowledge(self, number: int) -> None:
        """Note that the server has stored everything up to `number`."""
        with self._lock:
            if number <= self.acknowledged:
                return
            stored = (entry.id for entry in reversed(self._batch) if entry.number <= number)
            self._next = max(self._next, number + 1)
            self._keep_acknowledged(number, next(stored, ""))

    def set_aside(self, name: str) -> bool:
        """Skip the entry of this id, which the server refuses for good; it stays in the journal.

        The acknowledged id remains that of the entry before it, which the server has. Return False
        if this entry is not the next to be sent.
        """
        with self._lock:
            following = next((e for e in self._batch if e.number > self.acknowledged), None)
            if following is None or following.id != name:
                return False
            self._keep_acknowledged(following.number, self.acknowledged_id)
            return True

    def resume(self, after: str) -> None:
        """Send again what follows the entry of id `after`: a restored server lacks it.

        Send all entries kept here if that id is empty or unknown.
        """
        with self._lock:
            known = (entry for entry in self.kept() if after and entry.id == after)
            last = deque(known, maxlen=1)
            number, name = (last[0].number, last[0].id) if last else (0, "")
            self._batch, self._nothing_after = [], -1
            self._keep_acknowledged(number, name)

    def try_again(self) -> None:
        """Write what the disk refused, without waiting for the next entry."""
        with self._lock:
            if self.problem:
                self._save()
                if not self.problem:
                    self._keep_acknowledged(self.acknowledged, self.acknowledged_id)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _append(self, entry: JournalEntry) -> None:
        with self._lock:
            name = entry.id or f"{self._next}-{secrets.token_hex(6)}"
            entry = replace(entry, number=self._next, id=name)
            # Only an entry that directly follows the batch may join it; others are read from disk
            # when their turn comes, so that none is left out.
            known = self._batch[-1].number if self._batch else self.acknowledged
            if known == self._next - 1 and len(self._batch) < ENTRIES_PER_REPORT:
                self._batch.append(entry)
            self._next += 1
            self._memory.take(entry)
            self._unsaved.append(entry)
            self._save()
            if self._size >= self._cut_at and not self._unsaved:
                self._cut()

    def _save(self) -> None:
        """Write and sync the unsaved entries."""
        try:
            if self._file is None:
                self._file, self._size = journal_segments.open_to_append(self.path)
            body = b"".join(encode(entry) + b"\n" for entry in self._unsaved)
            written = 0
            while written < len(body):
                written += os.write(self._file, body[written:])
            os.fsync(self._file)
            self._size += written
        except OSError as error:
            self.problem = f"The journal cannot be written: {error.strerror}."
            self.close()
            return
        self.problem = ""
        self._unsaved.clear()

    def _cut_at_start(self) -> None:
        """Close a file that is too large now, as the next entry may be hours away."""
        with suppress(OSError):
            self._size = self.path.stat().st_size
        if self._size >= self._cut_at:
            self._cut()

    def _cut(self) -> None:
        """Close the file being written.

        The memory is written first. A power cut in between leaves entries both in the memory and in
        the open file; the memory's number says which to skip.
        """
        try:
            self._memory.forget()
            keep_memory(self._beside("snapshot"), self._memory)
            self.close()
            journal_segments.close(self.path, self._memory.number)
        except OSError as error:
            self.problem = f"The journal's disk refuses to be written: {error.strerror}."
            # Try again after an eighth more, not with every entry: each try syncs a large file.
            self._cut_at = self._size + SEGMENT_BYTES // 8
            return
        self._size, self._cut_at = 0, SEGMENT_BYTES
        with suppress(OSError):
            self._tidy()

    def _tidy(self) -> None:
        """Remove closed files that are old and stored by the server in full."""
        files = journal_segments.closed(self.path)
        for (_, file), (following, after) in zip(files, files[1:], strict=False):
            first = journal_segments.first_entry(after)
            age = (self._memory.at or first.at) - first.at if first is not None else timedelta(0)
            if age < SEGMENTS_KEPT_FOR or following > self.acknowledged + 1:
                return
            file.unlink()

    def _keep_acknowledged(self, number: int, name: str) -> None:
        self.acknowledged, self.acknowledged_id = number, name
        try:
            write_whole(self._beside("acknowledged"), f"{number} {name}".strip().encode())
        except OSError as error:
            self.problem = f"The journal's disk refuses to be written: {error.strerror}."

    def _beside(self, name: str) -> Path:
        return self.path.with_name(f"{self.path.stem}.{name}")

    def _read_acknowledged(self) -> tuple[int, str]:
        """Return number and id of the last entry the server has; older files have no id."""
        try:
            number, _, name = self._beside("acknowledged").read_text().partition(" ")
            at = int(number)
            same = (entry.id for entry in islice(self.kept(at - 1), 1) if entry.number == at)
            return at, name or next(same, "")
        except (OSError, ValueError):
            return 0, ""
