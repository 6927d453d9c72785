"""Adapters that turn the engine's values into messages between its processes, and back."""

from pydantic import TypeAdapter

from playout.model.engine import AirFact, DeckReport, Desired, Observation, Shot

SHOT = TypeAdapter(Shot)
REPORT = TypeAdapter(DeckReport)
DESIRED = TypeAdapter(Desired)
OBSERVATION = TypeAdapter(Observation)
FACT = TypeAdapter(AirFact)
