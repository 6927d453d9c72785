"""Tables of titles: read as any spreadsheet saves them, matched, and written so that none runs."""

import csv
import io
from datetime import date

import pytest

from scheduler.domain.library.details import Details
from scheduler.domain.library.sheet import (
    LARGEST_SHEET,
    MOST_ROWS,
    SheetError,
    decoded,
    read_date,
    read_sheet,
    write_sheet,
)
from scheduler.domain.library.titles import KnownFile, changes, match
from scheduler.domain.model.ids import ProgramId

FIELDS = {"f1": "Case number"}
FILES = [
    KnownFile("a1", "Council.mp4", "Council"),
    KnownFile("b2", "parks.mov", "Parks"),
    KnownFile("c3", "parks.mp4", "Parks again"),
]
PROGRAMS = {"city council": ProgramId("p1")}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_separators_are_found_out(separator: str, encoding: str, end: str) -> None:
    text = separator.join(["file", "Title"]) + end + separator.join(["a.mp4", "Café hearing"]) + end
    sheet = read_sheet(decoded(text.encode(encoding)), FIELDS)

    assert sheet.columns == ("file", "title")
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, {"file": "a.mp4", "title": "Café hearing"})
    ]


def test_cells_may_hold_separators_quotes_and_lines() -> None:
    cells = ["a1", 'A "grand", day; so', "one\ntwo"]
    written = write_sheet(["id", "title", "notes"], [cells])
    sheet = read_sheet(decoded(written.encode()), FIELDS)

    assert list(sheet.rows[0].cells.values()) == cells


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@cmd", "\tx", "'=1", "'"])
def test_no_cell_runs_as_a_formula_and_each_comes_back(cell: str) -> None:
    written = write_sheet(["id", "title"], [["a1", cell]])
    (_, (_, raw)) = csv.reader(io.StringIO(written))
    assert raw.startswith("'")
    sheet = read_sheet(decoded(written.encode()), FIELDS)
    assert sheet.rows[0].cells["title"] == cell


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title\nx\n", "one of them must be id or file"),
        ("", "must name the columns"),
        ("id,ID\nx,y\n", "id is there twice"),
        ("id,title\na\0,b\n", "not a table of text"),
        ('id,title\na,"b\n', "Row 2 cannot be read"),
        ("id\n" + "x\n" * (MOST_ROWS + 1), "more than 5,000 rows"),
        ("id,notes\na," + "x" * 20_001 + "\n", "Row 2 has a cell of more than 20,000"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(SheetError, match=said):
        read_sheet(text, FIELDS)


def test_a_large_table_is_refused_before_it_is_read() -> None:
    with pytest.raises(SheetError, match="larger than 1 MB"):
        decoded(b"x" * (LARGEST_SHEET + 1))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *((said, date(2026, 11, 7)) for said in ("2026-11-07", "11/7/2026", "11/07/26")),
        (" 7.11.2026 ", date(2026, 11, 7)),
        *((said, None) for said in ("soon", "2026-13-01", "31/31/2026")),
    ],
)
def test_dates_are_read_as_spreadsheets_write_them(text: str, day: date | None) -> None:
    assert read_date(text) == day


def result(text: str, details: dict[str, Details] | None = None):
    sheet = read_sheet(text, FIELDS)
    return changes(sheet, match(sheet, FILES), details or {}, PROGRAMS, FIELDS)


@pytest.mark.parametrize(
    ("row", "id"), [("a1,,X", "a1"), (",council.MP4,X", "a1"), (",council,X", "a1"),
                    (",/old/parks.mov,X", "b2"), ("b2,council.mp4,X", "b2")]
)  # fmt: skip
def test_a_row_finds_its_file(row: str, id: str) -> None:
    (change,) = result(f"id,file,title\n{row}\n").changes
    assert (change.file.id, change.title) == (id, "X")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("zz,,X", "Row 2: no file has the id zz."),
        (",budget.mp4,X", "Row 2: no file came as budget.mp4."),
        (",parks,X", "Row 2: 2 files came as parks; give the id."),
        (",,X", "Row 2: it names no file. Fill in id or file."),
        ("a1,,", "Row 2: give a title of up to 200 characters."),
        ("b2,,X\nb2,,Y", "Row 3: row 2 is the same file."),
    ],
)
def test_a_row_that_fits_nothing_says_why(row: str, said: str) -> None:
    found = result(f"id,file,title\n{row}\n")
    assert said in (*found.unmatched, *found.wrong)


def test_a_column_that_is_missing_changes_nothing_and_an_empty_cell_empties() -> None:
    before = Details(date(2026, 1, 2), "Council", ProgramId("p1"), ("a",), "x", {"f1": "7"}, 3)
    head = "id,date,body,program,tags,notes,Case number"
    emptied = result(f"{head}\na1,,,,,,\n", {"a1": before}).changes[0].details
    kept = result("id,title\na1,New\n", {"a1": before}).changes[0]

    assert emptied == Details(version=3)
    assert not kept.changes_details and kept.title == "New"


def test_a_row_sets_all_that_is_known_of_a_file() -> None:
    text = (
        "id;title;program;body;date;tags;notes;Case number;Length\n"
        'a1;New title;CITY council;Council;11/17/2026;"a, b";Two words;2026-14;1:00\n'
    )
    found = result(text)

    assert found.changes[0].details == Details(
        date(2026, 11, 17), "Council", ProgramId("p1"), ("a", "b"), "Two words", {"f1": "2026-14"}
    )
    assert found.unknown == ("Length",)


def test_wrong_rows_name_what_to_do_and_same_ones_are_counted() -> None:
    text = "id,title,program,date\na1,Council,,\nb2,Parks,Nothing,soon\n"
    found = result(text)

    assert found.same == 1 and found.changes == ()
    assert found.wrong == (
        "Row 3: soon is no date; write it like 2026-11-17.",
        "Row 3: no program is called Nothing; add it first.",
    )


def test_a_table_that_changes_too_much_at_once_is_brought_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = result("id,title\na1,X\nb2,Y\n")
    assert found.refusal == "" and result("id,title\na1,Council\n").refusal.startswith("There is")
    monkeypatch.setattr("scheduler.domain.library.titles.MOST_CHANGES", 1)
    assert "in parts" in found.refusal
