"""The air log: runs of ticks that aired alike, as JSON lines that outlive agent and bus."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from playout.engine.links.log_text import log_files, read_lines
from playout.engine.links.messages import FACT
from playout.model.engine import AirFact
from playout.model.layer import Layer

LONGEST_RUN = 10.0
"""Seconds after which an open run is written although it goes on; the next fact continues it."""
LOG_KEPT_FOR = timedelta(days=8)
"""How long a file of the log is kept after its last fact."""
LOG_FILE_BYTES = 16 * 2**20
"""Bytes after which a file of the log is closed before its day is over."""
FACTS_IN_MEMORY = 20_000
"""Facts that wait while the disk refuses: two days of the longest runs, about 10 MB."""
LOG_TAIL_BYTES = 1 << 16
"""Bytes before the log's end that hold its last fact."""
BUS_AWAY = "the program bus was away"


class Runs:
    """A collector that turns single ticks into runs that aired alike."""

    def __init__(self, longest_ticks: int) -> None:
        self._longest = longest_ticks
        self._run: AirFact | None = None

    @property
    def current(self) -> AirFact | None:
        """The run that is still open."""
        return self._run

    def add(self, fact: AirFact) -> AirFact | None:
        """Add the next tick or ticks. Return the run that this closed, if any."""
        run = self._run
        if run is not None and continues(run, fact) and run.ticks < self._longest:
            self._run = join_facts(run, fact)
            return None
        self._run = fact
        return run


def continues(run: AirFact, fact: AirFact) -> bool:
    """Return whether `fact` continues `run`: the next tick, from the same picture source."""
    return (
        run.tick + run.ticks == fact.tick
        and (run.layer, run.cue, run.outputs) == (fact.layer, fact.cue, fact.outputs)
        and fact.reason in ("", run.reason)
        and (run.source_first < 0) == (fact.source_first < 0)
        and not _jumps(run, fact)
    )


def _jumps(run: AirFact, fact: AirFact) -> bool:
    """Return whether the file goes on elsewhere than behind the run: a cut leaves frames out."""
    went_on = fact.source_first == run.source_last + 1 + fact.dropped
    return fact.source_first >= 0 and run.source_last >= 0 and not went_on


def join_facts(run: AirFact, fact: AirFact) -> AirFact:
    """Return both facts as one run."""
    return replace(
        run,
        ticks=run.ticks + fact.ticks,
        end=fact.end,
        source_last=fact.source_last if fact.source_last >= 0 else run.source_last,
        held=run.held + fact.held,
        dropped=run.dropped + fact.dropped,
    )


def extend_run(run: AirFact, until: int, instant: Callable[[int], datetime]) -> AirFact:
    """Return the run, known to have gone on unchanged until just before tick `until`."""
    more = max(0, until - run.tick - run.ticks)
    last = run.source_last + more if run.source_last >= 0 else -1
    return replace(run, ticks=run.ticks + more, end=instant(until), source_last=last)


def bus_gap_facts(
    run: AirFact, until: int, instant: Callable[[int], datetime], most_held: int
) -> list[AirFact]:
    """Return the facts for the ticks between a run and tick `until`, while no bus was running.

    Outputs held their last picture for at most `most_held` of them, then showed a slate of their
    own.
    """
    first = run.tick + run.ticks
    turn = min(until, first + most_held)
    held = replace(
        run, tick=first, ticks=turn - first, start=instant(first), end=instant(turn),
        source_first=-1, source_last=-1, held=turn - first, dropped=0, reason=BUS_AWAY,
    )  # fmt: skip
    slate = replace(
        held, tick=turn, ticks=until - turn, start=held.end, end=instant(until),
        layer=Layer.SLATE, held=0,
    )  # fmt: skip
    return [fact for fact in (held, slate) if fact.ticks > 0]


class AirLog:
    """A writer that appends facts to the log, in a new file each day.

    The files are stretches of one endless text: the first bears the log's name, each later one also
    the byte it begins at. None is ever renamed, so a cursor stays true. Half a line left by a crash
    is ended first, never repaired.

    Air goes on without its log: where the disk refuses, or something else is in the log's place,
    nothing is raised. The facts wait in memory, `problem` says why, and `save` writes them once it
    can. They are also kept in `spare`, memory that outlives the process, so that the next bus can
    write them if this one dies before the disk takes them.
    """

    def __init__(self, path: Path, spare: int | None = None) -> None:
        self._path, self._spare = path, spare
        self._file: int | None = None
        self._spared = os.fstat(spare).st_size if spare is not None else 0
        left = os.pread(spare, self._spared, 0) if spare is not None else b""
        self._waiting: deque[AirFact] = deque(_facts_in(left), maxlen=FACTS_IN_MEMORY)
        self._left_over = bool(self._waiting)
        """Whether the waiting facts are the previous bus's, which may have written the first of
        them."""
        self._begin, self._day = 0, datetime.min.replace(tzinfo=UTC).date()
        self.cursor = 0
        """Bytes written so far, in all files."""
        self.problem = ""
        """Why facts wait in memory, as a sentence; empty while they are written."""
        self.save()

    def append(self, fact: AirFact) -> None:
        """Write one fact, or keep it in memory until the disk takes it."""
        self._waiting.append(fact)
        self.save()
        if self._waiting and self._spare is not None and self._spared < LOG_FILE_BYTES:
            with suppress(OSError):
                line = FACT.dump_json(fact) + b"\n"
                self._spared += os.pwrite(self._spare, line, self._spared)

    def save(self) -> None:
        """Write the facts that wait. The bus repeats it four times a second while there is a
        problem.
        """
        try:
            if self._file is not None and not os.fstat(self._file).st_nlink:
                self.close()
            while self._waiting or self._file is None:
                if self._file is None:
                    self._file = self._opened()
                    continue
                self._write(self._file, self._waiting[0])
                self._waiting.popleft()
        except OSError as error:
            self.problem = f"The air log cannot be written: {error.strerror}."
            self.close()
            return
        self.problem = ""
        if self._spare is not None and self._spared:
            os.ftruncate(self._spare, 0)
            self._spared = 0

    def _opened(self) -> int:
        """Open the newest file, end half a line in it, and find where it ends."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        begin, newest = (log_files(self._path) or [(0, self._path)])[-1]
        file = _open(newest)
        found = os.fstat(file)
        self._begin, self._day = begin, datetime.fromtimestamp(found.st_mtime, UTC).date()
        self.cursor = begin + found.st_size
        try:
            if found.st_size and os.pread(file, 1, found.st_size - 1) != b"\n":
                self.cursor += os.write(file, b"\n")
        except OSError:
            os.close(file)
            raise
        if self._left_over:
            self._drop_what_is_written()
        return file

    def _drop_what_is_written(self) -> None:
        """Drop those facts of the previous bus that are in the log already."""
        written, _ = read_facts(self._path, self.cursor - LOG_TAIL_BYTES)
        last = max((fact.start for fact in written), default=None)
        left = [fact for fact in self._waiting if last is None or fact.start > last]
        self._waiting, self._left_over = deque(left, maxlen=FACTS_IN_MEMORY), False

    def _write(self, file: int, fact: AirFact) -> None:
        """Write one line. Where the disk takes only part of it, that part stays as a damaged line,
        and a later try writes the whole again.
        """
        full = self.cursor - self._begin >= LOG_FILE_BYTES
        if self.cursor > self._begin and (fact.end.date() != self._day or full):
            file = self._turn(file, fact.end)
        line = FACT.dump_json(fact) + b"\n"
        while line:
            written = os.write(file, line)
            self.cursor += written
            line = line[written:]

    def _turn(self, file: int, now: datetime) -> int:
        """Begin a new file, drop files past LOG_KEPT_FOR, and return the file to write to. A disk
        that allows neither changes nothing.
        """
        self._day = now.date()
        with suppress(OSError):
            following = _open(_stretch(self._path, self.cursor))
            os.close(file)
            self._file, self._begin = following, self.cursor
        with suppress(OSError):
            for _, old in log_files(self._path)[:-1]:
                if old.stat().st_mtime < (now - LOG_KEPT_FOR).timestamp():
                    old.unlink()
        return self._file if self._file is not None else file

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _stretch(path: Path, begin: int) -> Path:
    return path.with_name(f"{path.name}.{begin:015d}") if begin else path


def read_facts(path: Path, cursor: int) -> tuple[Sequence[AirFact], int]:
    """Return whole facts after byte `cursor` of the log, and the cursor after them.

    Damaged lines and unreadable files are skipped. Raises OSError where the machine lacks
    something: the facts can be read once that is over. A cursor into a dropped file continues at
    the oldest file kept; one past the end (the log was lost) returns to the end. One call reads at
    most BYTES_PER_READ of a file: call again with the cursor it gives.
    """
    whole, cursor = read_lines(path, cursor)
    return _facts_in(whole), cursor


def _facts_in(lines: bytes) -> list[AirFact]:
    """Return the facts of these lines, without damaged ones."""
    facts = []
    for line in lines.splitlines():
        with suppress(ValueError, ValidationError):
            facts.append(FACT.validate_json(line))
    return facts
