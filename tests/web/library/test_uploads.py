"""Uploads take what they declared and no more, and never the room the database needs."""

import contextlib
import io
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import ADMIN, NOW
from support.website import Site, token_of

from scheduler.actions import media
from scheduler.db.store import Database
from scheduler.domain.model.people import Role
from scheduler.process.leftovers import UPLOAD_KEPT_FOR, sweep
from scheduler.process.service import tidy_up
from web.library.uploads import (
    DISK_KEPT_FREE,
    GIVES_WAY_AFTER,
    LARGEST_FILE,
    MOST_UNFINISHED,
    BusyError,
    UploadError,
    Uploads,
)

FREE = 200 * 1000**3


def put(uploads: Uploads, name: str, at: int, body: bytes, free: int = FREE) -> int:
    return uploads.append(name, at, len(body), io.BytesIO(body), free)


def test_bytes_beyond_the_declared_size_are_refused_and_earlier_ones_kept(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    name = uploads.begin(1, FREE, "dana", NOW)
    with pytest.raises(UploadError, match="larger than what is left of the 1 bytes"):
        put(uploads, name, 0, b"x" * 30_000)
    assert uploads.offset(name) == 0
    assert put(uploads, name, 0, b"x") == 1
    with pytest.raises(UploadError):
        put(uploads, name, 1, b"y")
    for size in (0, 2):
        with pytest.raises(UploadError):
            uploads.finish(name, size)
    assert uploads.finish(name, 1).read_bytes() == b"x"
    assert {path.suffix for path in tmp_path.iterdir()} == {".upload", ".lock"}


def test_an_unfinished_upload_reserves_its_room(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    free, begun = 3 * LARGEST_FILE + DISK_KEPT_FREE, []
    for number in range(3):
        begun.append(uploads.begin(LARGEST_FILE, free, f"person {number}", NOW))
    with pytest.raises(UploadError, match="too full"):
        uploads.begin(1000, free, "another", NOW)
    put(uploads, begun[0], 0, b"x" * 1000)
    with pytest.raises(UploadError, match="too full"):
        uploads.begin(1000, free - 1000, "another", NOW)
    (tmp_path / f"{begun[0]}.part").unlink()
    assert uploads.begin(LARGEST_FILE, free, "another", NOW)


def test_a_piece_never_fills_the_disk(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    name = uploads.begin(2000, FREE, "dana", NOW)
    with pytest.raises(UploadError, match="too full"):
        put(uploads, name, 0, b"x" * 1000, free=DISK_KEPT_FREE + 999)
    assert put(uploads, name, 0, b"x" * 1000, free=DISK_KEPT_FREE + 1000) == 1000


class Slow(io.BytesIO):
    """A body whose bytes arrive only once every thread reads."""

    def __init__(self, body: bytes, gate: threading.Barrier) -> None:
        super().__init__(body)
        self._gate = gate

    def read(self, size: int | None = -1) -> bytes:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._gate.wait(1)
        return super().read(size)


def test_of_six_parallel_pieces_for_one_offset_exactly_one_is_written(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    name, gate = uploads.begin(60, FREE, "dana", NOW), threading.Barrier(6)
    got: list[str] = []

    def send(number: int) -> None:
        body = Slow(bytes([48 + number]) * 10, gate)
        try:
            uploads.append(name, 0, 10, body, FREE)
        except BusyError:
            got.append("busy")
        except UploadError:
            got.append("late")
        else:
            got.append("taken")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got.count("taken") == 1 and len(got) == 6
    assert len(set((tmp_path / f"{name}.part").read_bytes())) == 1 and uploads.offset(name) == 10


def test_an_idle_upload_gives_way_when_one_person_has_too_many(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    begun = [uploads.begin(10, FREE, "dana", NOW) for _ in range(MOST_UNFINISHED)]
    for number, name in enumerate(begun):
        at = NOW.timestamp() + number
        os.utime(tmp_path / f"{name}.part", (at, at))
    with pytest.raises(UploadError, match="unfinished"):
        uploads.begin(10, FREE, "dana", NOW)
    assert uploads.begin(10, FREE, "pat", NOW)
    uploads.begin(10, FREE, "dana", NOW + timedelta(seconds=GIVES_WAY_AFTER))
    assert not (tmp_path / f"{begun[0]}.part").exists()
    assert (tmp_path / f"{begun[1]}.part").exists()


def test_abandoned_uploads_are_deleted_but_not_files_waiting_for_a_check(tmp_path: Path) -> None:
    late = (NOW - UPLOAD_KEPT_FOR - timedelta(minutes=1)).timestamp()
    files = ("a.part", "a.json", "b.json", "c.upload", "d.upload", "notes.txt", "begin.lock")
    for name in (*files, "fresh.part", "fresh.json"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (late, late))
    os.utime(tmp_path / "fresh.part", (NOW.timestamp(), NOW.timestamp()))
    sweep(tmp_path, {"d.upload"}, NOW)
    sweep(tmp_path, {"d.upload"}, NOW)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"d.upload", "notes.txt", "begin.lock", "fresh.part", "fresh.json"}


def test_the_scheduler_deletes_abandoned_uploads_but_not_files_to_check(
    sqlite_db: Database, tmp_path: Path
) -> None:
    media.register(sqlite_db, ADMIN, NOW, "kept.upload", "a.mp4")
    for name in ("kept.upload", "left.upload"):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (0, 0))
    tidy_up(sqlite_db, tmp_path, NOW)
    assert [path.name for path in tmp_path.glob("*.upload")] == ["kept.upload"]


def test_a_piece_larger_than_declared_is_refused_with_422(site: Site) -> None:
    desk = site.browser(Role.ADMINISTRATOR)
    headers = {"X-CSRFToken": token_of(desk)}
    url = desk.post("/media/uploads", data={"size": 1}, headers=headers).get_data(as_text=True)
    assert desk.put(f"{url}?at=0", data=b"x" * 9000, headers=headers).status_code == 422
    assert desk.get(url).data == b"0"
