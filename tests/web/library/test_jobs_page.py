"""The page of jobs: what each list says, and what its buttons do."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import ADMIN, NOW, an_asset
from support.page import read
from support.website import Site, post

from scheduler.actions import jobs, media
from scheduler.changing.jobs import queue_job
from scheduler.db import passing
from scheduler.db.tables.plan import JobRow
from scheduler.domain.model.job import JobKind, JobState
from scheduler.domain.model.people import Role
from scheduler.queries.jobs import JobCounts
from web.library.job_words import counted

KIND = JobKind.CAPTIONS_INSIDE


def queue(site: Site, title: str) -> str:
    with site.db.write() as session:
        return queue_job(session, KIND, NOW, name=title, by="Pat Planner")


def failed(site: Site, title: str, *, retry: bool = False) -> str:
    queue(site, title)
    job = jobs.claim(site.db, NOW, {KIND})
    assert job is not None
    jobs.fail(site.db, NOW, job, "The archive is not mounted.", retry=retry)
    return job.id


def state(site: Site, id: str) -> str:
    with site.db.read() as session:
        row = session.get(JobRow, id)
        assert row is not None
        return row.state


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def test_each_list_says_what_a_person_asks(site: Site, desk: Any) -> None:
    failed(site, "Old hearing")
    failed(site, "Away", retry=True)
    queue(site, "Running")
    job = jobs.claim(site.db, NOW, {KIND})
    assert job is not None
    jobs.progress(site.db, job, 0.42, "Reading the middle")
    asset = an_asset(site.db, "Council")
    page = read(desk.get("/media/jobs"))

    for said in (
        "Failed 1", "Read the captions inside: Old hearing", "The archive is not mounted.",
        "Running 1", "Reading the middle", "42 %", "Waiting 1", "Next try", "try 2", "Try now",
        "Done in the last 24 hours 1", "Check the file: Council", "Pat Planner",
    ):  # fmt: skip
        assert said in page, said
    assert f"/media/{asset.id}" in desk.get("/media/jobs").get_data(as_text=True)
    assert "Jobs: 1 running, 1 waiting, 1 failed" in read(desk.get("/media"))


def test_a_part_that_did_not_change_is_not_sent_again(site: Site, desk: Any) -> None:
    failed(site, "Old hearing")
    for part in ("list", "count"):
        first = desk.get(f"/media/jobs/{part}").get_data(as_text=True)
        mark = first.split('data-rev="')[1].split('"')[0]
        again = desk.get(f"/media/jobs/{part}", headers={"X-Gavel-Rev": mark})
        assert again.status_code == 204
        queue(site, "New")
        assert desk.get(f"/media/jobs/{part}", headers={"X-Gavel-Rev": mark}).status_code == 200


def test_buttons_try_again_put_aside_and_cancel(site: Site, desk: Any) -> None:
    first, second, third = failed(site, "One"), failed(site, "Two"), queue(site, "Three")
    assert post(desk, f"/media/jobs/{first}/again").status_code == 303
    assert post(desk, f"/media/jobs/{second}/aside").status_code == 303
    assert post(desk, f"/media/jobs/{third}/cancel").status_code == 303

    assert [state(site, id) for id in (first, second, third)] == [
        JobState.WAITING, JobState.CANCELLED, JobState.CANCELLED,
    ]  # fmt: skip
    assert post(desk, f"/media/jobs/{second}/aside").status_code == 422


def test_a_check_whose_upload_is_gone_offers_no_second_try(site: Site, desk: Any) -> None:
    upload = media.register(site.db, ADMIN, NOW, "a.upload", "parks.mp4")
    job = jobs.claim(site.db, NOW)
    assert job is not None
    media.finish_job(site.db, NOW, job.id, media=None, facts={}, summary="There is no picture.")
    page = read(desk.get("/media/jobs"))

    assert "There is no picture." in page and "Try again" not in page
    assert post(desk, f"/media/jobs/{job.id}/again").status_code == 422
    assert upload.title in page


def test_a_viewer_sees_jobs_without_buttons(site: Site) -> None:
    failed(site, "One")
    page = read(site.browser(Role.VIEWER).get("/media/jobs"))
    assert "Failed 1" in page and "Try again" not in page


def test_counts_in_words() -> None:
    assert counted(JobCounts(0, 0, 0, 9)) == ""
    assert counted(JobCounts(2, 0, 1, 9)) == "2 running, 1 failed"


def test_watch_folders_say_how_they_stand(site: Site, desk: Any) -> None:
    away, old = "The folder is away.", NOW - timedelta(hours=2)
    passing.put_folder(site.db, "/mnt/a", passing.WatchedFolder("Cameras", 3, 1, "", NOW))
    passing.put_folder(site.db, "/mnt/b", passing.WatchedFolder("Clerk", 0, 0, away, NOW))
    passing.put_folder(site.db, "/mnt/c", passing.WatchedFolder("Old", 0, 0, "", old))
    page = read(desk.get("/media/jobs"))

    assert "3 files waiting, 1 file being taken" in page and away in page
    assert "No one has looked at it for 2 h" in page
