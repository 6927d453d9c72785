"""Draft captions: written for files that have none, and on air only when a person says so."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select
from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER, a_channel, an_asset, plan_version

from config.clock import SimulatedClock
from config.names import AssetKey
from media.caption_files import StoredCaptions
from media.captions.facts import CaptionFacts, CaptionOrigin
from media.speech.hearing import FakeHearer
from media.speech.words import SpokenWord
from media.store import MediaStore
from scheduler.actions import captions, station, undo
from scheduler.db.store import Database
from scheduler.db.tables.plan import JobRow
from scheduler.domain.model.job import JobKind
from scheduler.process.drafter import NO_SPEECH
from scheduler.process.handlers import speech_worker
from scheduler.process.jobs import JobWorker
from scheduler.queries import changes, library
from scheduler.refusals import Refused

SPOKEN = tuple(
    SpokenWord(2 + n / 2, 2.4 + n / 2, word, 0.4)
    for n, word in enumerate(["Thank", "you,", "Mayor", "Krauss."])
)
FOUND = CaptionFacts(
    origin=CaptionOrigin.SRT, language="en", services=("CC1",), count=1,
    first=timedelta(0), last=HOUR, covered=HOUR,
)  # fmt: skip


@pytest.fixture
def file(sqlite_db: Database, tmp_path: Path):
    """A file that may air and is on this disk."""
    asset = an_asset(sqlite_db)
    home = MediaStore(tmp_path / "media").path(asset.media.key, asset.media.suffix)
    home.parent.mkdir(parents=True)
    home.write_bytes(b"moving pictures")
    return asset


def drafter(db: Database, folder: Path, heard=SPOKEN, refusal: str = "") -> JobWorker:
    hearer = FakeHearer(heard, refusal)
    return speech_worker(db, MediaStore(folder / "media"), hearer, SimulatedClock(NOW))


def present(db: Database, file):
    return library.entry(db, file.id).asset


def test_a_file_without_captions_gets_a_draft_which_does_not_air(sqlite_db, tmp_path, file):
    a_channel(sqlite_db)
    station.set_caption_names(sqlite_db, ADMIN, NOW, "Kraus\n\nKraus\nLiberty Avenue")
    before = plan_version(sqlite_db, CH13)
    worker = drafter(sqlite_db, tmp_path)
    assert worker.one() and not worker.one()
    asset = present(sqlite_db, file)

    assert asset.caption_draft.facts.origin is CaptionOrigin.AUTOMATIC
    assert asset.caption_draft.facts.count == 1
    assert (asset.caption_entry, asset.media.captions) == (None, None)
    assert plan_version(sqlite_db, CH13) == before


def test_a_person_lets_a_draft_air_marked_as_automatic_and_undoes_it(sqlite_db, tmp_path, file):
    drafter(sqlite_db, tmp_path).one()
    draft = present(sqlite_db, file)
    aired = captions.air_draft(sqlite_db, PLANNER, NOW, file.id, draft.version)
    undo.undo(sqlite_db, PLANNER, NOW, changes.latest(sqlite_db, "asset", file.id).id)
    undone = present(sqlite_db, file)

    assert aired.media.captions.key == draft.caption_draft.key
    assert aired.caption_entry.facts.origin is CaptionOrigin.AUTOMATIC
    assert (aired.caption_entry.by, aired.caption_draft) == (PLANNER.name, None)
    assert (undone.caption_entry, undone.caption_draft) == (None, draft.caption_draft)


def test_a_discarded_draft_is_not_written_again_by_itself(sqlite_db, tmp_path, file):
    worker = drafter(sqlite_db, tmp_path)
    worker.one()
    captions.discard_draft(sqlite_db, PLANNER, NOW, file.id, present(sqlite_db, file).version)
    with pytest.raises(Refused, match="no draft captions"):
        captions.air_draft(sqlite_db, PLANNER, NOW, file.id, present(sqlite_db, file).version)

    assert not worker.one()


def test_a_file_with_captions_is_not_heard(sqlite_db, tmp_path, file):
    given = StoredCaptions(AssetKey("c" * 64), 99, FOUND)
    captions.give(sqlite_db, PLANNER, NOW, file.id, given, "a.srt")

    assert not drafter(sqlite_db, tmp_path).one()


def test_captions_that_came_while_a_draft_waited_are_enough(sqlite_db, tmp_path, file):
    captions.queue_draft(sqlite_db, PLANNER, NOW, file.id)
    given = StoredCaptions(AssetKey("c" * 64), 99, FOUND)
    captions.give(sqlite_db, PLANNER, NOW, file.id, given, "a.srt")
    assert drafter(sqlite_db, tmp_path, refusal="It must not be heard.").one()

    assert present(sqlite_db, file).caption_draft is None
    assert library.entry(sqlite_db, file.id).caption_job is None


@pytest.mark.parametrize(
    ("heard", "refusal", "said"),
    [((), "", NO_SPEECH), (SPOKEN, "The model cannot be loaded.", "The model cannot be loaded.")],
)
def test_a_file_that_gives_no_draft_says_why(sqlite_db, tmp_path, file, heard, refusal, said):
    assert drafter(sqlite_db, tmp_path, heard, refusal).one()
    job = library.entry(sqlite_db, file.id).caption_job

    assert (job.state, job.step) == ("failed", said)
    assert present(sqlite_db, file).caption_draft is None


def test_names_are_kept_once_each_and_bounded(sqlite_db):
    with pytest.raises(Refused, match="500 names"):
        station.set_caption_names(sqlite_db, ADMIN, NOW, "\n".join(f"Name {n}" for n in range(501)))


def test_one_look_queues_few_files_and_reads_no_rows_of_the_others(sqlite_db, tmp_path):
    """Of fifty thousand files each look once read all rows, 2.3 s of processor every 20 s, and held
    the lock of the database while it queued them.
    """
    for number in range(3):
        an_asset(sqlite_db, key=f"{number}", at=NOW + timedelta(minutes=number))
    an_asset(sqlite_db, key="f", length=timedelta(seconds=4))
    asked = list[str]()

    @event.listens_for(sqlite_db.engine, "before_cursor_execute")
    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(captions, "MOST_DRAFTS_QUEUED", 2)
        queued = []
        for _ in range(3):
            captions.queue_missing_drafts(sqlite_db, NOW)
            queued.append(waiting(sqlite_db))
    assert queued == [2, 3, 3]
    assert not [one for one in asked if "asset.facts" in one]
    last = asked[-2:]
    assert not [one for one in last if "INSERT" in one or "IMMEDIATE" in one]


def waiting(db: Database) -> int:
    with db.read() as session:
        kind = JobKind.CAPTION_DRAFT
        return sum(row.kind == kind.value for row in session.scalars(select(JobRow)))
