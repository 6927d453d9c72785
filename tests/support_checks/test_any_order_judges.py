"""The judges of changes in any order go red on planted faults: their silence means something."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support import any_order
from support.any_order import (
    DOING,
    House,
    differs,
    not_chosen,
    seen,
    taken_back,
    walked,
    walls_not_aired,
)
from support.desk import NOW, PLANNER

from playout.model.rundown import Rundown
from scheduler.actions import airings, undo
from scheduler.db.store import Database
from scheduler.queries.changes import changes

MINUTE = timedelta(minutes=1)
STEPS = {
    "airing": (House.move, 7),
    "series": (House.change_series, 5),
    "calendar": (House.holiday, 1),
    "block": (House.block, 8),
    "anchor": (House.protect, 2),
    "program": (House.rename, 3),
}


@pytest.fixture
def house(sqlite_db: Database) -> House:
    return House(sqlite_db)


def doing(*names: str) -> list[tuple[int, int]]:
    return [(DOING.index(STEPS[name][0]), STEPS[name][1]) for name in names]


def test_without_a_fault_nothing_is_found_several_steps_deep(house: House) -> None:
    steps = walked(house, doing(*STEPS))

    assert len(steps) == len(STEPS)
    taken_back(house, steps)


@pytest.mark.parametrize("table", STEPS)
def test_an_undo_that_forgets_a_table_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    steps = walked(house, doing(table))
    real = undo._take_back
    monkeypatch.setattr(
        undo, "_take_back", lambda work, part: part["table"] == table or real(work, part)
    )

    with pytest.raises(AssertionError):
        taken_back(house, steps)


def test_a_redo_that_does_nothing_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = walked(house, doing("airing", "calendar"))
    real = any_order.undo
    monkeypatch.setattr(
        any_order,
        "undo",
        lambda db, who, now, id: None if _undoes(db, id) else real(db, who, now, id),
    )

    with pytest.raises(AssertionError):
        taken_back(house, steps)


def _undoes(db: Database, id: Any) -> bool:
    return any(one.id == id and one.undoes is not None for one in changes(db))


@pytest.mark.parametrize("which", ["locked", "live"])
@pytest.mark.parametrize("how", ["moved", "gone"])
def test_what_is_fixed_moved_or_gone_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch, which: str, how: str
) -> None:
    def clumsy(house: House, number: int) -> None:
        id = getattr(house, which)
        one = next(a for a in house.read().airings if a.id == id)
        if how == "gone":
            airings.cancel(house.db, PLANNER, NOW, id, one.version)
        else:
            airings.move(house.db, PLANNER, NOW, id, one.start + MINUTE, one.version)

    monkeypatch.setattr(any_order, "DOING", (clumsy,))

    with pytest.raises(AssertionError):
        walked(house, [(0, 0)])


def aired(house: House) -> Iterator[tuple[str, Callable[[Rundown], Rundown]]]:
    """Each fixed airing, and a rundown in which it begins a minute late."""
    for id in (house.locked, house.live):

        def late(rundown: Rundown, id: Any = id) -> Rundown:
            cues = list(rundown.cues)
            n = next(n for n, cue in enumerate(cues) if cue.airing == id)
            cues[n - 1] = replace(cues[n - 1], end=cues[n].start + MINUTE)
            cues[n] = replace(cues[n], start=cues[n].start + MINUTE)
            return replace(rundown, cues=tuple(cues))

        yield id, late


def test_what_is_fixed_and_airs_late_is_found(house: House) -> None:
    read = house.read()

    assert walls_not_aired(read, seen(read)) == []
    for id, late in aired(house):
        title = next(a.title for a in read.airings if a.id == id)
        assert walls_not_aired(read, late(seen(read)))[0].startswith(f"{title} airs ")


def test_a_gap_filled_from_what_no_block_chose_is_found(house: House) -> None:
    house.block(3)
    read = house.read()
    without = replace(read, blocks=())

    assert not_chosen(read, seen(read)) == []
    assert " fills a gap at " in not_chosen(without, seen(read))[0]


def test_a_live_that_is_cut_and_one_that_never_airs_are_found(house: House) -> None:
    read = house.read()
    longer = [replace(a, draft=replace(a.draft, length=9 * a.draft.length)) for a in read.airings]
    without = replace(read, airings=tuple(a for a in read.airings if a.id != house.live))

    assert walls_not_aired(replace(read, airings=tuple(longer)), seen(read))[0].startswith(
        "Live ends"
    )
    assert walls_not_aired(read, seen(without)) == ["Live airs never"]


def test_a_step_that_is_refused_and_changes_something_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(house: House, number: int) -> None:
        house.holiday(1)
        raise any_order.Refused(message="No.")

    monkeypatch.setattr(any_order, "DOING", (half,))

    with pytest.raises(AssertionError):
        walked(house, [(0, 0)])


def test_an_added_row_that_stands_is_found_and_one_put_away_is_not(house: House) -> None:
    before = house.rows()
    house.block(3)

    assert len(differs(before, house.rows())) == 1
    undo.undo(house.db, PLANNER, NOW, changes(house.db, limit=1)[0].id)
    assert differs(before, house.rows()) == []
