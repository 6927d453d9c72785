"""Counts of a channel's processes, for metrics. No decision is made by these numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class EngineNumbers:
    """The counts of a channel's processes, as far as they are known."""

    restarts: Mapping[str, int] = field(default_factory=dict)
    """How often each process was started again, by its name."""
    stream: Mapping[str, float] = field(default_factory=dict)
    """The numbers of the relay's report, by their names there."""
    targets: Mapping[str, tuple[int, int, bool]] = field(default_factory=dict)
    """For each target, by its address without secrets: bytes sent, bytes dropped, and whether it
    takes the stream now."""
