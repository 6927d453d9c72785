"""When a fault is raised, when it is over, and what flapping makes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from playout.alerts.conditions import RULES, Condition, Severity
from playout.alerts.tracking import (
    DAMPED_FOR,
    FORGOTTEN_AFTER,
    Alert,
    Observation,
    advance,
    first_alert,
    never_told,
    observed,
    quiet,
)

T = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def s(seconds: float) -> datetime:
    """Return the instant so many seconds after T."""
    return T + timedelta(seconds=seconds)


def seen(
    at: float,
    holds: bool = True,
    condition: Condition = Condition.BLACK,
    *,
    reporter: str = "host",
    detail: str = "The picture on air is black.",
    subject: str = "",
) -> Observation:
    return Observation(condition, "ch13", subject, holds, detail, s(at), reporter)


def played(*steps: Observation) -> Alert:
    """Return the alert after these observations of one fault."""
    alert = first_alert(steps[0], "a1")
    for step in steps[1:]:
        alert = observed(alert, step)
    return alert


def test_every_condition_has_a_rule_and_says_what_to_do() -> None:
    assert set(RULES) == set(Condition)
    for rule in RULES.values():
        assert rule.title and rule.advice.endswith(".") and rule.over_after > timedelta(0)


def test_a_fault_is_raised_once_it_has_held_and_says_when_it_began() -> None:
    alert = played(seen(0), seen(5))

    assert alert.raised is None
    assert observed(alert, seen(10)).raised == s(10)
    assert observed(alert, seen(10)).began == T


def test_time_alone_raises_what_is_not_contradicted() -> None:
    assert advance(played(seen(0)), s(9)).raised is None
    assert advance(played(seen(0)), s(10)).raised == s(10)


def test_a_fault_that_goes_before_it_held_leaves_nothing() -> None:
    alert = played(seen(0), seen(5, holds=False), seen(65, holds=False))

    assert alert.ended == s(5)
    assert never_told(alert)


def test_a_fault_is_over_once_it_was_gone_long_enough_and_ended_when_it_went() -> None:
    alert = played(seen(0), seen(10), seen(300, holds=False))

    assert advance(alert, s(359)).ended is None
    assert advance(alert, s(360)).ended == s(300)
    assert not never_told(advance(alert, s(360)))


def test_a_fault_that_comes_back_before_it_is_over_is_the_same_alert() -> None:
    alert = played(seen(0), seen(10), seen(100, holds=False), seen(130), seen(200))

    assert (alert.ended, alert.gone, alert.times, alert.began) == (None, None, 2, T)


def test_a_fault_is_over_when_all_who_saw_it_say_so() -> None:
    both = played(seen(0), seen(1, reporter="watcher"), seen(20, holds=False))

    assert both.gone is None
    assert observed(both, seen(30, holds=False, reporter="watcher")).gone == s(30)


def test_one_who_never_saw_it_does_not_end_it() -> None:
    alert = played(seen(0), seen(5, holds=False, reporter="watcher"))

    assert alert.gone is None


def test_an_old_observation_changes_nothing() -> None:
    alert = played(seen(0), seen(10))

    assert observed(alert, seen(5, holds=False)) == alert


def test_the_newest_words_stand_and_silence_keeps_the_last() -> None:
    assert played(seen(0), seen(1, detail="Darker.")).detail == "Darker."
    assert played(seen(0), seen(1, detail="")).detail == "The picture on air is black."


def test_a_fault_too_short_to_hold_is_raised_when_it_keeps_coming() -> None:
    steps = [seen(n * 4 + (0 if up else 2), holds=up) for n in range(5) for up in (True, False)]

    assert played(*steps[:8]).raised is None
    assert played(*steps[:9]).raised == s(16)


def test_an_alert_that_no_one_speaks_of_any_more_is_closed() -> None:
    alert = played(seen(0), seen(10))

    assert advance(alert, s(10) + FORGOTTEN_AFTER).ended == s(10)


@pytest.mark.parametrize(
    ("after", "rounds"), [(timedelta(minutes=2), 1), (DAMPED_FOR + timedelta(hours=1), 0)]
)
def test_an_alert_that_follows_soon_is_held_longer(after: timedelta, rounds: int) -> None:
    before = advance(played(seen(0), seen(10), seen(20, holds=False)), s(80))
    again = first_alert(replace(seen(0), at=s(20) + after), "a2", before)

    assert again.rounds == rounds
    assert again.hold == RULES[Condition.BLACK].over_after * 4**rounds


@pytest.mark.parametrize("period", [2, 20, 90, 400, 3000])
def test_a_thousand_flaps_are_at_most_a_handful_of_alerts(period: int) -> None:
    alerts: list[Alert] = []
    for flap in range(1000):
        for at, holds in ((flap * period, True), (flap * period + period / 2, False)):
            step = seen(at, holds=holds)
            if alerts and alerts[-1].ended is None:
                alerts[-1] = advance(alerts[-1], step.at)
            if alerts and alerts[-1].ended is None:
                alerts[-1] = observed(alerts[-1], step)
            elif holds:
                alerts.append(first_alert(step, f"a{flap}", alerts[-1] if alerts else None))

    assert 1 <= len(alerts) <= 5
    assert sum(alert.times for alert in alerts) == 1000
    assert all(alert.raised for alert in alerts)


def test_a_reporter_that_lists_all_it_sees_ends_what_it_lists_no_more() -> None:
    black = played(seen(0), seen(10))
    theirs = played(seen(0, condition=Condition.DISK, reporter="schedule"))
    said = quiet([black, theirs], "host", [seen(20, condition=Condition.SILENT)], s(20))

    assert [(one.condition, one.holds) for one in said] == [(Condition.BLACK, False)]
    assert quiet([black], "host", [seen(20)], s(20)) == ()


def test_severities_have_an_order() -> None:
    assert Severity.NOTICE.rank < Severity.IMPORTANT.rank < Severity.URGENT.rank
