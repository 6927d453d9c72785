"""The whole way: a form in the browser, frames on UDP at their instant, as-run, page and feed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from support.capture import Capture, read_ts
from support.clips import numbered_clip
from support.onair import runs
from support.station import CHANNEL, Station, add_airing, upload, wait_for

from config.names import ChannelId
from scheduler.queries import reports

RATE = Fraction(30000, 1001)
FRAME = float(1 / RATE)
pytestmark = pytest.mark.air


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    with Station(tmp_path / "station") as station:
        yield station


def ready_asset(staff: httpx.Client, folder: Path, ident: int, seconds: int) -> str:
    clip = folder / f"clip{ident}.mp4"
    numbered_clip(clip, codec="h264", size=(640, 360), rate=RATE, frames=seconds * 30, ident=ident)
    asset = upload(staff, clip, f"Clip {ident}")
    wait_for(
        lambda: f'value="{asset}"' in staff.get("/airings/new").text,
        60,
        f"clip {ident} is checked and offered in the form",
    )
    return asset


def soon(seconds: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)


def test_an_airing_typed_in_a_page_airs_on_its_frame_and_comes_back(
    station: Station, tmp_path: Path
) -> None:
    staff = station.staff()
    first = ready_asset(staff, tmp_path, 1, 12)
    second = ready_asset(staff, tmp_path, 2, 12)
    begin = soon(25)

    with Capture(station.air_port, tmp_path / "air.ts") as capture:
        add_airing(staff, first, "Council, morning", begin, "0:00:10")
        add_airing(staff, second, "Council, replay", begin + timedelta(seconds=10), "0:00:10")
        wait_for(lambda: datetime.now(UTC) > begin + timedelta(seconds=24), 90, "both have aired")
        path = capture.stop()

    aired = {run.ident: run for run in runs(read_ts(path))}
    for ident in (1, 2):
        frames = aired[ident].frames
        assert frames[0] == 0
        assert frames == list(range(len(frames)))
        assert abs(len(frames) - 10 * RATE) <= 1
    delays = [
        aired[ident].seen[0].arrived - (begin + timedelta(seconds=after)).timestamp()
        for ident, after in ((1, 0), (2, 10))
    ]
    assert abs(delays[0] - delays[1]) < 2 * FRAME, delays

    def both() -> list[object]:
        day = reports.as_run_between(
            station.db, ChannelId(CHANNEL), begin, begin + timedelta(hours=1)
        )
        rows = [row for row in day if row.title.startswith("Council")]
        return rows if len(rows) == 2 else []

    for row, after in zip(wait_for(both, 15, "as-run of both"), (0, 10), strict=True):
        late = row.start - (begin + timedelta(seconds=after))
        assert timedelta(0) <= late <= timedelta(seconds=FRAME)
        assert (row.held, row.dropped) == (0, 0)
    feed = Calendar.from_ical(httpx.get(f"{station.address}/{CHANNEL}/lineup.ics").content)
    starts = {str(event["summary"]): event["dtstart"].dt for event in feed.walk("vevent")}
    assert starts["Council, morning"] == begin
