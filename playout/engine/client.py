"""The agent's end of the engine: desired states in, observations and air facts out."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from playout.engine.links.air_log import read_facts
from playout.engine.links.intake import IntakeFiles
from playout.engine.links.messages import DESIRED, OBSERVATION
from playout.engine.links.port import Port
from playout.engine.links.process_watch import ProcessWatch
from playout.engine.recording.pieces import RecordingShelf
from playout.model.engine import AirFact, Desired, EngineError, Observation
from playout.model.recording import Recording
from playout.model.source import SourceReport

log = logging.getLogger(__name__)
T = TypeVar("T")

INTAKES_REFUSED = "Sources cannot be opened or recorded again: intakes.json cannot be written"
SOURCES_UNREAD = "What the sources send is not known: their reports cannot be read"
LOG_UNREAD = "What aired is not counted: the air log cannot be read"
RECORDINGS_UNREAD = "Recordings cannot be looked at"


class EngineClient:
    """`waist.Engine` over the socket the supervisor made.

    Orders and observations go over the socket alone. Every file beside it may fail without
    touching them: each failure is one of `Observation.problems` until the same step succeeds.
    """

    def __init__(
        self, socket_handle: int, air_log: Path, watched: ProcessWatch | None = None
    ) -> None:
        self._port = Port(socket_handle)
        self._watched = watched
        """What is known of the processes themselves; None where nobody asks."""
        self._air_log = air_log
        self._seen: Observation | None = None
        self._desk, self._shelf = IntakeFiles(air_log.parent), RecordingShelf(air_log.parent)
        self._problems: dict[str, str] = {}

    def show(self, desired: Desired) -> None:
        """Make this the desired state. Raises EngineError when the bus does not read.

        The bus is told first: with the disk full it must still air the schedule. What is to be
        taken in goes to the gateways alone, because addresses hold keys. What is on air or next
        has its source open before any other.
        """
        told = replace(desired, intakes=())
        heard = self._port.send(DESIRED.dump_python(told, mode="json"))
        seen = [shot.source for shot in (desired.on_air, desired.next) if shot is not None]
        first = sorted(desired.intakes, key=lambda intake: intake.source.id not in seen)
        self._beside(INTAKES_REFUSED, lambda: self._desk.want(first), None)
        if not heard:
            raise EngineError("the program bus does not take orders at the moment")

    def observe(self) -> Observation | None:
        """The newest observation, None while there is none. Raises EngineError."""
        for message in self._port.receive():
            try:
                self._seen = OBSERVATION.validate_python(message)
            except ValidationError as error:
                raise EngineError(f"the bus said something unknown: {error}") from error
        if self._seen is None:
            return None
        seen, no_sources, no_recordings = self._seen, tuple[SourceReport](), tuple[Recording]()
        reports = self._beside(SOURCES_UNREAD, lambda: self._desk.reports(seen.utc), no_sources)
        busy = {report.airing for report in reports if report.airing is not None}
        kept = self._beside(RECORDINGS_UNREAD, lambda: self._shelf.recordings(busy), no_recordings)
        processes = self._watched.problems() if self._watched is not None else ()
        problems = (*seen.problems, *self._problems.values(), *processes)
        return replace(seen, sources=reports, recordings=kept, problems=problems)

    def facts(self, cursor: int) -> tuple[Sequence[AirFact], int]:
        """Whole facts after byte `cursor` of air.log, and the cursor after them."""
        nothing: tuple[Sequence[AirFact], int] = ((), cursor)
        return self._beside(LOG_UNREAD, lambda: read_facts(self._air_log, cursor), nothing)

    def close(self) -> None:
        """Let go of the engine; it goes on without."""
        self._port.close()

    def _beside(self, trouble: str, step: Callable[[], T], otherwise: T) -> T:
        """Do what needs a file; `otherwise` where the disk refuses, which is then a problem."""
        try:
            done = step()
        except (OSError, ValueError) as error:
            if trouble not in self._problems:
                log.warning("%s: %s", trouble, error)
            self._problems[trouble] = f"{trouble} ({getattr(error, 'strerror', None) or error})."
            return otherwise
        self._problems.pop(trouble, None)
        return done
