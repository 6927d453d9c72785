"""The demo city: long programs from short clips, on air immediately, built only once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import av
import pytest
from support.broadcast import Machine
from support.clips import numbered_clip
from support.desk import CH13, MINUTE, NOW, a_channel, an_asset
from support.page import read
from support.website import Site

from config.clock import SimulatedClock
from config.settings import load_settings
from playout.model.plan import Outcome, Plan
from playout.model.wire import decode
from scheduler.db.store import Database
from scheduler.domain.model.people import Role
from scheduler.process.publish import publish_changed
from scheduler.queries import (
    blocks,
    calendars,
    grid,
    library,
    meetings,
    onair,
    people,
    programs,
    proposals,
    slides,
)
from scheduler.queries.host_api import published_plan
from web.demo import city, desk, make
from web.demo import meetings as demo_meetings
from web.demo.captions import LINES
from web.demo.reel import lengthen


def test_a_lengthened_clip_keeps_its_even_spacing(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "a.mp4", size=(320, 180), frames=60)
    lengthen(clip.path, tmp_path / "long.mp4", timedelta(seconds=10))
    with av.open(str(tmp_path / "long.mp4")) as file:
        picture = file.streams.video[0]
        times = sorted(p.pts * p.time_base for p in file.demux(picture) if p.pts is not None)
    gaps = {b - a for a, b in zip(times, times[1:], strict=False)}
    assert len(times) == 300 and len(gaps) == 1


def test_every_rule_names_an_existing_program_and_channel() -> None:
    keys = {one.key for one in city.PROGRAMS}
    slugs = {slug for slug, _, _ in city.CHANNELS}
    assert {rule.program for rule in city.RULES} <= keys
    assert {rule.channel for rule in city.RULES} <= slugs
    assert {key for keys_ in city.AROUND_NOW for key in keys_} <= keys


@pytest.fixture
def small_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city with seconds in place of minutes, and one clip for everything."""
    from media.demo import DemoClip

    small = [replace(one, length=timedelta(seconds=8)) for one in city.PROGRAMS]
    monkeypatch.setattr(city, "PROGRAMS", tuple(small))
    monkeypatch.setattr(city, "FILLERS", ("ident",))

    def clips(folder: Path, *_: object, **__: object) -> list[DemoClip]:
        folder.mkdir(parents=True, exist_ok=True)
        names = ("council", "committee", "parks", "budget", "ident")
        return [
            DemoClip(
                numbered_clip(folder / f"{n}.mp4", size=(320, 180), frames=60, ident=i).path,
                n,
                "program",
                2,
            )
            for i, n in enumerate(names)
        ]

    monkeypatch.setattr(make, "make_demo_media", clips)


def test_the_city_is_on_air_immediately_and_built_only_once(
    tmp_path: Path, small_city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del small_city
    clock, said = SimulatedClock(NOW), []
    make.make_demo(tmp_path, clock, said.append)
    monkeypatch.setenv("GAVEL_CONFIG", str(tmp_path / "gavel.toml"))
    settings = load_settings()
    assert set(settings.channels) == {"ch13", "ch14"} and settings.key()
    db = Database(settings.database)
    counted = (len(programs.series_cards(db, NOW)), len(slides.slides(db)), len(people.hosts(db)))
    assert onair.on_air(db, CH13, NOW).cue.item is not None
    week = grid.week(db, [CH13], NOW.date() + timedelta(days=8), NOW)
    assert len(week.airings) > 10
    shown = meetings.meetings(db, NOW, NOW + timedelta(weeks=3), NOW)
    assert [one.meeting.title for one in shown[:3]] == [
        "Public Hearing: Riverside Bridge",
        "City Council: Regular Meeting",
        "Standing Committee on Public Works",
    ]
    assert all(one.live is not None and one.replays for one in shown)
    assert [card.block.draft.name for card in blocks.cards(db)] == ["Overnight rotation"]
    assert [card.calendar.draft.name for card in calendars.cards(db, NOW)] == ["City holidays"]
    captioned = {entry.asset.title for entry in library.library(db) if entry.asset.caption_entry}
    assert captioned == {one.title for one in city.PROGRAMS if one.key in LINES} != set()
    make.make_demo(tmp_path, clock, said.append)
    again = (len(programs.series_cards(db, NOW)), len(slides.slides(db)), len(people.hosts(db)))
    assert again == counted
    assert len(meetings.meetings(db, NOW, NOW + timedelta(weeks=3), NOW)) == len(shown)
    db.close()


@pytest.mark.parametrize("hour", [13, 3])
def test_no_airing_is_missed_on_the_day_the_city_is_built(
    tmp_path: Path, sqlite_db: Database, hour: int
) -> None:
    """The overnight block would have begun hours before the city existed."""
    made_at = NOW + timedelta(hours=hour - 13)
    channel = a_channel(sqlite_db, "ch14").id
    files = [an_asset(sqlite_db, f"Film {n}", n, m * MINUTE).id for n, m in (("a", 8), ("b", 20))]
    a_channel(sqlite_db)
    for _ in range(2):
        desk.furnish(sqlite_db, made_at, files)
    assert [one.by_name for one in proposals.waiting(sqlite_db, made_at)] == ["Priya Shah"]
    publish_changed(sqlite_db, made_at)
    found = published_plan(sqlite_db, channel)
    assert found is not None
    plan = replace(decode(Plan, found.body), channel=CH13)
    machine = Machine(tmp_path, plan, made_at + timedelta(seconds=40))
    machine.run_for(4 * 3600, most=60)
    rows = [row for row in machine.server.as_run() if row.item is not None]

    assert any(item.start < made_at for item in plan.items)
    assert bool(rows) is (hour == 3)
    assert {row.outcome for row in rows} <= {Outcome.AIRED, Outcome.JOINED}


def test_the_council_of_the_demo_skips_holidays_in_its_weeks_and_in_its_year(site: Site) -> None:
    """Independence Day of 2028 is a Tuesday, on which the council usually meets."""
    made_at = datetime(2028, 6, 26, 16, tzinfo=UTC)
    site.clock.advance(made_at - site.clock.utc())
    desk.furnish(site.db, made_at, ())
    demo_meetings.announce(site.db, made_at)
    announced = meetings.meetings(site.db, made_at, made_at + timedelta(weeks=4), made_at)
    days = [
        one.meeting.start.date()
        for one in announced
        if one.meeting.title.startswith("City Council")
    ]
    assert days == [date(2028, 6, 27), date(2028, 7, 11)]
    page = read(site.browser(Role.SCHEDULER).get("/meetings/plan"))
    calendar = calendars.cards(site.db, made_at)[0].calendar
    assert page.control(f"holiday-{calendar.id}").value == "skip"
