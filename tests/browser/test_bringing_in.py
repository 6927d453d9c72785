"""Bringing files in, in a real browser: the page of jobs by keyboard on a phone's width."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import PLANNER

from config.clock import SystemClock
from scheduler.actions import jobs
from scheduler.changing.jobs import queue_job
from scheduler.db.store import Database
from scheduler.domain.model.job import Job, JobKind

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
