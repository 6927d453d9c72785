"""A playable file as plans describe it, and the captions stored beside it."""

from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, ClassVar

from pydantic import Field

from config.bounded import STRICT, AssetRef, Count, Large, Number, Span
from config.names import AssetKey
from playout.model.pieces import MOST_PIECES

CONTENT_LETTERS = 8


@dataclass(frozen=True)
class CaptionFile:
    """The captions of a file as stored beside it: a track as `media/captions` writes it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetRef
    size: Large


@dataclass(frozen=True)
class Media:
    """A playable file as the plan describes it, complete enough to air without another look-up."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetRef
    suffix: str
    """File name ending of the stored bytes, with its dot: `.mp4`."""
    size: Large
    length: Span
    rate: Fraction | None
    """Source frames a second; None for a still or sound alone."""
    gain_db: Number = 0.0
    has_picture: bool = True
    has_sound: bool = True

    @property
    def is_still(self) -> bool:
        """True for a picture without a length of its own."""
        return self.has_picture and self.rate is None and not self.length

    captions: Annotated[CaptionFile | None, Field(exclude_if=lambda file: file is None)] = None
    """Its captions; None for none, and then the field is not written, because hosts and servers of
    the version before refuse it."""
    pieces: Annotated[
        tuple[tuple[Count, Count], ...],
        Field(max_length=MOST_PIECES, exclude_if=lambda pieces: not pieces),
    ] = ()
    """The frames of the file that air, [first, after last) each (`playout/model/pieces`); `length`
    is then theirs together. Empty for the whole file."""

    @property
    def material(self) -> AssetKey:
        """The name by which rules against repeats know it: the key of a whole file, and a name of
        its own for each cut, so that two cuts of one recording are not one another's repeat.
        """
        if not self.pieces:
            return self.key
        return AssetKey(sha256(f"{self.key} {self.pieces}".encode()).hexdigest())

    @property
    def content(self) -> str:
        """Eight letters that tell it from another file, and from another cut of the same one."""
        return self.material[:CONTENT_LETTERS]
