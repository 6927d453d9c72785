"""The agent's client of the engine: desired states out, observations and air facts in."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from playout.engine.links.air_log import read_facts
from playout.engine.links.caption_names import CaptionNamesFile
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
NAMES_UNWRITTEN = "Automatic captions do not get the station's names: they cannot be written"
LOG_UNREAD = "What aired is not counted: the air log cannot be read"
RECORDINGS_UNREAD = "Recordings cannot be looked at"


class EngineClient:
    """The engine's waist (`Engine` in `playout.model.engine`), over the socket the supervisor made.

    Orders and observations use the socket only. Every file besides may fail without touching them:
    each failure is one of `Observation.problems` until the same step succeeds.
    """

    def __init__(
        self, socket_handle: int, air_log: Path, watched: ProcessWatch | None = None
    ) -> None:
        self._port = Port(socket_handle)
        self._watched = watched
        """The problems of the channel's processes; None where the caller does not ask for them."""
        self._air_log = air_log
        self._seen: Observation | None = None
        self._intakes, self._shelf = IntakeFiles(air_log.parent), RecordingShelf(air_log.parent)
        self._names = CaptionNamesFile(air_log.parent)
        self._problems: dict[str, str] = {}

    def show(self, desired: Desired) -> None:
        """Make this the desired state. Raises EngineError while the bus does not read.

        The bus hears of it first: with a full disk it must still air the schedule. Intakes go to
        the gateways only, because addresses hold keys. The sources on air and next are listed
        first, so that they open before any other.
        """
        order = replace(desired, intakes=(), caption_names=())
        heard = self._port.send(DESIRED.dump_python(order, mode="json"))
        shown = [shot.source for shot in (desired.on_air, desired.next) if shot is not None]
        ordered = sorted(desired.intakes, key=lambda intake: intake.source.id not in shown)
        self._guarded(INTAKES_REFUSED, lambda: self._intakes.want(ordered), None)
        self._guarded(NAMES_UNWRITTEN, lambda: self._names.want(desired.caption_names), None)
        if not heard:
            raise EngineError("the program bus takes no orders at the moment")

    def observe(self) -> Observation | None:
        """Return the newest observation; None while there is none. Raises EngineError when the bus
        sends something unknown.
        """
        for message in self._port.receive():
            try:
                self._seen = OBSERVATION.validate_python(message)
            except ValidationError as error:
                raise EngineError(f"the bus sent something unknown: {error}") from error
        if self._seen is None:
            return None
        seen, no_sources, no_recordings = self._seen, tuple[SourceReport](), tuple[Recording]()
        reports = self._guarded(SOURCES_UNREAD, lambda: self._intakes.reports(seen.utc), no_sources)
        busy = {report.airing for report in reports if report.airing is not None}
        kept = self._guarded(RECORDINGS_UNREAD, lambda: self._shelf.recordings(busy), no_recordings)
        processes = self._watched.problems() if self._watched is not None else ()
        problems = (*seen.problems, *self._problems.values(), *processes)
        left = self._watched.recent_words() if self._watched is not None else None
        captions = replace(seen.captions, left=left)
        numbers = self._watched.numbers() if self._watched is not None else seen.numbers
        return replace(
            seen, sources=reports, recordings=kept, problems=problems, captions=captions,
            numbers=numbers,
        )  # fmt: skip

    def facts(self, cursor: int) -> tuple[Sequence[AirFact], int]:
        """Return whole facts after byte `cursor` of the air log, and the cursor after them."""
        nothing: tuple[Sequence[AirFact], int] = ((), cursor)
        return self._guarded(LOG_UNREAD, lambda: read_facts(self._air_log, cursor), nothing)

    def close(self) -> None:
        """Close the socket. The engine runs on without the agent."""
        self._port.close()

    def _guarded(self, trouble: str, step: Callable[[], T], otherwise: T) -> T:
        """Run a step that needs a file. Return `otherwise` where the disk refuses, and report that
        as a problem.
        """
        try:
            done = step()
        except (OSError, ValueError) as error:
            if trouble not in self._problems:
                log.warning("%s: %s", trouble, error)
            self._problems[trouble] = f"{trouble} ({getattr(error, 'strerror', None) or error})."
            return otherwise
        self._problems.pop(trouble, None)
        return done
