"""The look of a station's bulletins as the plan carries it: colours, font, logo and clock."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from config.bounded import STRICT, AssetRef, Large, Name

ColourText = Annotated[str, StringConstraints(pattern="^#[0-9a-f]{6}$")]
"""A colour written `#1a344e`."""


@dataclass(frozen=True)
class LookFile:
    """A font or logo, by the content of its file, as the broadcast machine fetches it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetRef
    suffix: str
    """File name ending of the stored bytes, with its dot: `.ttf`."""
    size: Large


@dataclass(frozen=True)
class StyleColours:
    """A station's own colours for one style of its bulletins."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    style: Name
    background: ColourText
    accent: ColourText
    text: ColourText


@dataclass(frozen=True)
class StationLook:
    """The look of a station's bulletins; by default Gavel's own."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    colours: tuple[StyleColours, ...] = ()
    """A style that is not named keeps its usual colours."""
    font: LookFile | None = None
    bold: LookFile | None = None
    """For headings; None for `font`."""
    logo: LookFile | None = None

    @property
    def files(self) -> tuple[LookFile, ...]:
        """The files that drawing needs."""
        return tuple(file for file in (self.font, self.bold, self.logo) if file is not None)
