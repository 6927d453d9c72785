"""A file that rests in the archive, brought back by keyboard; the page follows by itself."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe
from support.desk import an_asset

from config.clock import SystemClock
from media.store import MediaStore, content_key
from scheduler.actions import disk_days
from scheduler.actions.disk_days import DiskReading
from scheduler.backup.second_store import initialise
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.library.pace import ARCHIVE_PLACE
from scheduler.domain.model.job import JobKind, Lane
from scheduler.process import resting as process
from scheduler.process.jobs import JobWorker
from scheduler.process.resting import Places, Returns
from web.kit.context import SERVICES_KEY

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "page", [(1440, 900, "light"), (390, 844, "dark")], indirect=True, ids=["desk", "phone"]
)
def test_a_resting_file_is_brought_back_by_keyboard(
    page: Page, served: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_axe()
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    db, clock, second = served.db, SystemClock(), initialise(tmp_path / "archive")
    store: MediaStore = served.app.extensions[SERVICES_KEY].store
    source = tmp_path / "film.mp4"
    source.write_bytes(b"film" * 1000)
    key, now = content_key(source), clock.utc()
    second.copy_in(source, key, ".mp4")
    film = an_asset(db, "Charter hearing", "f")
    with db.write() as session:
        row = session.get(AssetRow, film.id)
        assert row is not None and row.media is not None
        row.media, row.key = {**row.media, "key": key, "size": 4000}, key
        session.add(RestingRow(key=key, suffix=".mp4", size=4000, since=now, wanted=None))
    disk_days.note(db, [DiskReading(ARCHIVE_PLACE, "Archive", 10**9, 10**10)], now)

    page.goto(f"/media/{film.id}")
    note = page.locator("[data-resting]")
    expect(note).to_contain_text("Brought back now, it would be ready about")
    found = findings(page) + overflow_findings(page)
    page.get_by_role("button", name="Bring it back now").press("Enter")
    expect(note).to_contain_text("coming back from the archive, ready about")
    found += findings(page) + overflow_findings(page)
    returns = Returns(db, Places(store, second.root, None), clock)
    lane = JobWorker(Lane.RETURN, {JobKind.RETURN: returns}, db, clock, before=returns.queue_due)
    assert lane.one() and store.has(key, ".mp4")
    expect(note).to_have_count(0, timeout=10_000)
    assert found == []
