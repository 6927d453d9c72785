"""The library as a table that a spreadsheet can open: written, and read back.

Spreadsheets of any maker save it differently, so encoding and separator are found out, dates are
read in four ways, and a cell that a spreadsheet would run as a formula carries an apostrophe, which
is taken off again.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from playout.timing.search import fold
from scheduler.domain.model.text import one_line

LARGEST_SHEET = 1 << 20
"""Bytes of a table that is read."""
MOST_ROWS = 5_000
LONGEST_CELL = 20_000
OWN_COLUMNS = ("id", "file", "title", "program", "body", "date", "tags", "notes")
"""The columns of every station, in their order; its own fields follow."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First signs of a cell that a spreadsheet would run."""
DATE_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y")
OTHER_NAMES = {
    "asset": "id", "file name": "file", "filename": "file", "name": "title", "day": "date",
    "public body": "body", "note": "notes", "tag": "tags",
}  # fmt: skip
"""Names that people give to these columns."""


class SheetError(Exception):
    """A table that cannot be read at all; the sentence is for staff."""


@dataclass(frozen=True)
class SheetRow:
    """One row of a table."""

    number: int
    """As a spreadsheet counts: the first row below the head is 2."""
    cells: Mapping[str, str]
    """Texts by column."""


@dataclass(frozen=True)
class Sheet:
    """A table that was read."""

    columns: tuple[str, ...]
    """The known columns that it has: of OWN_COLUMNS, and ids of the station's fields."""
    unknown: tuple[str, ...]
    """Names of its other columns, which are ignored."""
    rows: tuple[SheetRow, ...]


def decoded(sent: bytes) -> str:
    """Return the text of a table: UTF-8 with a mark or without, UTF-16 with one, else Windows-1252.

    Raises SheetError.
    """
    if len(sent) > LARGEST_SHEET:
        raise SheetError(f"The table is larger than {LARGEST_SHEET >> 20} MB. Bring it in parts.")
    try:
        if sent[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return sent.decode("utf-16")
        return sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        return sent.decode("cp1252", "replace")


def read_sheet(text: str, fields: Mapping[str, str]) -> Sheet:
    """Read a table; `fields` are the names of the station's fields by id. Raises SheetError."""
    if "\0" in text:
        raise SheetError("This is not a table of text. Save it as CSV in the spreadsheet.")
    # A browser sends a text with line breaks of its own; all are read alike.
    lines = iter(_read_lines(text.replace("\r\n", "\n").replace("\r", "\n")))
    head = [_column(name, fields) for name in next(lines, (1, []))[1]]
    known = [name for name in head if name in OWN_COLUMNS or name in fields]
    if not {"id", "file"} & set(known):
        raise SheetError("The first row must name the columns; one of them must be id or file.")
    if twice := [name for name in known if known.count(name) > 1]:
        raise SheetError(f"The column {fields.get(twice[0], twice[0])} is there twice.")
    rows: list[SheetRow] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) >= MOST_ROWS:
            raise SheetError(f"The table has more than {MOST_ROWS:,} rows. Bring it in parts.")
        named = {name: _unguarded(cell) for name, cell in zip(head, cells, strict=False)}
        rows.append(SheetRow(number, {name: named[name] for name in known if name in named}))
    unknown = tuple(one_line(name)[:80] for name in head if name and name not in known)
    return Sheet(tuple(known), unknown, tuple(rows))


def read_date(text: str) -> date | None:
    """Return a date as spreadsheets write it: 2026-11-17, 11/17/2026, 11/17/26 or 17.11.2026."""
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    return None


def write_sheet(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in UTF-8 with a mark, as spreadsheets want it, safe to open in one."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_guarded(name) for name in head])
    table.writerows([_guarded(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _read_lines(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows with the numbers that a spreadsheet gives them. Raises SheetError."""
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, 1):
            if any(len(cell) > LONGEST_CELL for cell in cells):
                words = f"Row {number} has a cell of more than {LONGEST_CELL:,} characters."
                raise SheetError(words)
            rows.append((number, cells))
    except csv.Error as error:
        number = len(rows) + 1
        raise SheetError(f"Row {number} cannot be read; look at its quotation marks.") from error
    return rows


def _column(name: str, fields: Mapping[str, str]) -> str:
    """Return the column of a head cell: one of OWN_COLUMNS, the id of a field, or its own text."""
    plain = fold(one_line(_unguarded(name)))
    if plain in OWN_COLUMNS:
        return plain
    by_name = {fold(one_line(said)): id for id, said in fields.items()}
    return by_name.get(plain) or OTHER_NAMES.get(plain) or one_line(name)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith((*FORMULA_STARTS, "'")) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in (*FORMULA_STARTS, "'") else cell
