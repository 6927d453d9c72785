"""The judges of changes in any order fail on planted faults, so their silence proves something."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support import any_order
from support.any_order import (
    ACTIONS,
    PlannedChannel,
    fixed_airings_not_aired,
    row_differences,
    run_steps,
    rundown_of,
    unchosen_gap_files,
    undo_and_redo,
)
from support.desk import NOW, PLANNER

from playout.model.rundown import Rundown
from scheduler.actions import airings, undo
from scheduler.db.store import Database
from scheduler.queries.changes import changes

MINUTE = timedelta(minutes=1)
STEPS = {
    "airing": (PlannedChannel.move, 7),
    "series": (PlannedChannel.change_series, 5),
    "calendar": (PlannedChannel.holiday, 1),
    "block": (PlannedChannel.block, 8),
    "anchor": (PlannedChannel.protect, 2),
    "program": (PlannedChannel.rename, 3),
}


@pytest.fixture
def channel(sqlite_db: Database) -> PlannedChannel:
    return PlannedChannel(sqlite_db)


def doing(*names: str) -> list[tuple[int, int]]:
    return [(ACTIONS.index(STEPS[name][0]), STEPS[name][1]) for name in names]


def test_several_faultless_steps_raise_no_finding(channel: PlannedChannel) -> None:
    steps = run_steps(channel, doing(*STEPS))

    assert len(steps) == len(STEPS)
    undo_and_redo(channel, steps)


@pytest.mark.parametrize("table", STEPS)
def test_an_undo_that_forgets_a_table_is_found(
    channel: PlannedChannel, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    steps = run_steps(channel, doing(table))
    real = undo._take_back
    monkeypatch.setattr(
        undo, "_take_back", lambda work, part: part["table"] == table or real(work, part)
    )

    with pytest.raises(AssertionError):
        undo_and_redo(channel, steps)


def test_a_redo_that_does_nothing_is_found(
    channel: PlannedChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = run_steps(channel, doing("airing", "calendar"))
    real = any_order.undo
    monkeypatch.setattr(
        any_order,
        "undo",
        lambda db, who, now, id: None if _undoes(db, id) else real(db, who, now, id),
    )

    with pytest.raises(AssertionError):
        undo_and_redo(channel, steps)


def _undoes(db: Database, id: Any) -> bool:
    return any(one.id == id and one.undoes is not None for one in changes(db))


@pytest.mark.parametrize("which", ["locked", "live"])
@pytest.mark.parametrize("how", ["moved", "gone"])
def test_a_fixed_airing_moved_or_gone_is_found(
    channel: PlannedChannel, monkeypatch: pytest.MonkeyPatch, which: str, how: str
) -> None:
    def clumsy(channel: PlannedChannel, number: int) -> None:
        id = getattr(channel, which)
        one = next(a for a in channel.read().airings if a.id == id)
        if how == "gone":
            airings.cancel(channel.db, PLANNER, NOW, id, one.version)
        else:
            airings.move(channel.db, PLANNER, NOW, id, one.start + MINUTE, one.version)

    monkeypatch.setattr(any_order, "ACTIONS", (clumsy,))

    with pytest.raises(AssertionError):
        run_steps(channel, [(0, 0)])


def aired(channel: PlannedChannel) -> Iterator[tuple[str, Callable[[Rundown], Rundown]]]:
    """Yield each fixed airing, and a function that makes it start a minute late."""
    for id in (channel.locked, channel.live):

        def late(rundown: Rundown, id: Any = id) -> Rundown:
            cues = list(rundown.cues)
            n = next(n for n, cue in enumerate(cues) if cue.airing == id)
            cues[n - 1] = replace(cues[n - 1], end=cues[n].start + MINUTE)
            cues[n] = replace(cues[n], start=cues[n].start + MINUTE)
            return replace(rundown, cues=tuple(cues))

        yield id, late


def test_a_fixed_airing_that_airs_late_is_found(channel: PlannedChannel) -> None:
    read = channel.read()

    assert fixed_airings_not_aired(read, rundown_of(read)) == []
    for id, late in aired(channel):
        title = next(a.title for a in read.airings if a.id == id)
        assert fixed_airings_not_aired(read, late(rundown_of(read)))[0].startswith(f"{title} airs ")


def test_a_gap_filled_with_a_file_no_block_chose_is_found(channel: PlannedChannel) -> None:
    channel.block(3)
    read = channel.read()
    without = replace(read, blocks=())

    assert unchosen_gap_files(read, rundown_of(read)) == []
    assert " fills a gap at " in unchosen_gap_files(without, rundown_of(read))[0]


def test_a_live_that_is_cut_and_one_that_never_airs_are_found(channel: PlannedChannel) -> None:
    read = channel.read()
    longer = [replace(a, draft=replace(a.draft, length=9 * a.draft.length)) for a in read.airings]
    without = replace(read, airings=tuple(a for a in read.airings if a.id != channel.live))

    assert fixed_airings_not_aired(replace(read, airings=tuple(longer)), rundown_of(read))[
        0
    ].startswith("Live ends")
    assert fixed_airings_not_aired(read, rundown_of(without)) == ["Live airs never"]


def test_a_refused_step_that_changes_a_row_is_found(
    channel: PlannedChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(channel: PlannedChannel, number: int) -> None:
        channel.holiday(1)
        raise any_order.Refused(message="No.")

    monkeypatch.setattr(any_order, "ACTIONS", (half,))

    with pytest.raises(AssertionError):
        run_steps(channel, [(0, 0)])


def test_an_added_row_that_remains_is_found_unless_put_away(channel: PlannedChannel) -> None:
    before = channel.rows()
    channel.block(3)

    assert len(row_differences(before, channel.rows())) == 1
    undo.undo(channel.db, PLANNER, NOW, changes(channel.db, limit=1)[0].id)
    assert row_differences(before, channel.rows()) == []
