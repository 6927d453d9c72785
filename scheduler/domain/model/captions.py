"""The captions of a library file as stored: the track, its origin, and who gave them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pydantic import TypeAdapter

from config.bounded import STRICT
from config.names import AssetKey
from media.captions.facts import CaptionFacts


@dataclass(frozen=True)
class CaptionEntry:
    """Captions that air with a file."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetKey
    size: int
    """Bytes of the track."""
    facts: CaptionFacts
    name: str
    """Name of the caption file; empty where they came inside the file itself."""
    since: datetime
    by: str
    """The name of the person who gave them, or the server's own."""


CAPTION_ENTRY: TypeAdapter[CaptionEntry] = TypeAdapter(CaptionEntry)
