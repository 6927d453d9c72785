"""The files that a watch folder is giving to the library, with a note of each on the same disk.

A file is renamed into `.gavel-taking` and stays there until the library has it for certain; only
then it is deleted. So a crash at any moment loses nothing: the note says whose name the file had,
and the library says what became of it. Example for `council.mp4`, a step a line, each safe to
repeat:

    .gavel-taking/3f….json                  the note is written
    council.mp4 -> .gavel-taking/3f….file   the file is ours
    uploads/3f….upload                      a copy, or a link on the same disk
    asset 3f… in the database               the library knows it, and checks it
    .gavel-taking/3f….file is deleted       once the check is passed
    .gavel-taking/3f….json is deleted
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from config.wholefile import write_whole
from scheduler.domain.library.arriving import Seen, numbered
from scheduler.domain.library.names import base
from scheduler.ids import new_id

TAKING_FOLDER = ".gavel-taking"
REFUSED_FOLDER = "refused"
LOST_NOTE = "The note about this file was lost. Put it back into the folder to have it taken again."
MOST_LETTERS = 120
"""Letters of a name in the folder of refused files, so that a number and an ending still fit."""


@dataclass(frozen=True)
class Taken:
    """A file that is being given to the library."""

    id: str
    """The id that its library entry gets, or the reading of captions."""
    name: str
    """Its path below the watch folder, which may hold any bytes (surrogateescape)."""
    size: int = 0
    modified: int = 0
    """Nanoseconds."""
    asset: str = ""
    """For captions: the library entry that they belong to."""
    refused_as: str = ""
    """Its name in the folder of refused files, once it is refused."""
    words: str = ""
    """Why it is refused."""

    @property
    def last_name(self) -> str:
        """Its name without folders."""
        return base(self.name)


class TakingFolder:
    """The taken and refused files of one watch folder. Every method raises OSError when the disk
    refuses, and may then be called again.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._taking, self._refused = root / TAKING_FOLDER, root / REFUSED_FOLDER

    def file(self, taken: Taken) -> Path:
        """Return where a taken file is."""
        return self._taking / f"{taken.id}.file"

    def entries(self) -> list[Taken]:
        """Return what is being taken. A note without a file is removed: it was not yet taken, or
        is done with.
        """
        entries = []
        for path in sorted(self._taking.glob("*.json")):
            taken = _read(path)
            if taken.refused_as or os.path.lexists(self.file(taken)):
                entries.append(taken)
            else:
                path.unlink(missing_ok=True)
        known = {one.id for one in entries}
        for path in sorted(self._taking.glob("*.file")):
            if path.stem not in known:
                entries.append(Taken(path.stem, f"{path.stem}.file", words=LOST_NOTE))
        return entries

    def begin(self, name: str, seen: Seen, asset: str = "") -> Taken | None:
        """Take a file; return None where it is not what was seen any more, and leave it."""
        taken = Taken(new_id(), name, seen.size, seen.modified, asset)
        self._note(taken)
        try:
            os.rename(self.root / name, self.file(taken))  # noqa: PTH104 - names of any bytes
        except FileNotFoundError:
            self._forget(taken)
            return None
        if not self.unchanged(taken):
            self.put_back(taken)
            return None
        return taken

    def unchanged(self, taken: Taken) -> bool:
        """Return whether a taken file is still as it was seen, and nobody writes to it."""
        status = os.lstat(self.file(taken))
        return (status.st_size, status.st_mtime_ns) == (taken.size, taken.modified)

    def put_back(self, taken: Taken) -> None:
        """Give a file its own name again, or a numbered one where there is a new one by now."""
        home = self.root / taken.name
        home.parent.mkdir(parents=True, exist_ok=True)
        os.rename(self.file(taken), _free(home.parent, home.name))  # noqa: PTH104
        self._forget(taken)

    def done(self, taken: Taken) -> None:
        """Delete a file that the library has."""
        self.file(taken).unlink(missing_ok=True)
        self._forget(taken)

    def refuse(self, taken: Taken, words: str) -> None:
        """Move a file aside, with a text file beside it that says why."""
        self._refused.mkdir(exist_ok=True)
        if not taken.refused_as:
            target = _free(self._refused, _short(taken.last_name))
            taken = replace(taken, refused_as=target.name, words=words)
            self._note(taken)
        with suppress(FileNotFoundError):
            os.rename(self.file(taken), self._refused / taken.refused_as)  # noqa: PTH104
        text = f"{taken.words}\n"
        write_whole(self._refused / f"{taken.refused_as}.txt", text.encode())
        (self._refused / f"{taken.refused_as}.txt").chmod(0o644)
        self._forget(taken)

    def _note(self, taken: Taken) -> None:
        self._taking.mkdir(exist_ok=True)
        write_whole(self._note_path(taken), json.dumps(asdict(taken)).encode())

    def _forget(self, taken: Taken) -> None:
        self._note_path(taken).unlink(missing_ok=True)

    def _note_path(self, taken: Taken) -> Path:
        return self._taking / f"{taken.id}.json"


def _read(path: Path) -> Taken:
    """Return a note; one that cannot be read names its file by its id."""
    lost = Taken(path.stem, f"{path.stem}.file", words=LOST_NOTE)
    try:
        note: Mapping[str, Any] = json.loads(path.read_bytes())
        taken = Taken(**note)
    except (ValueError, TypeError):
        return lost
    # What a hand wrote into a note must not lead out of the folder.
    parts = Path(taken.name).parts
    inside = not taken.name.startswith("/") and ".." not in parts and taken.id == path.stem
    return taken if inside and "/" not in taken.refused_as else lost


def _free(folder: Path, name: str) -> Path:
    """Return a path in `folder` that neither exists nor has a text file beside it."""
    number = 1
    while True:
        path = folder / numbered(name, number)
        if not os.path.lexists(path) and not os.path.lexists(f"{path}.txt"):
            return path
        number += 1


def _short(name: str) -> str:
    """Return a name that leaves room for a number and `.txt`, with its ending."""
    head, dot, end = name.rpartition(".")
    if len(name) <= MOST_LETTERS or not head:
        return name[:MOST_LETTERS]
    return f"{head[: MOST_LETTERS - len(end) - 1]}{dot}{end[:20]}"
