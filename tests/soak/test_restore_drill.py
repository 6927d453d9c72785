"""The restore drill: a station is lost with its disk, and begins again from its backup, on air."""

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.evening import Evening
from soak.faults import of_items
from soak.notes import alone
from support.station import CHANNEL, Station, wait_for

from playout.model.commands import Verb

pytestmark = pytest.mark.soak
BEGINS_IN = 110
"""Seconds from the last edit to the first item: backup, loss, restore and start lie between."""
FIRST, SECOND = 6, 8
BACK_WITHIN = 90.0
"""Seconds from the first command on the empty disk until the channel sends its picture again."""


def gavel(station: Station, *words: str) -> str:
    """Run `gavel` as whoever runs the server does; return what it says."""
    program = str(Path(sys.executable).with_name("gavel"))
    done = subprocess.run(
        [program, *words], env=station.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lose(station: Station) -> None:
    """Kill every process of the station at once, and delete its whole folder."""
    for name in ("air", "web", "scheduler"):
        station.kill(name)
    station.db.close()
    shutil.rmtree(station.folder)


def begin_again(station: Station, backups: Path) -> float:
    """Restore into the empty folder and start everything. Return the seconds that it took until
    the broadcast machine had its plan.
    """
    began = time.monotonic()
    gavel(station, "restore", str(backups))
    station.start("web", "gavel", "web")
    station.start("scheduler", "gavel", "scheduler")
    station.start("air", "gavel-playout", "run", CHANNEL)
    wait_for(station.answers, 60, "the pages answer")
    return began


def drill(folder: Path) -> list[Figure]:
    """Lose a station after its backup, and judge what the restored one airs."""
    backups = folder / "backups"
    with Station(folder / "station") as station:
        night = Evening(station)
        clips = [night.library(folder, one, SECOND + 2) for one in (1, 2)]
        night.starts_in(BEGINS_IN)
        night.plan(clips[0], "First", 1, 0, FIRST)
        night.plan(clips[1], "Second", 2, FIRST, SECOND)
        gavel(station, "backup", "--init", "--folder", str(backups))
        gavel(station, "backup", "--folder", str(backups))
        lose(station)
        began = begin_again(station, backups)
        night.staff = station.staff()
        with night.captured(folder):
            took = time.monotonic() - began
            early = night.now()
            night.wait(FIRST + SECOND + 1)
        rows = night.rows_of(["First", "Second"])
        answer = pressed(night)
    verdicts = night.verdicts(FIRST)
    figures = [
        *of_items("drill", "what the backup had planned", verdicts, rows),
        Figure("drill", "from the empty disk to the plan on the machine", took, "s", BACK_WITHIN),
        Figure("drill", "begun too late for its first item", float(early > 0), "", 0.0),
        Figure("drill", "messages that were refused", float(answer != "accepted"), "", 0.0),
    ]
    title = "Restore drill: from an empty disk to on air"
    return night.write_note("restore_drill", title, verdicts, figures)


def pressed(night: Evening) -> str:
    """Press a button after the restore; return the answer of the broadcast machine."""
    night.press(Verb.SLATE.value)
    night.until(lambda: night.on_air().commands[-1].answer != "waiting", 10)
    return night.on_air().commands[-1].answer


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Figure]:
    with alone():
        return drill(tmp_path_factory.mktemp("drill"))


def test_a_station_lost_with_its_disk_airs_its_plan_again(figures: Sequence[Figure]) -> None:
    away = [one for one in figures if one.group == "machine" and not one.good]
    assert not away, "inconclusive: the machine itself stalled too much"
    assert [one for one in figures if not one.good] == []
