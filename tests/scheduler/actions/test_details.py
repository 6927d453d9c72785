"""Details and documents of a file: saved, undone, and refused in words."""

from datetime import date

import pytest
from support.desk import ADMIN, NOW, PLANNER, a_channel, an_asset

from config.names import AssetKey
from scheduler.actions import details, station, undo
from scheduler.db import copies
from scheduler.db.store import Database
from scheduler.domain.library.details import (
    LARGEST_DOCUMENT,
    Details,
    document_name,
    field_id,
    split_tags,
)
from scheduler.queries import changes
from scheduler.queries import details as query
from scheduler.refusals import Conflict, Missing, Refused

KEY = AssetKey("d" * 64)


def test_details_are_saved_tidied_and_undone(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    typed = Details(
        day=date(2026, 3, 3), body=" City  Council ", tags=("budget", "Budget", " zoning "),
        notes="Two\r\nlines\x00", fields={"a": " Z-14 ", "b": ""},
    )  # fmt: skip
    saved = details.edit(db, PLANNER, NOW, asset.id, typed, 0)
    assert (saved.body, saved.tags, saved.notes) == (
        "City Council",
        ("budget", "zoning"),
        "Two\nlines",
    )
    assert (saved.day, dict(saved.fields)) == (date(2026, 3, 3), {"a": "Z-14"})
    change = changes.latest(db, "asset", asset.id)
    assert change is not None and change.sentence == "Changed the details of Council recording"
    undo.undo(db, PLANNER, NOW, change.id)
    assert query.details(db, asset.id).details.body == ""


def test_of_two_who_edit_at_once_the_second_is_told(db: Database) -> None:
    asset = an_asset(db)
    first = details.edit(db, PLANNER, NOW, asset.id, Details(notes="one"), 0)
    for stale in (0, first.version + 1):
        with pytest.raises(Conflict) as told:
            details.edit(db, PLANNER, NOW, asset.id, Details(notes="two"), stale)
        assert told.value.current == first


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Details(body="x" * 121), "body"),
        (Details(tags=("x" * 41,)), "tags"),
        (Details(tags=tuple(f"t{n}" for n in range(21))), "tags"),
        (Details(notes="x" * 10_001), "notes"),
        (Details(fields={"a": "x" * 401}), "field-a"),
        (Details(program="none"), "program"),  # type: ignore[arg-type]
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    sqlite_db: Database, typed: Details, field: str
) -> None:
    asset = an_asset(sqlite_db)
    with pytest.raises(Refused) as refused:
        details.edit(sqlite_db, PLANNER, NOW, asset.id, typed, 0)
    assert list(refused.value.field_errors) == [field]


def test_a_field_that_goes_and_comes_back_keeps_its_texts(sqlite_db: Database) -> None:
    asset, case = an_asset(sqlite_db), field_id("Case number")
    station.set_asset_fields(sqlite_db, ADMIN, NOW, "Case number\n\n Speaker ")
    assert [one.name for one in query.fields(sqlite_db)] == ["Case number", "Speaker"]
    saved = details.edit(sqlite_db, PLANNER, NOW, asset.id, Details(fields={case: "Z-14"}), 0)
    station.set_asset_fields(sqlite_db, ADMIN, NOW, "Speaker")
    kept = details.edit(sqlite_db, PLANNER, NOW, asset.id, Details(notes="x"), saved.version)
    assert kept.fields == {case: "Z-14"}
    for names in ("Speaker\nSPEAKER", "x" * 41, "\n".join(map(str, range(13)))):
        with pytest.raises(Refused):
            station.set_asset_fields(sqlite_db, ADMIN, NOW, names)


def test_documents_are_attached_named_in_backups_and_removed_with_undo(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    made = details.add_document(db, PLANNER, NOW, asset.id, "../March 3: Agenda.PDF", KEY, 9)
    assert (made.name, made.media_type) == ("March 3 Agenda.pdf", "application/pdf")
    assert KEY in copies.named_files(db)
    with pytest.raises(Refused, match="attached already"):
        details.add_document(db, PLANNER, NOW, asset.id, "March 3 Agenda.pdf", KEY, 9)
    details.remove_document(db, PLANNER, NOW, asset.id, made.id, made.version)
    assert query.details(db, asset.id).documents == ()
    with pytest.raises(Missing):
        details.remove_document(db, PLANNER, NOW, asset.id, made.id, made.version + 1)
    for _ in range(2):
        change = changes.latest(db, "asset", asset.id)
        assert change is not None
        undo.undo(db, PLANNER, NOW, change.id)
    assert query.details(db, asset.id).documents == ()


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("page.html", 9),
        ("a.svg", 9),
        ("noending", 9),
        ("a.pdf", 0),
        ("a.pdf", LARGEST_DOCUMENT + 1),
    ],
)
def test_what_is_no_document_is_refused(sqlite_db: Database, name: str, size: int) -> None:
    asset = an_asset(sqlite_db)
    with pytest.raises(Refused):
        details.add_document(sqlite_db, PLANNER, NOW, asset.id, name, KEY, size)


def test_names_of_documents_are_safe_and_tags_are_parted() -> None:
    assert document_name("a" * 300 + ".PDF") == ("a" * 196 + ".pdf", ".pdf")
    assert document_name(".pdf") == ("pdf", "")
    assert document_name('x\x00y"\\z.docx') == ("xy z.docx", ".docx")
    assert split_tags("Budget, parks\nbudget;  ,Élan") == ("Budget", "parks", "Élan")
