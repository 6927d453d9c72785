"""Holds and signed disposals as values."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.model.ids import AssetId


@dataclass(frozen=True)
class Hold:
    """A legal hold on a file: who placed it, why and when, and how it ended."""

    id: str
    asset: AssetId
    reason: str
    placed: datetime
    placed_by: str
    lifted: datetime | None = None
    lifted_by: str = ""
    lifted_reason: str = ""


@dataclass(frozen=True)
class DisposalItem:
    """A file of a signed disposal, as it was then, and what became of it."""

    asset: AssetId
    title: str
    original_name: str
    key: str
    size: int
    came: datetime
    last_aired: datetime | None
    class_name: str
    reason: str
    taken_back: datetime | None
    taken_back_by: str
    destroyed: datetime | None


@dataclass(frozen=True)
class Disposal:
    """A signed list of files to dispose of."""

    id: str
    signed: datetime
    signed_by: str
    authority: str
    items: tuple[DisposalItem, ...]
