"""Runs a channel as `gavel-playout run` does, as if it had been on air for STREAM_AGE seconds.

Stamps of a stream have 33 bits: they begin again after 26 and a half hours. So an hour is enough to
see them do so.
"""

import os

from config.clock import Clock
from playout.cli.main import main
from playout.processes import channel
from playout.processes.pair import PairPlan

AGE_NS = round(float(os.environ["STREAM_AGE"]) * 1e9)


def first_tick(pair: PairPlan | None, clock: Clock) -> int:
    """Return the monotonic nanoseconds of tick 0, so long ago."""
    assert pair is None
    return clock.monotonic() - AGE_NS


if __name__ == "__main__":
    channel.first_tick = first_tick
    main()
