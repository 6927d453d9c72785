"""A search of the library, as a page asks it and as a block or replay rule keeps it.

A search is words and a filter. Only the server knows the words of files and their captions; the
filter and the order are plain fields, which a broadcast machine reads as well
(`playout/timing/search`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from config.bounded import STRICT, short
from playout.model.search import AssetFilter, AssetOrder, SearchFacts
from playout.timing import search as filtering
from playout.timing.search import words_of

LONGEST_WORDS = 200
"""Characters of the words of a search."""
MOST_TERMS = 16
"""Terms that a search reads; further ones are left out."""


@dataclass(frozen=True)
class Term:
    """One thing to find: a word that begins so, or whole words that follow one another."""

    words: tuple[str, ...]
    """Folded, at least one."""
    whole: bool = False
    """True where the last word must be whole; else it may go on. So is a phrase, and a word of one
    letter or digit: `ward 4` is not every year that begins with 4."""


@dataclass(frozen=True)
class Search:
    """A search of the library: all of its words, and the filter, must fit."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    words: Annotated[str, short(LONGEST_WORDS)] = ""
    """Looked for in titles, names, notes, custom fields, documents and captions."""
    filter: AssetFilter = field(default_factory=AssetFilter)
    order: AssetOrder = AssetOrder.NEWEST


SEARCH: TypeAdapter[Search] = TypeAdapter(Search)
"""Reads a search from JSON, and writes it."""


def to_json(search: Search) -> dict[str, Any]:
    """Return the search as JSON to store; what is left as it is, is left out."""
    data: dict[str, Any] = SEARCH.dump_python(search, mode="json", exclude_defaults=True)
    return data


def terms(typed: str) -> tuple[Term, ...]:
    """Return what to find for what somebody typed. No input is wrong.

    `budget "public hearing` are the word that begins with budget, and the phrase: a quotation mark
    that is never closed holds to the end.
    """
    parts = typed.translate(_QUOTES).split('"')
    found: list[Term] = []
    for place, part in enumerate(parts):
        words = words_of(part)
        if place % 2 and words:
            found.append(Term(tuple(words), whole=True))
        elif not place % 2:
            found += [Term((word,), whole=len(word) == 1) for word in words]
    return tuple(dict.fromkeys(found))[:MOST_TERMS]


def has_term(words: Sequence[str], term: Term) -> bool:
    """Return whether the words hold the term."""
    size = len(term.words)
    for at in range(len(words) - size + 1):
        here = tuple(words[at : at + size])
        if here[:-1] != term.words[:-1]:
            continue
        last = here[-1]
        if last == term.words[-1] or (not term.whole and last.startswith(term.words[-1])):
            return True
    return False


def matches(search: Search, facts: SearchFacts, text: str, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether a file is found; `text` is all that is written about it and said in it."""
    if not filtering.matches(search.filter, facts, now, zone):
        return False
    words = words_of(text)
    return all(has_term(words, term) for term in terms(search.words))


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
"""Quotation marks that word processors and telephones type."""
