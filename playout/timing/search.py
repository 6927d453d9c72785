"""Files chosen by what they are, by the same rule on the server and on a broadcast machine."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playout.model.search import AssetFilter, AssetOrder, SearchFacts

LONGEST_WORD = 60
"""Characters of a word that count; longer ones are cut, in files and in searches alike."""


def fold(text: str) -> str:
    """Return the text without case, accents and ligatures, for comparing: `Café` is `cafe`."""
    # Taking a sign apart may give capitals: `ℌ` becomes `H`. So case goes before and after.
    apart = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(one for one in apart if not unicodedata.combining(one))


def matches(chosen: AssetFilter, facts: SearchFacts, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether the filter lets this file pass; `zone` says which local day `now` is."""
    return (
        (not chosen.body or fold(chosen.body) == fold(facts.body))
        and chosen.program in ("", facts.program)
        and {fold(tag) for tag in chosen.tags} <= {fold(tag) for tag in facts.tags}
        and chosen.kind in (None, facts.kind)
        and chosen.captioned in (None, facts.captioned)
        and _is_dated(chosen, facts, now, zone)
        and _is_long(chosen, facts.length)
        and _has_rested(chosen.not_aired_for, facts.last_aired, now)
    )


def in_order(order: AssetOrder, files: Iterable[SearchFacts]) -> list[SearchFacts]:
    """Return the files in this order; of two alike the lower id comes first, on every machine."""
    return sorted(sorted(files, key=lambda one: one.id), key=_ORDERS[order])


def _is_dated(chosen: AssetFilter, facts: SearchFacts, now: datetime, zone: ZoneInfo) -> bool:
    today = now.astimezone(zone).date()
    if chosen.within_days is not None:
        earliest = today - timedelta(days=chosen.within_days)
        if not earliest <= facts.day <= today:
            return False
    after_first = chosen.since is None or facts.day >= chosen.since
    return after_first and (chosen.until is None or facts.day <= chosen.until)


def _is_long(chosen: AssetFilter, length: timedelta | None) -> bool:
    if chosen.shortest is None and chosen.longest is None:
        return True
    if not length:
        return False
    long_enough = chosen.shortest is None or length >= chosen.shortest
    return long_enough and (chosen.longest is None or length <= chosen.longest)


def _has_rested(span: timedelta | None, last: datetime | None, now: datetime) -> bool:
    return span is None or last is None or last <= now - span


def _newest(facts: SearchFacts) -> tuple[float, float]:
    return -facts.day.toordinal(), -facts.added.timestamp()


def _oldest(facts: SearchFacts) -> tuple[float, float]:
    return facts.day.toordinal(), facts.added.timestamp()


def _longest(facts: SearchFacts) -> timedelta:
    return -(facts.length or timedelta(0))


def _least_aired(facts: SearchFacts) -> tuple[bool, float]:
    return facts.last_aired is not None, facts.last_aired.timestamp() if facts.last_aired else 0.0


_ORDERS: dict[AssetOrder, Callable[[SearchFacts], Any]] = {
    AssetOrder.NEWEST: _newest,
    AssetOrder.OLDEST: _oldest,
    AssetOrder.TITLE: lambda facts: fold(facts.title),
    AssetOrder.LONGEST: _longest,
    AssetOrder.LEAST_AIRED: _least_aired,
}


def words_of(text: str) -> list[str]:
    """Return the folded words of a text: its runs of letters and digits, `Café-Bar` as two."""
    plain = "".join(one if one.isalnum() else " " for one in fold(text))
    return [word[:LONGEST_WORD] for word in plain.split()]


def padded(text: str) -> str:
    """Return the folded words of a text with a space on either side of each."""
    return f" {' '.join(words_of(text))} "
