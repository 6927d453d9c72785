"""Requests of machines to voters, and the answers of voters."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from config.bounded import STRICT, Large, Name, short

VERSION = 1
Wish = Literal["renew", "free", "look"]
"""`renew` asks for a promise, `free` gives it back for good, `look` only asks who has it."""


@dataclass(frozen=True)
class VoteRequest:
    """One machine's wish to one voter."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    machine: Name
    """Its name and a random part, new with every start of the channel: two machines made from one
    disk image differ."""
    term: Large
    """The term that it wants to send in; a machine counts it up each time it begins to send."""
    wants: Wish = "renew"
    version: Large = VERSION


@dataclass(frozen=True)
class VoteAnswer:
    """One voter's answer."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    granted: bool
    term: Large
    """The highest term that the voter has promised."""
    holder: Annotated[str, short(120)] = ""
    """The machine that has its promise now; empty for none."""
    left_ms: Large = 0
    """Milliseconds until the promise ends; also the time for which a voter that has just started
    makes none."""
    version: Large = VERSION
