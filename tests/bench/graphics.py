"""The cost of graphics on the bus: milliseconds a tick for each kind, and for three together.

cd tests && python -m bench.graphics [FORMAT]
"""

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from support.drawn_graphics import EXAMPLES, ordered

from config.names import HouseFormat
from playout.engine.graphics.keyer import LaidTick, LayerKeyer
from playout.model.layer import Layer
from playout.model.layered import Layered

BEGINS = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICKS = 300
TOGETHER = ("bug", "lower third", "crawl")


def cost(graphics: list[Layered], house: HouseFormat, first: int) -> float:
    """Return the median milliseconds of a tick, over TICKS from `first` on."""
    keyer, taken = LayerKeyer(house), []
    keyer.use(graphics)
    picture = np.random.default_rng(1).integers(16, 236, house.picture_bytes, np.uint8)

    def first_at(instant: datetime) -> int:
        return round((instant - BEGINS) / timedelta(seconds=1) * house.rate)

    for tick in range(first, first + TICKS):
        instant = BEGINS + timedelta(seconds=float(tick / house.rate))
        began = time.perf_counter()
        keyer.lay(picture, LaidTick(tick, instant, Layer.DECK, first_at))
        taken.append((time.perf_counter() - began) * 1000)
    assert len(keyer.shown) == len(graphics)
    return float(np.median(taken))


def main(format: str) -> None:
    """Print a line for each graphic: on, and while it comes."""
    house = HouseFormat.parse(format)
    with TemporaryDirectory() as folder:
        kinds = {
            name: ordered(face, house, Path(folder), BEGINS) for name, face in EXAMPLES.items()
        }
        groups = {name: [one] for name, one in kinds.items()}
        groups["bug + lower third + crawl"] = [kinds[name] for name in TOGETHER]
        for name, group in groups.items():
            on = cost([replace(one, fade=0.0) for one in group], house, 100)
            slow = [replace(one, fade=60.0) for one in group]
            coming = cost(slow, house, 300)
            print(f"{name}: {on:.2f} ms a tick, {coming:.2f} while it comes")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "1920x1080@30000/1001")
