"""The feed as read by viewers' programs: khal, Evolution's data server and Thunderbird."""

import json
import os
import shutil
import sqlite3
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft
from werkzeug.serving import make_server

from config.clock import SimulatedClock
from config.settings import Settings
from scheduler.actions import airings
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing
from web import create_app

pytestmark = pytest.mark.soak
AUTUMN = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
"""01:00 in New York, for the first time that night."""


@dataclass
class Station:
    """A server with a feed, and the edits that staff make."""

    db: Database
    clock: SimulatedClock
    url: str

    def add(self, title: str, start: datetime) -> Airing:
        earlier = self.clock.utc() - HOUR
        return airings.add(self.db, PLANNER, earlier, a_draft(start, title=title))

    def move(self, airing: Airing, by: timedelta) -> Airing:
        now = self.clock.utc()
        return airings.move(self.db, PLANNER, now, airing.id, airing.start + by, airing.version)

    def cancel(self, airing: Airing) -> None:
        airings.cancel(self.db, PLANNER, self.clock.utc(), airing.id, airing.version)


@pytest.fixture
def station(sqlite_db: Database, tmp_path: Path) -> Iterator[Station]:
    clock = SimulatedClock(NOW + HOUR / 2)
    a_channel(sqlite_db)
    settings = Settings(data_dir=tmp_path / "data", domain="tv.example.gov")
    server = make_server("127.0.0.1", 0, create_app(settings, sqlite_db, clock), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Station(sqlite_db, clock, f"http://127.0.0.1:{server.port}/{CH13}/lineup.ics")
    server.shutdown()
    thread.join()
    server.server_close()


def needed(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


KHAL = """
[calendars]
[[city]]
path = {folder}/items
readonly = True
[[own]]
path = {folder}/own
[default]
default_calendar = own
[locale]
local_timezone = America/New_York
default_timezone = America/New_York
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair city]
a = "city_local"
b = "city_remote"
collections = null
conflict_resolution = "b wins"
[storage city_local]
type = "filesystem"
path = "{folder}/items/"
fileext = ".ics"
[storage city_remote]
type = "http"
url = "{url}"
"""


class Khal:
    """khal with its own home, reading what vdirsyncer fetched."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        for name in ("items", "own", "status"):
            (folder / name).mkdir(parents=True)
        (folder / "khal").write_text(KHAL.format(folder=folder))
        (folder / "vdirsyncer").write_text(VDIRSYNCER.format(folder=folder, url=url))
        self.env = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "share")}
        self._run("vdirsyncer", "-c", str(folder / "vdirsyncer"), "discover", input="y\n" * 9)

    def sync(self) -> None:
        self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer"), "sync", input="y\n" * 9)

    def lines(self, day: str, span: str = "1d") -> list[str]:
        said = self._run(
            "khal", "-c", str(self.folder / "khal"), "list", day, span, "--day-format", "",
            "--format", "{start-time} {end-time} {title} {status}",
        )  # fmt: skip
        return [line.strip() for line in said.splitlines() if line.strip()]

    def _run(self, *argv: str, input: str = "") -> str:
        done = subprocess.run(
            argv, env=self.env, input=input, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_khal_sees_moves_and_cancellations(station: Station, tmp_path: Path) -> None:
    needed("khal", "vdirsyncer")
    plain = station.add("Plain", NOW + 2 * HOUR)
    moved = station.add("Moved", NOW + 4 * HOUR)
    gone = station.add("Gone", NOW + 6 * HOUR)
    khal = Khal(tmp_path / "khal", station.url)
    khal.sync()
    assert khal.lines("2026-11-22") == [
        "15:00 16:00 Plain CONFIRMED",
        "17:00 18:00 Moved CONFIRMED",
        "19:00 20:00 Gone CONFIRMED",
    ]
    station.move(moved, HOUR)
    station.cancel(gone)
    khal.sync()
    assert khal.lines("2026-11-22") == [
        "15:00 16:00 Plain CONFIRMED",
        "18:00 19:00 Moved CONFIRMED",
        "19:00 20:00 CANCELED: Gone CANCELLED",
    ]
    assert plain.sequence == 0


def test_khal_shows_both_one_oclocks_of_the_autumn_night(station: Station, tmp_path: Path) -> None:
    needed("khal", "vdirsyncer")
    station.clock.step(AUTUMN - HOUR - station.clock.utc())
    station.add("First", AUTUMN)
    station.add("Second", AUTUMN + HOUR)
    khal = Khal(tmp_path / "khal", station.url)
    khal.sync()
    assert [line.split()[2] for line in khal.lines("2026-11-01")] == ["First", "Second"]


EVOLUTION = """
import json, sys, time
import gi
gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
from gi.repository import ECal, EDataServer, GLib
registry = EDataServer.SourceRegistry.new_sync(None)
source = EDataServer.Source.new_with_uid("city", None)
source.set_display_name("City")
source.set_parent("webcal-stub")
source.get_extension("Calendar").set_backend_name("webcal")
source.get_extension("WebDAV Backend").set_uri(GLib.Uri.parse(sys.argv[1], GLib.UriFlags.NONE))
registry.commit_source_sync(source, None)
time.sleep(1)
client = ECal.Client.connect_sync(registry.ref_source("city"), ECal.ClientSourceType.EVENTS, 30)
for line in sys.stdin:
    client.refresh_sync(None)
    time.sleep(3)
    found = client.get_object_list_sync("#t")[1]
    print(json.dumps(sorted(
        [e.get_summary(), e.get_dtstart().as_ical_string(), str(e.get_status().value_nick)]
        for e in found
    )), flush=True)
"""


def test_evolution_takes_every_change_from_the_stamps(station: Station, tmp_path: Path) -> None:
    needed("dbus-run-session")
    check = subprocess.run(
        ["/usr/bin/python3", "-c", "import gi; gi.require_version('ECal', '2.0')"], check=False
    )
    if check.returncode or not Path("/usr/libexec/evolution-calendar-factory").exists():
        pytest.skip("Evolution's data server is not installed")
    station.add("Plain", NOW + 2 * HOUR)
    moved = station.add("Moved", NOW + 4 * HOUR)
    gone = station.add("Gone", NOW + 6 * HOUR)
    (tmp_path / "run").mkdir(mode=0o700)
    env = os.environ | {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    argv = ["dbus-run-session", "--", "/usr/bin/python3", "-c", EVOLUTION, station.url]
    with subprocess.Popen(
        argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def look() -> dict[str, tuple[str, str]]:
            assert reader.stdin is not None
            assert reader.stdout is not None
            reader.stdin.write("look\n")
            reader.stdin.flush()
            return {title: (at, state) for title, at, state in json.loads(reader.stdout.readline())}

        before = look()
        assert before["Moved"] == ("20261122T220000Z", "confirmed")
        station.move(moved, HOUR)
        station.cancel(gone)
        after = look()
        reader.stdin.close()
        reader.wait(timeout=30)
    assert after["Moved"] == ("20261122T230000Z", "confirmed")
    assert after["CANCELED: Gone"] == ("20261123T000000Z", "cancelled")
    assert after["Plain"] == before["Plain"]
    assert len(after) == 3


class Thunderbird:
    """Thunderbird without a window; its cached calendar is read after it ends."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.profile = folder, folder / "profile"
        self.profile.mkdir(parents=True)
        id = str(uuid.uuid4())
        calendar = {
            "name": "City", "type": "ics", "uri": url, "cache.enabled": True, "readOnly": True,
            "calendar-main-in-composite": True,
        }  # fmt: skip
        prefs = {f"calendar.registry.{id}.{key}": value for key, value in calendar.items()}
        prefs |= {"calendar.list.sortOrder": id, "app.update.enabled": False}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in prefs.items()]
        (self.profile / "prefs.js").write_text("\n".join(lines) + "\n")

    def events(self) -> dict[str, tuple[datetime, str]]:
        env = os.environ | {"HOME": str(self.folder)}
        argv = ["thunderbird", "--headless", "--no-remote", "-profile", str(self.profile)]
        with subprocess.Popen(
            argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            time.sleep(30)
            running.terminate()
            running.wait(timeout=30)
        found = sqlite3.connect(self.profile / "calendar-data" / "cache.sqlite")
        try:
            rows = found.execute("SELECT title, event_start, ical_status FROM cal_events")
            return {
                title: (datetime.fromtimestamp(start / 1_000_000, UTC), status)
                for title, start, status in rows
            }
        finally:
            found.close()


def test_thunderbird_sees_moves_and_cancellations(station: Station, tmp_path: Path) -> None:
    needed("thunderbird")
    moved = station.add("Moved", NOW + 4 * HOUR)
    gone = station.add("Gone", NOW + 6 * HOUR)
    reader = Thunderbird(tmp_path / "tb", station.url)
    assert reader.events()["Moved"] == (NOW + 4 * HOUR, "CONFIRMED")
    station.clock.advance(MINUTE)
    station.move(moved, HOUR)
    station.cancel(gone)
    after = reader.events()
    assert after == {
        "Moved": (NOW + 5 * HOUR, "CONFIRMED"),
        "CANCELED: Gone": (NOW + 6 * HOUR, "CANCELLED"),
    }
