"""Reports of faults become rows: one alert for one fault, told apart, ended and acknowledged."""

from datetime import timedelta

import pytest
from support.desk import ADMIN, NOW, PRODUCER

from playout.alerts.conditions import Condition
from playout.alerts.tracking import Alert, Observation
from scheduler.actions import alerts
from scheduler.db import find, load, tidy
from scheduler.db.store import Database
from scheduler.db.tables.house import ChangeRow
from scheduler.refusals import Missing

SECOND = timedelta(seconds=1)


def stored(db: Database) -> list[Alert]:
    """Return every alert in the database."""
    with db.read() as session:
        rows = [*find.alerts.open_alerts(session), *find.alerts.past(session, 100)]
        return [load.alerts.alert(row) for row in rows]


def black(db: Database, at: float, *, holds: bool = True, reporter: str = "host") -> None:
    now = NOW + at * SECOND
    alerts.observe(
        db, Condition.BLACK, holds=holds, at=now, reporter=reporter, channel="ch13",
        detail="The picture on air is black.",
    )  # fmt: skip


def test_a_fault_is_one_alert_from_its_beginning_to_its_end(db: Database) -> None:
    for at in range(0, 31, 5):
        black(db, at)
    black(db, 40, holds=False)
    alerts.let_time_pass(db, NOW + 101 * SECOND)

    [alert] = stored(db)
    assert (alert.began, alert.raised, alert.ended) == (
        NOW, NOW + 10 * SECOND, NOW + 40 * SECOND,
    )  # fmt: skip
    assert alert.detail == "The picture on air is black."


def test_a_fault_that_never_held_leaves_no_row(db: Database) -> None:
    black(db, 0)
    black(db, 2, holds=False)
    alerts.let_time_pass(db, NOW + 90 * SECOND)

    assert stored(db) == []


def test_a_report_that_all_is_well_makes_nothing(db: Database) -> None:
    black(db, 0, holds=False)

    assert stored(db) == []


def test_two_hundred_flaps_are_one_alert(sqlite_db: Database) -> None:
    for flap in range(200):
        black(sqlite_db, flap * 4)
        black(sqlite_db, flap * 4 + 2, holds=False)

    [alert] = stored(sqlite_db)
    assert alert.times == 200
    assert alert.raised is not None


def test_a_fault_that_returns_after_its_end_is_a_new_alert_that_is_held_longer(
    db: Database,
) -> None:
    black(db, 0)
    black(db, 10)
    black(db, 20, holds=False)
    black(db, 200)

    newest, ended = stored(db)
    assert (newest.rounds, ended.rounds) == (1, 0)
    assert ended.ended == NOW + 20 * SECOND


def test_faults_differ_by_kind_channel_and_subject(db: Database) -> None:
    for condition, channel, subject in (
        (Condition.DISK, "", "media"),
        (Condition.DISK, "", "recordings"),
        (Condition.DISK, "ch13", "media"),
        (Condition.CLOCK, "ch13", "media"),
    ):
        alerts.observe(
            db, condition, holds=True, at=NOW, reporter="x", channel=channel, subject=subject
        )

    assert len(stored(db)) == 4


def said(condition: Condition, channel: str = "ch13", at: float = 0) -> Observation:
    return Observation(condition, channel, "", True, "Wrong.", NOW + at * SECOND, "host")


def test_what_a_list_names_no_more_is_gone_and_other_channels_are_left_alone(
    db: Database,
) -> None:
    both = [said(Condition.BLACK), said(Condition.DISK)]
    alerts.observe_all(db, "host", both, NOW, channels={"ch13"})
    alerts.observe_all(db, "host", [said(Condition.BLACK, "ch99")], NOW, channels={"ch99"})
    later = NOW + 5 * SECOND
    alerts.observe_all(db, "host", [said(Condition.DISK, at=5)], later, channels={"ch13"})

    gone = {(a.key.condition, a.key.channel): a.gone for a in stored(db)}
    assert gone == {
        (Condition.BLACK, "ch13"): later,
        (Condition.DISK, "ch13"): None,
        (Condition.BLACK, "ch99"): None,
    }


def test_what_is_too_long_for_its_column_is_cut(db: Database) -> None:
    alerts.observe(
        db, Condition.OTHER, holds=True, at=NOW, reporter="r" * 99, detail="d\n" * 999,
        subject="s" * 999,
    )  # fmt: skip

    [alert] = stored(db)
    assert (len(alert.key.subject), len(alert.detail)) == (120, 600)


def test_an_acknowledgement_names_who_and_when_and_is_in_the_history(db: Database) -> None:
    black(db, 0)
    [alert] = stored(db)
    title = alerts.acknowledge(db, PRODUCER, NOW + SECOND, alert.id)
    alerts.acknowledge(db, ADMIN, NOW + 2 * SECOND, alert.id)

    [alert] = stored(db)
    assert (alert.acknowledged, alert.acknowledged_by) == (NOW + SECOND, PRODUCER.name)
    with db.read() as session:
        assert [row.sentence for row in session.query(ChangeRow)] == [f"Acknowledged: {title}"]


def test_acknowledging_what_is_not_there_is_refused(db: Database) -> None:
    with pytest.raises(Missing):
        alerts.acknowledge(db, ADMIN, NOW, "nothing")
    with pytest.raises(Missing):
        alerts.acknowledge_message(db, ADMIN, NOW, "nothing")


def test_old_alerts_are_removed_at_night_and_open_ones_never(db: Database) -> None:
    black(db, 0)
    black(db, 10)
    black(db, 20, holds=False)
    alerts.let_time_pass(db, NOW + 100 * SECOND)
    alerts.observe(db, Condition.DISK, holds=True, at=NOW, reporter="x")

    tidy.prune(db, NOW + timedelta(days=200), timedelta(days=30))

    assert [alert.key.condition for alert in stored(db)] == [Condition.DISK]
