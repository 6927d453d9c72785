"""Titles as a table: saved, changed in a spreadsheet, shown, applied as one change, and undone."""

import csv
import io
import re
from html import unescape
from typing import Any

import pytest
from support.desk import ADMIN, CH13, NOW, PLANNER, an_asset, plan_version
from support.page import read
from support.website import Site, post, token_of

from scheduler.actions import details as details_action
from scheduler.actions import filler, media, programs, station, undo
from scheduler.domain.library.details import Details
from scheduler.domain.model.people import Role
from scheduler.domain.model.program import ProgramDraft
from scheduler.queries import changes, details, library


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.PRODUCER)


def send(desk: Any, text: str, encoding: str = "utf-8") -> Any:
    sent = {
        "table": (io.BytesIO(text.encode(encoding)), "titles.csv"),
        "csrf_token": token_of(desk),
    }
    return desk.post("/media/titles", data=sent, content_type="multipart/form-data")


def applied(desk: Any, shown: Any) -> Any:
    html = shown.get_data(as_text=True)
    text = unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", html, re.S).group(1))
    mark = re.search(r'name="mark" value="(\w+)"', html).group(1)
    # A browser sends a text with line breaks of its own.
    text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return post(desk, "/media/titles/apply", text=text, mark=mark)


def test_a_table_comes_back_as_one_change_that_is_undone(site: Site, desk: Any) -> None:
    station.set_asset_fields(site.db, ADMIN, NOW, "Case number")
    program = programs.add(site.db, PLANNER, NOW, ProgramDraft("City Council"))
    first, second = an_asset(site.db, "Council"), an_asset(site.db, "Parks", "b")
    filler.set_filler(site.db, PLANNER, NOW, CH13, first.id, True)
    known = Details(body="Parks board", notes="=old")
    details_action.edit(site.db, PLANNER, NOW, second.id, known, 0)
    plan = plan_version(site.db, CH13)
    table = list(csv.DictReader(io.StringIO(desk.get("/media/titles/library.csv").text[1:])))
    by_id = {row["id"]: row for row in table}
    assert by_id[second.id]["notes"] == "'=old" and by_id[second.id]["body"] == "Parks board"
    by_id[first.id] |= {
        "title": "Council, regular", "program": "city council", "date": "11/17/2026",
        "tags": "budget, zoning", "notes": "Two\nlines", "Case number": "2026-14",
    }  # fmt: skip
    by_id[second.id] |= {"body": ""}
    out = io.StringIO()
    writer = csv.DictWriter(out, table[0], delimiter=";")
    writer.writeheader(), writer.writerows(table)
    shown = send(desk, out.getvalue(), "cp1252")
    page = read(shown)
    assert "2 files would change" in page and "Council, regular" in page
    assert "City Council" in page and "Parks board → nothing" in page
    assert library.entry(site.db, first.id).asset.title == "Council"
    assert applied(desk, shown).status_code == 303

    now_known = details.details(site.db, first.id).details
    assert library.entry(site.db, first.id).asset.title == "Council, regular"
    assert (now_known.program, now_known.tags) == (program.id, ("budget", "zoning"))
    assert (str(now_known.day), now_known.notes) == ("2026-11-17", "Two\nlines")
    assert list(now_known.fields.values()) == ["2026-14"]
    second_known = details.details(site.db, second.id).details
    assert (second_known.body, second_known.notes) == ("", "=old")
    assert plan_version(site.db, CH13) == plan + 1

    newest = changes.history(site.db, "asset", first.id)[0]
    assert newest.sentence == "Brought in a table of titles: changed 2 files"
    undo.undo(site.db, PLANNER, NOW, newest.id)
    assert library.entry(site.db, first.id).asset.title == "Council"
    assert details.details(site.db, first.id).details.tags == ()
    assert details.details(site.db, second.id).details.body == "Parks board"


def test_rows_that_fit_nothing_are_named_and_nothing_else_is_kept_back(
    site: Site, desk: Any
) -> None:
    file = an_asset(site.db, "Council")
    shown = send(desk, f"id,file,title,Length\n{file.id},,New,1\n,gone.mp4,X,1\n{file.id},,Y,1\n")
    page = read(shown)

    assert "Row 3: no file came as gone.mp4." in page and "Row 4: row 2 is the same" in page
    assert "Ignored columns: Length" in page
    applied(desk, shown)
    assert library.entry(site.db, file.id).asset.title == "New"


def test_a_library_that_changed_since_is_shown_again(site: Site, desk: Any) -> None:
    file = an_asset(site.db, "Council")
    shown = send(desk, f"id,title\n{file.id},New\n")
    media.rename(site.db, PLANNER, NOW, file.id, "Other", file.version)
    again = applied(desk, shown)

    assert again.status_code == 409 and "changed since" in read(again) and "Other" in read(again)
    assert library.entry(site.db, file.id).asset.title == "Other"
    assert applied(desk, again).status_code == 303


def test_a_table_that_cannot_be_read_says_why(desk: Any) -> None:
    answer = send(desk, "title\nX\n")
    assert answer.status_code == 422 and "one of them must be id or file" in read(answer)


def test_no_table_and_no_change_are_told(site: Site, desk: Any) -> None:
    headers = {"X-CSRFToken": token_of(desk)}
    assert "Choose a table first." in read(desk.post("/media/titles", headers=headers))
    file = an_asset(site.db, "Council")
    assert "1 row already so" in read(send(desk, f"id,title\n{file.id},Council\n"))


def test_a_viewer_may_save_the_table_and_not_bring_it_back(site: Site) -> None:
    viewer = site.browser(Role.VIEWER)
    assert viewer.get("/media/titles/library.csv").status_code == 200
    assert viewer.get("/media/titles").status_code == 403
