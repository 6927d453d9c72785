"""The two machines of a channel: what is chosen is in the history, and can be undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from support.desk import ADMIN, CH13, NOW, a_channel

from scheduler.actions import hosts, pairs
from scheduler.actions.undo import RIGHT_TO_UNDO, undo
from scheduler.db.store import Database
from scheduler.db.tables.house import ChangeRow
from scheduler.db.tables.machines import PairRow
from scheduler.domain.model.audit import UNDOABLE
from scheduler.domain.model.ids import ChangeId, HostId
from scheduler.domain.model.people import Right
from scheduler.refusals import Refused


@pytest.fixture
def racks(db: Database) -> tuple[HostId, HostId]:
    a_channel(db)
    first, second = (hosts.add_host(db, ADMIN, NOW, name)[0].id for name in ("Rack 1", "Rack 2"))
    return first, second


def pair(db: Database) -> tuple[str | None, str | None, int | None]:
    with db.read() as session:
        row = session.scalars(select(PairRow)).one()
        return row.primary_id, row.standby_id, row.quiet_minutes


def last_change(db: Database) -> tuple[ChangeId, str, str]:
    with db.read() as session:
        row = session.scalars(select(ChangeRow).order_by(ChangeRow.at.desc())).first()
        assert row is not None
        return ChangeId(row.id), row.entity, row.sentence


def later(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def test_another_primary_and_another_rule_are_undone_and_redone(
    db: Database, racks: tuple[HostId, HostId]
) -> None:
    first, second = racks
    pairs.set_pair(db, ADMIN, NOW, CH13, first, second, None)
    pairs.set_pair(db, ADMIN, NOW + later(1), CH13, second, first, 45)
    change, entity, sentence = last_change(db)
    assert entity == "channel machines"
    assert "aired by Rack 2, with Rack 1 as its standby (returns after 45" in sentence

    assert undo(db, ADMIN, NOW + later(2), change).startswith("Undid: ")
    assert pair(db) == (first, second, None)
    undo(db, ADMIN, NOW + later(3), last_change(db)[0])
    assert pair(db) == (second, first, 45)


def test_a_first_pair_and_its_end_are_undone(db: Database, racks: tuple[HostId, HostId]) -> None:
    first, second = racks
    pairs.set_pair(db, ADMIN, NOW + later(1), CH13, first, second, 30)
    undo(db, ADMIN, NOW + later(2), last_change(db)[0])
    assert pair(db) == (None, None, None)
    pairs.set_pair(db, ADMIN, NOW + later(3), CH13, first, second, 30)
    pairs.end_pair(db, ADMIN, NOW + later(4), CH13)
    change, _, sentence = last_change(db)
    assert sentence == "City Channel 13 is aired by one machine again"
    undo(db, ADMIN, NOW + later(5), change)
    assert pair(db) == (first, second, 30)


def test_a_pair_does_not_come_back_with_a_machine_whose_access_was_revoked(
    db: Database, racks: tuple[HostId, HostId]
) -> None:
    first, second = racks
    pairs.set_pair(db, ADMIN, NOW, CH13, first, second, None)
    pairs.end_pair(db, ADMIN, NOW + later(1), CH13)
    change = last_change(db)[0]
    hosts.revoke_host(db, ADMIN, NOW + later(2), second)
    with pytest.raises(Refused, match="Rack 2 is revoked"):
        undo(db, ADMIN, NOW + later(3), change)
    assert pair(db) == (None, None, None)


def test_whoever_may_choose_machines_may_undo_the_choice_and_nobody_else() -> None:
    assert "channel machines" in UNDOABLE
    assert RIGHT_TO_UNDO["channel machines"] is Right.EQUIP
