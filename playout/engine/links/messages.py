"""How the engine's values are written in messages between its processes."""

from pydantic import TypeAdapter

from playout.model.engine import AirFact, DeckReport, Desired, Observation, Shot

SHOT = TypeAdapter(Shot)
REPORT = TypeAdapter(DeckReport)
DESIRED = TypeAdapter(Desired)
OBSERVATION = TypeAdapter(Observation)
FACT = TypeAdapter(AirFact)
