"""A machine's clock that was set ahead for a moment and back, through the real agent on a simulated
clock: the journal then has entries from the future.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import at, clips, item, minutes, page, plan

from playout.host.clock_stands import STANDS_FILE
from playout.model.commands import Command, Verb
from playout.model.plan import Outcome, Plan

QUARTER = timedelta(minutes=15)
NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"]


def morning(*lengths: float) -> Plan:
    """Return a plan of programs from 10:00, of five minutes each: at 10:10 `two` begins, and at
    10:25 `five`."""
    items, start = [], at("10:00")
    for name, length in zip(NAMES, lengths or [5] * len(NAMES), strict=False):
        items.append(item(name, start, minutes(length)))
        start += minutes(length)
    return plan(*items, filler=clips(60, 120, 300), board=(page(),))


def ahead_for_half_a_minute(folder: Path, verb: Verb | None = None, *lengths: float) -> Machine:
    """Return a machine whose clock was a quarter of an hour ahead from 10:09:50 to 10:10:20."""
    machine = Machine(folder, morning(*lengths), at("9:58"))
    machine.run_until(at("10:09:50"), most=5)
    machine.clock.step(QUARTER)
    machine.run_for(15)
    if verb is not None:
        assert machine.local(verb) == ""
    machine.run_for(15)
    machine.clock.step(-QUARTER)
    return machine


def last(machine: Machine) -> timedelta:
    """Return how far the journal's latest instant is ahead of the clock."""
    instant = machine.parts.journal.last_instant
    assert instant is not None
    return instant - machine.now


@pytest.mark.parametrize("verb", [None, Verb.TAKE])
@pytest.mark.parametrize("whole", [False, True], ids=["agent", "all"])
def test_a_restart_after_it_airs_the_planned_item_within_seconds(
    tmp_path: Path, verb: Verb | None, whole: bool
) -> None:
    machine = ahead_for_half_a_minute(tmp_path, verb)
    assert last(machine) > minutes(14)
    machine.start_all() if whole else machine.boot()
    machine.run_for(5)

    assert machine.on_air().startswith("two@")
    assert last(machine) <= timedelta(0)
    (said,) = [said for said in machine.server.said("alarm") if "behind the journal" in said]
    assert said == (
        "The clock says 2026-11-20 10:10 UTC, which is behind the journal, and is believed, "
        "because it stands where it stood longest since this machine started."
    )


@pytest.mark.parametrize("restart", [False, True])
def test_what_aired_by_it_airs_again_at_its_time_and_has_both_its_rows(
    tmp_path: Path, restart: bool
) -> None:
    machine = ahead_for_half_a_minute(tmp_path)
    if restart:
        machine.boot()
    machine.run_until(at("10:41"), most=5)

    rows = [row for name in NAMES[2:7] for row in machine.rows(name)]
    seen = [(row.item, row.start.minute) for row in rows if row.outcome is not Outcome.MISSED]
    third = ("two", 10) if restart else ("three", 15)
    assert third in seen
    assert seen[-4:] == [("four", 20), ("five", 25), ("five", 25), ("six", 30)]
    (short, whole), (six,) = machine.rows("five"), machine.rows("six")
    assert (short.outcome, whole.outcome, six.outcome) == (
        (Outcome.JOINED, Outcome.AIRED, Outcome.AIRED)
    )
    assert machine.server.repeated_entries == 0


def test_a_long_program_goes_on_where_it_would_be(tmp_path: Path) -> None:
    machine = ahead_for_half_a_minute(tmp_path, None, 10, 60)
    machine.boot()
    machine.run_for(10)
    back = machine.aired("one")[-1]
    assert machine.on_air().startswith("one@")
    into = back.source_first / float(machine.engine.rate)
    assert abs(into - (back.start - at("10:10")).total_seconds()) < 0.1


def test_a_cut_of_power_soon_after_is_no_reason_to_distrust_it(tmp_path: Path) -> None:
    machine = ahead_for_half_a_minute(tmp_path)
    machine.boot()
    machine.run_for(5)
    machine.power_cut(timedelta(seconds=20))
    machine.run_for(5)

    assert machine.on_air().startswith("two@")


def test_after_another_start_of_the_machine_the_journal_is_believed(tmp_path: Path) -> None:
    """A dead battery may have set the clock while the machine was off."""
    machine = ahead_for_half_a_minute(tmp_path)
    machine.power_cut(timedelta(seconds=20))
    machine.run_for(5)

    assert "behind the journal" in machine.agent.trust.reason
    assert machine.on_air().startswith("standby-")


@pytest.mark.parametrize("step", [-3.0, 3.0])
def test_a_clock_that_never_stood_there_is_not_believed(tmp_path: Path, step: float) -> None:
    machine = ahead_for_half_a_minute(tmp_path)
    machine.clock.step(timedelta(seconds=step))
    machine.boot()
    machine.run_for(5)

    assert "behind the journal" in machine.agent.trust.reason


def test_a_clock_that_is_set_back_for_a_moment_is_not_believed(tmp_path: Path) -> None:
    machine = Machine(tmp_path, morning(), at("9:58"))
    machine.run_until(at("10:09:50"), most=5)
    machine.clock.step(-QUARTER)
    machine.run_for(20)
    machine.boot()
    machine.run_for(5)
    assert "behind the journal" in machine.agent.trust.reason
    machine.clock.step(QUARTER)
    machine.run_for(5)

    assert machine.on_air().startswith("two@")


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'{"boot":"boot-1","stands":[{}]}'])
def test_a_damaged_record_proves_nothing_and_is_written_anew(
    tmp_path: Path, content: bytes
) -> None:
    machine = ahead_for_half_a_minute(tmp_path)
    (tmp_path / STANDS_FILE).write_bytes(content)
    machine.boot()
    machine.run_for(5)
    assert "behind the journal" in machine.agent.trust.reason
    machine.clock.kept = True
    machine.run_for(15)

    assert machine.agent.trust.good
    assert b"boot-1" in (tmp_path / STANDS_FILE).read_bytes()


@pytest.mark.parametrize("kept", [False, True])
def test_a_clock_that_is_believed_once_needs_no_second_rejoin(tmp_path: Path, kept: bool) -> None:
    machine = ahead_for_half_a_minute(tmp_path)
    machine.power_cut(timedelta(seconds=20))
    machine.run_for(5)
    machine.clock.kept = kept
    press = Command("here", 0, Verb.REJOIN, machine.now, machine.now, "here")
    assert kept or machine.agent.trust.hear(press) == ""
    machine.run_for(5)
    assert machine.agent.shown is not None
    assert machine.agent.shown.on_air.cue.startswith("two@")
    machine.clock.kept = False
    machine.power_cut(timedelta(seconds=20))
    machine.run_for(5)

    assert machine.on_air().startswith("two@")
    why = "a time service keeps it" if kept else "a person said here that it is right"
    assert any(why in said for said in machine.server.said("alarm"))
