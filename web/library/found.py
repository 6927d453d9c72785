"""The list of the library: a page of what a search found."""

from dataclasses import dataclass

from playout.model.search import AssetKind
from scheduler.queries import grid, proposals
from scheduler.queries import library as query
from scheduler.queries.library import FoundFile
from scheduler.reading.channels import zone_of
from web.kit import words
from web.kit.context import actor, database, now
from web.library.cards import FileLine, file_line
from web.library.search_form import FILES_A_PAGE, SearchAddress

FROM_WORDS = {AssetKind.UPLOAD: "from", AssetKind.RECORDING: "recorded", AssetKind.CUT: "cut"}


@dataclass(frozen=True)
class SaidLine:
    """A caption in which words of the search were found."""

    text: str
    at: str
    """Its time in the file: `1:05:20`."""
    seconds: int


@dataclass(frozen=True)
class FoundLine:
    """One file of the list."""

    file: FileLine
    details: tuple[str, ...]
    """Kind, body and day, as far as they are known."""
    tags: tuple[str, ...]
    said: SaidLine | None
    twin: str
    """Id of a file with the same content; empty for none."""
    twin_title: str


@dataclass(frozen=True)
class FoundList:
    """A page of files, with where it is in all that was found."""

    lines: tuple[FoundLine, ...]
    total: int
    address: SearchAddress
    first: int
    """Number of the first file on the page, from 1."""
    pages: int

    @property
    def last(self) -> int:
        """Number of the last file on the page."""
        return self.first + len(self.lines) - 1


def found_list(address: SearchAddress) -> FoundList:
    """Return a page of what the reader's search found."""
    channels, at = grid.channels(database()), now()
    skip = (address.page - 1) * FILES_A_PAGE
    zone = zone_of(channels)
    found = query.search(database(), address.search, at, zone, skip=skip, most=FILES_A_PAGE)
    waiting = proposals.filler(database(), at)
    pages = max(1, -(-found.total // FILES_A_PAGE))
    today = at.astimezone(zone).date()
    lines = tuple(
        _line(one, file_line(one.entry, channels, at, actor(), waiting), words.day(one.day, today))
        for one in found.files
    )
    return FoundList(lines, found.total, address, skip + 1, pages)


def _line(one: FoundFile, file: FileLine, day: str) -> FoundLine:
    said = one.said
    return FoundLine(
        file=file,
        details=tuple(filter(None, (one.body, f"{FROM_WORDS[one.kind]} {day}"))),
        tags=one.tags,
        said=SaidLine(said.text, _time(said.milliseconds), said.milliseconds // 1000)
        if said is not None
        else None,
        twin=one.twin.id if one.twin is not None else "",
        twin_title=one.twin.title if one.twin is not None else "",
    )


def _time(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
