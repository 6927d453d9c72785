"""A cut as a file, by keyboard: asked for, made by its job, downloaded, and exact to the frame."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.clips import NTSC, numbered_clip
from support.desk import ADMIN
from support.marks import read_mark

from config.clock import SystemClock
from media.store import MediaStore
from playout.model.plan import Media
from scheduler.actions import cuts, jobs, media
from scheduler.domain.library.cuts import Chapter, CutDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind, Lane
from scheduler.process.exporting import ExportMaker
from scheduler.process.jobs import JobWorker
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser
PIECES = ((10, 90), (153, 251))


@pytest.fixture
def cut(served: Any, tmp_path: Path) -> Asset:
    """A cut of a numbered clip in the library."""
    clip = numbered_clip(tmp_path / "hearing.mp4", rate=NTSC, frames=300, ident=7, size=(320, 180))
    store: MediaStore = served.app.extensions[SERVICES_KEY].store
    key, _ = store.add(clip.path, suffix=".mp4", keep=True)
    at, db = SystemClock().utc(), served.db
    whole = media.register(db, ADMIN, at, "hearing.upload", "Hearing.mp4")
    job = jobs.claim(db, at)
    assert job is not None
    length = timedelta(seconds=float(clip.seconds))
    facts = Media(key=key, suffix=".mp4", size=1, length=length, rate=NTSC)
    media.finish_job(db, at, job.id, media=facts, facts={}, summary="Ready for air.")
    draft = CutDraft("Without the recess", PIECES, (Chapter(160, "Budget"),))
    return cuts.add(db, ADMIN, at, whole.id, draft)


def test_a_cut_is_made_and_downloaded_by_keyboard(
    page: Page, served: Any, cut: Asset, tmp_path: Path
) -> None:
    require_axe()
    page.goto(f"/media/{cut.id}")
    page.get_by_role("button", name="Make the file: Whole cut").press("Enter")
    expect(page.locator("[data-export='0'] progress")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    store: MediaStore = served.app.extensions[SERVICES_KEY].store
    maker = ExportMaker(served.db, store, SystemClock())
    assert JobWorker(Lane.MAKE, {JobKind.EXPORT: maker}, served.db, SystemClock()).one()
    link = page.get_by_role("link", name="Download: Whole cut")
    expect(link).to_be_visible()
    with page.expect_download() as coming:
        link.press("Enter")
    assert coming.value.suggested_filename == "Without the recess.mp4"
    coming.value.save_as(tmp_path / "saved.mp4")
    with av.open(str(tmp_path / "saved.mp4")) as file:
        marks = [read_mark(one.to_ndarray(format="gray")) for one in file.decode(video=0)]

    assert [mark and mark.frame for mark in marks] == [*range(10, 90), *range(153, 251)]
