"""The monitor's verdict on known pictures and sound."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image

from config.clock import SimulatedClock
from config.names import HouseFormat
from config.wholefile import replace_file
from playout.engine.format.jpeg import jpeg
from playout.engine.format.stills import house_slate
from playout.engine.links.covered import Box
from playout.engine.links.ring import black
from playout.engine.links.ring_shape import ring_shape_for
from playout.engine.loudness.watch import LoudnessWatch
from playout.engine.outputs.monitor import FLOOR_DB, Monitor, _wanted, level_db

HOUSE = HouseFormat.parse("320x180@30000/1001")


@pytest.fixture
def monitor(tmp_path: Path) -> Monitor:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    instant = lambda tick: start + timedelta(seconds=tick / 30)  # noqa: E731
    return Monitor(HOUSE, LoudnessWatch(tmp_path, ZoneInfo("UTC"), instant))


def test_silence_has_a_floor_and_not_a_crash(monitor: Monitor) -> None:
    seen = monitor.see(house_slate(HOUSE), 0.1)
    assert (seen["left_db"], seen["momentary_lkfs"]) == (FLOOR_DB, FLOOR_DB)
    assert level_db(1.0) == 0.0


def test_black_frozen_and_silent_are_reported_only_after_seconds(monitor: Monitor) -> None:
    dark = black(ring_shape_for(HOUSE, 1.0))
    early = [monitor.see(dark, 0.5) for _ in range(3)][-1]
    assert (early["black"], early["frozen"], early["silent"]) == (False, False, False)
    late = [monitor.see(dark, 0.5) for _ in range(9)][-1]
    assert (late["black"], late["frozen"], late["silent"]) == (True, True, True)


BAND = (0, 140, 320, 20)


@pytest.mark.parametrize(("told", "judged"), [((BAND,), True), ((), False)])
def test_a_crawl_hides_neither_a_black_picture_nor_a_frozen_one(
    monitor: Monitor, told: tuple[Box, ...], judged: bool
) -> None:
    """Without the box of the crawl, both would be missed."""
    frozen = house_slate(HOUSE)
    for level, start in ((16, black(ring_shape_for(HOUSE, 1.0))), (90, frozen)):
        for look in range(60):
            picture = start.copy()
            luma = picture[: 320 * 180].reshape(180, 320)
            luma[140:160] = level + 60
            luma[140:160, look * 5 : look * 5 + 20] = 235
            seen = monitor.see(picture, 0.1, covered=told)
        assert seen["frozen"] is judged
        assert seen["black"] is (judged and level == 16)


def test_a_graphic_that_begins_or_ends_moves_no_frozen_picture(monitor: Monitor) -> None:
    picture = house_slate(HOUSE)
    for look in range(70):
        on = look // 10 % 2
        lit = picture.copy()
        if on:
            lit[: 320 * 180].reshape(180, 320)[140:160] = 235
        seen = monitor.see(lit, 0.1, covered=(BAND,) if on else ())

    assert seen["frozen"] is True


def test_moving_pictures_with_sound_raise_no_alarm(monitor: Monitor) -> None:
    rng = np.random.default_rng(1)
    for tick in range(20):
        picture = rng.integers(30, 200, HOUSE.picture_bytes).astype(np.uint8)
        monitor.loudness.hear(tick, rng.integers(-9000, 9000, (1601, 2)).astype(np.int16))
        meter = monitor.see(picture, 0.5)
    assert (meter["black"], meter["frozen"], meter["silent"]) == (False, False, False)


def test_the_picture_shown_is_the_picture_on_air() -> None:
    image = Image.open(io.BytesIO(jpeg(house_slate(HOUSE), HOUSE))).convert("RGB")
    assert image.size == (320, 180)
    red, _, blue = image.getpixel((5, 5))  # type: ignore[misc]
    assert blue > red + 20


def test_still_and_silent_slides_raise_no_alarm_but_black_ones_do(monitor: Monitor) -> None:
    slate = [monitor.see(house_slate(HOUSE), 0.5, still=True) for _ in range(30)][-1]
    assert (slate["black"], slate["frozen"], slate["silent"]) == (False, False, False)
    dark = [monitor.see(black(ring_shape_for(HOUSE, 1.0)), 0.5, still=True) for _ in range(9)][-1]
    assert dark["black"] is True


def test_sound_on_one_channel_is_not_silence(monitor: Monitor) -> None:
    sound = np.zeros((1601, 2), dtype=np.int16)
    sound[::7, 1] = 900
    for tick in range(30):
        monitor.loudness.hear(tick, sound)
        meter = monitor.see(house_slate(HOUSE), 0.5)
    assert meter["silent"] is False
    assert meter["frozen"] is True


def test_the_picture_is_written_for_ten_seconds_after_a_page_asked(tmp_path: Path) -> None:
    clock, mark = SimulatedClock(datetime(2026, 3, 1, 12, tzinfo=UTC)), tmp_path / "wanted"
    assert not _wanted(mark, clock)
    mark.touch()
    for age, wanted in ((1, True), (9, True), (11, False)):
        at = clock.utc().timestamp() - age
        os.utime(mark, (at, at))
        assert _wanted(mark, clock) is wanted


def test_a_disk_that_refuses_does_not_end_the_monitor(tmp_path: Path) -> None:
    (tmp_path / "health.json").mkdir()
    (tmp_path / "watch").write_text("a file where a folder should be")
    replace_file(tmp_path / "health.json", b"{}")
    replace_file(tmp_path / "watch" / "picture.jpg", b"")
    (tmp_path / "health.json").rmdir()
    replace_file(tmp_path / "health.json", b"{}")

    assert (tmp_path / "health.json").read_bytes() == b"{}"
