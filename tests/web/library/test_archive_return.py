"""A file that rests in the archive, as staff and a broadcast machine meet it."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import CH13, HOUR, an_airing, an_asset
from support.page import read
from support.website import Site, post

from media.store import MediaStore, content_key
from scheduler.backup.second_store import initialise
from scheduler.changing import copies
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.library.copies import SECOND_STORE
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind, Lane
from scheduler.domain.model.people import Role
from scheduler.process import resting as process
from scheduler.process.jobs import JobWorker
from scheduler.process.keeper import Keeper
from scheduler.process.resting import Places, Returns

FILM = b"film" * 1000


class Rested:
    """A site with a film that rests in its archive."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.second = site, initialise(folder / "archive")
        self.store = MediaStore(site.settings.media_root)
        source = folder / "film.mp4"
        source.write_bytes(FILM)
        self.key = content_key(source)
        self.second.copy_in(source, self.key, ".mp4")
        self.asset: Asset = an_asset(site.db, "Charter hearing", "f")
        now = site.clock.utc()
        with site.db.write() as session:
            row = session.get(AssetRow, self.asset.id)
            assert row is not None and row.media is not None
            row.media, row.key = {**row.media, "key": self.key, "size": len(FILM)}, self.key
            copies.note(session, self.key, SECOND_STORE, len(FILM), now, verified=now)
            session.add(
                RestingRow(key=self.key, suffix=".mp4", size=len(FILM), since=now, wanted=None)
            )
        settings = site.settings.model_copy(update={"archive_folder": self.second.root})
        Keeper(site.db, self.store, site.clock, settings).one()

    @property
    def page(self) -> str:
        return f"/media/{self.asset.id}"

    def words(self, role: Role = Role.PRODUCER) -> str:
        page = read(self.site.browser(role).get(self.page))
        return " ".join(page.one("section", **{"aria-labelledby": "h-copies"}).text.split())

    def comes_back(self) -> bool:
        """Let the lane of returns look once; return whether it brought something."""
        site, places = self.site, Places(self.store, self.second.root, None)
        returns = Returns(site.db, places, site.clock)
        handlers = {JobKind.RETURN: returns}
        lane = JobWorker(Lane.RETURN, handlers, site.db, site.clock, before=returns.queue_due)
        return lane.one()


@pytest.fixture
def rested(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rested:
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    return Rested(site, tmp_path)


def test_bring_back_says_when_and_brings_it(rested: Rested) -> None:
    assert "Bring it back now" in rested.words() and "rests in the archive" in rested.words()
    assert "Brought back now, it would be ready about" in rested.words()
    assert not rested.comes_back(), "nobody needs it"
    answer = post(rested.site.browser(Role.PRODUCER), f"{rested.page}/return")
    assert answer.status_code == 303
    assert "It is coming back from the archive, ready about" in rested.words()
    assert rested.comes_back() and rested.store.path(rested.key, ".mp4").read_bytes() == FILM
    assert "archive, ready" not in rested.words()
    with rested.site.browser(Role.PRODUCER).get(f"{rested.page}/download") as answer:
        assert answer.status_code == 200 and answer.data == FILM


def test_a_download_of_what_rests_says_what_happens(rested: Rested) -> None:
    person = rested.site.browser(Role.PRODUCER)
    answer = person.get(f"{rested.page}/download", follow_redirects=True)
    assert answer.status_code == 200
    assert "ready about" in answer.text and "Download it then." in answer.text
    assert rested.comes_back()


def test_who_may_only_look_brings_nothing_back_by_the_button(rested: Rested) -> None:
    assert "Bring it back now" not in rested.words(Role.VIEWER)
    answer = post(rested.site.browser(Role.VIEWER), f"{rested.page}/return")
    assert answer.status_code == 403 and not rested.comes_back()


def test_a_full_disk_is_said_on_the_page(rested: Rested, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 10**18)
    post(rested.site.browser(Role.PRODUCER), f"{rested.page}/return")
    assert rested.comes_back()
    assert "does not come back from the archive yet. The server's disk is full" in rested.words()
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    rested.site.clock.advance(timedelta(minutes=2))
    assert rested.comes_back() and rested.store.has(rested.key, ".mp4")


def test_a_machine_that_asks_gets_it_once_it_is_back(rested: Rested) -> None:
    key = rested.site.host_key()
    address = f"/api/v1/host/{CH13}/media/{rested.key}"
    machine = rested.site.app.test_client()
    assert machine.head(address, headers=key).status_code == 404
    assert not rested.comes_back(), "a machine that would let its own go needs nothing"
    answer = machine.get(address, headers=key)
    assert answer.status_code == 404 and "comes back from the archive" in answer.json["error"]
    assert rested.comes_back()
    with machine.get(address, headers=key) as answer:
        assert answer.data == FILM


def test_the_schedule_says_when_its_file_is_back(rested: Rested) -> None:
    start = rested.site.clock.utc() + 3 * HOUR
    an_airing(rested.site.db, start, source=None, asset=rested.asset.id, channel=CH13)
    planner = rested.site.browser(Role.SCHEDULER)
    told = "in the archive, coming back, ready about"
    assert told in planner.get(f"/schedule/{CH13}", follow_redirects=True).text
    assert rested.comes_back()
    assert told not in planner.get(f"/schedule/{CH13}", follow_redirects=True).text
