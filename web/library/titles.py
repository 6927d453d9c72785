"""Titles as a table: exported for a spreadsheet, brought back, shown first and then applied."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for

from scheduler.actions import titles as action
from scheduler.domain.library.details import Details
from scheduler.domain.library.sheet import LARGEST_SHEET, MOST_ROWS, SheetError, decoded
from scheduler.domain.library.titles import FileChange, Import
from scheduler.queries import changes, details
from scheduler.queries import titles as query
from scheduler.refusals import Conflict, Refused
from web.kit.context import actor, database, done, now
from web.library.search_form import read_address

Texts = Mapping[str, str]
bp = Blueprint("titles", __name__, url_prefix="/media/titles")
MOST_SHOWN = 200
"""Most changes, and most sentences about rows, on the page."""


@dataclass(frozen=True)
class FieldChange:
    """A field of a file before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedFile:
    """A file of the preview, with what changes of it."""

    id: str
    title: str
    fields: tuple[FieldChange, ...]


@bp.get("")
def home() -> str:
    """Show how a table is exported and brought back."""
    return _page()


@bp.get("/library.csv")
def table() -> Response:
    """Answer with the files that a search finds, as a table."""
    answer = make_response(query.table(database(), read_address(request.args).search, now()))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = 'attachment; filename="library.csv"'
    return answer


@bp.post("")
def weigh() -> str | tuple[str, int]:
    """Show what a table would change."""
    sent = request.files.get("table")
    if sent is None or not sent.filename:
        return _page("Choose a table first."), 422
    try:
        with closing(sent):
            text = decoded(sent.read(LARGEST_SHEET + 1))
        return _page(text=text, found=query.preview(database(), text))
    except SheetError as error:
        return _page(str(error)), 422


@bp.post("/apply")
def apply() -> Response | tuple[str, int]:
    """Make the changes that were shown, as one that one press undoes."""
    text, mark = request.form.get("text", ""), request.form.get("mark", "")
    try:
        count, id = action.bring_in(database(), actor(), now(), text, mark)
    except (SheetError, Refused) as error:
        return _page(str(error)), 422
    except Conflict as conflict:
        found = query.preview(database(), text)
        return _page(f"{conflict.message} Look at it again.", text, found), 409
    change = changes.latest(database(), "asset", id)
    words = "1 file is changed." if count == 1 else f"{count:,} files are changed."
    return done(words, url_for("media.home"), change.id if change else None)


def _page(wrong: str = "", text: str = "", found: Import | None = None) -> str:
    fields = {one.id: one.name for one in details.fields(database())}
    known = query.program_titles(database()) if found else {}
    changed = found.changes[:MOST_SHOWN] if found else ()
    return render_template(
        "library/titles.html",
        wrong=wrong,
        text=text,
        found=found,
        shown=[_changed(one, known, fields) for one in changed],
        most=MOST_SHOWN,
        most_rows=MOST_ROWS,
        fields=tuple(fields.values()),
    )


def _changed(change: FileChange, known: Texts, fields: Texts) -> ChangedFile:
    before = _said(change.file.title, change.before, known, fields)
    after = _said(change.title, change.details, known, fields)
    differing = tuple(
        FieldChange(label, before[label] or "nothing", after[label] or "nothing")
        for label in after
        if before[label] != after[label]
    )
    return ChangedFile(change.file.id, change.file.title, differing)


def _said(title: str, details: Details, programs: Texts, fields: Texts) -> dict[str, str]:
    """Return the texts of a file by their label."""
    return {
        "Title": title,
        "Program": programs.get(details.program or "", ""),
        "Body": details.body,
        "Date": details.day.isoformat() if details.day else "",
        "Tags": ", ".join(details.tags),
        "Notes": details.notes,
        **{name: details.fields.get(id, "") for id, name in fields.items()},
    }
