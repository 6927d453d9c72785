"""The editorial record of a program: what it is, independent of when and where it airs."""

from dataclasses import dataclass

from config import webaddress
from scheduler.domain.model.ids import AssetId, ProgramId


@dataclass(frozen=True)
class ProgramDraft:
    """The fields of a program that staff may set. Title, summary, category and link are public."""

    title: str
    summary: str = ""
    category: str = ""
    body: str = ""
    """The public body that meets, for meetings: `City Council`."""
    link: str = ""
    """A page for viewers: agenda or details; http or https."""
    asset: AssetId | None = None
    """Airs unless an airing names another file."""
    notes: str = ""
    """For staff only."""


@dataclass(frozen=True)
class Program:
    """A program as stored."""

    id: ProgramId
    title: str
    summary: str
    category: str
    body: str
    link: str
    asset: AssetId | None
    notes: str
    archived: bool
    version: int


def problems(draft: ProgramDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not draft.title.strip() or len(draft.title) > 200:
        errors["title"] = "Give the program a title of up to 200 characters."
    if wrong := webaddress.problem(draft.link):
        errors["link"] = wrong
    return errors
