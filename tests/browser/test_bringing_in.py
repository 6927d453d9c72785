"""Bringing files in, in a real browser: the page of jobs by keyboard, and a folder as a whole."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from support.axe import findings, overflow_findings, require_axe
from support.boxes import box_of
from support.desk import PLANNER

from config.clock import SystemClock
from scheduler.actions import jobs
from scheduler.changing.jobs import queue_job
from scheduler.db.store import Database
from scheduler.domain.model.job import Job, JobKind
from scheduler.queries import details, library

pytestmark = pytest.mark.browser
KIND = JobKind.CAPTIONS_INSIDE


def begun(db: Database, name: str) -> Job:
    now = SystemClock().utc()
    with db.write() as session:
        queue_job(session, KIND, now, name=name, by=PLANNER.name)
    job = jobs.claim(db, now, {KIND})
    assert job is not None
    return job


@pytest.mark.parametrize("page", [(390, 844, "light"), (1440, 900, "dark")], indirect=True)
def test_a_failed_job_is_tried_again_by_keyboard(page: Page, served: Any) -> None:
    require_axe()
    now = SystemClock().utc()
    jobs.fail(served.db, now, begun(served.db, "Hearing"), "The file is gone.", retry=False)
    late = begun(served.db, "Archive of the council meeting of November")
    jobs.fail(served.db, now, late, "The archive does not answer.", retry=True)
    running = begun(served.db, "Budget talk")
    jobs.progress(served.db, running, 0.42, "Reading the middle")
    page.goto("/media")
    search, add = box_of(page.locator("#search")), box_of(page.locator(".drop"))
    above = search["y"] + search["height"] <= add["y"]
    assert above or search["x"] + search["width"] <= add["x"], "the search comes first"
    assert add["height"] < 150, "what can be uploaded is told on demand"
    page.get_by_role("link", name="Jobs: 1 running, 1 waiting, 1 failed").press("Enter")
    expect(page.get_by_text("The file is gone.")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    jobs.progress(served.db, running, 0.77, "Reading the end")
    expect(page.get_by_text("Reading the end")).to_be_visible()
    page.get_by_role("button", name=re.compile("Try again.*, Hearing")).press("Enter")

    expect(page.get_by_text("The job is queued again.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Try again"))).to_have_count(0)
    page.get_by_role("button", name=re.compile("Cancel.*, Budget talk")).press("Enter")
    expect(page.get_by_text("Stops at its next step.")).to_be_visible()


def test_a_folder_is_uploaded_as_a_whole_and_resumed(
    page: Page, served: Any, tmp_path: Path
) -> None:
    require_axe()
    folder = tmp_path / "Field"
    (folder / "2026").mkdir(parents=True)
    for name in ("council.mp4", "2026/parks.mp4", "2026/Thumbs.db", ".hidden"):
        (folder / name).write_bytes(name.encode())
    page.goto("/media")
    refused: list[str] = []
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)

    def refuse(route: Route) -> None:
        """Refuse the first piece of one file, as a full disk does."""
        if route.request.method == "PUT" and not refused:
            refused.append(route.request.url)
            route.fulfill(status=422, body="The server's disk is too full.")
        else:
            route.fallback()

    page.route("**/media/uploads/*", refuse)
    page.set_input_files("#folder", folder)
    expect(page.get_by_text("1 of 2 files sent")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("The server's disk is too full.")
    assert findings(page) + overflow_findings(page) == []
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_text("2 of 2 files sent")).to_be_visible()
    expect(page.locator("#uploading .note")).to_have_count(0)
    parks = page.locator("[data-card]", has_text="parks")
    expect(parks).to_contain_text("Field")
    files = {entry.asset.title: entry.asset for entry in library.library(served.db)}

    assert set(files) == {"council", "parks"}
    assert details.details(served.db, files["parks"].id).details.tags == ("Field", "2026")
    begun = [one for one in asked if one.endswith("/media/uploads")]
    assert len(begun) == 2, "the second try resumed the upload that was begun"
