"""The whole way: a form in the browser, frames on UDP at their instant, as-run, page and feed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import expect
from support.as_run import as_run_between
from support.capture import Capture, read_ts
from support.capture_analysis import runs
from support.chromium import running_browser
from support.clips import numbered_clip
from support.station import (
    CHANNEL,
    LOGIN,
    PASSWORD,
    ZONE,
    Station,
    add_airing,
    body_of,
    upload,
    wait_for,
)

from config.names import AiringId, ChannelId
from config.times import timecode
from playout.model.plan import Outcome
from scheduler.domain.model.airing import Airing
from scheduler.queries import changes, onair

RATE = Fraction(30000, 1001)
FRAME = float(1 / RATE)
LENGTH = 6
"""Seconds that each of the two airings lasts."""
pytestmark = pytest.mark.air


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with Station(tmp_path_factory.mktemp("station")) as station:
        yield station


def ready_assets(staff: httpx.Client, folder: Path, seconds: int, *idents: int) -> list[str]:
    """Upload numbered clips into the library, and wait until the form offers all of them."""
    assets = []
    for ident in idents:
        clip = folder / f"clip{ident}.mp4"
        numbered_clip(clip, codec="h264", frames=seconds * 30, ident=ident)
        assets.append(upload(staff, clip, f"Clip {ident}"))
    for asset in assets:
        here = f'value="{asset}"'
        wait_for(
            lambda here=here: here in staff.get("/airings/new").text,
            60,
            "a clip is checked and offered in the form",
        )
    return assets


def typed_in_chromium(
    station: Station, asset: str, title: str, begin: datetime, seconds: float
) -> None:
    """Sign in, open the drawer on the schedule, type an airing, save it."""
    local = begin.astimezone(ZoneInfo(ZONE))
    with running_browser() as browser:
        page = browser.new_page(base_url=station.address)
        page.goto("/login")
        page.fill("[name=login]", LOGIN)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{station.address}/")
        page.goto(f"/schedule/{CHANNEL}")
        page.locator("button[hx-get^='/airings/new']").first.click()
        drawer = page.locator("#drawer.show #drawer-body")
        drawer.locator("[name=title]").fill(title)
        drawer.locator("[name=asset]").select_option(asset)
        drawer.locator("[name=day]").fill(f"{local:%Y-%m-%d}")
        drawer.locator("[name=at]").fill(f"{local:%H:%M:%S}")
        drawer.locator("[name=length]").fill(timecode(timedelta(seconds=seconds)))
        drawer.locator("button.btn-primary").click()
        expect(page.locator("#says")).to_contain_text(f"Added {title}")


def soon(seconds: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)


def test_an_airing_typed_in_a_page_airs_on_its_frame_and_comes_back(
    station: Station, tmp_path: Path
) -> None:
    staff = station.staff()
    first, second = ready_assets(staff, tmp_path, LENGTH + 2, 1, 2)
    begin = soon(18)
    then = begin + timedelta(seconds=LENGTH)

    with Capture(station.air_port, tmp_path / "air.ts") as capture:
        typed_in_chromium(station, first, "Council, morning", begin, LENGTH)
        add_airing(staff, second, "Council, replay", then, LENGTH)
        # A row is sent once something has followed it: here the slate, after ten seconds.
        add_airing(staff, first, "After it", then + timedelta(seconds=LENGTH + 1), 2)
        over = then + timedelta(seconds=LENGTH + 3)
        wait_for(lambda: datetime.now(UTC) > over, 90, "both have aired")
        path = capture.stop()

    aired = {run.ident: run for run in reversed(runs(read_ts(path)))}
    for ident in (1, 2):
        frames = aired[ident].frames
        assert frames[0] == 0
        assert frames == list(range(len(frames)))
        assert abs(len(frames) - LENGTH * RATE) <= 1
    delays = [
        aired[ident].seen[0].arrived - (begin + timedelta(seconds=after)).timestamp()
        for ident, after in ((1, 0), (2, LENGTH))
    ]
    assert abs(delays[0] - delays[1]) < 2 * FRAME, delays

    def both() -> list[object]:
        day = as_run_between(station.db, ChannelId(CHANNEL), begin, begin + timedelta(hours=1))
        rows = [row for row in day if row.title.startswith("Council")]
        return rows if len(rows) == 2 else []

    for row, after in zip(wait_for(both, 15, "as-run of both"), (0, LENGTH), strict=True):
        late = row.start - (begin + timedelta(seconds=after))
        assert timedelta(0) <= late <= timedelta(seconds=FRAME)
        assert (row.held, row.dropped) == (0, 0)
    feed = Calendar.from_ical(httpx.get(f"{station.address}/{CHANNEL}/lineup.ics").content)
    starts = {str(event["summary"]): event["dtstart"].dt for event in feed.walk("vevent")}
    assert starts["Council, morning"] == begin


def revision_on_the_host(station: Station) -> int:
    plan = json.loads((station.settings.channel_dir(CHANNEL) / "plan.json").read_text())
    return int(plan["revision"])


def shift(staff: httpx.Client, airing: Airing, to: datetime) -> None:
    form = {"version": airing.version, "by": round((to - airing.start).total_seconds())}
    body_of(staff.post(f"/airings/{airing.id}/move", data=form))


def journal(station: Station) -> list[dict[str, object]]:
    text = (station.settings.channel_dir(CHANNEL) / "journal.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.soak
def test_undoing_its_addition_does_not_end_an_airing_on_air(
    station: Station, tmp_path: Path
) -> None:
    staff = station.staff()
    (asset,) = ready_assets(staff, tmp_path, 8, 4)
    begin = soon(8)
    with Capture(station.air_port, tmp_path / "air.ts") as capture:
        add_airing(staff, asset, "Hearing", begin, 6)
        added = changes.latest(station.db, "airing", station.airing("Hearing").id)
        assert added is not None
        before = revision_on_the_host(station)
        wait_for(lambda: datetime.now(UTC) > begin + timedelta(seconds=1), 30, "it is on air")
        body_of(staff.post(f"/undo/{added.id}"))
        wait_for(lambda: revision_on_the_host(station) > before, 15, "the undo arrives")
        wait_for(lambda: datetime.now(UTC) > begin + timedelta(seconds=8), 30, "it is over")
        path = capture.stop()

    (aired,) = [run for run in runs(read_ts(path)) if run.ident == 4]
    assert aired.frames == list(range(len(aired.frames)))
    assert abs(len(aired.frames) - 6 * RATE) <= 1


@pytest.mark.soak
def test_an_outage_ends_nothing_and_a_late_take_never_fires(
    station: Station, tmp_path: Path
) -> None:
    """Edited, then cut off from the server: it airs as last published. Deleted, restored by undo
    and dragged away while on air: it stays to its end.
    """
    staff = station.staff()
    (asset,) = ready_assets(staff, tmp_path, 22, 3)
    begin = soon(18)
    add_airing(staff, asset, "Planning", begin - timedelta(seconds=7), 20)
    before = revision_on_the_host(station)
    shift(staff, station.airing("Planning"), begin)
    wait_for(lambda: revision_on_the_host(station) > before, 10, "the host has the edit")

    with Capture(station.air_port, tmp_path / "air.ts") as capture:
        station.link.cut()
        on = onair.on_air(station.db, ChannelId(CHANNEL), datetime.now(UTC))
        take = {"verb": "take", "cue": on.cue.id, "item": on.next[0].item or ""}
        body_of(staff.post(f"/channels/{CHANNEL}/command", data=take))
        gone = station.airing("Planning")
        body_of(staff.post(f"/airings/{gone.id}/cancel", data={"version": gone.version}))
        wait_for(lambda: datetime.now(UTC) > begin + timedelta(seconds=4), 90, "it is on air")
        station.link.mend()
        wait_for(lambda: revision_on_the_host(station) > before + 1, 15, "the deletion arrives")
        change = changes.latest(station.db, "airing", AiringId(gone.id))
        assert change is not None
        body_of(staff.post(f"/undo/{change.id}"))
        arrived = revision_on_the_host(station)
        shift(staff, station.airing("Planning"), begin + timedelta(minutes=5))
        wait_for(lambda: revision_on_the_host(station) > arrived, 15, "the drag arrives")
        wait_for(lambda: datetime.now(UTC) > begin + timedelta(seconds=23), 90, "it is over")
        path = capture.stop()

    (aired,) = [run for run in runs(read_ts(path)) if run.ident == 3]
    assert aired.frames == list(range(len(aired.frames)))
    assert abs(len(aired.frames) - 20 * RATE) <= 1

    def rows() -> list[Outcome]:
        seen = as_run_between(station.db, ChannelId(CHANNEL), begin, begin + timedelta(minutes=1))
        return [row.outcome for row in seen if row.title == "Planning"]

    assert wait_for(rows, 20, "the as-run row comes back") == [Outcome.AIRED]
    assert not [one for one in journal(station) if one["kind"] == "command"]
    commands = onair.on_air(station.db, ChannelId(CHANNEL), datetime.now(UTC)).commands
    assert [one.answer for one in commands] != ["accepted"]
