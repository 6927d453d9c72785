"""The feed: golden bytes, stamps that move with visible changes, and nothing private in it."""

import hashlib
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import recurring_ical_events
from icalendar import Calendar, Event
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

from config.names import AiringId
from playout.model.plan import EndRule
from scheduler.actions import airings, channels, programs, undo
from scheduler.db.store import Database
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.reported.public import PublicAiring, PublicChannel
from scheduler.feeds.lineup import CalendarFeed, Feeds
from scheduler.queries.changes import latest

GOLDEN = Path(__file__).with_name("golden_lineup.ics")
CHECKER = Path(__file__).parents[2] / "support" / "ical_check.c"


def feeds(db: Database) -> Feeds:
    return Feeds(db, "https://tv.example.gov", "tv.example.gov")


def lineup(db: Database, now: datetime = NOW) -> CalendarFeed:
    feed = feeds(db).lineup(CH13, now)
    assert feed is not None
    return feed


def events(feed: CalendarFeed) -> list[Event]:
    return list(Calendar.from_ical(feed.body).walk("VEVENT"))


def the_event(db: Database, now: datetime = NOW) -> Event:
    (event,) = events(lineup(db, now))
    return event


def public(**over: object) -> PublicAiring:
    one = PublicAiring(
        id=AiringId("0123456789abcdef0123456789abcdef"),
        channel=CH13,
        title="City Council; regular, \\ meeting",
        start=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
        end=datetime(2026, 11, 24, 18, 0, tzinfo=UTC),
        live=True,
        replay=False,
        may_run_long=True,
        latest=None,
        cancelled=False,
        postponed=False,
        summary="The nine members meet.\nPublic comment comes first.",
        note="Spanish interpretation on the second sound channel.",
        category="Council",
        body="City Council",
        link="https://example.gov/agenda/12",
        sequence=3,
        modified=datetime(2026, 11, 22, 18, 0, 5, tzinfo=UTC),
    )
    return replace(one, **over)  # type: ignore[arg-type]


def test_the_bytes_are_the_golden_ones() -> None:
    """One live airing and one cancelled replay; look at the file before renewing it."""
    made = Feeds.__new__(Feeds)
    made._base_url, made._domain = "https://tv.example.gov", "tv.example.gov"
    channel = PublicChannel(CH13, "City Channel 13", "Comcast 13, Verizon 44", "America/New_York")
    calendar = made._calendar(channel, "lineup")
    calendar.add_component(made._event(public(), channel))
    other = AiringId("f" * 32)
    gone = public(id=other, live=False, replay=True, cancelled=True, may_run_long=False, note="")
    calendar.add_component(made._event(gone, channel))
    assert calendar.to_ical().decode() == GOLDEN.read_bytes().decode()


def test_the_feed_uses_only_what_clients_support(db: Database) -> None:
    a_channel(db)
    an_airing(db, source="chamber", end_rule=EndRule.HOLD)
    body = lineup(db).body.decode()
    head = body.split("BEGIN:VEVENT")[0]
    assert "METHOD" not in body
    assert "VTIMEZONE" not in body
    assert "TZID" not in body
    assert "UID:" not in head
    assert "DTSTART:20261122T190000Z" in body
    assert "TRANSP:TRANSPARENT" in body
    assert "SUMMARY:LIVE: City Council" in body
    assert body == Calendar.from_ical(body).to_ical().decode()


def test_the_same_plan_gives_the_same_bytes_and_etag(db: Database) -> None:
    a_channel(db)
    an_airing(db)
    made = feeds(db)
    first, second = made.lineup(CH13, NOW), made.lineup(CH13, NOW + 3 * HOUR)
    assert first == second == replace(lineup(db, NOW + HOUR), modified=NOW)
    assert first is not None
    assert first.etag == hashlib.sha256(first.body).hexdigest()


@pytest.mark.parametrize(
    "change",
    [{"title": "Special meeting"}, {"length": 2 * HOUR}, {"public_note": "Moved to room 646."}],
)
def test_a_visible_change_bumps_all_three_stamps(db: Database, change: dict[str, object]) -> None:
    a_channel(db)
    airing = an_airing(db)
    before = the_event(db)
    airings.edit(db, PLANNER, NOW + MINUTE, airing.id, a_draft(**change), airing.version)
    after = the_event(db)
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after["dtstamp"].dt == after["last-modified"].dt == NOW + MINUTE


def test_a_change_only_staff_see_bumps_no_stamp(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    made = feeds(db)
    before = made.lineup(CH13, NOW)
    draft = a_draft(notes="Call the clerk first.", locked=True)
    airings.edit(db, PLANNER, NOW + MINUTE, airing.id, draft, airing.version)
    assert made.lineup(CH13, NOW + HOUR) == before


def test_two_changes_in_one_second_still_move_the_stamp(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    one = airings.move(db, PLANNER, NOW, airing.id, NOW + 2 * HOUR, airing.version)
    two = airings.move(db, PLANNER, NOW, airing.id, NOW + 3 * HOUR, one.version)
    assert (two.sequence, two.public_modified > one.public_modified) == (2, True)


def test_a_cancelled_airing_stays_for_seven_days_and_says_so(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db, NOW + 5 * 24 * HOUR)
    airings.cancel(db, PLANNER, NOW + HOUR, airing.id, airing.version)
    event = the_event(db, NOW + HOUR)
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert event["summary"] == "CANCELED: City Council"
    assert events(lineup(db, NOW + timedelta(days=6)))
    assert not events(lineup(db, NOW + timedelta(days=8, hours=2)))


def test_an_airing_cancelled_within_minutes_is_not_announced(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    airings.cancel(db, PLANNER, NOW + MINUTE, airing.id, airing.version)
    assert not events(lineup(db))


def test_undoing_a_cancellation_is_a_change_viewers_see(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    airings.cancel(db, PLANNER, NOW + HOUR / 2, airing.id, airing.version)
    change = latest(db, "airing", airing.id)
    assert change is not None
    undo.undo(db, PLANNER, NOW + HOUR / 2 + MINUTE, change.id)
    event = the_event(db)
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 2)


def test_a_program_edited_bumps_its_coming_airings(db: Database) -> None:
    a_channel(db)
    program = programs.add(db, PLANNER, NOW, ProgramDraft("Council", summary="Old words"))
    an_airing(db, program=program.id)
    draft = ProgramDraft("Council", summary="New words")
    programs.edit(db, PLANNER, NOW + MINUTE, program.id, draft, program.version)
    event = the_event(db)
    assert (event["description"], event["sequence"]) == ("New words", 1)


def test_a_channel_renamed_bumps_its_airings(db: Database) -> None:
    channel = a_channel(db)
    an_airing(db)
    draft = ChannelDraft("ch13", "Gavel TV", channel.zone, channel.format, "Cable 9")
    channels.edit(db, ADMIN, NOW + MINUTE, CH13, draft, channel.version)
    event = the_event(db)
    assert (event["location"], event["sequence"]) == ("Gavel TV (Cable 9)", 1)


def test_slides_filler_and_private_airings_stay_out(db: Database) -> None:
    a_channel(db)
    an_airing(db, slate_text="Recess", title="Slate")
    an_airing(db, public=False, title="Closed session")
    assert events(lineup(db)) == []


def test_live_feed_holds_live_only(db: Database) -> None:
    a_channel(db)
    an_airing(db, title="From file")
    an_airing(db, NOW + 60 * 24 * HOUR, title="From chamber", source="chamber")
    feed = feeds(db).live(CH13, NOW)
    assert feed is not None
    assert [event["summary"] for event in events(feed)] == ["LIVE: From chamber"]


def test_both_hours_of_the_autumn_night_are_told_apart(db: Database) -> None:
    a_channel(db)
    night = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    for start in (night, night + HOUR):
        airings.add(db, PLANNER, night - HOUR, a_draft(start, length=HOUR / 2))
    calendar = Calendar.from_ical(lineup(db, night).body)
    found = recurring_ical_events.of(calendar).between(night - HOUR, night + 3 * HOUR)
    assert len(found) == 2
    assert [event["dtstart"].dt for event in calendar.walk("VEVENT")] == [night, night + HOUR]


def test_control_characters_and_header_tricks_are_stripped(db: Database) -> None:
    a_channel(db)
    bad = "A\x07 meeting\r\nX-EVIL:1\u2028END:VEVENT"
    an_airing(db, title=bad, public_note="one\r\ntwo\x00")
    body = lineup(db).body.decode()
    assert not [line for line in body.splitlines() if line.startswith(("X-EVIL", "END:VEVENT "))]
    assert body.splitlines().count("END:VEVENT") == 1
    assert "\x07" not in body
    assert the_event(db)["description"] == "one\ntwo"


def test_no_private_column_reaches_the_feed(db: Database) -> None:
    """Every column that is not for viewers holds a canary; none may be heard."""
    a_channel(db, station="CANARY-station", slate_text="CANARY-slate")
    asset = an_asset(db, "CANARY-file")
    program = programs.add(
        db, PLANNER, NOW, ProgramDraft("Council", notes="CANARY-program", asset=asset.id)
    )
    an_airing(db, program=program.id, notes="CANARY-notes", slate_text="CANARY-words",
              source=None, asset=asset.id)  # fmt: skip
    an_airing(db, source="CANARY-source", notes="CANARY")
    an_airing(db, title="CANARY-hidden", public=False)
    made = feeds(db)
    bodies = [feed.body for feed in (made.lineup(CH13, NOW), made.live(CH13, NOW)) if feed]
    assert len(bodies) == 2
    assert len(events(CalendarFeed(bodies[0], "", NOW))) == 2
    for body in bodies:
        for word in (b"CANARY", asset.id.encode(), b"Pat Planner", b"upload", b"a" * 64):
            assert word not in body.replace(b"\r\n ", b"")


def test_an_unknown_channel_has_no_feed(db: Database) -> None:
    assert feeds(db).lineup(CH13, NOW) is None


@pytest.fixture(scope="session")
def ical_check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """libical's own judgement, the strictest reader there is."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not Path("/usr/include/libical/ical.h").exists():
        pytest.skip("no compiler or no libical headers")
    made = tmp_path_factory.mktemp("ical") / "ical_check"
    subprocess.run([compiler, str(CHECKER), "-o", str(made), "-lical"], check=True)
    return made


def test_libical_finds_no_error(db: Database, ical_check: Path) -> None:
    a_channel(db)
    moved = an_airing(db, title="Moved; with, marks \\ in it", public_note="Line\nbreaks")
    airings.move(db, PLANNER, NOW, moved.id, NOW + 4 * HOUR, moved.version)
    gone = an_airing(db, NOW + 30 * HOUR, source="chamber", end_rule=EndRule.HOLD)
    airings.cancel(db, PLANNER, NOW + HOUR, gone.id, gone.version)
    feed = lineup(db)
    said = subprocess.run([ical_check], input=feed.body, capture_output=True, check=True)
    assert said.stdout.decode().split() == ["ok=1", "errors=0", "events=2"]


def test_the_libical_check_can_go_red(ical_check: Path) -> None:
    broken = GOLDEN.read_bytes().replace(b"CALSCALE", b"METHOD:PUBLISH\r\nCALSCALE")
    said = subprocess.run([ical_check], input=broken, capture_output=True, check=True)
    assert "ok=1" not in said.stdout.decode() or "errors=0" not in said.stdout.decode()
