"""Machines of one channel are told apart, and the first of two keeps the commands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playout.model.identity import MachineIdentity
from scheduler.domain.air.machines import Caller, Heard, Machine, Pair, hear, rivals
from scheduler.domain.model.ids import HostId

AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
A, B = "a" * 32, "b" * 32
KEY, OTHER = HostId("key"), HostId("other")


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def call(machine: str | None = A, run: int = 1, host: HostId = KEY, name: str = "air") -> Caller:
    identity = MachineIdentity(machine, f"{run:016x}") if machine else None
    return Caller(host, name, "10.0.0.1", identity)


class Channel:
    """The machines of a channel, as the calls since the start have left them."""

    def __init__(self, pair: Pair | None = None) -> None:
        self.machines: tuple[Machine, ...] = ()
        self.pair = pair
        self._made = 0

    def hear(self, caller: Caller, seconds: float) -> Heard:
        self._made += 1
        heard = hear(self.machines, caller, self.pair, after(seconds), f"t{self._made}")
        self.machines = heard.machines
        return heard

    def rivals(self, seconds: float) -> int:
        return len(rivals(self.machines, self.pair, after(seconds)))


def test_the_first_machine_holds_the_channel_and_its_entries_have_no_tag() -> None:
    heard = Channel().hear(call(), 0)
    assert (heard.obeyed, heard.caller.tag, heard.caller.counts(after(-9999))) == (True, "", True)


def test_an_agent_that_restarts_is_obeyed_at_once_and_is_no_rival() -> None:
    channel = Channel()
    for second in range(3):
        channel.hear(call(run=1), second)
    for run in range(2, 9):
        heard = channel.hear(call(run=run), 3 + run)
        assert heard.obeyed and heard.caller.tag == ""
    assert (len(channel.machines), channel.rivals(11)) == (1, 0)


def test_one_late_request_of_a_dead_agent_changes_nothing() -> None:
    channel = Channel()
    channel.hear(call(run=1), 0)
    channel.hear(call(run=2), 2)
    assert not channel.hear(call(run=1), 2.5).obeyed
    assert channel.hear(call(run=2), 3).obeyed
    assert (len(channel.machines), channel.rivals(3)) == (1, 0)


def clones() -> Channel:
    """Two machines with one disk: run 1 was first, run 2 came at second 10."""
    channel = Channel()
    channel.hear(call(run=1), 0)
    channel.hear(call(run=1), 9.5)
    channel.hear(call(run=2), 10)
    for second in range(11, 15):
        channel.hear(call(run=1), second)
        channel.hear(call(run=2), second + 0.5)
    return channel


def test_of_two_clones_the_first_keeps_the_commands() -> None:
    channel = clones()
    assert channel.hear(call(run=1), 15).obeyed
    second = channel.hear(call(run=2), 15)
    assert (second.obeyed, second.caller.counts(after(15))) == (False, False)
    (pair,) = rivals(channel.machines, None, after(15))
    assert [one.since for one in pair] == [AT, after(10)]
    assert pair[0].tag == "" != pair[1].tag


def test_a_clone_that_restarts_again_and_again_stays_one_rival() -> None:
    channel = clones()
    for run in range(4, 9):
        channel.hear(call(run=1), run * 5)
        assert not channel.hear(call(run=run), run * 5).obeyed
        channel.hear(call(run=1), run * 5 + 4)
    assert (len(channel.machines), channel.rivals(44)) == (2, 1)


def test_a_clone_is_obeyed_once_the_first_is_silent() -> None:
    channel = clones()
    for second in range(16, 29):
        assert not channel.hear(call(run=2), second).obeyed
    heard = channel.hear(call(run=2), 31)
    assert heard.obeyed and channel.rivals(31) == 0
    assert not heard.caller.counts(after(13)) and heard.caller.counts(after(20))
    first = next(one for one in channel.machines if one.tag == "")
    assert first.counts(after(13)) and not first.counts(after(20))


def test_two_disks_with_one_key_are_rivals_at_once() -> None:
    channel = Channel()
    channel.hear(call(A), 0)
    assert not channel.hear(call(B), 1).obeyed
    assert channel.hear(call(A), 1).obeyed and channel.rivals(2) == 1
    assert channel.rivals(20) == 0


def test_a_new_machine_in_place_of_an_old_one_has_a_journal_of_its_own() -> None:
    channel = Channel()
    channel.hear(call(A), 0)
    heard = channel.hear(call(B), 60)
    assert heard.obeyed and heard.caller.tag != "" and channel.rivals(60) == 0


def test_a_machine_that_was_upgraded_keeps_its_journal() -> None:
    channel = Channel()
    channel.hear(call(None), 0)
    heard = channel.hear(call(A), 5)
    assert (len(heard.machines), heard.caller.tag, heard.obeyed) == (1, "", True)


def test_two_machines_of_a_version_that_names_none_differ_by_name() -> None:
    channel = Channel()
    channel.hear(call(None, name="air1"), 0)
    assert not channel.hear(call(None, name="air2"), 1).obeyed
    assert channel.rivals(1) == 1


def test_both_machines_of_a_pair_are_obeyed_and_a_third_is_not() -> None:
    channel = Channel(Pair(KEY, OTHER))
    assert channel.hear(call(A), 0).obeyed
    assert channel.hear(call(B, host=OTHER), 0).obeyed
    assert channel.rivals(1) == 0
    third = channel.hear(call("c" * 32, host=HostId("third")), 1)
    assert not third.obeyed and channel.rivals(1) == 1


def test_a_clone_of_the_standby_is_a_rival_of_the_standby() -> None:
    channel = Channel(Pair(KEY, OTHER))
    channel.hear(call(A), 0)
    channel.hear(call(B, host=OTHER), 0)
    assert not channel.hear(call("c" * 32, host=OTHER), 1).obeyed
    ((first, _),) = rivals(channel.machines, channel.pair, after(1))
    assert first.host == OTHER


def test_a_machine_that_leaves_the_pair_loses_its_place() -> None:
    channel = Channel()
    channel.hear(call(A), 0)
    channel.pair = Pair(OTHER, HostId("third"))
    assert not channel.hear(call(A), 1).obeyed


def test_what_no_run_has_said_is_not_counted() -> None:
    machine = Channel().hear(call(), 0).caller
    assert not replace(machine, holds=False).counts(AT)
