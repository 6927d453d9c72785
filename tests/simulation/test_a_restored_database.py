"""A database restored from its backup, with the real host API and the real agent."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.desk import HOUR, MINUTE, NOW, PLANNER, an_airing, an_asset
from support.page import read
from support.restored_system import (
    ACTIONS,
    RestoredSystem,
    copy_database,
    disobeyed_presses,
    missing_reports,
    plan_differences,
    plan_films,
    replace_database,
    run_steps,
)
from support.website import Site, post

from scheduler.actions import airings
from scheduler.domain.model.people import Role
from scheduler.queries import grid


@pytest.fixture
def system(site: Site, tmp_path: Path) -> RestoredSystem:
    """Return a system that was on air for twenty minutes and then backed up."""
    made = RestoredSystem(site, tmp_path / "host", plan_films(site.db))
    made.run_until(NOW + 20 * MINUTE)
    made.back_up()
    return made


def test_a_command_after_a_restore_is_obeyed_despite_a_reused_number(
    system: RestoredSystem,
) -> None:
    for _ in range(5):
        system.press()
        system.run_for(2, most=1)
    system.restore()
    system.run_for(3, most=1)
    for _ in range(3):
        system.press()
        system.run_for(2, most=1)

    assert [one.number for one in system.pressed] == [1, 2, 3]
    assert disobeyed_presses(system) == []


def test_a_command_in_the_backup_is_not_obeyed_twice(
    system: RestoredSystem,
) -> None:
    before = system.press()
    system.back_up()
    system.run_for(2, most=1)
    after = system.press()
    system.run_for(2, most=1)
    system.restore()
    system.run_for(3, most=1)

    assert (system.obeyed(before), system.obeyed(after)) == (1, 1)
    assert missing_reports(system) == []


def test_as_run_lost_by_a_restore_is_sent_again_once(
    system: RestoredSystem,
) -> None:
    system.run_until(NOW + 72 * MINUTE)
    system.restore()
    assert missing_reports(system) != []
    system.run_for(4, most=1)

    assert missing_reports(system) == []
    aired = [run.title for run in system.day(NOW.date()).runs if run.item is not None]
    assert aired == ["Film 1", "Film 2", "Film 3", "Film 4"]


def test_a_restored_plan_with_a_reused_number_replaces_the_one_on_the_host(
    system: RestoredSystem,
) -> None:
    db = system.site.db
    file = an_asset(db, "Other", "b", HOUR).id
    an_airing(db, NOW + 5 * HOUR, title="Lost", asset=file)
    system.run_for(2, most=1)
    first = system.agent.state.revision  # type: ignore[union-attr]
    system.restore()
    film = grid.airing(db, system.films[2], system.now).airing
    airings.cancel(db, PLANNER, system.now, film.id, film.version)
    system.run_for(2, most=1)

    assert system.agent.state.revision == first  # type: ignore[union-attr]
    assert plan_differences(system) == []
    system.run_until(NOW + 50 * MINUTE)
    assert system.aired(film.id) == []
    assert "Schedule up to date" in system.page("/channels/ch13/desk")


def test_the_restored_plan_airs_even_without_a_new_change(system: RestoredSystem) -> None:
    an_airing(system.site.db, NOW + 5 * HOUR, title="Lost", slate_text="Lost")
    system.run_for(2, most=1)
    system.restore()
    system.run_for(2, most=1)

    assert plan_differences(system) == []
    system.run_until(system.now + timedelta(minutes=1))
    assert missing_reports(system) == []


def test_what_staff_began_after_the_backup_stays_and_can_be_ended(
    system: RestoredSystem,
) -> None:
    """A slate and a message that the restored server never heard of."""
    chief = system.site.browser(Role.EMERGENCY)

    def active() -> str:
        return read(chief.get("/emergency/state")).text

    system.run_until(NOW + 32 * MINUTE)
    system.give("slate")
    message = system.press()
    system.run_for(8, most=1)
    covered = system.on_air()
    assert message.text in active() and not covered.startswith(str(system.films[1]))
    system.restore()
    chief = system.site.browser(Role.EMERGENCY)
    system.run_for(8, most=1)

    assert system.on_air() == covered and message.text in active()
    assert post(chief, "/emergency/ch13/clear").status_code == 303
    system.run_for(3, most=1)
    assert message.text not in active() and system.obeyed(message) == 1
    system.give("rejoin")
    assert system.on_air() not in ("", covered)
    assert missing_reports(system) == []


def test_a_station_lost_with_its_broadcast_machine_airs_and_reports_on(
    system: RestoredSystem,
) -> None:
    """The server is restored, and the machine begins with an empty disk."""
    system.run_until(NOW + 32 * MINUTE)
    system.restore()
    for lost in system.folder.iterdir():
        if lost.is_dir():
            shutil.rmtree(lost)
        elif lost not in system.backups:
            lost.unlink()
    system.power_cut(timedelta(minutes=1))
    system.run_until(NOW + 72 * MINUTE)

    assert missing_reports(system) == [] and plan_differences(system) == []
    aired = [run.title for run in system.day(NOW.date()).runs if run.item is not None]
    assert aired == ["Film 1", "Film 2", "Film 3", "Film 4"]
    system.press()
    system.run_for(3, most=1)
    assert disobeyed_presses(system) == []


BUTTONS = [(1, 2), (4, 0), (1, 2), (4, 0), (1, 0)]
"""Three presses, a restore, three more, a restore, one more."""
LEFT_BEHIND = [(0, 2), (3, 0), (0, 2), (4, 0), (0, 2), (3, 0), (4, 1), (0, 1), (4, 2)]
"""Backups of two lines of history, each put back once."""
HALF_WAY = [(0, 2), (0, 2), (7, 3), (4, 0), (7, 3), (5, 0), (4, 0)]
"""A second restore, while answers are lost, before all is told again."""


def steps(most: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    one = st.tuples(st.integers(0, len(ACTIONS) - 1), st.integers(0, 60))
    return st.lists(one, min_size=1, max_size=most)


def walked(site: Site, folder: Path, steps: list[tuple[int, int]]) -> None:
    """Walk these steps in a system of their own, and leave the site as it was."""
    copy_database(Path(str(site.db.engine.url.database)), folder / "pristine.db")
    try:
        run_steps(RestoredSystem(site, folder / "host", plan_films(site.db)), steps)
    finally:
        replace_database(site.db, folder / "pristine.db")
        site.clock.step(NOW - site.clock.utc())


@example(steps=BUTTONS)
@example(steps=LEFT_BEHIND)
@example(steps=HALF_WAY)
@given(steps=steps(6))
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
def test_backups_and_restores_at_any_point_lose_nothing_and_double_nothing(
    site: Site, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    walked(site, tmp_path_factory.mktemp("system"), steps)


@pytest.mark.soak
@given(steps=steps(15))
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_many_backups_and_restores_lose_nothing_and_double_nothing(
    site: Site, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    walked(site, tmp_path_factory.mktemp("system"), steps)
