"""Undo and redo of changes."""

import pytest
from support.desk import (
    ADMIN,
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    VIEWER,
    a_channel,
    a_draft,
    an_airing,
    an_asset,
    plan_version,
)

from scheduler.actions import airings, channels, filler, hosts, programs, slides
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.model.audit import AuditEntry
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.ids import ChangeId
from scheduler.domain.model.people import Actor, Role
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.slide import SlideDraft
from scheduler.queries import grid, library
from scheduler.queries.changes import changes, latest
from scheduler.queries.slides import slides as all_slides
from scheduler.refusals import Conflict, Forbidden, Missing, Refused


def newest(db: Database) -> AuditEntry:
    return changes(db, limit=1)[0]


def test_a_move_is_undone_and_redone(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    airings.move(db, PLANNER, NOW, airing.id, NOW + 3 * HOUR, airing.version)
    move = newest(db)
    before = plan_version(db, CH13)
    assert undo(db, PLANNER, NOW + MINUTE, move.id) == "Undid: Moved City Council"
    assert grid.airing(db, airing.id, NOW).airing.start == airing.start
    assert plan_version(db, CH13) == before + 1
    assert changes(db, "airing", airing.id)[1].undone
    assert undo(db, PLANNER, NOW + 2 * MINUTE, newest(db).id) == "Redid: Moved City Council"
    assert grid.airing(db, airing.id, NOW).airing.start == NOW + 3 * HOUR
    assert undo(db, PLANNER, NOW + 3 * MINUTE, newest(db).id) == "Undid: Moved City Council"
    assert grid.airing(db, airing.id, NOW).airing.start == airing.start


def test_an_addition_undone_is_a_cancellation(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    undo(db, PLANNER, NOW + MINUTE, newest(db).id)
    assert grid.airing(db, airing.id, NOW).airing.cancelled


def test_a_change_below_a_later_one_cannot_be_undone(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    airings.move(db, PLANNER, NOW, airing.id, NOW + 3 * HOUR, airing.version)
    first = newest(db)
    airings.edit(db, PLANNER, NOW, airing.id, a_draft(title="Other"), airing.version + 1)
    with pytest.raises(Conflict):
        undo(db, PLANNER, NOW, first.id)
    assert grid.airing(db, airing.id, NOW).airing.title == "Other"


def test_a_change_is_undone_once(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    airings.cancel(db, PLANNER, NOW, airing.id, airing.version)
    cancelled = newest(db)
    undo(db, PLANNER, NOW, cancelled.id)
    with pytest.raises(Refused):
        undo(db, PLANNER, NOW, cancelled.id)


def test_bulletins_and_filler_come_back_by_undo(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    slide = slides.add(db, PLANNER, NOW, SlideDraft("Hello", "", CH13, NOW))
    slides.remove(db, PLANNER, NOW, slide.id, slide.version)
    assert all_slides(db) == ()
    undo(db, PLANNER, NOW, newest(db).id)
    assert [one.draft.heading for one in all_slides(db)] == ["Hello"]
    filler.set_filler(db, PLANNER, NOW, CH13, asset.id, True)
    assert library.entry(db, asset.id).fills == (CH13,)
    undo(db, PLANNER, NOW, newest(db).id)
    assert library.entry(db, asset.id).fills == ()


def test_keys_and_people_cannot_be_undone(db: Database) -> None:
    hosts.add_host(db, ADMIN, NOW, "air1")
    with pytest.raises(Refused):
        undo(db, ADMIN, NOW, newest(db).id)
    with pytest.raises(Missing):
        undo(db, ADMIN, NOW, ChangeId(999))
    with pytest.raises(Forbidden):
        undo(db, VIEWER, NOW, ChangeId(1))


def test_undo_needs_the_same_right_as_the_change(db: Database) -> None:
    channel = a_channel(db)
    an_airing(db)
    producer = Actor("pro", "Pru Producer", frozenset({Role.PRODUCER}))
    with pytest.raises(Forbidden):
        undo(db, producer, NOW, newest(db).id)
    draft = ChannelDraft(CH13, "Renamed", channel.zone, channel.format)
    channels.edit(db, ADMIN, NOW, CH13, draft, channel.version)
    with pytest.raises(Forbidden):
        undo(db, PLANNER, NOW, newest(db).id)
    assert grid.channel(db, CH13).name == "Renamed"


def test_undoing_a_program_or_channel_renews_public_stamps(db: Database) -> None:
    channel = a_channel(db)
    program = programs.add(db, PLANNER, NOW, ProgramDraft("Council", summary="Old"))
    airing = an_airing(db, program=program.id)
    draft = ProgramDraft("Council", summary="New")
    programs.edit(db, PLANNER, NOW, program.id, draft, program.version)
    undo(db, PLANNER, NOW, newest(db).id)
    assert grid.airing(db, airing.id, NOW).airing.sequence == 2
    renamed = ChannelDraft(CH13, "Renamed", channel.zone, channel.format)
    channels.edit(db, ADMIN, NOW, CH13, renamed, channel.version)
    undo(db, ADMIN, NOW, newest(db).id)
    assert grid.airing(db, airing.id, NOW).airing.sequence == 4


def test_the_undo_button_offers_the_latest_change(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    found = latest(db, "airing", airing.id)
    assert found is not None
    assert found.can_undo
    assert latest(db, "airing", "nothing") is None
