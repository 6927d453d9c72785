"""A search of the library in an address, and the words and choices of its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import url_for

from playout.model.search import (
    LONGEST_BODY,
    LONGEST_TAG,
    MOST_TAGS,
    AssetFilter,
    AssetKind,
    AssetOrder,
)
from scheduler.db.store import Database
from scheduler.domain.library.details import split_tags
from scheduler.domain.library.saved_search import KIND_WORDS, ORDER_WORDS
from scheduler.domain.library.search import LONGEST_WORDS, Search
from scheduler.domain.model.text import one_line
from scheduler.queries import details
from web.kit.bounds import number
from web.kit.dates import parse_day

FILES_A_PAGE = 50
MOST_PAGES = 100_000
MOST_DAYS = 40_000
LONGEST_MINUTES = 60 * 24 * 7
DAYS_WORDS = {"": "any day", "0": "today", "7": "the last 7 days", "30": "the last 30 days",
              "365": "the last year"}  # fmt: skip
CAPTION_WORDS = {"": "with or without", "yes": "with captions", "no": "without captions"}
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True)
class SearchAddress:
    """A search as an address says it, with the page that is shown."""

    search: Search
    page: int
    """From 1."""
    given: Mapping[str, str]
    """The parameters that say something, to be filled in and passed on."""

    @property
    def is_filtered(self) -> bool:
        """True when anything but words and order is asked for."""
        return self.search.filter != AssetFilter()

    @property
    def is_any(self) -> bool:
        """True when every file is shown."""
        return not self.is_filtered and not self.search.words

    def url(self, page: int, endpoint: str = "media.home") -> str:
        """Return the address of another page of it."""
        given: dict[str, Any] = dict(self.given) | ({"page": page} if page > 1 else {})
        return url_for(endpoint, **given)


NAMES = (
    *("q", "order", "kind", "body", "program", "tags", "days", "since", "until"),
    *("shortest", "longest", "rested", "captions"),
)


def read_address(args: Mapping[str, str]) -> SearchAddress:
    """Read a search out of an address. What cannot be read is left out: people type addresses."""
    texts = {name: one_line(args.get(name, ""))[:LONGEST_WORDS] for name in NAMES}
    tags = [tag for tag in split_tags(texts["tags"]) if len(tag) <= LONGEST_TAG]
    chosen = AssetFilter(
        body=texts["body"][:LONGEST_BODY],
        program=texts["program"][:80],
        tags=tuple(tags[:MOST_TAGS]),
        kind=_one_of(AssetKind, texts["kind"]),
        within_days=_whole(args, "days", MOST_DAYS),
        since=parse_day(texts["since"]),
        until=parse_day(texts["until"]),
        shortest=_minutes(args, "shortest"),
        longest=_minutes(args, "longest"),
        not_aired_for=_days(args, "rested"),
        captioned={"yes": True, "no": False}.get(texts["captions"]),
    )
    order = _one_of(AssetOrder, texts["order"]) or AssetOrder.NEWEST
    page = max(1, number(args, "page", 1, MOST_PAGES))
    given = {name: text for name, text in texts.items() if text and text != AssetOrder.NEWEST.value}
    return SearchAddress(Search(texts["q"], chosen, order), page, given)


def offers(db: Database) -> dict[str, Any]:
    """Return the choices of the search's form."""
    known = details.names_in_use(db)
    return {
        "orders": [(one.value, said) for one, said in ORDER_WORDS.items()],
        "kinds": [("", "every file"), *((one.value, said) for one, said in KIND_WORDS.items())],
        "days": list(DAYS_WORDS.items()),
        "captions": list(CAPTION_WORDS.items()),
        "bodies": known.bodies,
        "tags": known.tags,
    }


def _one_of(kind: type[_E], text: str) -> _E | None:
    return next((one for one in kind if one.value == text), None)


def _whole(args: Mapping[str, str], name: str, most: int) -> int | None:
    value = number(args, name, -1, most)
    return value if value >= 0 else None


def _minutes(args: Mapping[str, str], name: str) -> timedelta | None:
    value = _whole(args, name, LONGEST_MINUTES)
    return timedelta(minutes=value) if value else None


def _days(args: Mapping[str, str], name: str) -> timedelta | None:
    value = _whole(args, name, 400)
    return timedelta(days=value) if value else None
