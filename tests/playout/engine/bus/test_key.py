"""The keyer: a strip covers its own rows only, a full screen all; a graphic that does not fit is
not laid.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from config.clock import SimulatedClock
from config.names import CueId, HouseFormat
from playout.engine.bus.bus import Bus, BusHandles
from playout.engine.bus.key import Keyer
from playout.engine.format.ticks import WallMap
from playout.engine.links.messages import DESIRED, OBSERVATION
from playout.engine.links.port import Port, make_shared_state, port_pair, write_clock_start
from playout.engine.links.ring import Picture, Ring, planes
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.engine import Desired, Graphic, Shot
from playout.model.layer import Layer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUSE = HouseFormat.parse("64x36@30000/1001")


def drawn(folder: Path, rows: int, name: str = "g") -> str:
    path = folder / name
    quarter = 64 * rows // 4
    path.write_bytes(b"\xc8" * (64 * rows) + b"\x50" * quarter + b"\xb4" * quarter)
    return str(path)


def field() -> Picture:
    return np.full(HOUSE.picture_bytes, 7, dtype=np.uint8)


def test_strip_covers_its_rows_in_every_plane_and_nothing_else(tmp_path: Path) -> None:
    key, picture = Keyer(HOUSE), field()
    key.use(Graphic("m1", drawn(tmp_path, 8), 28, 8))
    key.lay(picture)
    luma, blue, red = planes(picture, 64, 36)

    assert (luma[28:] == 200).all() and (luma[:28] == 7).all()
    assert (blue[14:] == 80).all() and (blue[:14] == 7).all()
    assert (red[14:] == 180).all() and (red[:14] == 7).all()
    assert (key.shown, key.is_full) == ("m1", False)


def test_full_screen_graphic_covers_everything(tmp_path: Path) -> None:
    key, picture = Keyer(HOUSE), field()
    key.use(Graphic("m1", drawn(tmp_path, 36), 0, 36))
    key.lay(picture)

    assert not (picture == 7).any()
    assert key.is_full


def test_removed_graphic_is_gone_from_the_next_picture(tmp_path: Path) -> None:
    key, picture = Keyer(HOUSE), field()
    key.use(Graphic("m1", drawn(tmp_path, 36), 0, 36))
    key.use(None)
    key.lay(picture)

    assert (picture == 7).all()
    assert (key.shown, key.is_full) == ("", False)


@pytest.mark.parametrize(("first", "rows"), [(30, 8), (27, 8), (0, 7), (-2, 8), (28, 6)])
def test_graphic_that_does_not_fit_is_not_laid(tmp_path: Path, first: int, rows: int) -> None:
    key, picture = Keyer(HOUSE), field()
    key.use(Graphic("m1", drawn(tmp_path, 8), first, rows))
    key.lay(picture)

    assert (picture == 7).all()
    assert key.shown == ""


def test_graphic_written_late_is_read_when_it_is_ordered_again(tmp_path: Path) -> None:
    key, picture = Keyer(HOUSE), field()
    graphic = Graphic("m1", str(tmp_path / "g"), 28, 8)
    key.use(graphic)
    assert key.shown == ""
    drawn(tmp_path, 8)
    key.use(graphic)
    key.lay(picture)

    assert key.shown == "m1"


def test_bus_lays_a_graphic_on_the_next_tick_and_reports_its_id(tmp_path: Path) -> None:
    clock = SimulatedClock(NOON)
    program = make_ring("key-test", ring_shape_for(HOUSE, 1.2))
    epoch = clock.monotonic()
    write_clock_start(program, epoch, WallMap(epoch, clock.utc()).offset)
    near, far = port_pair()
    agent = Port(far)
    bus = Bus(BusHandles(program, (), near, make_shared_state()), tmp_path / "air.log", clock)
    shot = Shot(CueId("slate"), Layer.SLATE, NOON, NOON + timedelta(hours=1))
    bus.tick(1)
    agent.send(DESIRED.dump_python(_with(shot, None), mode="json"))
    bus.tick(2)
    graphic = Graphic("m1", drawn(tmp_path, 8), 28, 8)
    agent.send(DESIRED.dump_python(_with(shot, graphic), mode="json"))
    bus.tick(3)
    bus.tick(4)
    clock.advance(timedelta(seconds=1))
    bus.tick(5)
    ring = Ring(program)
    before, after = ring.look(3), ring.look(4)
    graphics = [OBSERVATION.validate_python(message).graphic for message in agent.receive()]
    agent.close()
    bus._agent.close()

    assert before is not None and after is not None
    assert not (planes(before.picture, 64, 36)[0][28:] == 200).all()
    assert (planes(after.picture, 64, 36)[0][28:] == 200).all()
    assert graphics[-1] == "m1"


def _with(shot: Shot, graphic: Graphic | None) -> Desired:
    return Desired(1 if graphic is None else 2, shot, graphic=graphic)
