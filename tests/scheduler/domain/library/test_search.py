"""A search as it is typed, stored and compared."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playout.model.search import AssetFilter, AssetKind, AssetOrder, SearchFacts
from scheduler.domain.library.search import (
    MOST_TERMS,
    SEARCH,
    Search,
    Term,
    matches,
    terms,
    to_json,
)

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
FACTS = SearchFacts(id="a", title="Budget", day=date(2026, 3, 3), added=NOW)
TEXT = "Budget hearing, Parc Élysée. We open the public hearing now."


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ()),
        ("Budget hear", (Term(("budget",)), Term(("hear",)))),
        ('"Public Hearing"', (Term(("public", "hearing"), whole=True),)),
        ("“public hearing” fee", (Term(("public", "hearing"), whole=True), Term(("fee",)))),
        ('fee "never closed', (Term(("fee",)), Term(("never", "closed"), whole=True))),
        ("item-4", (Term(("item",)), Term(("4",), whole=True))),
        ("AND NOT * ( ^", (Term(("and",)), Term(("not",)))),
        ("fee fee", (Term(("fee",)),)),
    ],
)
def test_what_is_typed_becomes_terms(typed: str, found: tuple[Term, ...]) -> None:
    assert terms(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("budg elys", True),
        ("budget parking", False),
        ('"public hearing"', True),
        ('"public hear"', False),
        ('"hearing public"', False),
    ],
)
def test_every_word_must_be_there_and_a_phrase_in_its_order(typed: str, found: bool) -> None:
    assert matches(Search(typed), FACTS, TEXT, NOW, ZoneInfo("UTC")) is found


def test_the_filter_counts_too() -> None:
    search = Search("budget", AssetFilter(kind=AssetKind.RECORDING))
    assert not matches(search, FACTS, TEXT, NOW, ZoneInfo("UTC"))


@given(st.text(max_size=300))
def test_no_input_is_wrong(typed: str) -> None:
    found = terms(typed)
    assert len(found) <= MOST_TERMS
    assert all(word.isalnum() for term in found for word in term.words)


def test_a_search_survives_its_json() -> None:
    search = Search(
        "budget",
        AssetFilter(
            body="City Council",
            tags=("zoning",),
            kind=AssetKind.CUT,
            within_days=30,
            since=date(2026, 1, 1),
            shortest=timedelta(minutes=5),
            not_aired_for=timedelta(hours=12),
            captioned=True,
        ),
        AssetOrder.LEAST_AIRED,
    )
    assert SEARCH.validate_python(to_json(search)) == search
    assert to_json(Search()) == {}


@pytest.mark.parametrize(
    "data",
    [
        {"words": "x" * 201},
        {"filter": {"tags": ["x"] * 21}},
        {"filter": {"shortest": "-PT1S"}},
        {"filter": {"within_days": -1}},
        {"filter": {"since": "0001-01-01"}},
        {"filter": {"color": "red"}},
        {"order": "random"},
    ],
)
def test_what_no_search_may_hold_is_refused(data: object) -> None:
    with pytest.raises(ValidationError):
        SEARCH.validate_python(data)
