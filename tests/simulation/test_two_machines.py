"""A channel of two machines: one decides, the other does the same and could go on at any moment."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.paired_machines import PairedMachines
from support.plans import at, item, live, minutes, plan, source

from playout.model.commands import Verb
from playout.model.events import On
from playout.model.plan import Outcome


@pytest.fixture
def pair(tmp_path: Path) -> PairedMachines:
    """A film of four minutes, then a meeting, then another film."""
    items = (
        item("film", at("2:00"), minutes(4)),
        live("meeting", at("2:10"), minutes(60)),
        item("after", at("4:00"), minutes(30)),
    )
    pair = PairedMachines(tmp_path, plan(*items, sources=(source(),)), at("1:59:50"))
    pair.run_for(20)
    return pair


def test_both_show_the_same_from_the_first_seconds_on(pair: PairedMachines) -> None:
    first, second = pair.on_air()
    assert first == second and first.startswith("film@")

    assert [f.start for f in pair.machines["b"].aired("film")] == [
        f.start for f in pair.machines["a"].aired("film")
    ]


def test_a_command_is_judged_once_and_its_facts_are_the_same_on_both(pair: PairedMachines) -> None:
    command = pair.press(Verb.SLATE)
    pair.run_for(2)
    assert pair.on_air() == (f"slate-{command.id}",) * 2
    a, b = (pair.machines[name].parts.journal for name in "ab")

    assert a.state.pinned[-1] == b.state.pinned[-1]
    assert [e.at for e in b.kept() if e.command] == [e.at for e in a.kept() if e.command]
    assert a.knows(command) and b.knows(command)


def test_a_hold_a_recess_and_a_message_go_on_across_a_change(pair: PairedMachines) -> None:
    pair.machines["a"].run_until(at("2:11"), 5)
    pair.run_for(5)
    assert pair.on_air()[0].startswith("meeting@")
    for verb in (Verb.HOLD, Verb.RECESS):
        pair.press(verb)
        pair.run_for(1)
    until = pair.clock.utc() + timedelta(hours=1)
    pair.press(Verb.EMERGENCY, text="Boil water.", until=until)
    pair.run_for(1)
    before = pair.machines["a"].parts.journal.state
    pair.sends("b", other_is_away=True)
    pair.run_for(3, "b")
    after = pair.machines["b"].parts.journal.state

    assert after.held == before.held and after.held
    assert after.recess == before.recess and after.recess
    assert after.message == before.message and after.message is not None
    assert pair.machines["b"].on_air().startswith("meeting@")
    pair.press(Verb.ADJOURN, on="b")
    pair.run_for(3, "b")
    assert not pair.machines["b"].on_air().startswith("meeting@")


def test_a_command_that_the_sender_had_no_time_to_obey_is_obeyed_by_the_other(
    pair: PairedMachines,
) -> None:
    command = pair.press(Verb.SLATE, on="b")
    pair.run_for(1)
    assert pair.machines["b"].on_air().startswith("film@")
    pair.sends("b", other_is_away=True)
    pair.run_for(2, "b")

    assert pair.machines["b"].on_air() == f"slate-{command.id}"


def test_a_command_given_at_the_machine_that_stands_by_is_refused_with_where_to_give_it(
    pair: PairedMachines,
) -> None:
    assert "stands by" in pair.machines["b"].local(Verb.SLATE)
    pair.run_for(1)

    assert pair.on_air()[1].startswith("film@")


def test_the_roles_change_twice_and_no_fact_is_written_twice(pair: PairedMachines) -> None:
    for name in "bab":
        pair.press(Verb.EXTEND, minutes=1)
        pair.run_for(2)
        pair.sends(name)
        pair.run_for(2)
    states = [pair.machines[name].parts.journal.state for name in "ab"]
    told = [[e.id for e in pair.machines[name].parts.journal.kept()] for name in "ab"]

    assert states[0].extended == states[1].extended
    assert sum(states[0].extended.values(), timedelta(0)) == minutes(3)
    assert all(len(ids) == len(set(ids)) for ids in told)


def test_each_machine_accounts_for_what_it_sent_and_together_for_all_of_it(
    pair: PairedMachines,
) -> None:
    pair.run_for(60, step=1)
    pair.sends("b", other_is_away=True)
    pair.run_for(240, "b", step=1)
    pair.machines["a"].run_until(at("2:06"), 10)
    rows = {name: pair.machines[name].rows("film") for name in "ab"}

    assert [row.outcome for row in rows["a"]] != [Outcome.MISSED]
    assert abs(rows["a"][0].start - at("2:00")) < timedelta(milliseconds=50)
    assert rows["a"][0].seen[-1].end == rows["b"][0].seen[0].start
    assert abs(rows["b"][0].seen[-1].end - at("2:04")) < timedelta(milliseconds=50)
    assert [len(found) for found in rows.values()] == [1, 1]


def test_a_machine_that_only_stood_by_reports_nothing_aired_and_nothing_missed(
    pair: PairedMachines,
) -> None:
    pair.run_for(260, step=1)

    assert pair.machines["b"].rows("film") == []
    assert len(pair.machines["a"].rows("film")) == 1


def test_a_move_is_asked_of_the_link_or_refused_with_the_reason(pair: PairedMachines) -> None:
    moved = pair.press(Verb.MOVE, machine="b-1")
    pair.run_for(1)
    assert pair.ends["a"].moves == ["b-1"] and pair.ends["b"].moves == []
    assert [e.kind for e in pair.machines["a"].parts.journal.kept() if e.command == moved] == [
        "command"
    ]
    pair.machines["b"].gone.add("after")
    pair.ends["b"].not_ready = ("It has no picture.",)
    pair._tell("a", False)
    refused = pair.press(Verb.MOVE, on="a")
    pair.machines["a"].turn()

    last = [*pair.machines["a"].parts.journal.kept()][-1]
    assert (last.command, last.kind, last.text) == (refused, "refused", "It has no picture.")


def test_a_machine_that_was_off_for_an_hour_has_the_same_state_seconds_after_it_is_back(
    pair: PairedMachines,
) -> None:
    pair.machines["a"].run_until(at("2:20"), 5)
    pair.press(Verb.HOLD, on="a")
    pair.run_for(2, "a")
    pair.machines["b"].boot()
    pair.ends["b"].of = ""
    pair.run_for(5)
    a, b = (pair.machines[name].parts.journal.state for name in "ab")

    assert pair.on_air()[0] == pair.on_air()[1]
    assert (a.held, a.begun, a.over) == (b.held, b.begun, b.over)
    assert {e.fact.cue.id for e in pair.machines["a"].parts.journal.kept() if _is_on(e)} <= {
        e.fact.cue.id for e in pair.machines["b"].parts.journal.kept() if _is_on(e)
    }


def _is_on(entry: object) -> bool:
    return isinstance(getattr(entry, "fact", None), On)
