"""Blocks on pages and in the feed, while a real agent airs them."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_source, an_asset
from support.website import Site
from support.whole_system import WholeSystem

from scheduler.actions import blocks, meetings
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.series.blocks import BlockDraft


def a_block(site: Site, files: list[Any], name: str, begin: str, until: str) -> None:
    draft = BlockDraft(
        CH13, name, frozenset(range(7)), time.fromisoformat(begin), time.fromisoformat(until),
        date(2026, 11, 1), assets=tuple(one.id for one in files), no_repeat=timedelta(0),
    )  # fmt: skip
    blocks.add(site.db, PLANNER, NOW, draft)


@pytest.fixture
def house(site: Site, tmp_path: Path) -> WholeSystem:
    """Return a system at 13:00 in New York: films from 13:20, then clips, and a meeting at 14:00
    that overruns.
    """
    films = [an_asset(site.db, f"Film {key}", key, 30 * MINUTE) for key in "ab"]
    clips = [an_asset(site.db, f"Clip {key}", key, 4 * MINUTE) for key in "cde"]
    a_block(site, films, "Afternoon films", "13:20", "16:20")
    a_block(site, clips, "Short takes", "16:20", "17:20")
    draft = MeetingDraft(CH13, "City Council", NOW + HOUR, HOUR / 2, source=a_source(site.db))
    meetings.add(site.db, PLANNER, NOW, draft)
    made = WholeSystem(site, tmp_path)
    made.run_for(10)
    return made


def test_page_and_feed_name_what_a_block_airs_and_aired(house: WholeSystem) -> None:
    page = house.public()
    first: Any = next(e for e in house.every_event() if str(e["summary"]).startswith("Film"))
    film = str(first["summary"])
    assert "City bulletins" in page and f"Next, 13:20 {film}" in page
    assert "Short takes" in page and "With Clip" in page and "Afternoon films" in page
    assert first["dtstart"].dt == NOW + 20 * MINUTE

    house.run_until(NOW + 30 * MINUTE, most=300)
    assert f"ON NOW {film}" in house.public() and "until 13:50" in house.public()

    house.run_until(NOW + HOUR + 10 * MINUTE, most=300)
    assert "ON NOW City Council" in house.public()
    house.run_until(NOW + HOUR + 47 * MINUTE, most=300)
    late = house.public()
    assert "running long" in late and " Film" in late.split("Next at about")[1][:20]
    house.give("adjourn")
    house.run_for(120, most=300)
    on = house.public()
    assert "ON NOW Film" in on and "City bulletins" not in on

    house.run_until(NOW + 4 * HOUR, most=300)
    aired = [(row.title, row.start) for row in house.as_run_of_blocks()]
    events: list[Any] = house.every_event()
    told = [e for e in events if "Film" in e["summary"] and e["dtend"].dt <= house.now]
    assert len(told) >= 3
    for one in told:
        assert any(
            title == one["summary"] and abs(start - one["dtstart"].dt) <= MINUTE
            for title, start in aired
        ), (one["summary"], one["dtstart"].dt, aired)
    assert "ON NOW Short takes" in house.public()
    assert next(one for one in told if one["uid"] == first["uid"])["sequence"] == 0
