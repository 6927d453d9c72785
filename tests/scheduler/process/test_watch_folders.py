"""Watch folders on a real disk, with a clock that the test turns and kills at every step."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.desk import NOW, PLANNER

from config.clock import SimulatedClock
from config.intake_settings import WatchFolder
from config.settings import Settings
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionOrigin, facts_of
from media.fake import A_FILE, FakeProber
from media.store import MediaStore
from playout.alerts.conditions import Condition
from scheduler.actions import arrivals, jobs, programs
from scheduler.db import passing
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.program import ProgramDraft
from scheduler.process import taking, watch_folder
from scheduler.process.handlers import check_worker
from scheduler.process.leftovers import sweep
from scheduler.process.taking import REFUSED_FOLDER, TAKING_FOLDER
from scheduler.process.watch_folder import EMPTY, LINK, MOST_CHECKS, FolderIntake, FolderState
from scheduler.process.watch_folders import FolderWatcher
from scheduler.queries import details, library, library_faults

TRACK = encode(laid_out(1_000_000, 2_000_000, ["Hello."]))


class Killed(BaseException):
    """The end of the process in the middle of a step."""


class Place:
    """A server with one watch folder, whose scheduler can be killed and started again."""

    def __init__(self, db: Database, folder: Path, prober: FakeProber | None = None) -> None:
        self.db, self.clock = db, SimulatedClock(NOW)
        self.root, self.uploads = folder / "incoming", folder / "uploads"
        for one in (self.root, self.uploads):
            one.mkdir()
        self.store = MediaStore(folder / "media")
        self.prober = prober or FakeProber()
        self.start()

    def start(self) -> None:
        folder = WatchFolder(
            path=self.root, name="Field cameras", tags=("field",), program="Around town"
        )
        self.intake = FolderIntake(folder, self.db, self.store, self.uploads, self.clock)
        self.checks = check_worker(self.db, self.store, self.prober, self.uploads, self.clock)

    def put(self, name: str, data: bytes = b"moving pictures") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def look(self, times: int = 1, seconds: float = 30) -> str:
        for _ in range(times):
            self.clock.wait(seconds)
            words = self.intake.look().words
        return words

    def work(self, looks: int = 4) -> None:
        """Let the scheduler look and check until nothing is left to do."""
        for _ in range(looks):
            self.look(seconds=60)
            while self.checks.one():
                pass

    def files(self) -> list[Asset]:
        return [entry.asset for entry in library.library(self.db)]

    def left(self) -> list[str]:
        """Return the files in the watch folder, refused and taken ones too."""
        paths = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return sorted(str(path) for path in paths)

    def words(self, name: str) -> str:
        return (self.root / REFUSED_FOLDER / f"{name}.txt").read_text().strip()


@pytest.fixture
def place(sqlite_db: Database, tmp_path: Path) -> Place:
    return Place(sqlite_db, tmp_path)


def test_a_file_that_came_whole_is_an_upload_of_the_folder(place: Place) -> None:
    place.put("2026/council_2026-11-17.mp4")
    place.look(2)
    assert place.files() == []
    place.work()
    (file,) = place.files()

    assert (file.title, file.uploaded_by) == ("council 2026-11-17", "Field cameras")
    assert file.fit and place.left() == [] and list(place.uploads.iterdir()) == []


def test_a_file_gets_the_tags_and_program_of_its_folder(place: Place) -> None:
    program = programs.add(place.db, PLANNER, NOW, ProgramDraft("Around town"))
    place.put("parade.mp4"), place.work()
    (file,) = place.files()
    known = details.details(place.db, file.id).details

    assert (known.tags, known.program) == (("field",), program.id)


def test_a_growing_file_and_hidden_ones_wait(place: Place) -> None:
    place.put("~$council.mp4"), place.put("council.mp4.part"), place.put(".council.mp4")
    for size in range(1, 9):
        place.put("council.mp4", b"x" * size)
        place.look()
    assert place.files() == [] and len(place.left()) == 4
    place.work()
    assert len(place.files()) == 1 and len(place.left()) == 3


def test_what_is_refused_is_moved_aside_with_a_word_beside_it(
    sqlite_db: Database, tmp_path: Path
) -> None:
    said = "This is a text file, not a video."
    place = Place(sqlite_db, tmp_path, FakeProber(refuse={"minutes.doc": said}))
    place.put("minutes.doc", b"one"), place.work()
    place.put("minutes.doc", b"two"), place.work()

    assert (place.words("minutes.doc"), place.words("minutes (2).doc")) == (said, said)
    assert (place.root / REFUSED_FOLDER / "minutes (2).doc").read_bytes() == b"two"
    assert len(place.left()) == 4


def test_the_same_content_is_not_taken_twice(place: Place) -> None:
    place.put("council.mp4"), place.work()
    (
        place.put("copy.mp4"),
        place.put("again/other.mp4", b"others"),
        place.put("third.mp4", b"others"),
    )
    place.work()

    assert sorted(file.title for file in place.files()) == ["council", "other"]
    assert "“council”" in place.words("copy.mp4") and "“other”" in place.words("third.mp4")


def test_links_and_empty_files_are_refused(place: Place, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not for air")
    (place.root / "link.mp4").symlink_to(secret)
    (place.root / "folder").symlink_to(tmp_path)
    place.put("empty.mp4", b"")
    place.look(4)
    assert (place.root / "empty.mp4").exists()
    place.look(20)

    assert (place.words("link.mp4"), place.words("folder"), place.words("empty.mp4")) == (
        LINK, LINK, EMPTY,
    )  # fmt: skip
    assert secret.read_bytes() == b"not for air" and place.files() == []


def test_a_name_of_any_bytes_is_taken_and_refused(sqlite_db: Database, tmp_path: Path) -> None:
    name = b"caf\xe9 \n.mp4".decode("utf-8", "surrogateescape")
    place = Place(sqlite_db, tmp_path)
    place.put(name), place.work()
    assert [file.title for file in place.files()] == ["caf\ufffd"]
    place.put(name), place.work()
    assert "same" in place.words(name)
    long = f"{'x' * 250}.mp4"
    place.put(long), place.work()
    assert len(place.left()) == 4


def test_captions_go_with_the_video_of_their_name(sqlite_db: Database, tmp_path: Path) -> None:
    facts = facts_of(TRACK, CaptionOrigin.SRT, A_FILE.length)
    place = Place(sqlite_db, tmp_path, FakeProber(found_captions=(TRACK, facts)))
    place.put("council.en.srt", b"1"), place.put("alone.srt", b"2")
    place.look(4)
    place.put("council.mp4")
    place.work()
    (file,) = place.files()

    assert file.caption_entry is not None and file.caption_entry.name == "council.en.srt"
    assert file.caption_entry.by == "Field cameras"
    assert place.left() == ["alone.srt"]
    place.look(61)
    assert place.words("alone.srt").startswith("No video is called alone.")


def test_a_file_replaced_while_it_is_taken_is_left(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("council.mp4")
    place.look(2)

    def grown(source: Path, to: Path) -> None:
        with Path(source).open("ab") as file:
            file.write(b" and more")
        Path(source).replace(to)

    with monkeypatch.context() as patch:
        patch.setattr(taking.os, "rename", grown)
        place.look()
    assert place.left() == ["council.mp4"] and place.files() == []
    place.work()
    assert len(place.files()) == 1


def test_a_file_that_grows_while_it_is_copied_is_put_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("council.mp4")
    place.look(2)
    copied = FolderIntake._copied

    def growing(self: FolderIntake, source: Path, to: Path) -> str:
        digest = copied(self, source, to)
        with source.open("ab") as file:
            file.write(b" and more")
        return digest

    with monkeypatch.context() as patch:
        patch.setattr(FolderIntake, "_is_ours", lambda *_: False)
        patch.setattr(FolderIntake, "_copied", growing)
        place.look()
    assert place.left() == ["council.mp4"] and list(place.uploads.iterdir()) == []


def test_a_full_disk_makes_files_wait_and_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("council.mp4")
    with monkeypatch.context() as patch:
        patch.setattr(watch_folder, "free_room", lambda *_: 2 * 10**9 + 3)
        patch.setattr(FolderIntake, "_is_ours", lambda *_: False)
        words = place.look(6)
    assert "no room for council.mp4" in words and place.left() == ["council.mp4"]
    place.work()
    assert len(place.files()) == 1


def test_a_thousand_files_do_not_crowd_out_what_people_upload(place: Place) -> None:
    for number in range(20):
        place.put(f"{number}.mp4", b"%d" % number)
    place.look(4)
    assert arrivals.checks_waiting(place.db) == MOST_CHECKS
    place.work(8)
    assert len(place.files()) == 20 and place.left() == []


def test_a_folder_that_is_away_is_a_warning_in_words(sqlite_db: Database, tmp_path: Path) -> None:
    gone, here = tmp_path / "gone", tmp_path / "here"
    here.mkdir()
    folders = (WatchFolder(path=gone), WatchFolder(path=here))
    settings = Settings(data_dir=tmp_path / "data", watch_folders=folders)
    passing.put_folder(sqlite_db, "/old", passing.WatchedFolder("old", 0, 0, "", NOW))
    watcher = FolderWatcher(sqlite_db, settings, SimulatedClock(NOW))
    passing.keep_folders(sqlite_db, [str(gone), str(here)])
    watcher.one()
    first, second = passing.folders(sqlite_db)

    assert (first.name, second.name, second.words) == ("gone", "here", "")
    assert first.words.startswith("The folder is away. Mount the drive again")


class Watched:
    """One watch folder under the thread's own code, on a drive that can be unmounted."""

    def __init__(self, db: Database, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.db, self.clock, self.root = db, SimulatedClock(NOW), folder / "cameras"
        self.root.mkdir()
        one = WatchFolder(path=self.root, name="Cameras", steady_seconds=10)
        self.settings = Settings(data_dir=folder / "data", watch_folders=(one,))
        self.mounted_at = self.root
        patch.setattr(watch_folder, "mount_point", lambda _: self.mounted_at)
        patch.setattr(FolderWatcher.__mro__[1], "start", lambda _: None)  # The test looks itself.
        self.start()

    def start(self) -> None:
        self.watcher = FolderWatcher(self.db, self.settings, self.clock)
        self.watcher.start()

    def told(self, looks: int = 2) -> list[str]:
        """Look again after half a minute each, and return what is wrong."""
        for _ in range(looks):
            self.clock.wait(30)
            self.watcher.one()
        return self.faults()

    def faults(self) -> list[str]:
        holding = library_faults.faults(self.db, self.clock.utc()).holding
        assert all(one.condition is Condition.WATCH_FOLDER for one in holding)
        return [one.detail for one in holding]


def test_a_drive_that_is_not_mounted_is_an_alert_until_it_is_back(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(sqlite_db, tmp_path, monkeypatch)
    assert watched.told() == []
    watched.mounted_at = Path("/")
    (watched.root / "not ours.mp4").write_bytes(b"of another disk")
    (fault,) = watched.told()
    assert fault == f"Cameras ({watched.root}): {watch_folder.UNMOUNTED}"
    watched.start()
    assert watched.told() == [fault], "a server that starts without its drive says so"
    assert library.library(sqlite_db) == ()
    watched.mounted_at = watched.root
    assert watched.told() == [] and len(library.library(sqlite_db)) == 1


def test_a_folder_that_is_gone_or_closed_or_full_is_an_alert(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(sqlite_db, tmp_path, monkeypatch)
    aside = watched.root.with_name("aside")
    watched.root.rename(aside)
    assert "The folder is away." in watched.told()[0]
    aside.rename(watched.root)
    assert watched.told() == []
    with monkeypatch.context() as patch:
        patch.setattr(watch_folder.os, "access", lambda *_: False)
        assert "may not move its files" in watched.told()[0]
    watched.root.joinpath("council.mp4").write_bytes(b"moving pictures")
    with monkeypatch.context() as patch:
        patch.setattr(watch_folder, "free_room", lambda *_: 0)
        patch.setattr(FolderIntake, "_is_ours", lambda *_: False)
        assert "no room for council.mp4" in watched.told()[0]
    assert watched.told() == []


def test_a_drive_that_hangs_is_an_alert_and_a_long_copy_is_not(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(sqlite_db, tmp_path, monkeypatch)
    assert watched.told() == []
    alive = list[list[str]]()

    def slow(intake: FolderIntake) -> FolderState:
        for _ in range(10):
            watched.clock.wait(60)
            intake._stopping()
            alive.append(watched.faults())
        return FolderState()

    with monkeypatch.context() as patch:
        patch.setattr(FolderIntake, "look", slow)
        watched.told(looks=1)
    assert alive == [[]] * 10
    watched.clock.wait(240)
    assert "No one has looked at it for 4 min" in watched.faults()[0]


def test_a_note_that_a_hand_wrote_leads_nowhere(place: Place, tmp_path: Path) -> None:
    folder = place.root / TAKING_FOLDER
    folder.mkdir()
    target = tmp_path / "target.txt"
    for id, note in (("a" * 32, f'{{"id": "{"a" * 32}", "name": "../../target"}}'), ("b", "[1]")):
        (folder / f"{id}.json").write_text(note)
        (folder / f"{id}.file").write_bytes(b"x")
    (folder / "c.file").write_bytes(b"x")
    place.look()
    assert not target.exists() and len(place.left()) == 6
    assert all(one.startswith(REFUSED_FOLDER) for one in place.left())


STEPS = (
    (taking.os, "rename"),
    (taking, "write_whole"),
    (Path, "unlink"),
    (watch_folder.os, "link"),
    (Path, "replace"),
    (arrivals, "take_in"),
)


def killing(patch: pytest.MonkeyPatch, at: int) -> None:
    """Kill the process before its step number `at`."""
    counted = SimpleNamespace(steps=0)

    def wrapped(real: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **more: object) -> object:
            counted.steps += 1
            if counted.steps == at:
                raise Killed
            return real(*args, **more)

        return step

    for owner, name in STEPS:
        patch.setattr(owner, name, wrapped(getattr(owner, name)))


@pytest.mark.parametrize("copied", [False, True], ids=["linked", "copied"])
def test_a_kill_at_any_step_loses_nothing_and_takes_nothing_twice(
    sqlite_db: Database, tmp_path: Path, copied: bool
) -> None:
    """One good file and one that is refused, with a kill at each step of taking them."""
    place = Place(sqlite_db, tmp_path, FakeProber(refuse={"bad.mp4": "There is no picture."}))
    at, killed = 0, True
    while killed:
        at, killed = at + 1, False
        data = b"pictures %d" % at
        place.put(f"good {at}.mp4", data)
        place.put(f"bad {at}/bad.mp4", b"nonsense %d" % at)
        with pytest.MonkeyPatch.context() as patch:
            if copied:
                patch.setattr(FolderIntake, "_is_ours", lambda *_: False)
            killing(patch, at)
            try:
                place.work(3)
            except Killed:
                killed = True
        jobs.reclaim(sqlite_db, place.clock.utc())
        place.start()
        place.work(5)
        ready = [file for file in place.files() if file.title == f"good {at}" and file.fit]
        assert len(ready) == 1, at
        assert [file for file in place.files() if file.state is AssetState.WAITING] == []
        assert [one for one in place.left() if not one.startswith(REFUSED_FOLDER)] == [], at
    refused = [path for path in (place.root / REFUSED_FOLDER).iterdir() if path.suffix != ".txt"]
    assert at > 12 and len(refused) == at
    assert {one.read_bytes() for one in refused} == {b"nonsense %d" % n for n in range(1, at + 1)}
    sweep(place.uploads, jobs.uploads_needed(sqlite_db), datetime.now(UTC) + timedelta(days=2))
    assert list(place.uploads.iterdir()) == []
