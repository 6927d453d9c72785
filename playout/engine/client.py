"""The agent's end of the engine: desired states in, observations and air facts out."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from playout.engine.airlog import read_facts
from playout.engine.intake import IntakeDesk
from playout.engine.messages import DESIRED, OBSERVATION
from playout.engine.waist import AirFact, Desired, EngineError, Observation
from playout.engine.wiring import Port
from playout.recording import Shelf


class EngineClient:
    """`waist.Engine` over the socket the supervisor made."""

    def __init__(self, socket_handle: int, air_log: Path) -> None:
        self._port = Port(socket_handle)
        self._air_log = air_log
        self._seen: Observation | None = None
        self._desk, self._shelf = IntakeDesk(air_log.parent), Shelf(air_log.parent)

    def show(self, desired: Desired) -> None:
        """Make this the desired state. Raises EngineError when the bus does not read.

        What is to be taken in goes to the gateways alone: addresses hold keys. What is on air or
        next has its source open before any other.
        """
        seen = [shot.source for shot in (desired.on_air, desired.next) if shot is not None]
        first = sorted(desired.intakes, key=lambda intake: intake.source.id not in seen)
        try:
            self._desk.want(first)
        except OSError as error:
            raise EngineError(f"the intakes cannot be written: {error.strerror}") from error
        told = replace(desired, intakes=())
        if not self._port.send(DESIRED.dump_python(told, mode="json")):
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
        reports = self._desk.reports(self._seen.utc)
        busy = {report.airing for report in reports if report.airing is not None}
        kept = self._shelf.recordings(busy)
        return replace(self._seen, sources=reports, recordings=kept)

    def facts(self, cursor: int) -> tuple[Sequence[AirFact], int]:
        """Whole facts after byte `cursor` of air.log, and the cursor after them."""
        return read_facts(self._air_log, cursor)

    def close(self) -> None:
        """Let go of the engine; it goes on without."""
        self._port.close()
