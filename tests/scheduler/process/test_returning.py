"""What rests in the archive comes back by itself, with real files, whatever is killed or away."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.desk import CH13, HOUR, NOW, a_channel, an_airing, an_asset
from support.resting_stores import DAY, FILM, Stores, resting_stores, some_stores

from config.names import AssetKey
from media.partial import PartialFile
from media.store import content_key
from scheduler.actions import archive, disk_days, jobs, resting
from scheduler.actions.disk_days import DiskReading
from scheduler.actions.homecoming import compare_store
from scheduler.backup import second_store
from scheduler.backup.second_store import MARKER
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import AiringRow, AssetRow
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.air.readiness import Light
from scheduler.domain.library.pace import ARCHIVE_PLACE
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind, Lane
from scheduler.process import resting as process
from scheduler.process.jobs import JobWorker
from scheduler.process.publish import publish
from scheduler.process.resting import Places, Returns
from scheduler.queries import faults, grid, library_faults
from scheduler.queries import resting as query


class Killed(BaseException):
    """The end of a process in the middle of its work."""


@pytest.fixture
def stores(sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    return resting_stores(some_stores(sqlite_db, tmp_path))


def planned(stores: Stores, ahead: timedelta) -> Airing:
    """Plan the film to air so far from now."""
    start = stores.clock.utc() + ahead
    return an_airing(stores.db, start, source=None, asset=stores.asset.id, channel=CH13)


def light_of(stores: Stores, airing: Airing) -> tuple[Light, str]:
    view = grid.airing(stores.db, airing.id, stores.clock.utc())
    return view.readiness, view.why


def worker(stores: Stores) -> JobWorker:
    """Return the lane of returns of a process that has just started."""
    returns = Returns(stores.db, Places(stores.store, stores.second.root, None), stores.clock)
    return JobWorker(
        Lane.RETURN, {JobKind.RETURN: returns}, stores.db, stores.clock, before=returns.queue_due
    )


def test_what_is_scheduled_comes_back_and_the_light_tells_of_each_step(stores: Stores) -> None:
    airing = planned(stores, 20 * DAY)
    assert not worker(stores).one(), "it is early"
    light, why = light_of(stores, airing)
    assert light is Light.READY and why.endswith("comes back 14 days before.")
    stores.clock.advance(14 * DAY)
    stores.keeper_looks()
    light, why = light_of(stores, airing)
    assert light is Light.AMBER and "coming back, ready about" in why
    assert worker(stores).one() and stores.here.read_bytes() == FILM
    light, why = light_of(stores, airing)
    assert light is Light.READY and "archive" not in why


def test_what_is_scheduled_for_tonight_comes_back_at_once(stores: Stores) -> None:
    planned(stores, 3 * HOUR)
    assert worker(stores).one() and stores.here.read_bytes() == FILM and not stores.rests()


def test_a_stand_in_comes_back_too(stores: Stores) -> None:
    at = stores.clock.utc() + HOUR
    an_airing(stores.db, at, source=None, asset=None, substitute=stores.asset.id, channel=CH13)
    assert worker(stores).one() and not stores.rests()


def test_what_only_a_published_plan_names_comes_back(stores: Stores) -> None:
    airing = planned(stores, DAY)
    publish(stores.db, CH13, stores.clock.utc())
    with stores.db.write() as session:
        row = session.get(AiringRow, airing.id)
        assert row is not None
        row.asset_id = None
    assert worker(stores).one() and not stores.rests()


def test_an_archive_that_is_away_is_an_alert_from_a_day_before(stores: Stores) -> None:
    stores.in_backup.unlink()
    (stores.second.root / MARKER).rename(stores.second.root / "away")
    airing = planned(stores, 3 * DAY)
    worker(stores).one()
    light, why = light_of(stores, airing)
    assert light is Light.AMBER and "does not come back from the archive" in why
    stores.clock.advance(2 * DAY + HOUR)
    light, why = light_of(stores, airing)
    assert light is Light.RED and "is no archive" in why
    missed = faults.misses(stores.db, stores.clock.utc()).holding
    assert [one.detail for one in missed] == [f"{airing.title}: {why}"]


def broken_at(where: object, name: str, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """Let the process die in a function, before or after its work."""
    real, calls = getattr(where, name), list[int]()

    def killed(*args: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == (2 if name == "write" else 1) and not after:
            raise Killed
        answer = real(*args, **named)
        if after:
            raise Killed
        return answer

    monkeypatch.setattr(where, name, killed)


@pytest.mark.parametrize(
    ("where", "name", "after"),
    [
        (PartialFile, "write", False),
        (PartialFile, "commit", False),
        (PartialFile, "commit", True),
        (resting, "came_back", False),
        (resting, "came_back", True),
    ],
)
def test_a_kill_at_any_step_loses_nothing_and_the_next_process_goes_on(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, where: object, name: str, after: bool
) -> None:
    monkeypatch.setattr(second_store, "PIECE_BYTES", 1000)
    planned(stores, HOUR)
    with monkeypatch.context() as death:
        broken_at(where, name, death, after=after)
        with pytest.raises(Killed):
            worker(stores).one()
    came = stores.store.partials().get(stores.key)
    assert came == {"write": 1000, "commit": None if after else 4000}.get(name)
    jobs.reclaim(stores.db, stores.clock.utc())
    assert worker(stores).one()
    assert stores.here.read_bytes() == FILM and not stores.rests()
    assert not worker(stores).one(), "and it is done once"
    assert stores.there.exists()


def another(stores: Stores, title: str, letter: str) -> AssetKey:
    """Add a second film that rests in the archive."""
    source = stores.second.root.parent / f"{letter}.mp4"
    source.write_bytes(letter.encode() * 4000)
    key = content_key(source)
    stores.second.copy_in(source, key, ".mp4")
    film = an_asset(stores.db, title, letter)
    with stores.db.write() as session:
        row = session.get(AssetRow, film.id)
        assert row is not None and row.media is not None
        row.media, row.key = {**row.media, "key": key, "size": 4000}, key
        since = stores.clock.utc()
        session.add(RestingRow(key=key, suffix=".mp4", size=4000, since=since, wanted=None))
    return key


def test_the_most_urgent_comes_first_and_a_hindered_one_holds_up_no_other(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = {another(stores, title, title[0]): title for title in ("week", "tonight", "gone")}
    for ahead, title in ((7 * DAY, "week"), (HOUR, "gone"), (3 * HOUR, "tonight")):
        key = next(key for key, its in titles.items() if its == title)
        with stores.db.read() as session:
            (film,) = find.library.naming(session, key)
        start = stores.clock.utc() + ahead
        an_airing(stores.db, start, source=None, asset=AssetId(film), channel=CH13)
        if title == "gone":
            stores.second.path(key, ".mp4").chmod(0o600)
            stores.second.path(key, ".mp4").rename(stores.second.root.parent / "elsewhere")
    resting.want(stores.db, stores.key, stores.clock.utc())
    came, real = list[str](), resting.came_back

    def noted(db: Database, key: AssetKey, size: int, now: datetime) -> None:
        came.append(titles.get(key, "asked for"))
        real(db, key, size, now)

    monkeypatch.setattr(resting, "came_back", noted)
    lane = worker(stores)
    while lane.one():
        stores.clock.advance(timedelta(seconds=1))
    assert came == ["asked for", "tonight", "week"]


def test_a_return_without_room_is_an_alert_until_there_is_room(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[str]:
        return [one.detail for one in library_faults.faults(stores.db, stores.clock.utc()).holding]

    planned(stores, 10 * DAY)
    assert told() == []
    with monkeypatch.context() as patch:
        patch.setattr(process, "DISK_KEPT_FREE", 1 << 60)
        worker(stores).one()
        (fault,) = told()
    title = stores.asset.title
    assert fault.startswith(f"Not back on the server: {title}. The server's disk is full")
    stores.clock.advance(2 * HOUR)
    assert worker(stores).one() and told() == []


def test_what_the_server_lost_comes_back_from_the_backup_without_any_archive(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    stores = some_stores(sqlite_db, tmp_path)
    returns = Returns(stores.db, Places(stores.store, None, stores.backup), stores.clock)
    lane = JobWorker(
        Lane.RETURN, {JobKind.RETURN: returns}, stores.db, stores.clock, before=returns.queue_due
    )

    def look(seconds: int = 15) -> bool:
        stores.clock.advance(timedelta(seconds=seconds))
        compare_store(stores.db, stores.clock.utc(), dict(stores.store.oldest_first()))
        return lane.one()

    assert not look()
    stores.here.unlink()
    aside = stores.backup.with_name("aside")
    stores.backup.rename(aside)
    assert look() and not stores.here.exists() and not look(), "the backup is away, and tried again"
    aside.rename(stores.backup)
    assert look(60) and stores.here.read_bytes() == FILM and not look()

    stores.here.unlink()
    stores.in_backup.chmod(0o600)
    stores.in_backup.write_bytes(b"rust")
    assert look() and not stores.here.exists(), "wrong bytes are never taken"
    stores.in_backup.unlink()
    assert look(60) and not look(600), "what no backup has is not tried for ever"


def test_every_question_of_the_way_back_on_both_databases(db: Database) -> None:
    a_channel(db)
    film = an_asset(db, "Film", "f")
    assert film.media is not None
    with db.write() as session:
        for name in (film.media.key, "0" * 64):
            session.add(
                RestingRow(key=name, suffix=".mp4", size=60 * 10**6, since=NOW, wanted=None)
            )
    an_airing(db, NOW + HOUR, source=None, asset=film.id, channel=CH13)
    publish(db, CH13, NOW)
    assert query.next_to_return(db, NOW, 3) == (film.id,)
    archive.queue(db, JobKind.RETURN, [film.id], NOW)
    assert query.next_to_return(db, NOW, 3) == ()
    job = jobs.claim(db, NOW, {JobKind.RETURN})
    assert job is not None
    resting.note_pace(db, job.id, 100_000)
    jobs.finish(db, NOW, job)
    later = query.outlook(db, [film.media.key], NOW)
    assert later is not None and later.is_due and later.hindrance == "The archive is away."
    assert later.ready - NOW == timedelta(minutes=10), "60 MB at the pace that was measured"
    reading = DiskReading(ARCHIVE_PLACE, "Archive", 10**9, 10**10)
    disk_days.note(db, [reading], NOW)
    seen = query.outlook(db, [film.media.key, None], NOW)
    assert seen is not None and not seen.hindrance
    assert query.outlook(db, ["1" * 64], NOW) is None
