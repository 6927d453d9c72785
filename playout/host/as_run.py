"""As-run rows: what aired is read from the air log, and journalled once it is over, and how loud
it was, and what was restarted because the stream left wrong.
"""

from datetime import datetime, timedelta
from pathlib import Path

from config.readjson import read_json
from config.wholefile import write_whole
from playout.asrun.sent import SentStretches
from playout.host.channel_state import ChannelState
from playout.host.leaving import Restarts
from playout.host.loudness import MeasuredCues
from playout.host.metrics import PictureCounts
from playout.model.engine import Engine, Observation
from playout.timing.retry import coming_back

CURSOR_SAVED_EVERY = timedelta(seconds=10)
"""How often the place in the air log is written to disk."""


class AsRunWriter:
    """Reads the air log from where the last agent stopped, and journals a row for each airing, and
    its loudness, and restarts that the watcher of the output asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "air.cursor"
        self._cursor = 0
        self._saved: tuple[int, datetime] | None = None
        self._measured, self._restarts = MeasuredCues(folder), Restarts(folder)
        self.pictures = PictureCounts()
        """Pictures counted since this agent started."""

    def open(self) -> None:
        """Go on where the last agent was, a little before anything it had not journalled."""
        try:
            self._cursor = int(read_json(self._path))
        except (OSError, ValueError, TypeError):
            # From the beginning: an airing counted twice gets the same id, and is written once.
            self._cursor = 0

    def write(
        self,
        engine: Engine,
        state: ChannelState,
        now: datetime,
        seen: Observation | None,
        sent: SentStretches,
    ) -> None:
        """Count what aired since the last call and left this machine, and journal what is over.
        Raises EngineError.
        """
        reckoner = state.reckoner
        start = self._cursor
        facts, self._cursor = engine.facts(start)
        # While facts wait in the bus for a disk that is full, or more follow than one reading
        # takes, an airing without facts is not judged as missed: its facts are still to come.
        more = seen is not None and bool(facts) and self._cursor < seen.air_cursor
        log_waits = more or (seen is not None and seen.log_waits)
        known = {cue.id: cue for cue in state.happened.pinned}
        reckoner.count(sent.of(facts), known, start)
        self.pictures = PictureCounts(
            self.pictures.aired + sum(fact.ticks for fact in facts),
            self.pictures.held + sum(fact.held for fact in facts),
            self.pictures.dropped + sum(fact.dropped for fact in facts),
        )
        tried = coming_back(state.plan, state.happened, now)
        for row in reckoner.rows(state.plan, state.rundown, state.happened, now, log_waits, tried):
            if sent.accounts_for(row):
                state.journal.as_run(now, row)
        for measured in self._measured.news():
            state.journal.fact(now, measured, measured.entry)
        for restart in self._restarts.news():
            state.journal.alarm(now, restart.words, restart.id)
        self._save(reckoner.safe(self._cursor), now)

    def _save(self, cursor: int, now: datetime) -> None:
        """Write the place before which every airing has its row."""
        if self._saved is not None and timedelta(0) <= now - self._saved[1] < CURSOR_SAVED_EVERY:
            return
        if self._saved is None or self._saved[0] != cursor:
            try:
                write_whole(self._path, str(cursor).encode())
            except OSError:
                return
        self._saved = (cursor, now)
