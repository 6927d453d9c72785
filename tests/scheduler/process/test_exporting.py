"""Files of cuts are made when staff ask for them, kept a while, and made again when asked again."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.desk import NOW, PLANNER, VIEWER, an_asset

from config.clock import SimulatedClock
from media.caption_files import StoredCaptions
from media.captions.cue import CaptionCue, CaptionRow
from media.captions.encode import encode
from media.captions.facts import CaptionFacts, CaptionOrigin
from media.export import CUES, CUES_NAME, FILM, KEPT_FOR, Export, ExportError, Exports
from media.store import MediaStore
from scheduler.actions import captions, cuts, exports
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.cuts import Chapter, CutDraft
from scheduler.domain.library.exporting import chapter_list, export_of
from scheduler.domain.model.job import JobKind, JobState, Lane
from scheduler.process.exporting import ExportMaker
from scheduler.process.jobs import JobWorker
from scheduler.process.keeper import Keeper
from scheduler.queries import exports as query
from scheduler.refusals import Refused

PIECES = ((300, 18_000), (36_000, 54_000))
DRAFT = CutDraft("Without the recess", PIECES, (Chapter(36_300, "Budget"),))


class Made:
    """A maker that writes a few bytes, or refuses."""

    def __init__(self) -> None:
        self.exports: list[Export] = []
        self.cues: list[Any] = []
        self.refuses = ""

    def __call__(self, export: Export, path: Path, folder: Path, progress: Any) -> int:
        assert path.read_bytes() == b"film"
        self.exports.append(export)
        self.cues += CUES.validate_json((folder / CUES_NAME).read_bytes())
        if self.refuses:
            raise ExportError(self.refuses)
        (folder / FILM).write_bytes(b"cut")
        return 0


class Plant:
    """A worker of the lane over a store with a cut of a film."""

    def __init__(self, db: Database, root: Path) -> None:
        self.db, self.clock, self.made = db, SimulatedClock(NOW), Made()
        self.store = MediaStore(root)
        self.kept = Exports(self.store)
        self.maker = ExportMaker(db, self.store, self.clock, self.made)
        handlers = {JobKind.EXPORT: self.maker}
        self.worker = JobWorker(Lane.MAKE, handlers, db, self.clock)
        self.whole = an_asset(db)
        self.cut = cuts.add(db, PLANNER, NOW, self.whole.id, DRAFT)

    def put_here(self) -> None:
        assert self.whole.media is not None
        home = self.store.path(self.whole.media.key, self.whole.media.suffix)
        home.parent.mkdir(parents=True, exist_ok=True)
        home.write_bytes(b"film")

    def ask(self, piece: int = 0) -> None:
        exports.queue(self.db, PLANNER, self.clock.utc(), self.cut.id, piece)

    def turn(self) -> bool:
        self.clock.advance(timedelta(minutes=1))
        return self.worker.one()

    def keep(self) -> None:
        """Let the keeper look, who alone deletes what was made."""
        Keeper(self.db, self.store, self.clock).one()

    def file(self, piece: int = 0) -> query.CutFile:
        file = query.file_of(self.db, self.cut.id, piece)
        assert file is not None
        return file

    def is_made(self, piece: int = 0) -> bool:
        return self.kept.facts(self.file(piece).export.content) is not None


@pytest.fixture
def plant(sqlite_db: Database, tmp_path: Path) -> Plant:
    return Plant(sqlite_db, tmp_path)


def test_a_cut_and_each_of_its_pieces_are_made_when_asked(plant: Plant) -> None:
    plant.put_here()
    assert not plant.turn()
    plant.ask()
    plant.ask()
    plant.ask(2)
    assert plant.turn() and plant.turn() and not plant.turn()
    whole, piece = sorted(plant.made.exports, key=lambda one: -len(one.pieces))

    assert [one.pieces for one in (whole, piece)] == [PIECES, PIECES[1:]]
    assert [one.title for one in (whole, piece)] == [DRAFT.title, f"{DRAFT.title}, part 2"]
    assert plant.is_made() and plant.is_made(2) and not plant.is_made(1)
    plant.ask()
    assert plant.turn()
    assert len(plant.made.exports) == 2


def test_a_cut_that_was_marked_anew_is_another_file(plant: Plant) -> None:
    plant.put_here()
    plant.ask()
    plant.turn()
    again = CutDraft(DRAFT.title, ((300, 900),))
    cuts.edit(plant.db, PLANNER, NOW, plant.cut.id, again, plant.cut.version)

    assert not plant.is_made()
    assert query.file_of(plant.db, plant.cut.id, 1) is None
    plant.ask(2)
    plant.turn()
    job = query.files_of(plant.db, plant.cut.id)[0].job
    assert job is not None and job.state is JobState.DONE


def test_it_waits_for_a_file_that_is_not_here_and_says_so(plant: Plant) -> None:
    plant.ask()
    assert plant.turn()
    job = plant.file().job
    assert job is not None and job.state is JobState.WAITING and "not on this server" in job.note
    plant.put_here()
    assert not plant.worker.one()
    plant.ask()

    assert plant.turn() and plant.is_made()


def test_a_file_that_cannot_be_read_fails_once_and_may_be_tried_again(plant: Plant) -> None:
    plant.put_here()
    plant.made.refuses = "No picture of piece 2 can be read: the file is damaged there."
    plant.ask()
    assert plant.turn() and not plant.turn()
    job = plant.file().job
    assert job is not None and (job.state, job.step) == (JobState.FAILED, plant.made.refuses)
    plant.made.refuses = ""
    plant.ask()

    assert plant.turn() and plant.is_made()
    states = {job.state for job in [plant.file().job] if job is not None}
    assert states == {JobState.DONE}


def test_it_is_deleted_when_it_is_old(plant: Plant) -> None:
    plant.put_here()
    plant.ask()
    plant.turn()
    plant.clock.advance(KEPT_FOR - timedelta(minutes=5))
    plant.keep()
    assert plant.is_made()
    plant.clock.advance(timedelta(minutes=5))
    plant.keep()
    assert not plant.is_made()


def test_captions_of_the_file_are_those_of_its_pieces(plant: Plant) -> None:
    plant.put_here()
    spoken = [
        CaptionCue(5_000_000, 7_000_000, (CaptionRow(15, 0, "LEFT OUT"),)),
        CaptionCue(20_000_000, 23_000_000, (CaptionRow(15, 0, "GOOD EVENING"),)),
    ]
    track = encode(spoken)
    path = plant.store.root / "track"
    path.write_bytes(track.to_bytes())
    key, _ = plant.store.add(path, suffix=".cc")
    facts = CaptionFacts(
        CaptionOrigin.SRT, "en", ("CC1",), 2, *(timedelta(seconds=one) for one in (5, 23, 5))
    )
    captions.give(
        plant.db, PLANNER, NOW, plant.whole.id, StoredCaptions(key, 1, facts), "hearing.srt"
    )
    plant.ask()
    assert plant.turn()
    ((begin, end, text),) = plant.made.cues

    assert text == "GOOD EVENING"
    assert abs(begin - 9_990_000) < 100_000 and abs(end - 12_990_000) < 100_000
    assert plant.made.exports[0].language == "en"


def test_only_who_prepares_media_asks_for_a_file(plant: Plant) -> None:
    with pytest.raises(Refused, match="is a whole file"):
        exports.queue(plant.db, PLANNER, NOW, plant.whole.id)
    with pytest.raises(Refused, match="may not"):
        exports.queue(plant.db, VIEWER, NOW, plant.cut.id)
    assert query.files_of(plant.db, plant.whole.id) == ()


def test_a_cut_that_is_gone_leaves_no_file(plant: Plant) -> None:
    plant.put_here()
    plant.ask()
    plant.turn()
    content = plant.file().export.content
    with plant.db.write() as session:
        row = session.get(AssetRow, plant.cut.id)
        assert row is not None
        row.state = "gone"
    plant.keep()
    assert plant.kept.facts(content) is None


def test_chapters_are_counted_in_the_file_that_is_made(plant: Plant) -> None:
    day = date(2026, 11, 17)
    export = export_of(plant.cut, day)
    assert export is not None and export.day == "2026-11-17"
    assert export.chapters == ((0, DRAFT.title), (18_000, "Budget"))
    assert chapter_list(export) == "0:00 Without the recess\n10:00 Budget\n"
    part = export_of(plant.cut, day, 2)
    assert part is not None
    assert part.chapters == ((0, DRAFT.title), (300, "Budget"))
    assert export_of(plant.cut, day, 3) is None and export_of(plant.whole, day) is None
    first = export_of(plant.cut, None, 1)
    assert first is not None and first.chapters == () and chapter_list(first) == ""
