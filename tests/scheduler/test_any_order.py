"""Edits, undo, series, blocks, holidays and protected times in any order, and the rules that always
hold.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.any_order import ACTIONS, PlannedChannel, run_steps, undo_and_redo

from scheduler.db.store import Database

FIXTURE = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def fresh(tmp_path: Path, sqlite_db: Database) -> Callable[[], PlannedChannel]:
    """Return the same channel and people in a new database at each call."""
    PlannedChannel(sqlite_db)
    with sqlite_db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    pristine = Path(str(sqlite_db.engine.url.database))
    made: list[Database] = []

    def again() -> PlannedChannel:
        for old in made:
            old.close()
        copy = tmp_path / "copy.db"
        for left in tmp_path.glob("copy.db*"):
            left.unlink()
        shutil.copyfile(pristine, copy)
        made[:] = [Database(f"sqlite:///{copy}")]
        return PlannedChannel.of(made[0])

    return again


def in_any_order(most: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    step = st.tuples(st.integers(0, len(ACTIONS) - 1), st.integers(0, 400))
    return st.lists(step, min_size=1, max_size=most)


A_SERIES_AT_THE_TIME_OF_WHAT_IS_LOCKED = [(ACTIONS.index(PlannedChannel.change_series), 259)]


@example(steps=A_SERIES_AT_THE_TIME_OF_WHAT_IS_LOCKED)
@given(steps=in_any_order(8))
@settings(max_examples=20, suppress_health_check=FIXTURE)
def test_any_order_of_changes_keeps_the_rules_and_undoes_exactly(
    fresh: Callable[[], PlannedChannel], steps: list[tuple[int, int]]
) -> None:
    channel = fresh()
    undo_and_redo(channel, run_steps(channel, steps))


@pytest.mark.soak
@given(steps=in_any_order(25))
@settings(max_examples=200, suppress_health_check=FIXTURE)
def test_a_long_row_of_changes_keeps_the_rules_and_undoes_exactly(
    fresh: Callable[[], PlannedChannel], steps: list[tuple[int, int]]
) -> None:
    channel = fresh()
    undo_and_redo(channel, run_steps(channel, steps))
