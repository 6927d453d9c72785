"""The page of a file says where its copies are, and of a recording what it is from."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.desk import HOUR, MINUTE, NOW, some_media
from support.page import read
from support.session import MeetingSession, in_session
from support.website import Site

from config.names import AssetKey
from media.store import MediaStore
from playout.model.recording import Recording, RecordingGap, RecordingState
from scheduler.actions import homecoming
from scheduler.changing import copies, recordings
from scheduler.db import find
from scheduler.domain.library.copies import BACKUP, machine_place
from scheduler.domain.model.people import Role
from scheduler.queries import library

BODY = b"0123456789" * 100


@pytest.fixture
def room(site: Site) -> MeetingSession:
    site.host_key("playout-1")
    return in_session(site.db)


def file_it(
    site: Site, room: MeetingSession, folder: Path, gaps: Sequence[RecordingGap] = ()
) -> AssetKey:
    made = folder / "whole.mp4"
    made.write_bytes(BODY)
    key, _ = MediaStore(folder / "machine").add(made, suffix=".mp4")
    media = replace(some_media("f", 3 * HOUR + 7 * MINUTE), key=key, size=len(BODY))
    told = Recording(
        room.live, RecordingState.WHOLE, NOW - 2 * MINUTE, media, tuple(gaps), begins=NOW,
        ends=NOW + 3 * HOUR,
    )  # fmt: skip
    with site.db.write() as session:
        (host,) = find.machines.hosts(session)
        place = machine_place(host.id)
        recordings.store_recording(session, room.meeting.draft.channel, told, NOW + 4 * HOUR, place)
        copies.note(session, key, place, len(BODY), NOW)
    return key


def section(site: Site) -> str:
    (entry,) = library.library(site.db)
    page = read(site.browser(Role.VIEWER).get(f"/media/{entry.asset.id}"))
    return " ".join(page.one("section", **{"aria-labelledby": "h-copies"}).text.split())


def test_a_recording_that_is_coming_home_says_how_far(
    site: Site, room: MeetingSession, tmp_path: Path
) -> None:
    gap = RecordingGap(NOW + HOUR, NOW + HOUR + 10 * MINUTE)
    key = file_it(site, room, tmp_path, [gap])
    words = section(site)
    assert "On playout-1, coming: 0 %." in words
    assert (
        "Recorded on City Channel 13, Sunday 22 November 2026, from 12:58, by playout-1." in words
    )
    assert "City Council: Regular Meeting" in words
    assert "Airs 2 h 50 min of it, from 2 min after its beginning" in words
    assert "Missing are 10 min: 14:00:00 to 14:10:00." in words
    store = MediaStore(site.settings.media_root)
    store.writer(key, ".mp4", len(BODY)).append(0, BODY[:430])
    assert "On playout-1, coming: 43 %." in section(site)
    store.writer(key, ".mp4", len(BODY)).append(430, BODY[430:])
    assert "All of it has come and is being checked." in section(site)


def test_copies_are_listed_with_when_they_were_checked(
    site: Site, room: MeetingSession, tmp_path: Path
) -> None:
    key = file_it(site, room, tmp_path)
    media = library.library(site.db)[0].asset.media
    assert media is not None
    homecoming.came_home(site.db, NOW, media, verified=True)
    words = section(site)
    assert "coming" not in words and "Nothing is missing from it." in words
    assert "Server 1.0 KB, checked today 13:00" in words
    assert "playout-1 1.0 KB, not checked yet" in words
    assert "one copy only" not in words
    with site.db.write() as session:
        (host,) = find.machines.hosts(session)
        copies.forget(session, key, machine_place(host.id))
    assert "There is one copy only." in section(site)
    with site.db.write() as session:
        copies.note(session, key, BACKUP, len(BODY), NOW, verified=NOW)
    assert "Backup 1.0 KB" in section(site) and "one copy only" not in section(site)
