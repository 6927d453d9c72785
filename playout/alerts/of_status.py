"""The faults that a host's status names, as observations. Server and host both read it here."""

from collections.abc import Iterator
from datetime import datetime

from config.sizes import GIGABYTE, bytes_words
from playout.alerts.conditions import Condition
from playout.alerts.tracking import Observation
from playout.model.wire import Status

DISK_LOW_BYTES = 10 * GIGABYTE
"""Less room than this on the broadcast machine is a fault."""
CLOCK_STEP_TOLERATED = 0.5
"""Seconds by which the machine's clock may differ from the one that air runs by."""
REPORTER = "host"
MOST_OTHERS = 3
_KNOWN = frozenset(condition.value for condition in Condition)


def observations(status: Status, at: datetime) -> tuple[Observation, ...]:
    """Return what the host says is wrong with its channel; `at` is the instant it was heard."""
    found: dict[Condition, str] = {}
    for condition, words in _faults(status):
        found.setdefault(condition, words)
    return tuple(
        Observation(condition, status.channel, "", True, words, at, REPORTER)
        for condition, words in found.items()
    )


def _faults(status: Status) -> Iterator[tuple[Condition, str]]:
    for fault in status.faults:
        if fault.kind in _KNOWN:
            yield Condition(fault.kind), fault.words
    if not status.outputs:
        yield Condition.NO_STREAM, "No output of the broadcast machine sends."
    if status.disk_free and status.disk_free <= DISK_LOW_BYTES:
        yield Condition.DISK, f"{bytes_words(status.disk_free)} are free on {status.host}."
    if abs(status.clock_step) >= CLOCK_STEP_TOLERATED:
        yield Condition.CLOCK, f"The clock of {status.host} jumped {status.clock_step:+.1f} s."
    yield from _lives(status)
    known = {fault.words for fault in status.faults}
    others = [words for words in status.problems if words not in known]
    if others:
        yield Condition.OTHER, " ".join(others[:MOST_OTHERS])


def _lives(status: Status) -> Iterator[tuple[Condition, str]]:
    """Yield the lives that are on air without a signal."""
    on_air = {row.airing for row in status.running if row.airing is not None}
    for source in status.sources:
        if source.airing in on_air and not source.has_signal:
            yield Condition.NO_SIGNAL, f"{status.title} has no signal. {source.reason}".rstrip()
