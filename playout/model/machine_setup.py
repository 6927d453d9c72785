"""Report of a broadcast machine on how it is set up, so that two machines can be compared."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from config.bounded import STRICT, short

MOST_TARGETS, LONGEST_TARGET = 32, 300


@dataclass(frozen=True)
class TargetReached:
    """A target of the stream, and whether it takes it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    shown: Annotated[str, short(LONGEST_TARGET)]
    """The target without its secrets."""
    up: bool


@dataclass(frozen=True)
class MachineSetup:
    """Setup of a machine for one channel."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    version: Annotated[str, short(40)] = ""
    """The version of Gavel that runs; empty where it is not known."""
    stream: Annotated[str, short(200)] = ""
    """House format and coding of the stream, in one line that is the same on machines alike."""
    targets: Annotated[tuple[TargetReached, ...], Field(max_length=MOST_TARGETS)] = ()
