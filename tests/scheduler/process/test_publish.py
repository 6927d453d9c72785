"""Plans are numbered and stored, and published only when they differ."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from support.desk import (
    ADMIN,
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    an_airing,
    an_asset,
)

from config.names import ChannelId
from playout.model.history import digest
from playout.model.plan import Plan
from playout.model.wire import decode
from scheduler.actions import airings, channels, graphics, programs, slides, station
from scheduler.db.store import Database
from scheduler.db.tables.house import PublishedRow
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.graphics import GraphicsDraft
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.slide import SlideDraft
from scheduler.process import publish as publishing
from scheduler.process.publish import publish, publish_all, publish_changed
from scheduler.queries.host_api import media_suffix, published_digest, published_plan


def the_plan(db: Database, channel: ChannelId = CH13) -> Plan:
    found = published_plan(db, channel)
    assert found is not None
    plan = decode(Plan, found.body)
    assert found.etag == f'"{digest(plan)}"' == f'"{published_digest(db, channel)}"'
    return plan


def test_a_new_channel_is_published_at_once(db: Database) -> None:
    a_channel(db)
    assert published_plan(db, CH13) is None
    assert publish_changed(db, NOW) == {CH13: 1}
    assert publish_changed(db, NOW) == {}
    assert the_plan(db).items == ()


def test_only_a_change_makes_a_new_revision(db: Database) -> None:
    a_channel(db)
    a_channel(db, "ch14")
    asset = an_asset(db)
    publish_changed(db, NOW)
    airing = an_airing(db, asset=asset.id)
    assert publish_changed(db, NOW) == {CH13: 2}
    airings.edit(db, PLANNER, NOW, airing.id, a_draft(asset=asset.id, notes="Staff only"), 1)
    assert publish_changed(db, NOW) == {}
    assert publish_changed(db, NOW) == {}
    airings.cancel(db, PLANNER, NOW, airing.id, 2)
    assert publish_changed(db, NOW) == {CH13: 3}
    assert (the_plan(db).items, the_plan(db, ChannelId("ch14")).revision) == ((), 1)


def test_time_alone_moves_the_window_every_six_hours(db: Database) -> None:
    a_channel(db)
    publish_all(db, NOW)
    assert publish_all(db, NOW + 5 * HOUR) == {}
    assert publish_all(db, NOW + 6 * HOUR) == {CH13: 2}
    assert the_plan(db).ends - NOW >= timedelta(hours=78)


def test_airings_beyond_the_window_are_not_published_yet(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    publish_all(db, NOW)
    an_airing(db, NOW + timedelta(days=9), asset=asset.id)
    assert publish_changed(db, NOW) == {}
    assert publish_all(db, NOW + timedelta(days=7)) == {CH13: 2}
    assert len(the_plan(db).items) == 1


def test_changes_of_bulletins_channels_and_programs_are_published(db: Database) -> None:
    channel = a_channel(db)
    publish_all(db, NOW)
    slides.add(db, PLANNER, NOW, SlideDraft("Parks closed", "All week", None, NOW))
    assert publish_changed(db, NOW) == {CH13: 2}
    draft = ChannelDraft(CH13, channel.name, channel.zone, channel.format, slate_text="One moment")
    channels.edit(db, ADMIN, NOW, CH13, draft, channel.version)
    assert publish_changed(db, NOW) == {CH13: 3}
    assert (the_plan(db).slate_text, the_plan(db).board[0].heading) == (
        "One moment",
        "Parks closed",
    )
    programs.add(db, PLANNER, NOW, ProgramDraft("Council"))
    assert publish_changed(db, NOW + MINUTE) == {}


def test_names_for_captions_of_lives_are_published(db: Database) -> None:
    a_channel(db)
    graphics.set_graphics(db, ADMIN, NOW, CH13, GraphicsDraft(caption_lives=True), 0)
    publish_all(db, NOW)
    station.set_caption_names(db, ADMIN, NOW, "Kraus\nLiberty Avenue")

    assert publish_changed(db, NOW) == {CH13: 2}
    rules = the_plan(db).graphics
    assert rules is not None and rules.caption_names == ("Kraus", "Liberty Avenue")


def test_old_plans_are_pruned_and_revisions_still_grow(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep five plans instead of two hundred, so that eight changes are enough."""
    monkeypatch.setattr(publishing, "PLANS_KEPT", 5)
    a_channel(sqlite_db)
    asset = an_asset(sqlite_db)
    for number in range(8):
        an_airing(sqlite_db, NOW + number * MINUTE, asset=asset.id)
        publish(sqlite_db, CH13, NOW)
    with sqlite_db.read() as session:
        kept = session.scalars(select(PublishedRow.revision).order_by(PublishedRow.revision))
        assert list(kept) == [4, 5, 6, 7, 8]
    assert the_plan(sqlite_db).revision == 8


def test_the_file_suffix_is_found_by_key(db: Database) -> None:
    asset = an_asset(db)
    assert asset.media is not None
    assert media_suffix(db, asset.media.key) == ".mp4"
