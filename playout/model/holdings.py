"""Messages about the files that a broadcast machine holds, and those that the server lacks."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from config.bounded import STRICT, AssetRef, Count, Large, short
from playout.model.wire import VERSION

READS_HOLDINGS = 16
"""The number of READS from which a server and a machine understand these."""
MOST_HELD = 20_000
"""Most files that a machine names, the newest; older ones are not counted on."""
MOST_WANTED = 100
"""Most files that the server asks for at a time."""
LARGEST_PIECE = 4 << 20
"""Most bytes of a file that a machine sends in one request."""


@dataclass(frozen=True)
class HeldFile:
    """A file that is whole on a machine's disk."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetRef
    size: Large


@dataclass(frozen=True)
class Holdings:
    """A machine's inventory."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    files: Annotated[tuple[HeldFile, ...], Field(max_length=MOST_HELD)] | None = None
    """None where nothing has changed since the server stored the last."""
    version: Count = VERSION


@dataclass(frozen=True)
class WantedFiles:
    """The server's answer to an inventory."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    wanted: Annotated[tuple[AssetRef, ...], Field(max_length=MOST_WANTED)] = ()
    """Files of that machine that the server lacks, in the order in which it needs them."""
    released: Annotated[tuple[AssetRef, ...], Field(max_length=MOST_WANTED)] = ()
    """Files of that machine that staff deleted for good. It removes those that no plan names."""
    version: Count = VERSION


@dataclass(frozen=True)
class PieceStored:
    """The server's answer to a piece of a file."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    have: Large
    """Bytes that the server has; the next piece begins there."""
    trouble: Annotated[str, short(300)] = ""
    """Why it cannot take more now, in words; empty when it can."""
    version: Count = VERSION
