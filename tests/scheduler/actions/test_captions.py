"""Captions of a file: given, replaced, removed and undone; and found by the name of the file."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import (
    ADMIN,
    CH13,
    NOW,
    PLANNER,
    VIEWER,
    a_channel,
    an_airing,
    an_asset,
    plan_version,
    some_media,
)

from config.names import AssetKey
from media.caption_files import StoredCaptions
from media.captions.facts import CaptionFacts, CaptionOrigin
from playout.model.plan import CaptionFile, Plan
from playout.model.wire import decode
from scheduler.actions import captions, jobs, media, undo
from scheduler.db.store import Database
from scheduler.process.publish import publish_changed
from scheduler.queries import changes, host_api, library
from scheduler.refusals import Conflict, Forbidden, Refused

FOUND = CaptionFacts(
    origin=CaptionOrigin.SRT, language="en", services=("CC1",), count=143,
    first=timedelta(seconds=3), last=timedelta(minutes=59), covered=timedelta(minutes=55),
)  # fmt: skip


def stored(letter: str) -> StoredCaptions:
    return StoredCaptions(AssetKey(letter * 64), 1234, FOUND)


def latest(db: Database, asset: str) -> str:
    change = changes.latest(db, "asset", asset)
    assert change is not None
    return change.sentence


def test_captions_air_with_the_file_and_are_offered_to_the_broadcast_machine(sqlite_db):
    a_channel(sqlite_db)
    file = an_asset(sqlite_db)
    before = plan_version(sqlite_db, CH13)
    given = captions.give(sqlite_db, PLANNER, NOW, file.id, stored("c"), "council.srt")

    assert given.media.captions == CaptionFile(AssetKey("c" * 64), 1234)
    assert (given.caption_entry.name, given.caption_entry.by) == ("council.srt", PLANNER.name)
    assert plan_version(sqlite_db, CH13) == before + 1
    assert host_api.media_suffix(sqlite_db, AssetKey("c" * 64)) == ".cc"
    assert host_api.media_suffix(sqlite_db, AssetKey("d" * 64)) is None
    assert latest(sqlite_db, file.id) == "Added the captions of Council recording from council.srt"


def test_captions_inside_a_file_air_once_it_is_checked(sqlite_db):
    upload = media.register(sqlite_db, ADMIN, NOW, "a.upload", "a.mp4", "With captions")
    job = jobs.claim(sqlite_db, NOW)
    aired = some_media("f")
    media.finish_job(
        sqlite_db, NOW, job.id, media=aired, facts={}, summary="Ready.", captions=stored("e")
    )
    file = library.entry(sqlite_db, upload.id).asset

    assert file.captions
    assert file.media == replace(aired, captions=CaptionFile(AssetKey("e" * 64), 1234))


def test_replacing_and_removing_is_undone(sqlite_db):
    file = an_asset(sqlite_db)
    captions.give(sqlite_db, PLANNER, NOW, file.id, stored("c"), "first.srt")
    captions.give(sqlite_db, PLANNER, NOW, file.id, stored("d"), "second.scc")
    undo.undo(sqlite_db, PLANNER, NOW, changes.latest(sqlite_db, "asset", file.id).id)
    first = library.entry(sqlite_db, file.id).asset
    captions.remove(sqlite_db, PLANNER, NOW, file.id, first.version)
    none = library.entry(sqlite_db, file.id).asset
    undo.undo(sqlite_db, PLANNER, NOW, changes.latest(sqlite_db, "asset", file.id).id)

    assert first.caption_entry.name == "first.srt"
    assert (none.caption_entry, none.media.captions) == (None, None)
    assert library.entry(sqlite_db, file.id).asset.caption_entry == first.caption_entry


def test_removing_what_is_not_there_or_has_changed_is_refused(sqlite_db):
    file = an_asset(sqlite_db)
    with pytest.raises(Refused, match="has no captions"):
        captions.remove(sqlite_db, PLANNER, NOW, file.id, file.version)
    captions.give(sqlite_db, PLANNER, NOW, file.id, stored("c"), "a.srt")
    with pytest.raises(Conflict):
        captions.remove(sqlite_db, PLANNER, NOW, file.id, file.version)


def test_whoever_may_only_look_gives_no_captions(sqlite_db):
    file = an_asset(sqlite_db)
    with pytest.raises(Forbidden):
        captions.give(sqlite_db, VIEWER, NOW, file.id, stored("c"), "a.srt")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Council.srt", True),
        ("council.EN.vtt", True),
        ("C:\\captions\\council_es-mx.scc", True),
        ("council 2.srt", False),
        ("parks.srt", False),
    ],
)
def test_a_caption_file_finds_the_file_of_its_name(sqlite_db, name, found):
    file = media.register(sqlite_db, ADMIN, NOW, "a.upload", "council.mp4")
    if found:
        assert captions.queue_file(sqlite_db, PLANNER, NOW, "b.upload", name) == file.id
    else:
        with pytest.raises(Refused, match="No file of the library is called"):
            captions.queue_file(sqlite_db, PLANNER, NOW, "b.upload", name)


@pytest.mark.parametrize("name", ["100%_Élan/x", "СОВЕТ 1", "a_b%"])
def test_a_caption_file_finds_names_with_any_letters_and_signs(sqlite_db, name):
    media.register(sqlite_db, ADMIN, NOW, "b.upload", "100 percent.mp4")
    file = media.register(sqlite_db, ADMIN, NOW, "a.upload", f"{name}.MP4")

    assert (
        captions.queue_file(sqlite_db, PLANNER, NOW, "c.upload", f"{name.lower()}.srt") == file.id
    )


def test_of_two_files_of_one_name_the_newer_gets_the_captions(sqlite_db):
    media.register(sqlite_db, ADMIN, NOW, "a.upload", "council.mp4")
    newer = media.register(sqlite_db, ADMIN, NOW + timedelta(hours=1), "b.upload", "council.mp4")

    assert captions.queue_file(sqlite_db, PLANNER, NOW, "c.upload", "council.srt") == newer.id


def test_a_file_that_cannot_air_yet_takes_no_captions(sqlite_db):
    file = media.register(sqlite_db, ADMIN, NOW, "a.upload", "council.mp4")
    with pytest.raises(Refused, match="cannot air yet"):
        captions.give(sqlite_db, PLANNER, NOW, file.id, stored("c"), "a.srt")


def test_the_plan_names_the_captions_of_a_planned_file(sqlite_db):
    a_channel(sqlite_db)
    file = an_asset(sqlite_db)
    an_airing(sqlite_db, asset=file.id)
    captions.give(sqlite_db, PLANNER, NOW, file.id, stored("c"), "a.srt")
    publish_changed(sqlite_db, NOW)
    plan = decode(Plan, host_api.published_plan(sqlite_db, CH13).body)

    assert plan.items[0].media.captions == CaptionFile(AssetKey("c" * 64), 1234)
