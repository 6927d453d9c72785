"""What the monitor measured of days and airings is in what the broadcast machine reports."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from support.broadcast import Machine
from support.measured_sound import fill
from support.plans import at, item, minutes, plan

from playout.engine.loudness.book import LoudnessBook
from playout.model.loudness import Measured


def test_loudness_of_the_day_is_in_the_status_and_leaves_it_with_the_file(tmp_path: Path) -> None:
    machine = Machine(tmp_path, plan(item("a", at("10:00"), minutes(5))), at("10:00"))
    folder = machine.parts.library.folder
    book = LoudnessBook(folder, ZoneInfo("UTC"))
    fill(book, at("10:00"), -20.0, 10.0)
    book.save()
    machine.run_for(2)
    status = machine.parts.mailbox.status
    assert status is not None
    assert [(one.lkfs, one.true_peak, one.seconds) for one in status.loudness] == [
        (-20.0, -20.0, 10.0)
    ]

    (folder / "loudness.json").write_text("[{}]")
    machine.run_for(2)
    after = machine.parts.mailbox.status
    assert after is not None and after.loudness == ()


def test_loudness_of_an_airing_is_journalled_once_also_by_the_next_agent(tmp_path: Path) -> None:
    machine = Machine(tmp_path, plan(item("a", at("10:00"), minutes(5))), at("10:00"))
    book = LoudnessBook(machine.parts.library.folder, ZoneInfo("UTC"))
    for number, cue in enumerate(("a", "b")):
        start = at("10:00") + timedelta(seconds=10 * number)
        fill(book, start, -20.0, 10.0)
        book.name(cue, start, start + timedelta(seconds=10))
    book.save()
    machine.run_for(6)
    machine.boot()
    machine.run_for(6)

    told = [one.fact for one in machine.parts.journal.kept() if isinstance(one.fact, Measured)]
    assert [(one.cue, one.lkfs, one.seconds) for one in told] == [("a", -20.0, 10.0)]
