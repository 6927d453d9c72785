"""A run of strikes must keep within its planned airings, and end with what it could show."""

import random
import threading
from types import SimpleNamespace

import pytest
from soak import night_strikes
from soak.night_strikes import COMES_WITHIN, LAST_TAKES, Beating, striking_seconds
from soak.nights_judge import of_beaten


class Clock:
    """A clock that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 1000.0

    def sleep(self, seconds):
        self.now += seconds

    def monotonic(self):
        return self.now

    time = monotonic


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(night_strikes, "time", clock)
    monkeypatch.setattr(night_strikes, "found", lambda box, name: 7)
    monkeypatch.setattr(night_strikes, "sent", lambda box, name: 0)
    monkeypatch.setattr(night_strikes, "strike", lambda pid, sign: True)
    monkeypatch.setattr(night_strikes, "taken_again", lambda *given: 1.0)
    monkeypatch.setattr(night_strikes, "shown", lambda box: "on air")
    return clock


def beating():
    long = SimpleNamespace(holds="", may_strike=threading.Event())
    long.may_strike.set()
    return Beating(SimpleNamespace(pids=dict), random.Random(1), long), long


def missed(beaten, count):
    return [(one.value, one.note) for one in of_beaten(beaten, count) if not one.good]


def test_all_strikes_are_made_in_the_time_that_is_planned_for_them(clock):
    beaten = beating()[0].run(200, striking_seconds(200))
    assert clock.now - 1000 < striking_seconds(200) < 40 * 60
    assert missed(beaten, 200) == []


def test_strikes_that_take_long_end_while_airings_are_planned(clock, monkeypatch):
    """They used to go on past the last airing: no deck played, so that no idle deck was found."""
    monkeypatch.setattr(night_strikes, "taken_again", lambda *given: clock.sleep(100) or 100.0)
    beaten = beating()[0].run(40, striking_seconds(40))
    assert clock.now - 1000 < striking_seconds(40) + LAST_TAKES
    made = len(beaten.strikes)
    assert 5 < made < 40
    assert missed(beaten, 40) == [(40 - made, f"{made} of 40 tried in 10 minutes")]


def test_a_run_that_cannot_go_on_returns_the_strikes_before(clock, monkeypatch):
    left = [7, 7, 7]
    monkeypatch.setattr(night_strikes, "found", lambda box, name: left.pop())
    beaten = beating()[0].run(10, striking_seconds(10))
    assert len(beaten.strikes) == 3
    assert [value for value, note in missed(beaten, 10) if "after 3 of 10" in note] == [7]


def test_a_process_that_does_not_come_is_counted_and_the_next_is_struck(clock, monkeypatch):
    monkeypatch.setattr(night_strikes, "found", lambda box, name: None if "deck" in name else 7)
    beaten = beating()[0].run(30, 1000)
    assert beaten.absent.count("deck idle") == 2
    assert len(beaten.strikes) == 26
    assert clock.now - 1000 > 4 * COMES_WITHIN


def test_nothing_is_struck_when_a_clock_fault_begins_while_a_process_is_awaited(clock, monkeypatch):
    beaten, long = beating()
    waited = []

    def comes(box, name):
        if not waited:
            long.may_strike.clear()
        return 7

    monkeypatch.setattr(long.may_strike, "wait", lambda: waited.append(1) or long.may_strike.set())
    monkeypatch.setattr(night_strikes, "found", comes)
    assert len(beaten.run(1, 100).strikes) == 1
    assert waited
