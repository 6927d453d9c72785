"""The alarm clock wakes the agent, and is never the only thing that does."""

import threading
from datetime import UTC, datetime, timedelta

from playout.host.alarm import AlarmClock


def test_the_alarm_wakes_at_an_instant_even_one_that_has_passed() -> None:
    wake = threading.Event()
    alarm = AlarmClock(wake)
    alarm.start()
    try:
        alarm.at(datetime.now(UTC) - timedelta(hours=1))

        assert wake.wait(5)
    finally:
        alarm.stop()


def test_the_alarm_notices_that_its_thread_has_died() -> None:
    alarm = AlarmClock(threading.Event())
    before = alarm.lives()
    alarm.start()
    during = alarm.lives()
    alarm.stop()

    assert (before, during, alarm.lives()) == (False, True, False)


def test_interval_jobs_only_set_their_event() -> None:
    alarm, event = AlarmClock(threading.Event()), threading.Event()
    alarm.start()
    try:
        alarm.every(0.05, "sync", event)

        assert event.wait(5)
    finally:
        alarm.stop()
