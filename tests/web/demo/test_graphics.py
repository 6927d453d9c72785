"""The demo city's graphics: a seal as bug, and members and an agenda for names over a meeting."""

from dataclasses import replace
from pathlib import Path

from PIL import Image
from support.desk import ADMIN, CH13, NOW, a_channel

from config.names import ChannelId
from media.store import MediaStore
from scheduler.actions import graphics as action
from scheduler.db.store import Database
from scheduler.queries import bodies, graphics, meetings
from web.demo import graphics as demo
from web.demo import meetings as demo_meetings


def test_each_channel_has_a_bug_and_what_somebody_changed_stays(
    tmp_path: Path, sqlite_db: Database
) -> None:
    a_channel(sqlite_db)
    a_channel(sqlite_db, "ch14")
    store = MediaStore(tmp_path / "media")
    demo.switch_on(sqlite_db, NOW, store)
    first = graphics.channel_graphics(sqlite_db, CH13)
    second = graphics.channel_graphics(sqlite_db, ChannelId("ch14"))

    assert first.logo is not None and first.logo.title == demo.SEAL
    media = first.logo.media
    assert Image.open(store.path(media.key, media.suffix)).getpixel((0, 0))[3] == 0
    assert second.logo is None and second.draft.bug_text == "14" and second.draft.bug_on

    off = replace(first.draft, bug_on=False)
    action.set_graphics(sqlite_db, ADMIN, NOW, CH13, off, first.version)
    demo.switch_on(sqlite_db, NOW, store)
    assert graphics.channel_graphics(sqlite_db, CH13).draft == off
    assert len(graphics.pictures(sqlite_db)) == 1


def test_the_hearing_that_begins_at_once_has_names_and_an_agenda(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    demo_meetings.announce(sqlite_db, NOW)
    demo_meetings.meet_now(sqlite_db, NOW)
    shown = meetings.meetings(sqlite_db, NOW, NOW + demo_meetings.ANNOUNCED_AHEAD, NOW)

    assert all(view.meeting.draft.agenda_items for view in shown)
    body = bodies.named(sqlite_db, shown[0].meeting.draft.body)
    assert body is not None and body.draft.members[0].role.startswith("Director")
