"""The rule by which a table changes the library: which row is which file, and what it changes.

Nothing is guessed. A row that fits no file, or two, or says something impossible is left out with a
sentence that names its number. A column that the table lacks changes nothing; an empty cell of one
that it has empties the field.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from playout.timing.search import fold
from scheduler.domain.library.details import Details, problems, split_tags, tidied
from scheduler.domain.library.names import base, stem
from scheduler.domain.library.sheet import Sheet, SheetRow, read_date
from scheduler.domain.model.ids import ProgramId
from scheduler.domain.model.text import one_line

LONGEST_TITLE = 200
MOST_CHANGES = 2_000
"""Files that one table may change. They are one change in one transaction, for which every other
change waits: about two seconds for a thousand files."""


@dataclass(frozen=True)
class KnownFile:
    """A file of the library, as far as a table names it."""

    id: str
    file: str
    """The name that it came with."""
    title: str


@dataclass(frozen=True)
class Matched:
    """The rows that name one file each, and sentences about the others."""

    rows: tuple[tuple[SheetRow, KnownFile], ...]
    unmatched: tuple[str, ...]
    """Rows that fit no file."""
    wrong: tuple[str, ...]
    """Rows that fit several files, or a file that an earlier row has."""


@dataclass(frozen=True)
class FileChange:
    """The change that one row makes to one file."""

    row: int
    file: KnownFile
    title: str
    details: Details
    before: Details

    @property
    def changes_details(self) -> bool:
        """True when anything but the title changes."""
        return replace(self.details, version=0) != replace(self.before, version=0)


@dataclass(frozen=True)
class Import:
    """The effect of a table on the library."""

    changes: tuple[FileChange, ...]
    same: int
    """Rows that say what the library says already."""
    unmatched: tuple[str, ...]
    wrong: tuple[str, ...]
    unknown: tuple[str, ...]
    """Names of columns that are ignored."""

    @property
    def refusal(self) -> str:
        """Why it cannot be applied; empty where it can."""
        if not self.changes:
            return "There is nothing to change."
        if len(self.changes) > MOST_CHANGES:
            return f"More than {MOST_CHANGES:,} files would change. Bring the table in parts."
        return ""

    @property
    def mark(self) -> str:
        """A mark of all that it changes, by which a preview is known again."""
        return sha256(repr(self.changes).encode()).hexdigest()


def match(sheet: Sheet, files: Sequence[KnownFile]) -> Matched:
    """Find the file of each row: by id, else by its name, else by its name without the ending."""
    by_id = {file.id: file for file in files}
    by_name, by_stem = defaultdict(list), defaultdict(list)
    for file in files:
        by_name[base(file.file).casefold()].append(file)
        by_stem[stem(file.file)].append(file)
    rows, unmatched, wrong, taken = [], [], [], dict[str, int]()
    for row in sheet.rows:
        id, name = row.cells.get("id", "").strip(), one_line(row.cells.get("file", ""))
        known = by_id.get(id)
        fits = [known] if known else by_name.get(base(name).casefold()) or by_stem[stem(name)]
        if id and known is None:
            unmatched.append(f"Row {row.number}: no file has the id {id[:40]}.")
        elif not (id or name):
            wrong.append(f"Row {row.number}: it names no file. Fill in id or file.")
        elif not fits:
            unmatched.append(f"Row {row.number}: no file came as {name[:80]}.")
        elif len(fits) > 1:
            wrong.append(f"Row {row.number}: {len(fits)} files came as {name[:80]}; give the id.")
        elif fits[0].id in taken:
            wrong.append(f"Row {row.number}: row {taken[fits[0].id]} is the same file.")
        else:
            taken[fits[0].id] = row.number
            rows.append((row, fits[0]))
    return Matched(tuple(rows), tuple(unmatched), tuple(wrong))


def changes(
    sheet: Sheet,
    matched: Matched,
    details: Mapping[str, Details],
    programs: Mapping[str, ProgramId],
    fields: Mapping[str, str],
) -> Import:
    """Return what the table changes. `details` are by file, `programs` by folded title, `fields`
    are the names of the station's fields by id.
    """
    changed, wrong, same = [], list(matched.wrong), 0
    for row, file in matched.rows:
        before = details.get(file.id, Details())
        change, errors = _change(row, file, before, programs, fields)
        if errors:
            wrong += [f"Row {row.number}: {error}" for error in errors]
        elif change.title == file.title and not change.changes_details:
            same += 1
        else:
            changed.append(change)
    return Import(tuple(changed), same, matched.unmatched, tuple(wrong), sheet.unknown)


def _change(
    row: SheetRow,
    file: KnownFile,
    before: Details,
    programs: Mapping[str, ProgramId],
    fields: Mapping[str, str],
) -> tuple[FileChange, list[str]]:
    """Return the change of one row, and what is wrong with it."""
    cells, errors = row.cells, []
    title = one_line(cells.get("title", file.title))
    if not title or len(title) > LONGEST_TITLE:
        errors.append(f"give a title of up to {LONGEST_TITLE} characters.")
    day = read_date(cells["date"]) if cells.get("date", "").strip() else None
    if cells.get("date", "").strip() and day is None:
        errors.append(f"{cells['date'].strip()[:40]} is no date; write it like 2026-11-17.")
    program = fold(one_line(cells.get("program", "")))
    if program and program not in programs:
        errors.append(f"no program is called {one_line(cells['program'])[:80]}; add it first.")
    given = replace(
        before,
        day=day if "date" in cells else before.day,
        body=cells.get("body", before.body),
        program=programs.get(program) if "program" in cells else before.program,
        tags=split_tags(cells["tags"]) if "tags" in cells else before.tags,
        notes=cells.get("notes", before.notes),
        fields=dict(before.fields) | {id: cells[id] for id in fields if id in cells},
    )
    details = tidied(given)
    errors += [f"{said[0].lower()}{said[1:]}" for said in problems(details).values()]
    return FileChange(row.number, file, title, details, before), errors
