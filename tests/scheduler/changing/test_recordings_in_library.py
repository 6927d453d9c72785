"""A recording is a file of the library as soon as it is checked, once and the best one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.desk import HOUR, MINUTE, NOW, PLANNER, a_channel, a_source, an_airing, some_media
from support.session import MeetingSession, in_session

from config.names import AssetKey, ChannelId, ItemId
from playout.model.events import Recorded
from playout.model.plan import Plan
from playout.model.recording import Recording, RecordingGap, RecordingState
from playout.model.wire import decode
from playout.model.wire_before import plan_for
from playout.state.air_state import AirState
from playout.timing.resolving import resolve
from scheduler.actions import media
from scheduler.changing import copies, recordings
from scheduler.db import find, load
from scheduler.db.copies import named_files
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.air.readiness import Light
from scheduler.domain.library.copies import BACKUP, LEAVES_WITHIN, SERVER, machine_place
from scheduler.domain.library.recorded import RecordedAsset
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.process.publish import publish_all, publish_changed
from scheduler.queries import changes, grid, library
from scheduler.queries.host_api import published_plan

OVER = NOW + 3 * HOUR
A, B = machine_place("a"), machine_place("b")
KEY = AssetKey("f" * 64)


@pytest.fixture
def room(db: Database) -> MeetingSession:
    a_channel(db)
    return in_session(db)


def whole(room: MeetingSession, key: str = "f", **over: object) -> Recording:
    """Return the recording of the meeting with two minutes before it and five after it."""
    made = Recording(
        room.live, RecordingState.WHOLE, NOW - 2 * MINUTE, some_media(key, 3 * HOUR + 7 * MINUTE),
        begins=NOW, ends=OVER,
    )  # fmt: skip
    return replace(made, **over)  # type: ignore[arg-type]


def report(room: MeetingSession, recording: Recording, place: str = A) -> None:
    with room.db.write() as session:
        recordings.store_recording(
            session, room.meeting.draft.channel, recording, OVER + 5 * MINUTE, place
        )


def files(db: Database) -> tuple[Asset, ...]:
    return tuple(entry.asset for entry in library.library(db))


def facts(db: Database, asset: Asset) -> RecordedAsset:
    with db.read() as session:
        return load.recordings.recorded(find.recordings.of_assets(session, [asset.id])[asset.id])


def test_a_whole_recording_is_a_file_with_its_meeting_body_and_points(
    room: MeetingSession,
) -> None:
    gap = RecordingGap(NOW + HOUR, NOW + HOUR + 10 * MINUTE)
    report(room, whole(room, gaps=(gap,), reason="It is silent."))
    (asset,) = files(room.db)
    assert asset.title == "City Council: Regular Meeting, November 22, 2026"
    assert asset.state is AssetState.READY and asset.fit
    assert asset.problems == ("It is silent.",)
    known = facts(room.db, asset)
    assert (known.airing, known.meeting, known.body) == (
        room.live,
        room.meeting.id,
        "City Council",
    )
    assert (known.first, known.last) == (2 * MINUTE, 2 * MINUTE + 3 * HOUR - 10 * MINUTE)
    assert known.gaps == (gap,) and known.lost == 10 * MINUTE
    assert known.place == A and known.here is None


def test_a_live_without_a_meeting_is_kept_as_well(db: Database) -> None:
    a_channel(db)
    in_session(db)
    live = an_airing(db, NOW + 8 * HOUR, title="Parade", source=a_source(db))
    made = Recording(live.id, RecordingState.WHOLE, live.start, some_media("9"))
    with db.write() as session:
        recordings.store_recording(session, live.channel, made, OVER)
    (asset,) = files(db)
    assert asset.title == "Parade, November 22, 2026"


@pytest.mark.parametrize("state", [RecordingState.CLOSING, RecordingState.FAILED])
def test_what_is_not_whole_is_no_file(room: MeetingSession, state: RecordingState) -> None:
    report(room, whole(room, state=state, media=None))
    assert files(room.db) == ()


def test_an_old_report_does_not_bring_back_what_was_let_go(room: MeetingSession) -> None:
    report(room, whole(room))
    (asset,) = files(room.db)
    with room.db.write() as session:
        row = session.get(AssetRow, asset.id)
        assert row is not None
        row.state, row.media, row.key = AssetState.GONE.value, None, None
    report(room, whole(room))
    (gone,) = files(room.db)
    assert (gone.state, gone.media) == (AssetState.GONE, None)


def test_a_second_report_of_the_same_adds_nothing(room: MeetingSession) -> None:
    report(room, whole(room))
    before, said = files(room.db), len(changes.changes(room.db))
    report(room, whole(room))
    assert files(room.db) == before and len(changes.changes(room.db)) == said


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (3 * HOUR, 3 * HOUR, "f"),
        (3 * HOUR, 3 * HOUR + timedelta(seconds=0.5), "f"),
        (3 * HOUR, 2 * HOUR, "f"),
        (3 * HOUR, 3 * HOUR + MINUTE, "e"),
    ],
)
def test_of_two_machines_recordings_the_longer_is_kept_and_else_the_first(
    room: MeetingSession, first: timedelta, second: timedelta, kept: str
) -> None:
    report(room, whole(room, media=some_media("f", first)))
    report(room, whole(room, media=some_media("e", second)), B)
    (asset,) = files(room.db)
    assert asset.media is not None and asset.media.key == kept * 64
    assert facts(room.db, asset).place == (A if kept == "f" else B)


def test_a_failed_recording_of_the_other_machine_takes_nothing_away(
    room: MeetingSession,
) -> None:
    report(room, whole(room))
    report(room, whole(room, state=RecordingState.FAILED, media=None, reason="disk full"), B)
    assert len(files(room.db)) == 1
    with room.db.read() as session:
        row = find.meetings.meetings_by_id(session, [room.meeting.id])[room.meeting.id]
        assert row.recorded_ok and row.recorded_note == ""


def test_a_whole_one_mends_a_failed_one(room: MeetingSession) -> None:
    report(room, whole(room, state=RecordingState.FAILED, media=None, reason="disk full"))
    report(room, whole(room), B)
    assert len(files(room.db)) == 1


def test_a_title_that_staff_gave_stays_when_a_longer_recording_comes(
    room: MeetingSession,
) -> None:
    report(room, whole(room))
    (asset,) = files(room.db)
    media.rename(room.db, PLANNER, OVER, asset.id, "Budget night", asset.version)
    report(room, whole(room, media=some_media("e", 4 * HOUR)))
    assert [one.title for one in files(room.db)] == ["Budget night"]


def test_a_journal_told_again_after_a_restore_files_it_again_once(room: MeetingSession) -> None:
    room.facts.append(Recorded(OVER, whole(room)))
    room.report(OVER + MINUTE)
    room.told, room.sent = 0, 0  # as a host that sends all it kept
    room.report(OVER + 2 * MINUTE)
    assert len(files(room.db)) == 1


def test_a_backup_does_not_look_for_a_recording_that_is_not_here(room: MeetingSession) -> None:
    report(room, whole(room))
    assert KEY not in named_files(room.db)
    with room.db.write() as session:
        row = find.recordings.of_key(session, KEY)
        assert row is not None
        row.here = OVER
    assert KEY in named_files(room.db)


def test_of_two_machines_that_ask_at_once_one_may_let_go(room: MeetingSession) -> None:
    report(room, whole(room))
    with room.db.write() as session:
        for place in (SERVER, A, B):
            copies.note(session, KEY, place, 1000, NOW)
        session.flush()
        answers = [copies.let_go(session, KEY, place, NOW) for place in (A, B)]
        assert answers == [True, False]
        copies.note(session, KEY, BACKUP, 1000, NOW)
        session.flush()
        assert copies.let_go(session, KEY, B, NOW)


def test_a_machine_that_kept_what_it_may_let_go_counts_again_later(db: Database) -> None:
    with db.write() as session:
        copies.renew(session, A, {KEY: 1000}, NOW)
        copies.note(session, KEY, SERVER, 1000, NOW, verified=NOW)
        session.flush()
        assert copies.let_go(session, KEY, A, NOW)
    for later, leaving in ((MINUTE, True), (LEAVES_WITHIN + MINUTE, False)):
        with db.write() as session:
            copies.renew(session, A, {KEY: 1000}, NOW + later)
        with db.read() as session:
            (at_a,) = [c for c in copies.copies_of(session, [KEY])[KEY] if c.place == A]
            assert (at_a.leaving is not None) is leaving
    with db.write() as session:
        copies.renew(session, A, {}, NOW)
    with db.read() as session:
        assert [c.place for c in copies.copies_of(session, [KEY])[KEY]] == [SERVER]


def plan_of(db: Database, channel: str, now: datetime) -> Plan:
    publish_all(db, now)
    published = published_plan(db, ChannelId(channel))
    assert published is not None
    return decode(Plan, published.body)


def test_a_recording_airs_on_another_channel_and_months_later_from_mark_to_adjournment(
    room: MeetingSession,
) -> None:
    db, later = room.db, NOW + timedelta(days=200)
    a_channel(db, "ch14")
    replays = [
        an_airing(db, start, channel=ChannelId(channel), replay_of=room.live, length=3 * HOUR)
        for channel, start in (("ch14", NOW + 24 * HOUR), ("ch13", later + HOUR))
    ]
    report(room, whole(room))
    for airing, channel, now in zip(replays, ("ch14", "ch13"), (OVER, later), strict=True):
        happened = AirState()
        made = resolve(plan_of(db, channel, now), happened).item(ItemId(airing.id))
        assert made is not None and made.media is not None
        assert made.media.key == KEY
        assert (made.in_point, made.media.length) == (2 * MINUTE, 3 * HOUR + 2 * MINUTE)
    seen = grid.airing(db, replays[0].id, OVER)
    assert (seen.readiness, seen.why) == (Light.READY, "recorded")


def test_a_recording_chosen_as_a_file_airs_from_mark_to_adjournment(room: MeetingSession) -> None:
    report(room, whole(room))
    (asset,) = files(room.db)
    film = an_airing(room.db, NOW + 24 * HOUR, asset=asset.id, in_point=MINUTE, length=3 * HOUR)
    made = plan_of(room.db, "ch13", OVER).item(ItemId(film.id))
    assert made is not None and made.media is not None
    assert (made.in_point, made.media.length) == (3 * MINUTE, 3 * HOUR + 2 * MINUTE)


def test_a_machine_before_16_gets_a_plan_that_it_can_read(room: MeetingSession) -> None:
    an_airing(room.db, NOW + 24 * HOUR, replay_of=room.live, length=3 * HOUR)
    report(room, whole(room))
    publish_changed(room.db, OVER)
    published = published_plan(room.db, ChannelId("ch13"))
    assert published is not None and b'"recorded":{' in published.body
    assert b"recorded" not in plan_for(published.body, 15).replace(b"recorded_", b"")
