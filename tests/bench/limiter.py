"""The processor time that the limiter takes of a tick: `cd tests && python -m bench.limiter`."""

import time

import numpy as np

from playout.engine.bus.limiter import Limiter

TICKS = 600


def cost(level: int) -> float:
    """Return the milliseconds that a tick of 1/29.97 s costs, for noise up to this level."""
    rng, limiter = np.random.default_rng(1), Limiter()
    blocks = [rng.integers(-level, level + 1, (1601, 2)).astype(np.int16) for _ in range(TICKS)]
    begin = time.process_time()
    for block in blocks:
        limiter.apply(block)
    return (time.process_time() - begin) / TICKS * 1000


if __name__ == "__main__":
    for name, level in (("quiet", 3000), ("loud", 30000)):
        print(f"{name}: {cost(level):.3f} ms")
