"""S21 for a week: what a city planned airs from the machine's own disk, over a change of clocks."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.desk import ADMIN, CH13, PLANNER, a_channel
from support.plans import at, item, minutes, page, plan
from support.remote_machine import PIECE, Disk, Remote, Shelf

from config.alert_settings import AlertSettings
from config.names import ChannelId, HouseFormat
from config.settings import ChannelSettings, Settings
from playout.host.alerts import HostAlerts
from playout.host.drawings import Drawings
from playout.model.layer import Layer
from playout.model.plan import ContentKind, Item, Outcome, Plan, Rank
from playout.model.wire import decode
from playout.notify.fakes import KeptMessages
from scheduler.actions import airings, blocks, filler, jobs, media, slides
from scheduler.db.store import Database
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.slide import SlideDraft
from scheduler.domain.series.blocks import BlockDraft
from scheduler.process.publish import publish
from scheduler.queries import library
from scheduler.queries.host_api import published_plan

NEW_YORK = ZoneInfo("America/New_York")
WEDNESDAY = date(2026, 10, 28)
"""Its Sunday has 25 hours."""
START = datetime(2026, 10, 28, 17, tzinfo=UTC)
DAYS = 8
HOURS, WEEK = timedelta(hours=1), timedelta(days=7)


@dataclass
class City:
    """The server's side of a station: its rows, and the bytes of its media."""

    db: Database
    shelf: Shelf

    def file(self, title: str, length: timedelta) -> Asset:
        """Add a file that passed its check, with real bytes."""
        asset = media.register(self.db, ADMIN, START, f"{title}.upload", f"{title}.mp4", title)
        job = jobs.claim(self.db, START)
        assert job is not None
        found = self.shelf.put(title, length)
        media.finish_job(self.db, START, job.id, media=found, facts={}, summary="Ready for air.")
        return library.entry(self.db, asset.id).asset

    def air(self, day: int, clock: time, asset: Asset, minutes: int) -> None:
        wall = datetime.combine(WEDNESDAY + timedelta(days=day), clock, NEW_YORK)
        if wall < START:
            return
        span = timedelta(minutes=minutes)
        draft = AiringDraft(CH13, asset.title, wall.astimezone(UTC), span, asset=asset.id)
        airings.add(self.db, PLANNER, START, draft)

    def plan(self) -> Plan:
        """Return the plan as the broadcast machine gets it, its evening films captioned."""
        publish(self.db, ChannelId(CH13), START)
        published = published_plan(self.db, ChannelId(CH13))
        assert published is not None
        made = decode(Plan, published.body)
        return replace(made, items=tuple(map(self._captioned, made.items)))

    def _captioned(self, item: Item) -> Item:
        if item.media is None or not item.title.startswith("Evening"):
            return item
        return replace(item, media=self.shelf.captioned(item.media))


def a_city(db: Database) -> City:
    """Plan eight days: a film of its own each evening, repeats, a nightly block, filler, pages."""
    a_channel(db)
    city = City(db, Shelf())
    morning = city.file("Morning in the city", 2 * HOURS)
    night = tuple(city.file(f"Night {number}", HOURS).id for number in range(2))
    for day in range(DAYS + 1):
        evening = city.file(f"Evening {day}", HOURS)
        city.air(day, time(9), morning, 120)
        city.air(day, time(19), evening, 60)
        city.air(day + 1, time(12), evening, 60)
    for number in range(3):
        clip = city.file(f"Clip {number}", timedelta(minutes=41 + 11 * number))
        filler.set_filler(db, PLANNER, START, CH13, clip.id, True)
    week = frozenset(range(7))
    nightly = BlockDraft(CH13, "Night", week, time(1), time(5), WEDNESDAY, assets=night)
    blocks.add(db, PLANNER, START, nightly)
    for layout in ("next", "text"):
        words = {"heading": "", "body": ""} if layout == "next" else {}
        draft = replace(SlideDraft("Leaf pickup", "Mondays.", None, START), layout=layout, **words)
        slides.add(db, PLANNER, START, draft)
    return city


@pytest.fixture
def city(sqlite_db: Database) -> City:
    return a_city(sqlite_db)


def planned(made: Plan, since: datetime, until: datetime) -> list[Item]:
    files = [one for one in made.items if one.kind is ContentKind.FILE]
    return [one for one in files if since < one.start and one.start + one.length < until]


def test_s21_a_city_s_week_airs_whole_without_its_server(city: City, tmp_path: Path) -> None:
    made = city.plan()
    machine = Remote(tmp_path, made, START, city.shelf)
    machine.run_until(START + HOURS, each=machine.fetch)
    assert machine.parts.mailbox.fetch == ()
    machine.server.up = city.shelf.up = False
    alone = machine.now
    machine.run_until(alone + WEEK, most=1800)
    size = sum(file.stat().st_size for file in tmp_path.glob("journal*"))
    before = len(machine.server.entries)
    machine.server.up = True
    machine.run_for(180, most=5)

    items = planned(made, alone, alone + WEEK)
    assert len(items) > 30
    for one in items:
        assert {fact.layer for fact in machine.aired(one.id)} == {Layer.DECK}, one.title
        assert [row.outcome for row in machine.rows(one.id)] == [Outcome.AIRED], one.title
        late = machine.aired(one.id)[0].start - one.start
        assert one.rank is Rank.BLOCK or abs(late) < timedelta(milliseconds=40), one.title
    aired = [fact for fact in machine.facts() if fact.start > alone and fact.ticks > 1]
    assert [fact for fact in aired if fact.reason or fact.layer is Layer.SLATE] == []
    assert machine.parts.journal.waiting() == []
    assert machine.server.repeated_entries == 0
    assert len(machine.server.entries) - before > len(items)
    assert size < 600_000, "bytes of journal that a week of this city takes"


def test_on_the_seventh_day_alone_the_machine_still_draws_what_is_next(
    city: City, tmp_path: Path
) -> None:
    made = city.plan()
    machine = Remote(tmp_path, made, START + WEEK, city.shelf)
    machine.server.up = False
    machine.parts.library.keep_plan(made)
    machine.boot()
    machine.run_for(1)
    state = machine.agent.state
    assert state is not None
    drawings = Drawings(tmp_path / "drawn", HouseFormat.parse("160x90@25"))
    drawn = drawings.board(state.plan, state.rundown, machine.now, most=9)

    assert len(drawn) == 2
    assert all(Path(one.path).is_file() for one in drawn)


def test_a_disk_too_small_holds_the_first_days_and_the_machine_itself_tells_of_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Disk, "size", 7 * PIECE)
    shelf = Shelf()
    films = [
        item(f"film-{day}", at("19:00", day), minutes(60), media=shelf.put(f"f{day}", minutes(60)))
        for day in range(8)
    ]
    made = plan(*films, days=9, board=(page(),), zone="America/New_York")
    machine = Remote(tmp_path, made, at("17:00"), shelf)
    machine.run_until(at("17:20"), each=machine.fetch)
    far = KeptMessages()
    told = HostAlerts(
        Settings(
            data_dir=tmp_path,
            channels={"ch13": ChannelSettings()},
            alerts=AlertSettings(tell=("mail:ann@city.gov",)),
        ),
        "ch13",
        machine.parts.mailbox,
        {"mail": far},
    )

    def look() -> None:
        machine.fetch()
        told.turn(machine.now, machine.clock.monotonic(), lambda: made)

    machine.server.up = shelf.up = False
    machine.run_until(at("18:30"), most=30, each=look)

    assert machine.have(*films) == [True] * 5 + [False] * 3
    said = "Wednesday, November 25, 2:00 PM and later: 3 files (0 MB) do not fit"
    assert [one for one in machine.problems() if one.startswith(said)]
    assert [one for one in far.messages if said in one[1].text]
    assert len(far.messages) <= 4
