"""The host's memory: an append-only, fsynced file of JSON lines that survives any power cut."""

import os
import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from config.names import CueId, Revision
from config.wholefile import write_whole
from playout.history import Mark
from playout.live import Event, Recorded
from playout.lives import KEEP_RECORDINGS
from playout.wire import AsRun, Command, JournalEntry, WireError, decode, encode

KEPT = timedelta(days=10)
"""Lines older than this are dropped at the start, once the server has them."""


class Journal:
    """Numbered entries; the server's acknowledgement is kept beside them.

    Entries stay in memory while the disk refuses to take them, and `problem` says so in words:
    the channel stays on air without its journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self.entries: list[JournalEntry] = []
        self._unsaved: list[JournalEntry] = []
        self._lock = threading.Lock()
        self._file: int | None = None
        self._load()

    def _load(self) -> None:
        """Read whole lines; whatever a power cut left half written or damaged is passed over."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            lines = []
        except OSError as error:
            lines = []
            self.problem = f"The journal cannot be read: {error.strerror}."
        for line in lines:
            if line.strip():
                try:
                    self.entries.append(decode(JournalEntry, line))
                except WireError:
                    continue
        self.entries.sort(key=lambda entry: entry.number)
        self.ids = {entry.id for entry in self.entries}
        self.commands = {entry.command.id for entry in self.entries if entry.command is not None}
        number, id = self._read_acknowledged()
        same = (entry.id for entry in self.entries if entry.number == number)
        self.acknowledged, self.acknowledged_id = number, id or next(same, "")
        self._next = max((e.number for e in self.entries), default=0) + 1
        self._next = max(self._next, self.acknowledged + 1)

    @property
    def last_instant(self) -> datetime | None:
        """The latest instant ever written."""
        return max((entry.at for entry in self.entries), default=None)

    @property
    def last_command(self) -> Mark:
        """The server's command that was answered last; a restored server gives lower numbers."""
        commands = (e.command for e in reversed(self.entries) if e.command is not None)
        return next((Mark(one.number, one.id) for one in commands if one.number), Mark())

    def events(self) -> list[Event]:
        """Everything that happened, in order."""
        return [entry.fact for entry in self.entries if entry.fact is not None]

    def fact(self, at: datetime, fact: Event) -> None:
        """Write down what happened."""
        self._append(JournalEntry(0, "", at, "fact", fact=fact))

    def as_run(self, at: datetime, row: AsRun) -> bool:
        """Write down what aired; False when that is in the journal already."""
        name = as_run_id(row.cue, row.start)
        if name in self.ids:
            return False
        self._append(JournalEntry(0, name, at, "as-run", as_run=row))
        return True

    def command(self, at: datetime, command: Command, refused: str | None = None) -> None:
        """Write down a command that was obeyed, or why it was not."""
        kind = "command" if refused is None else "refused"
        self.commands.add(command.id)
        entry = JournalEntry(0, f"{kind}:{command.id}", at, "command", command=command)
        self._append(entry if refused is None else replace(entry, kind="refused", text=refused))

    def adopted(self, at: datetime, revision: Revision) -> None:
        """Write down that another plan is in force."""
        self._append(JournalEntry(0, "", at, "adopted", revision=revision))

    def alarm(self, at: datetime, text: str, name: str = "") -> None:
        """Write down something that staff must hear of; once for each `name`, where it has one."""
        if not name or name not in self.ids:
            self._append(JournalEntry(0, name, at, "alarm", text=text))

    def waiting(self, most: int = 200) -> Sequence[JournalEntry]:
        """Entries the server has not stored yet, oldest first."""
        with self._lock:
            later = [entry for entry in self.entries if entry.number > self.acknowledged]
        return later[:most]

    def acknowledge(self, number: int) -> None:
        """The server has stored everything up to `number`."""
        with self._lock:
            if number <= self.acknowledged:
                return
            stored = (entry.id for entry in reversed(self.entries) if entry.number <= number)
            self._next = max(self._next, number + 1)
            self._keep_acknowledged(number, next(stored, ""))

    def resume(self, after: str) -> None:
        """The server lacks entries it had acknowledged, and has all up to that of the id `after`.

        An id that this journal does not have, or none, means: send all that is kept here.
        """
        with self._lock:
            known = (e for e in reversed(self.entries) if after and e.id == after)
            newest = next(known, None)
            self._keep_acknowledged(newest.number if newest else 0, newest.id if newest else "")

    def _keep_acknowledged(self, number: int, id: str) -> None:
        self.acknowledged, self.acknowledged_id = number, id
        try:
            write_whole(self._beside("acknowledged"), f"{number} {id}".strip().encode())
        except OSError as error:
            self.problem = f"The journal's disk refuses to be written: {error.strerror}."

    def compact(self, now: datetime) -> None:
        """Drop what is old and stored on the server. Call it before the first entry."""
        kept = [e for e in self.entries if now - e.at < _kept(e) or e.number > self.acknowledged]
        if len(kept) * 2 > len(self.entries):
            return
        try:
            write_whole(self.path, b"".join(encode(entry) + b"\n" for entry in kept))
        except OSError as error:
            self.problem = f"The journal's disk refuses to be written: {error.strerror}."
            return
        self.close()
        self.entries = kept

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _append(self, entry: JournalEntry) -> None:
        with self._lock:
            name = entry.id or f"{self._next}-{secrets.token_hex(6)}"
            entry = replace(entry, number=self._next, id=name)
            self._next += 1
            self.entries.append(entry)
            self.ids.add(name)
            self._unsaved.append(entry)
            self._save()

    def _save(self) -> None:
        """Write what is unsaved and sync it; a half line from before is closed first."""
        try:
            if self._file is None:
                self._file = self._open()
            body = b"".join(encode(entry) + b"\n" for entry in self._unsaved)
            written = 0
            while written < len(body):
                written += os.write(self._file, body[written:])
            os.fsync(self._file)
        except OSError as error:
            self.problem = f"The journal cannot be written: {error.strerror}."
            self.close()
            return
        self.problem = ""
        self._unsaved.clear()

    def _open(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        file = os.open(self.path, flags, 0o644)
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            os.write(file, b"\n")
        return file

    def _beside(self, name: str) -> Path:
        return self.path.with_name(f"{self.path.stem}.{name}")

    def _read_acknowledged(self) -> tuple[int, str]:
        """Number and id of the last entry the server has; the version before kept no id."""
        try:
            number, _, id = self._beside("acknowledged").read_text().partition(" ")
            return int(number), id
        except (OSError, ValueError):
            return 0, ""


def _kept(entry: JournalEntry) -> timedelta:
    """A recording is remembered for as long as a replay may name it."""
    return KEEP_RECORDINGS if isinstance(entry.fact, Recorded) else KEPT


def as_run_id(cue: CueId, start: datetime) -> str:
    """One stretch of air has one name, however often it is reckoned."""
    return f"as-run:{cue}:{start:%Y%m%dT%H%M%S}"
