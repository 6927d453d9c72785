"""Chunks for senders of the relay, as one burst."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GivenBurst:
    """Chunks that leave together, the first at `stamp` and each a tick of 90 kHz after the last."""

    chunks: list[bytes]
    stamp: int = 0

    def stamps(self) -> list[int]:
        return [self.stamp + place for place in range(len(self.chunks))]


def burst(*chunks: bytes, stamp: int = 0) -> GivenBurst:
    """Return these chunks as a burst."""
    return GivenBurst([*chunks], stamp)
