"""Cuts in the library: made, marked anew, split, undone, and taken wherever a file is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import (
    ADMIN,
    CH13,
    HOUR,
    NOW,
    PLANNER,
    a_channel,
    an_airing,
    an_asset,
    plan_version,
)

from config.names import AssetKey, Revision
from media.caption_files import StoredCaptions
from media.captions.facts import CaptionFacts, CaptionOrigin
from scheduler.actions import captions, cuts, media, undo
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.library.cuts import Chapter, CutDraft
from scheduler.domain.model.asset import Asset
from scheduler.queries import changes, library
from scheduler.queries import cuts as query
from scheduler.reading.snapshot import snapshot
from scheduler.refusals import Conflict, Missing, Refused

PIECES = ((0, 18_000), (36_000, 54_000))
DRAFT = CutDraft("Without the recess", PIECES, (Chapter(36_000, "Budget"),))
MINUTE = timedelta(minutes=1)
STORED = StoredCaptions(
    AssetKey("c" * 64), 100,
    CaptionFacts(CaptionOrigin.SRT, "en", ("CC1",), 1, MINUTE, 2 * MINUTE, MINUTE),
)  # fmt: skip


def a_cut(db: Database, source: Asset | None = None) -> Asset:
    return cuts.add(db, PLANNER, NOW, (source or an_asset(db)).id, DRAFT)


def test_a_cut_is_an_entry_of_its_own_with_the_bytes_of_its_file(db: Database) -> None:
    source = an_asset(db)
    cut = a_cut(db, source)
    assert source.media is not None and cut.media is not None

    assert (cut.title, cut.cut_of, cut.chapters) == (DRAFT.title, source.id, DRAFT.chapters)
    assert cut.media == replace(source.media, pieces=PIECES, length=cut.media.length)
    assert cut.media.length < source.media.length and cut.fit
    assert library.entry(db, source.id).asset == source
    assert {entry.asset.id for entry in library.library(db)} == {source.id, cut.id}
    assert query.cuts_of(db, cut.id) == query.cuts_of(db, source.id)
    assert query.cuts_of(db, source.id).cuts == (cut,)


def test_undo_puts_a_new_cut_away(db: Database) -> None:
    a_channel(db)
    cut = a_cut(db)
    change = changes.latest(db, "asset", cut.id)
    assert change is not None
    assert change.sentence == "Cut Without the recess out of Council recording"
    undo.undo(db, PLANNER, NOW, change.id)

    assert library.entry(db, cut.id).asset.archived
    assert query.cuts_of(db, cut.id).cuts == ()


def test_a_cut_of_a_cut_is_one_of_the_file(db: Database) -> None:
    source = an_asset(db)
    again = cuts.add(db, PLANNER, NOW, a_cut(db, source).id, CutDraft("Again", ((60_000, 66_000),)))

    assert again.cut_of == source.id


def test_airings_to_come_follow_an_edit_and_undo_brings_the_pieces_back(db: Database) -> None:
    a_channel(db)
    cut = a_cut(db)
    airing = an_airing(db, asset=cut.id, title="Hearing", length=timedelta(minutes=20))
    before = plan_version(db, CH13)
    edited = cuts.edit(db, PLANNER, NOW, cut.id, CutDraft("Short", ((300, 900),)), cut.version)

    assert plan_version(db, CH13) == before + 1
    with db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + 4 * HOUR)
    plan = build_plan(read, NOW, NOW + 4 * HOUR, NOW, Revision(1))
    item = next(one for one in plan.items if one.airing == airing.id)
    assert item.media == edited.media
    assert item.media is not None and item.media.pieces == ((300, 900),)
    change = changes.latest(db, "asset", cut.id)
    assert change is not None
    undo.undo(db, PLANNER, NOW, change.id)
    back = library.entry(db, cut.id).asset
    assert back.media == cut.media and back.chapters == cut.chapters and back.title == cut.title


def test_of_two_who_mark_at_once_the_second_is_told(db: Database) -> None:
    cut = a_cut(db)
    cuts.edit(db, PLANNER, NOW, cut.id, replace(DRAFT, title="One"), cut.version)

    with pytest.raises(Conflict) as told:
        cuts.edit(db, PLANNER, NOW, cut.id, replace(DRAFT, title="Two"), cut.version)
    assert isinstance(told.value.current, Asset) and told.value.current.title == "One"


def test_a_cut_is_split_in_one_change(db: Database) -> None:
    a_channel(db)
    cut = a_cut(db)
    one, other = cuts.split_in_two(db, PLANNER, NOW, cut.id, 36_000, "Committee two", cut.version)
    assert one.media is not None and other.media is not None

    assert (one.id, one.media.pieces, one.chapters) == (cut.id, PIECES[:1], ())
    assert (other.title, other.media.pieces) == ("Committee two", PIECES[1:])
    assert other.chapters == DRAFT.chapters
    change = changes.latest(db, "asset", cut.id)
    assert change is not None
    undo.undo(db, PLANNER, NOW, change.id)
    assert query.cuts_of(db, cut.id).cuts == (library.entry(db, cut.id).asset,)
    assert library.entry(db, cut.id).asset.media == cut.media


def test_what_is_wrong_is_said_and_nothing_is_stored(db: Database) -> None:
    source = an_asset(db)
    cut = a_cut(db, source)
    tried = [
        lambda: cuts.add(db, PLANNER, NOW, source.id, CutDraft("x", ((0, 10**6),))),
        lambda: cuts.edit(db, PLANNER, NOW, source.id, DRAFT, source.version),
        lambda: cuts.split_in_two(db, PLANNER, NOW, cut.id, 0, "Rest", cut.version),
        lambda: cuts.split_in_two(db, PLANNER, NOW, cut.id, 36_000, "", cut.version),
    ]
    for action in tried:
        with pytest.raises(Refused) as told:
            action()
        assert str(told.value)
    with pytest.raises(Missing):
        cuts.add(db, PLANNER, NOW, type(cut.id)("nowhere"), DRAFT)
    assert query.cuts_of(db, source.id).cuts == (cut,)


def test_captions_of_a_file_are_those_of_its_cuts(db: Database) -> None:
    source = an_asset(db)
    cut = a_cut(db, source)
    captions.give(db, PLANNER, NOW, source.id, STORED, "council.srt")
    for id in (source.id, cut.id, a_cut(db, source).id):
        found = library.entry(db, id).asset
        assert found.caption_entry is not None and found.caption_entry.key == STORED.key
        assert found.media is not None and found.media.captions is not None
    with pytest.raises(Refused):
        captions.give(db, PLANNER, NOW, cut.id, STORED, "council.srt")
    captions.remove(db, PLANNER, NOW, source.id, library.entry(db, source.id).asset.version)

    assert library.entry(db, cut.id).asset.caption_entry is None


def test_the_bytes_of_a_file_are_those_of_the_file_and_not_of_a_cut(db: Database) -> None:
    source = an_asset(db)
    a_cut(db, source)
    with db.read() as session:
        row = find.plan.asset_by_key(session, source.media.key if source.media else "")
        assert row is not None and row.id == source.id
        names = [id for id, _ in find.plan.asset_names(session, ["council"])]
        assert names == [source.id]


def test_a_cut_is_put_away_like_any_file(db: Database) -> None:
    cut = a_cut(db)
    media.retire(db, ADMIN, NOW, cut.id, cut.version)

    assert library.entry(db, cut.id).asset.archived
