"""The air log: runs of ticks that aired alike, as JSON lines that survive the agent and the bus."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from playout.engine.waist import AirFact, Layer

LONGEST = 10.0
"""Seconds after which a run is written though it still goes on; the next fact continues it."""
_FACT = TypeAdapter(AirFact)


class Runs:
    """Turns single ticks into runs that aired alike."""

    def __init__(self, longest_ticks: int) -> None:
        self._longest = longest_ticks
        self._run: AirFact | None = None

    @property
    def current(self) -> AirFact | None:
        """The run that has not been handed out yet."""
        return self._run

    def add(self, fact: AirFact) -> AirFact | None:
        """Take in the next tick or ticks; returns the run it ended, if it did."""
        run = self._run
        if run is not None and continues(run, fact) and run.ticks < self._longest:
            self._run = joined(run, fact)
            return None
        self._run = fact
        return run

    def flush(self) -> AirFact | None:
        """Hand out the run at hand."""
        run, self._run = self._run, None
        return run


def continues(run: AirFact, fact: AirFact) -> bool:
    """True when `fact` is more of the same picture source as `run`."""
    return (
        run.tick + run.ticks == fact.tick
        and (run.layer, run.cue, run.outputs) == (fact.layer, fact.cue, fact.outputs)
        and fact.reason in ("", run.reason)
        and (run.source_first < 0) == (fact.source_first < 0)
    )


def joined(run: AirFact, fact: AirFact) -> AirFact:
    """Both as one run."""
    return replace(
        run,
        ticks=run.ticks + fact.ticks,
        end=fact.end,
        source_last=fact.source_last if fact.source_last >= 0 else run.source_last,
        held=run.held + fact.held,
        dropped=run.dropped + fact.dropped,
    )


class AirLog:
    """Appends facts to the log; a half line left by a crash is ended first, never repaired."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        self.cursor = os.fstat(self._file).st_size
        """Bytes written so far."""
        if self.cursor and os.pread(self._file, 1, self.cursor - 1) != b"\n":
            self.cursor += os.write(self._file, b"\n")

    def append(self, fact: AirFact) -> None:
        """Write one fact. Raises OSError when the disk refuses."""
        self.cursor += os.write(self._file, _FACT.dump_json(fact) + b"\n")

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)


def read_facts(path: Path, cursor: int) -> tuple[Sequence[AirFact], int]:
    """Whole facts after byte `cursor`, and the cursor after them; damaged lines are passed over."""
    try:
        with path.open("rb") as file:
            file.seek(cursor)
            text = file.read()
    except FileNotFoundError:
        return (), cursor
    whole = text[: text.rfind(b"\n") + 1]
    facts = []
    for line in whole.splitlines():
        try:
            facts.append(_FACT.validate_python(json.loads(line), strict=False))
        except (ValueError, ValidationError):
            continue
    return facts, cursor + len(whole)


def one_tick(tick: int, start: datetime, end: datetime, layer: Layer) -> AirFact:
    """A fact of one tick with nothing else known of it."""
    return AirFact(tick=tick, ticks=1, start=start, end=end, layer=layer, cue=None)
