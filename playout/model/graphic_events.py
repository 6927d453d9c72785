"""Events about graphics over the picture, as the host journals them."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from config.bounded import STRICT, Instant
from playout.model.graphics import PlannedGraphic

GraphicKind = Literal["lower third", "crawl"]


@dataclass(frozen=True)
class Keyed:
    """An operator showed a lower third or a crawl; it replaces the one of its kind before it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    graphic: PlannedGraphic
    at: Instant
    by: str
    what: Literal["keyed"] = "keyed"


@dataclass(frozen=True)
class Unkeyed:
    """An operator took down the lower third or the crawl, planned or not, that was on the
    picture.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    kind: GraphicKind
    at: Instant
    by: str
    what: Literal["unkeyed"] = "unkeyed"


@dataclass(frozen=True)
class BugSet:
    """An operator took the channel's bug off, or put it on again."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    on: bool
    at: Instant
    by: str
    what: Literal["bug"] = "bug"
