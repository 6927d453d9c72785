"""What the monitor measured of the last days is in what the broadcast machine reports."""

from pathlib import Path
from zoneinfo import ZoneInfo

from support.broadcast import Machine
from support.measured_sound import fill
from support.plans import at, item, minutes, plan

from playout.engine.loudness.book import LoudnessBook


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
