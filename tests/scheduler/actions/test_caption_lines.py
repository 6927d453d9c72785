"""Single captions corrected, gone through and undone, on both databases."""

from datetime import timedelta

import pytest
from support.desk import CH13, NOW, PLANNER, VIEWER, a_channel, an_asset, plan_version

from config.names import AssetKey
from media.caption_files import StoredCaptions
from media.captions.correct import LineCorrection
from media.captions.facts import CaptionFacts, CaptionOrigin
from scheduler.actions import caption_lines, captions, jobs, undo
from scheduler.db.copies import named_files
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind
from scheduler.queries import captions as query
from scheduler.queries import changes, library
from scheduler.refusals import Conflict, Forbidden, Refused

C, D, E = (AssetKey(letter * 64) for letter in "cde")
LINE = LineCorrection(4_000_000_000, "cull", "call")


def stored(key: AssetKey, origin: CaptionOrigin = CaptionOrigin.SRT) -> StoredCaptions:
    facts = CaptionFacts(
        origin=origin, language="en", services=("CC1",), count=143,
        first=timedelta(seconds=3), last=timedelta(minutes=59), covered=timedelta(minutes=55),
    )  # fmt: skip
    return StoredCaptions(key, 1234, facts)


def drafted(db: Database) -> Asset:
    """Return a file for which a machine wrote a draft."""
    file = an_asset(db)
    captions.queue_draft(db, PLANNER, NOW, file.id)
    job = jobs.claim(db, NOW, {JobKind.CAPTION_DRAFT})
    assert job is not None
    captions.finish_draft(db, NOW, job.id, stored(C, CaptionOrigin.AUTOMATIC))
    return file


def test_a_correction_airs_names_its_author_and_is_undone(db):
    a_channel(db)
    file = an_asset(db)
    captions.give(db, PLANNER, NOW, file.id, stored(C), "council.srt")
    before = plan_version(db, CH13)
    made = caption_lines.correct(db, PLANNER, NOW, file.id, LINE, C, stored(D))
    kept = query.corrections(db, file.id)

    assert (made.media.captions.key, made.caption_entry.name) == (D, "council.srt")
    assert made.caption_entry.corrected
    assert plan_version(db, CH13) == before + 1
    assert [(one.begin, one.before, one.after, one.at, one.by) for one in kept] == [
        (4_000_000_000, "cull", "call", NOW, PLANNER.name)
    ]
    undo.undo(db, PLANNER, NOW, changes.latest(db, "asset", file.id).id)
    assert library.entry(db, file.id).asset.media.captions.key == C
    assert [one.undone for one in query.corrections(db, file.id)] == [True]


def test_a_draft_is_corrected_gone_through_and_airs_without_its_mark(db):
    a_channel(db)
    file = drafted(db)
    before = plan_version(db, CH13)
    caption_lines.correct(db, PLANNER, NOW, file.id, LINE, C, stored(D, CaptionOrigin.AUTOMATIC))
    corrected = library.entry(db, file.id).asset

    assert corrected.caption_draft.automatic and corrected.media.captions is None
    assert plan_version(db, CH13) == before
    assert D in named_files(db), "a backup without it would lose what people wrote"
    read = caption_lines.check(db, PLANNER, NOW, file.id, D)
    assert not read.caption_draft.automatic
    assert (read.caption_draft.checked, read.caption_draft.checked_by) == (NOW, PLANNER.name)
    aired = captions.air_draft(db, PLANNER, NOW, file.id, read.version)
    assert not aired.caption_entry.automatic
    assert aired.media.captions.key == D


def test_what_somebody_else_changed_meanwhile_is_a_conflict(sqlite_db):
    file = an_asset(sqlite_db)
    captions.give(sqlite_db, PLANNER, NOW, file.id, stored(C), "a.srt")
    caption_lines.correct(sqlite_db, PLANNER, NOW, file.id, LINE, C, stored(D))
    with pytest.raises(Conflict):
        caption_lines.correct(sqlite_db, PLANNER, NOW, file.id, LINE, C, stored(E))
    with pytest.raises(Conflict):
        caption_lines.check(sqlite_db, PLANNER, NOW, file.id, C)

    assert library.entry(sqlite_db, file.id).asset.caption_entry.key == D
    assert len(query.corrections(sqlite_db, file.id)) == 1


def test_no_captions_and_no_right_are_refused(sqlite_db):
    file = an_asset(sqlite_db)
    with pytest.raises(Refused, match="has no captions"):
        caption_lines.check(sqlite_db, PLANNER, NOW, file.id, C)
    captions.give(sqlite_db, PLANNER, NOW, file.id, stored(C), "a.srt")
    with pytest.raises(Forbidden):
        caption_lines.correct(sqlite_db, VIEWER, NOW, file.id, LINE, C, stored(D))
