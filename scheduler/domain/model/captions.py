"""The captions of a library file as stored: the track, its origin, and who gave them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pydantic import TypeAdapter

from config.bounded import STRICT
from config.names import AssetKey
from media.captions.facts import CaptionFacts, CaptionOrigin


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
    corrected: bool = False
    """Whether a person corrected at least one of them here."""
    checked: datetime | None = None
    """When a person said that they had read all of them; None for not yet."""
    checked_by: str = ""

    @property
    def automatic(self) -> bool:
        """Tell whether a machine wrote them and no person has gone through them."""
        return self.facts.origin is CaptionOrigin.AUTOMATIC and self.checked is None


@dataclass(frozen=True)
class CaptionCorrection:
    """A correction of one caption, as it was stored."""

    begin: int
    """Microseconds from the start of the file to the caption."""
    before: str
    after: str
    """Empty where the caption was deleted."""
    at: datetime
    by: str
    undone: bool


CAPTION_ENTRY: TypeAdapter[CaptionEntry] = TypeAdapter(CaptionEntry)
