"""Holds, classes, deletion and disposal with files that are really there and really gone."""

import hashlib
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import ForeignKey, inspect
from support.desk import (
    ADMIN,
    CH13,
    HOUR,
    NOW,
    PLANNER,
    PRODUCER,
    VIEWER,
    a_channel,
    an_airing,
    an_asset,
)

from config.names import AssetKey
from media.store import MediaStore
from scheduler.actions import disposal, keeping, media
from scheduler.actions import filler as filler_action
from scheduler.actions.undo import undo
from scheduler.db import find
from scheduler.db.find import uses
from scheduler.db.store import Database
from scheduler.db.tables.base import Base
from scheduler.db.tables.graphics import PictureRow
from scheduler.db.tables.keeping import DisposalItemRow, LetGoRow
from scheduler.db.tables.look import FontRow
from scheduler.db.tables.plan import AssetRow, FillerRow
from scheduler.domain.library.keeping import GivenTo, RetentionClass, RetentionRule
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.people import Actor, Right, Role
from scheduler.process.publish import publish_all
from scheduler.queries import library
from scheduler.queries.changes import latest
from scheduler.refusals import Conflict, Forbidden, Refused

CLERK = Actor("clerk", "Cleo Clerk", frozenset({Role.RECORDS}))
DAY = timedelta(days=1)
LATER = NOW + 31 * DAY
LAW = "LGS-1, item 51"


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def stored(db: Database, store: MediaStore, content: bytes, title: str = "Old film") -> Asset:
    """Add a file with real bytes in the store, which a check put there long ago."""
    source = store.root.parent / "film.mp4"
    source.write_bytes(content)
    key, home = store.add(source)
    age(home)
    asset = an_asset(db, title, "f")
    with db.write() as session:
        row = session.get(AssetRow, asset.id)
        assert row is not None and row.media is not None
        row.media = {**row.media, "key": key, "size": len(content)}
        row.key = key
    return library.entry(db, asset.id).asset


def age(home: Path) -> None:
    old = NOW.timestamp() - 40 * 86400
    os.utime(home, (old, old))


def home(store: MediaStore, asset: Asset) -> Path:
    assert asset.media is not None
    return store.path(asset.media.key, ".mp4")


def delete(db: Database, asset: Asset, actor: Actor = PRODUCER, at: datetime = NOW) -> None:
    now_known = library.entry(db, asset.id).asset
    disposal.delete(db, actor, at, asset.id, now_known.version)


def remove_all(db: Database, store: MediaStore, at: datetime) -> list[bool]:
    with db.read() as session:
        numbers = [row.number for row in find.keeping.unremoved(session)]
    return [disposal.remove_bytes(db, store, at, number) for number in numbers]


def classed(db: Database, asset: Asset, id: str, actor: Actor = CLERK) -> None:
    version = library.entry(db, asset.id).asset.version
    keeping.set_class(db, actor, NOW, asset.id, id, version)


def test_a_deleted_file_can_be_taken_back_for_thirty_days_then_its_bytes_are_gone(
    db: Database, store: MediaStore
) -> None:
    asset = stored(db, store, b"film")
    delete(db, asset)
    assert disposal.destroy(db, NOW + 29 * DAY, asset.id) == "It can still be taken back."
    disposal.take_back(db, PRODUCER, NOW + 29 * DAY, asset.id)
    assert not library.entry(db, asset.id).asset.archived
    assert disposal.destroy(db, LATER, asset.id) == "It is not in the trash."
    assert home(store, asset).is_file()

    delete(db, asset)
    assert disposal.destroy(db, LATER, asset.id) == ""
    assert home(store, asset).is_file(), "its bytes go once no row names them"
    assert remove_all(db, store, LATER) == [True]
    assert not home(store, asset).exists()
    gone = library.entry(db, asset.id).asset
    assert (gone.state, gone.media, gone.title) == (AssetState.GONE, None, "Old film")
    assert gone.summary.startswith("Pru Producer deleted it on ")


def test_what_a_plan_needs_stays_whoever_was_first(db: Database, store: MediaStore) -> None:
    a_channel(db)
    asset = stored(db, store, b"film")
    airing = an_airing(db, asset=asset.id)
    with pytest.raises(Refused, match="City Council airs it"):
        delete(db, asset)
    assert airing.draft.asset == asset.id

    other = stored(db, store, b"other", "Other film")
    delete(db, other)
    with pytest.raises(Refused) as refused:
        an_airing(db, NOW + 5 * HOUR, asset=other.id)
    assert "deleted" in refused.value.field_errors["asset"]
    disposal.destroy(db, LATER, other.id)
    with pytest.raises(Refused) as refused:
        an_airing(db, NOW + 5 * HOUR, asset=other.id)
    assert "for good" in refused.value.field_errors["asset"]


def test_what_is_needed_after_it_was_deleted_stays(db: Database, store: MediaStore) -> None:
    """Filler and older changes can name a file that lies in the trash: it is judged again."""
    a_channel(db)
    asset = stored(db, store, b"film")
    delete(db, asset)
    with db.write() as session:
        session.add(FillerRow(channel_id=CH13, asset_id=asset.id, used=True))
    assert disposal.destroy(db, LATER, asset.id) == "It fills gaps on City Channel 13."
    assert home(store, asset).is_file()


def test_a_published_plan_keeps_what_no_row_names_any_more(db: Database, store: MediaStore) -> None:
    a_channel(db)
    asset = stored(db, store, b"film")
    filler_action.set_filler(db, PLANNER, LATER, CH13, asset.id, True)
    publish_all(db, LATER)
    filler_action.set_filler(db, PLANNER, LATER, CH13, asset.id, False)
    with pytest.raises(Refused, match="published plan of City Channel 13"):
        delete(db, asset, at=LATER)
    publish_all(db, LATER)
    delete(db, asset, at=LATER)


def test_a_hold_keeps_a_file_until_somebody_with_the_right_lifts_it(
    db: Database, store: MediaStore
) -> None:
    asset = stored(db, store, b"film")
    delete(db, asset)
    hold = keeping.place_hold(db, PRODUCER, NOW, asset.id, "Smith v. City")
    second = keeping.place_hold(db, PLANNER, NOW + HOUR, asset.id, "Records request 12")
    assert disposal.destroy(db, LATER, asset.id) == "It is on legal hold: Smith v. City."
    with pytest.raises(Forbidden):
        keeping.lift_hold(db, PLANNER, NOW, hold.id, "Settled")
    with pytest.raises(Refused):
        keeping.lift_hold(db, CLERK, NOW, hold.id, " ")
    keeping.lift_hold(db, CLERK, NOW, hold.id, "Settled")
    with pytest.raises(Conflict):
        keeping.lift_hold(db, CLERK, NOW, hold.id, "Settled")
    assert "Records request 12" in disposal.destroy(db, LATER, asset.id)
    keeping.lift_hold(db, CLERK, NOW, second.id, "Answered")
    assert disposal.destroy(db, LATER, asset.id) == ""


def test_a_hold_is_undone_by_lifting_it(db: Database, store: MediaStore) -> None:
    asset = stored(db, store, b"film")
    hold = keeping.place_hold(db, PLANNER, NOW, asset.id, "Smith v. City")
    change = latest(db, "hold", hold.id)
    assert change is not None
    with pytest.raises(Forbidden):
        undo(db, PLANNER, NOW, change.id)
    undo(db, CLERK, NOW, change.id)
    delete(db, asset)


def test_a_class_can_be_made_longer_by_many_and_shorter_by_few(
    db: Database, store: MediaStore
) -> None:
    asset = stored(db, store, b"film")
    classed(db, asset, "1-year", PRODUCER)
    classed(db, asset, "3-years", PRODUCER)
    for shorter in ("30-days", "replaced", ""):
        with pytest.raises(Forbidden):
            classed(db, asset, shorter, PRODUCER)
    classed(db, asset, "30-days", CLERK)
    with pytest.raises(Refused):
        classed(db, asset, "no such class")


def test_a_record_is_let_go_by_a_signed_disposal_and_the_certificate_says_so(
    db: Database, store: MediaStore
) -> None:
    due, young = stored(db, store, b"due", "Council 2026"), stored(db, store, b"new", "Council 27")
    for one in (due, young):
        classed(db, one, "30-days")
    then = NOW + 30 * DAY
    with pytest.raises(Refused, match="Records are deleted by signing|30 days after"):
        delete(db, due, CLERK, then)
    with pytest.raises(Forbidden):
        disposal.sign(db, PLANNER, then, [due.id], LAW)
    with pytest.raises(Refused):
        disposal.sign(db, CLERK, then, [due.id], "")
    with pytest.raises(Refused, match="Council 27 is not due. 30 days"):
        disposal.sign(db, CLERK, NOW + 29 * DAY, [young.id], LAW)
    signed = disposal.sign(db, CLERK, then, [due.id], LAW)
    assert disposal.destroy(db, then + 31 * DAY, due.id) == ""
    assert items(db, signed)[0].destroyed is None
    assert remove_all(db, store, then + 31 * DAY) == [True]
    (item,) = items(db, signed)
    assert item.destroyed == then + 31 * DAY
    assert (item.key, item.size) == (hashlib.sha256(b"due").hexdigest(), 3)
    assert not home(store, due).exists() and home(store, young).is_file()


def items(db: Database, signed: str) -> list[DisposalItemRow]:
    with db.read() as session:
        return list(find.keeping.disposal_items(session, signed))


def test_a_disposal_with_one_file_that_is_not_due_signs_nothing(
    db: Database, store: MediaStore
) -> None:
    due, held = stored(db, store, b"a", "A"), stored(db, store, b"b", "B")
    for one in (due, held):
        classed(db, one, "30-days")
    keeping.place_hold(db, PLANNER, NOW, held.id, "Smith v. City")
    with pytest.raises(Refused, match="B is not due. It is on legal hold"):
        disposal.sign(db, CLERK, NOW + 31 * DAY, [due.id, held.id], LAW)
    assert library.entry(db, due.id).asset.archived is False


def test_a_file_taken_back_stands_in_the_certificate_as_kept(
    db: Database, store: MediaStore
) -> None:
    asset = stored(db, store, b"a")
    classed(db, asset, "30-days")
    signed = disposal.sign(db, CLERK, NOW + 31 * DAY, [asset.id], LAW)
    disposal.take_back(db, CLERK, NOW + 32 * DAY, asset.id)
    (item,) = items(db, signed)
    assert item.taken_back_by == "Cleo Clerk" and item.destroyed is None


def test_a_class_that_was_made_longer_in_the_trash_keeps_the_file(
    db: Database, store: MediaStore
) -> None:
    asset = stored(db, store, b"a")
    delete(db, asset)
    classed(db, asset, "forever", PRODUCER)
    assert disposal.destroy(db, LATER, asset.id) == "Keep for ever: it never becomes due."


def test_a_deleted_file_is_let_go_before_its_thirty_days_by_who_signs_disposals(
    db: Database, store: MediaStore
) -> None:
    asset = stored(db, store, b"film")
    with pytest.raises(Refused, match="is not deleted"):
        disposal.release(db, CLERK, NOW, asset.id)
    delete(db, asset)
    with pytest.raises(Forbidden):
        disposal.release(db, PRODUCER, NOW, asset.id)
    assert disposal.release(db, CLERK, NOW + DAY, asset.id) == "Old film"
    assert remove_all(db, store, NOW + DAY) == [True] and not home(store, asset).exists()
    removed = latest(db, "trash", asset.id)
    assert removed is not None and not removed.can_undo and removed.actor == CLERK.name
    assert removed.sentence == "Removed Old film for good, before its thirty days were over"
    for again in (disposal.release, disposal.take_back):
        with pytest.raises(Refused, match="is gone"):
            again(db, CLERK, NOW + DAY, asset.id)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ("filler", "It fills gaps on City Channel 13."),
        ("hold", "It is on legal hold: Smith v. City."),
        ("class", "Keep for ever: it never becomes due."),
    ],
)
def test_what_a_plan_a_hold_or_a_class_needs_is_not_let_go_before(
    db: Database, store: MediaStore, kept: str, why: str
) -> None:
    a_channel(db)
    asset = stored(db, store, b"film")
    delete(db, asset)
    if kept == "hold":
        keeping.place_hold(db, CLERK, NOW, asset.id, "Smith v. City")
    elif kept == "class":
        classed(db, asset, "forever", PRODUCER)
    else:
        with db.write() as session:
            session.add(FillerRow(channel_id=CH13, asset_id=asset.id, used=True))
    with pytest.raises(Refused) as refused:
        disposal.release(db, CLERK, NOW, asset.id)
    assert refused.value.message == f"Old film stays. {why}"
    assert remove_all(db, store, LATER) == [] and home(store, asset).is_file()


def test_shared_bytes_stay_until_the_last_row_lets_them_go(db: Database, store: MediaStore) -> None:
    one, two = stored(db, store, b"same", "One"), stored(db, store, b"same", "Two")
    delete(db, one)
    assert disposal.destroy(db, LATER, one.id) == ""
    assert remove_all(db, store, LATER) == [True]
    assert home(store, two).is_file()
    delete(db, two)
    assert disposal.destroy(db, LATER, two.id) == ""
    assert remove_all(db, store, LATER) == [True]
    assert not home(store, two).exists()


@pytest.mark.parametrize("table", ["picture", "font", "asset.facts", "asset.caption_draft"])
def test_bytes_that_any_other_row_names_stay(db: Database, store: MediaStore, table: str) -> None:
    asset = stored(db, store, b"shared")
    assert asset.media is not None
    key = asset.media.key
    delete(db, asset)
    disposal.destroy(db, LATER, asset.id)
    name_elsewhere(db, table, key)
    assert remove_all(db, store, LATER) == [True]
    assert home(store, asset).is_file()
    with db.read() as session:
        assert session.query(LetGoRow).one().kept


def name_elsewhere(db: Database, table: str, key: AssetKey) -> None:
    other = an_asset(db, "Other", "c")
    with db.write() as session:
        row = session.get(AssetRow, other.id)
        assert row is not None
        if table == "picture":
            session.add(
                PictureRow(id="p", title="", key=key, media={}, width=1, height=1, uploaded=NOW,
                           uploaded_by="", archived=True)
            )  # fmt: skip
        elif table == "font":
            session.add(FontRow(key=key, suffix=".ttf", size=1, name="", stored=NOW, stored_by=""))
        elif table == "asset.facts":
            row.facts = {"key": key, "suffix": ".mov"}
        else:
            row.caption_draft = {"key": key}


def test_bytes_that_come_again_at_that_moment_stay(db: Database, store: MediaStore) -> None:
    """A check has just stored the same bytes, and its row is not written yet."""
    asset = stored(db, store, b"again")
    delete(db, asset)
    disposal.destroy(db, LATER, asset.id)
    again = store.root.parent / "again.mp4"
    again.write_bytes(b"again")
    store.add(again)
    assert remove_all(db, store, NOW) == [False]
    assert home(store, asset).is_file()


def test_a_file_that_is_gone_stays_gone_through_undo(db: Database, store: MediaStore) -> None:
    asset = stored(db, store, b"film")
    media.rename(db, PRODUCER, NOW, asset.id, "New name", asset.version)
    renamed = latest(db, "asset", asset.id)
    delete(db, asset)
    deleted = latest(db, "asset", asset.id)
    disposal.destroy(db, LATER, asset.id)
    assert renamed is not None and deleted is not None
    for change in (renamed, deleted):
        with pytest.raises(Conflict):
            undo(db, ADMIN, LATER, change.id)
    with pytest.raises(Refused, match="is gone"):
        disposal.take_back(db, ADMIN, LATER, asset.id)
    removed = latest(db, "trash", asset.id)
    assert removed is not None and not removed.can_undo


def test_a_class_of_the_station_is_checked(db: Database) -> None:
    new = RetentionClass("", "5 years after it came", RetentionRule.AFTER_RECORDING, 5 * 365)
    with pytest.raises(Forbidden):
        keeping.save_class(db, PLANNER, NOW, new, 0)
    made = keeping.save_class(db, CLERK, NOW, new, 0)
    assert made.in_words == "5 years after it came"
    for wrong, field in (
        (replace(new, name=""), "name"),
        (new, "name"),
        (replace(new, name="x", days=0), "days"),
        (replace(new, name="x", days=36_501), "days"),
        (replace(new, name="x", given_to=GivenTo.RECORDINGS), "given_to"),
    ):
        with pytest.raises(Refused) as refused:
            keeping.save_class(db, CLERK, NOW, wrong, 0)
        assert set(refused.value.field_errors) == {field}
    forever = RetentionClass("forever", "Permanent", RetentionRule.FOREVER)
    changed = keeping.save_class(db, CLERK, NOW, forever, 0)
    assert (changed.name, changed.given_to) == ("Permanent", GivenTo.NONE)
    keeping.retire_class(db, CLERK, NOW, "forever", changed.version)


def test_who_may_do_what() -> None:
    assert CLERK.may(Right.DISPOSE) and ADMIN.may(Right.DISPOSE)
    engineer = Actor("e", "E", frozenset({Role.ENGINEER}))
    assert not any(one.may(Right.DISPOSE) for one in (engineer, PLANNER, PRODUCER, VIEWER))


def test_every_reference_to_a_file_is_judged() -> None:
    """A new table that refers to files must say in `find.uses` when it needs them."""
    judged = {
        f"{inspect(column.class_).mapper.local_table.name}.{column.key}"
        for column, *_ in uses.references(NOW)
    } | uses.NOT_A_USE
    there = {
        f"{made.name}.{column.name}"
        for made in Base.metadata.sorted_tables
        for column in made.columns
        for key in column.foreign_keys
        if isinstance(key, ForeignKey) and key.column.table.name == "asset"
    }
    assert there == judged


def test_a_missing_file_is_no_obstacle(db: Database, store: MediaStore) -> None:
    """What is gone from the disk already, after a crash between the two steps, is settled."""
    asset = stored(db, store, b"film")
    delete(db, asset)
    disposal.destroy(db, LATER, asset.id)
    home(store, asset).unlink()
    assert remove_all(db, store, LATER) == [True]
    assert remove_all(db, store, LATER) == []
