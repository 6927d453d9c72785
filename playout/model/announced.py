"""Promises to viewers for the coming days, for pages that the broadcast machine writes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from config.bounded import STRICT, AiringRef, Instant, Span, Title


class AutomaticPage(StrEnum):
    """The bulletins that the broadcast machine writes itself, as layouts of a page."""

    NEXT = "next"
    """What is on now and what follows."""
    TONIGHT = "tonight"
    """Today's meetings that are not over."""
    WEEK = "week"
    """The meetings of the next seven days."""
    CHANGES = "changes"
    """What was moved or canceled in the next seven days."""


@dataclass(frozen=True)
class Announced:
    """A coming meeting, or an airing that was moved or canceled, as viewers may know it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    airing: AiringRef
    title: Title
    start: Instant
    length: Span
    live: bool = False
    cancelled: bool = False
    moved_from: Instant | None = None
    """The start that viewers were told first; None if it never changed."""
    where: Title = ""
    """The room of a meeting."""
