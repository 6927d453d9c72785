"""Who is told, when, and how often."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from playout.alerts.conditions import Condition, Severity
from playout.alerts.routing import (
    MOST_AN_HOUR,
    Contact,
    MessageDue,
    Sent,
    in_hours,
    messages_due,
)
from playout.alerts.tracking import Alert, AlertKey

NEW_YORK = ZoneInfo("America/New_York")
T = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday, 10 AM in New York
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ANN = Contact("ann", "Ann", zone=NEW_YORK)
BOB = Contact("bob", "Bob", after=15 * MINUTE, zone=NEW_YORK)
OFFICE = Contact(
    "office", "Office", days=frozenset(range(5)), starts=time(8), until=time(17), zone=NEW_YORK
)


def alert(
    condition: Condition = Condition.BLACK, id: str = "a1", at: datetime = T, **over: object
) -> Alert:
    made = Alert(id, AlertKey(condition, "ch13", ""), "Wrong.", at, at, at, frozenset({"host"}), at)
    return replace(made, **over)  # type: ignore[arg-type]


def sent(due: Iterable[MessageDue], at: datetime) -> list[Sent]:
    """Return what was sent, as the outbox would store it."""
    return [
        Sent(one.contact.id, line.alert.id, line.step, at, one.key)
        for one in due
        for line in one.lines
    ]


def said(due: Iterable[MessageDue]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(o.contact.id, [(line.alert.id, line.step.value) for line in o.lines]) for o in due]


def test_the_first_contact_is_told_once_and_told_when_it_is_over() -> None:
    first = messages_due([alert()], [ANN], [], T)
    before = sent(first, T)
    over = alert(ended=T + HOUR)

    assert said(first) == [("ann", [("a1", "raised")])]
    assert messages_due([alert()], [ANN], before, T + MINUTE) == ()
    assert said(messages_due([over], [ANN], before, T + HOUR)) == [("ann", [("a1", "over")])]
    after = before + sent(messages_due([over], [ANN], before, T + HOUR), T + HOUR)
    assert messages_due([over], [ANN], after, T + 2 * HOUR) == ()


def test_an_alert_that_is_not_raised_yet_is_told_to_no_one() -> None:
    assert messages_due([alert(raised=None)], [ANN, BOB], [], T) == ()


def test_it_escalates_when_no_one_acknowledges_and_not_when_someone_does() -> None:
    before = sent(messages_due([alert()], [ANN, BOB], [], T), T)
    due = messages_due([alert()], [ANN, BOB], before, T + 15 * MINUTE)
    known = alert(acknowledged=T + 5 * MINUTE, acknowledged_by="Ann")

    assert said(due) == [("bob", [("a1", "raised")])]
    assert messages_due([known], [ANN, BOB], before, T + 15 * MINUTE) == ()


def test_reminders_come_until_someone_acknowledges() -> None:
    ann = replace(ANN, remind=30 * MINUTE)
    history = sent(messages_due([alert()], [ann], [], T), T)
    for n in (1, 2):
        now = T + n * 30 * MINUTE
        assert messages_due([alert()], [ann], history, now - MINUTE) == ()
        due = messages_due([alert()], [ann], history, now)
        assert said(due) == [("ann", [("a1", "still there")])]
        assert due[0].lines[0].number == n
        history += sent(due, now)
    known = alert(acknowledged=T, acknowledged_by="Ann")
    assert messages_due([known], [ann], history, T + 4 * HOUR) == ()


@pytest.mark.parametrize(
    ("contact", "condition", "told"),
    [
        (replace(ANN, channels=frozenset({"ch13"})), Condition.BLACK, True),
        (replace(ANN, channels=frozenset({"ch99"})), Condition.BLACK, False),
        (replace(ANN, least=Severity.URGENT), Condition.BLACK, True),
        (replace(ANN, least=Severity.URGENT), Condition.DISK, False),
        (replace(ANN, least=Severity.IMPORTANT), Condition.DISK, True),
        (replace(ANN, least=Severity.IMPORTANT), Condition.OTHER, False),
    ],
)
def test_contacts_are_told_by_channel_and_severity(
    contact: Contact, condition: Condition, told: bool
) -> None:
    assert bool(messages_due([alert(condition)], [contact], [], T)) is told


def test_an_alert_of_the_station_reaches_contacts_of_any_channel() -> None:
    station = alert(Condition.DATABASE_AWAY, key=AlertKey(Condition.DATABASE_AWAY, "", ""))

    assert messages_due([station], [replace(ANN, channels=frozenset({"ch99"}))], [], T)


WINDOWS = [
    # New York is UTC-5 in November; 24 November 2026 is a Tuesday.
    ("2026-11-24T12:59", time(8), time(17), range(5), False),
    ("2026-11-24T13:00", time(8), time(17), range(5), True),
    ("2026-11-24T21:59", time(8), time(17), range(5), True),
    ("2026-11-24T22:00", time(8), time(17), range(5), False),
    ("2026-11-28T15:00", time(8), time(17), range(5), False),  # Saturday
    ("2026-11-25T04:00", time(22), time(6), {1}, True),  # Tuesday 23:00
    ("2026-11-25T10:59", time(22), time(6), {1}, True),  # Wednesday 5:59, Tuesday's night
    ("2026-11-25T11:00", time(22), time(6), {1}, False),
    ("2026-11-26T10:00", time(22), time(6), {1}, False),  # Wednesday's night
    ("2026-11-24T03:00", time(0), time(0), {0}, True),  # Monday 22:00, all day
    ("2026-11-24T05:00", time(0), time(0), {0}, False),  # Tuesday 0:00
    ("2026-07-24T12:00", time(8), time(17), range(5), True),  # summer: UTC-4
]


@pytest.mark.parametrize(("at", "starts", "until", "days", "inside"), WINDOWS)
def test_hours_are_read_by_the_clock_of_the_station(
    at: str, starts: time, until: time, days: Iterable[int], inside: bool
) -> None:
    contact = replace(ANN, starts=starts, until=until, days=frozenset(days))

    assert in_hours(contact, datetime.fromisoformat(at).replace(tzinfo=UTC)) is inside


NIGHT = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # Wednesday, midnight
MORNING = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


def test_quiet_hours_hold_back_what_is_not_urgent_until_they_end() -> None:
    disk = alert(Condition.DISK, at=NIGHT)

    assert messages_due([disk], [OFFICE], [], NIGHT) == ()
    assert said(messages_due([disk], [OFFICE], [], MORNING)) == [("office", [("a1", "raised")])]


@pytest.mark.parametrize("any_time", [True, False])
def test_what_is_urgent_wakes_only_those_who_want_it(any_time: bool) -> None:
    contact = replace(OFFICE, urgent_any_time=any_time)

    assert bool(messages_due([alert(at=NIGHT)], [contact], [], NIGHT)) is any_time


def test_what_came_and_went_in_quiet_hours_is_told_once_in_the_morning() -> None:
    disk = alert(Condition.DISK, at=NIGHT, ended=NIGHT + HOUR)
    due = messages_due([disk], [OFFICE], [], MORNING)

    assert said(due) == [("office", [("a1", "came and went")])]
    assert messages_due([disk], [OFFICE], sent(due, MORNING), MORNING + HOUR) == ()
    late = replace(OFFICE, after=HOUR)
    assert messages_due([disk], [late], [], MORNING) == ()


def test_a_hundred_faults_at_one_moment_are_one_message_the_heaviest_first() -> None:
    many = [alert(Condition.MEDIA_MISSING, f"a{n}") for n in range(99)] + [alert(id="black")]
    due = messages_due(many, [ANN], [], T)

    assert len(due) == 1
    assert len(due[0].lines) == 100
    assert due[0].lines[0].alert.id == "black"


def test_no_contact_gets_more_than_a_few_messages_an_hour_and_nothing_is_lost() -> None:
    history: list[Sent] = []
    for n in range(60):
        now = T + n * MINUTE
        alerts = [alert(Condition.MEDIA_MISSING, f"a{k}", T + k * MINUTE) for k in range(n + 1)]
        history += sent(messages_due(alerts, [ANN], history, now), now)
    assert len({one.message for one in history}) == MOST_AN_HOUR

    later = messages_due(alerts, [ANN], history, T + 61 * MINUTE)

    assert {one.alert for one in history} | {line.alert.id for line in later[0].lines} == {
        f"a{k}" for k in range(60)
    }


def test_what_the_broadcast_machine_told_is_not_told_twice() -> None:
    told = alert(told_by="playout1")

    assert messages_due([told], [ANN], [], T) == ()
    assert said(messages_due([told], [ANN, BOB], [], T + HOUR)) == [("bob", [("a1", "raised")])]
    over = alert(told_by="playout1", ended=T + HOUR)
    assert said(messages_due([over], [ANN], [], T + HOUR)) == [("ann", [("a1", "over")])]


def test_the_same_message_has_the_same_key_whenever_it_is_due() -> None:
    one = messages_due([alert(), alert(id="a2")], [ANN], [], T)[0]
    again = messages_due([alert(id="a2"), alert()], [ANN], [], T + MINUTE)[0]

    assert one.key == again.key
