"""A saved search in words, what a plan carries of it, and what a block and a gap draw from it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, NOW, some_media

from config.names import AiringId
from config.times import Hours, written_in
from playout.model.choosing import Candidate
from playout.model.search import AssetFilter, AssetKind, AssetOrder, SearchFacts
from playout.timing.choosing import asked_for
from scheduler.domain.library.saved_search import (
    SavedSearch,
    SavedSearchDraft,
    SearchPool,
    announced,
    apart_from_the_moment,
    carried,
    facts_of_live,
    found_at,
    in_words,
    problems,
)
from scheduler.domain.library.search import Search
from scheduler.domain.model.ids import BlockId, SearchId
from scheduler.domain.series.block_filling import fill_blocks
from scheduler.domain.series.blocks import Block, BlockDraft, Fill, block_runs
from scheduler.domain.series.clips import for_gaps, found_clips
from scheduler.domain.series.gap_policies import Searched, policies

NEW_YORK = ZoneInfo("America/New_York")
DAYS = [NOW + timedelta(days=day) for day in range(1, 5)]
BUDGET = SearchId("budget")


def candidate(name: str, day: date, length: timedelta = HOUR, **rest: object) -> Candidate:
    added = datetime.combine(day, datetime.min.time(), UTC)
    facts = SearchFacts(name, name, day, added, body="council", length=length)
    return Candidate(some_media(name[0], length), facts, **rest)  # type: ignore[arg-type]


FILES = tuple(candidate(name, date(2026, 11, 20 - back)) for back, name in enumerate("abcdefgh"))
"""Eight files, one a day, the newest first."""


def pool(search: Search | None = None, files: tuple[Candidate, ...] = FILES) -> SearchPool:
    draft = SavedSearchDraft("Council", search or Search(filter=AssetFilter(body="Council")))
    return SearchPool(SavedSearch(BUDGET, draft, False, 1), files)


def resting(hours: int) -> Search:
    return Search(filter=AssetFilter(not_aired_for=timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("search", "words"),
    [
        (Search(), "newest first"),
        (
            Search(
                "budget",
                AssetFilter(
                    body="Council", kind=AssetKind.RECORDING, within_days=30,
                    not_aired_for=timedelta(hours=12), tags=("parks",),
                ),
            ),
            "“budget”, Council, recordings, tagged parks, not older than 30 days,"
            " not aired for 12 h, newest first",
        ),
        (
            Search(
                filter=AssetFilter(
                    since=date(2026, 11, 1), longest=HOUR, captioned=True, within_days=0
                ),
                order=AssetOrder.LEAST_AIRED,
            ),
            "captioned, of today, from November 1, 2026 on, at most 1 h long,"
            " least recently aired first",
        ),
    ],
)  # fmt: skip
def test_a_search_in_words(search: Search, words: str) -> None:
    with written_in(Hours.TWELVE):
        assert in_words(search) == words


def test_what_is_wrong_with_a_search_is_said_beside_its_field() -> None:
    backward = AssetFilter(
        since=date(2026, 11, 2), until=date(2026, 11, 1), shortest=2 * HOUR, longest=HOUR
    )

    assert set(problems(SavedSearchDraft(" ", Search(filter=backward)))) == {
        "name", "until", "longest",
    }  # fmt: skip
    assert problems(SavedSearchDraft("Council", Search())) == {}


def test_a_plan_carries_the_files_that_may_come_up_and_two_to_spare() -> None:
    newest = carried(pool(), DAYS, 0, NEW_YORK)
    rested = carried(pool(resting(90)), DAYS[:3], 1, NEW_YORK)

    assert [one.facts.id for one in newest.candidates] == ["a", "b", "c"]
    assert [one.facts.id for one in rested.candidates] == ["a", "b", "c", "d", "e", "f"]


def test_a_file_that_rests_now_is_carried_for_the_day_on_which_it_has_rested() -> None:
    aired = replace(FILES[0], facts=replace(FILES[0].facts, last_aired=NOW))
    choice = carried(pool(resting(48), (aired, *FILES[1:])), DAYS[:2], 0, NEW_YORK)

    assert "a" in {one.facts.id for one in choice.candidates}


def test_the_moment_is_left_to_the_airing() -> None:
    asked = Search(filter=AssetFilter(within_days=30, not_aired_for=HOUR, body="Council"))
    wider = apart_from_the_moment(asked, NOW, NEW_YORK)

    assert wider.filter == AssetFilter(body="Council", since=date(2026, 10, 23))


def test_a_machine_looks_for_whole_words_and_beginnings_as_the_server_does() -> None:
    choice = pool(Search('hear "city council"')).choice
    with written_in(Hours.TWELVE):
        facts = facts_of_live(
            AiringId("a"), "Hearing: City Council", NOW, NEW_YORK, "Council", "program"
        )

    assert choice.words == (" hear", " city council ")
    assert facts.title == "Hearing: City Council, November 22, 2026"
    assert asked_for(choice, facts, NEW_YORK)
    assert not asked_for(choice, replace(facts, title="Hearing: City Councilors"), NEW_YORK)


@pytest.mark.parametrize(
    ("title", "order", "told"),
    [
        ("Council replay", AssetOrder.NEWEST, "newest"),
        ("The newest Council", AssetOrder.NEWEST, ""),
        ("Classics", AssetOrder.LEAST_AIRED, "next in turn"),
    ],
)
def test_what_is_announced_before_the_file_is_known(
    title: str, order: AssetOrder, told: str
) -> None:
    assert announced(title, Search(order=order)) == told


def block(**over: object) -> Block:
    draft = BlockDraft(
        channel=CH13, name="Council", weekdays=frozenset(range(7)),
        at=datetime.min.time().replace(hour=14), until=datetime.min.time().replace(hour=17),
        first=date(2026, 11, 1), searches=(BUDGET,), no_repeat=timedelta(hours=2),
        fill=Fill.ORDERED,
    )  # fmt: skip
    return Block(BlockId("m"), replace(draft, **over), False, 1)  # type: ignore[arg-type]


def test_a_block_is_filled_by_what_a_search_finds_at_its_start() -> None:
    late = candidate("z", date(2026, 11, 24))
    runs = block_runs([block()], NEW_YORK, NOW, NOW + timedelta(days=1))
    pools = {BUDGET: pool(files=(late, *FILES))}
    items = fill_blocks(runs, (), {}, {}, {}, pools)

    assert [one.title for one in items] == ["a", "b", "c"]
    assert fill_blocks(runs, (), {}, {}, {}, {}) == ()


def test_a_recording_in_a_block_airs_from_its_meeting_on() -> None:
    whole = replace(FILES[0], in_point=timedelta(minutes=2))
    runs = block_runs([block()], NEW_YORK, NOW, NOW + timedelta(days=1))
    first = fill_blocks(runs, (), {}, {}, {}, {BUDGET: pool(files=(whole,))})[0]

    assert (first.in_point, first.length) == (timedelta(minutes=2), timedelta(minutes=58))


def test_gaps_draw_from_a_search_but_never_what_was_before_a_meeting() -> None:
    whole = replace(FILES[0], in_point=timedelta(minutes=2))
    pools = {BUDGET: pool(files=(whole, *FILES[1:3]))}
    runs = block_runs([block(fill=Fill.GAPS)], NEW_YORK, NOW, NOW + timedelta(days=1))
    (policy,) = policies(runs, {}, Searched(pools, NOW))

    assert policy.filler_titles == ("b", "c")
    assert [one.title for one in for_gaps(found_clips([BUDGET], pools, NOW, NEW_YORK))] == [
        "b",
        "c",
    ]


def test_found_at_knows_the_day() -> None:
    asked = pool(Search(filter=AssetFilter(within_days=3)))

    assert [one.facts.id for one in found_at(asked, NOW, NEW_YORK)] == ["a", "b"]
