"""Blocks, the tools for a whole day, and the dry run in the browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from support.air_machine import Air
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, an_airing, an_asset
from support.page import read
from support.website import Site, post

from config.names import CueId
from playout.model.plan import EndRule, Outcome
from playout.model.wire import AsRun, JournalEntry
from scheduler.actions import filler, slides
from scheduler.domain.model.people import Role
from scheduler.domain.model.slide import SlideDraft
from scheduler.queries import blocks, grid

EVENING = NOW + 6 * HOUR
DAY = "/schedule/ch13/day/2026-11-22"
PAGE = "/schedule/ch13/2026-W47?day=2026-11-22"


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def form(site: Site, **over: Any) -> dict[str, Any]:
    files = [an_asset(site.db, f"Film {k}", k, n * MINUTE).id for k, n in (("a", 20), ("b", 25))]
    typed = {
        "channel": "ch13", "name": "Evening films", "weekdays": [str(n) for n in range(7)],
        "at": "18:00", "until": "23:00", "first": "2026-11-22", "fill": "ordered",
        "assets": files[::-1], "no_repeat": "0:30",
    }  # fmt: skip
    return {**typed, **over}


def starts(site: Site) -> dict[str, str]:
    week = grid.week(site.db, [CH13], NOW.date() - timedelta(days=6), NOW).airings
    return {view.airing.title: f"{week_time(view.airing.start)}" for view in week}


def week_time(at: Any) -> str:
    return f"{at:%d %H:%M}"


def plain(answer: Any) -> str:
    return read(answer).text


def test_the_block_form_shows_its_days_before_saving(site: Site, desk: Any) -> None:
    typed = form(site, weekdays=["0", "1"])
    council = an_airing(site.db, EVENING + 24 * HOUR, title="Council", asset=typed["assets"][0])
    said = plain(post(desk, "/blocks/preview", **typed))
    assert said.startswith("Every Monday and Tuesday 18:00–23:00 tomorrow 18:00–23:00 is new")
    assert "round Council Tue 24 Nov 18:00–23:00 is new, 13 programs" in said
    assert blocks.cards(site.db) == () and council.version == 1
    post(desk, "/blocks", **typed)
    (card,) = blocks.cards(site.db)
    where = f"/blocks/preview?block={card.block.id}"
    moved = plain(post(desk, where, **{**typed, "weekdays": ["1", "2"]}))
    assert "tomorrow 18:00–23:00 no longer" in moved
    assert "Tue 24 Nov 18:00–23:00, 13 programs" in moved
    assert "Wed 25 Nov 18:00–23:00 is new" in moved
    assert plain(post(desk, where, **{**typed, "at": ""})) == "Fill in From."
    none = plain(post(desk, where, **{**typed, "assets": []}))
    assert none == "Choose at least one file or saved search to fill it with."
    short = plain(post(desk, where, **{**typed, "until": "18:10"}))
    assert "tomorrow 18:00–18:10 is new, no whole file fits" in short
    bare = plain(post(desk, where, **{**typed, "until": "18:10", "fill": "bulletins"}))
    assert "tomorrow 18:00–18:10 is new" in bare and "fits" not in bare
    over = plain(post(desk, where, **{**typed, "first": "2027-01-01"}))
    assert over.count("no longer") == 2 and "is new" not in over


def test_a_block_moved_to_another_channel_shows_the_days_the_old_one_loses(
    site: Site, desk: Any
) -> None:
    typed = form(site, weekdays=["0", "1"])
    post(desk, "/blocks", **typed)
    (card,) = blocks.cards(site.db)
    where = f"/blocks/preview?block={card.block.id}"
    moved = plain(post(desk, where, **{**typed, "channel": "ch14", "at": "19:00"}))
    assert "tomorrow 18:00–23:00 no longer on City Channel 13 tomorrow 19:00–23:00 is new" in moved
    assert "Tue 24 Nov 18:00–23:00 no longer on City Channel 13" in moved
    assert moved.count("no longer") == moved.count("is new") == 2


def test_a_block_fills_the_evening_and_is_in_the_rundown(site: Site, desk: Any) -> None:
    assert post(desk, "/blocks", **form(site)).status_code == 303
    (card,) = blocks.cards(site.db)
    assert (card.words, [file.title for file in card.files]) == (
        "every day 18:00–23:00",
        ["Film b", "Film a"],
    )
    drawer = plain(desk.get(f"/blocks/{card.block.id}"))
    assert "Plays next" in drawer and drawer.index("Film b") < drawer.index("Film a")
    page = read(desk.get(PAGE))
    assert re.search(r"Evening films, \d+ programs", page.text)
    assert page.find("button", aria_label="Open the block Evening films")
    data = desk.get("/schedule/events/2026-W47.json").get_json()
    shaded = {
        one.get("display") for one in data["events"] if one["extendedProps"]["view"] == "grid"
    }
    assert shaded == {"background"}
    assert {one["extendedProps"]["kind"] for one in data["events"]} == {"block"}
    post(desk, f"/blocks/{card.block.id}/retire", version=card.block.version)
    assert "Evening films," not in desk.get(PAGE).get_data(as_text=True)


def at_home(site: Site) -> None:
    """Give the channel a filler pool of one clip, and one bulletin."""
    clip = an_asset(site.db, "Pool", "c", 4 * MINUTE)
    filler.set_filler(site.db, PLANNER, NOW, CH13, clip.id, True)
    slides.add(site.db, PLANNER, NOW, SlideDraft("Hours", "", None, NOW - HOUR))


def test_the_rundown_names_the_block_that_chose_the_filler(site: Site, desk: Any) -> None:
    at_home(site)
    typed = form(site, name="Evening spots", fill="gaps", until="20:00")
    said = plain(post(desk, "/blocks/preview", **typed))
    assert said.startswith("Every day 18:00–20:00 today 18:00–20:00 is new")
    assert "fits" not in said and "program" not in said
    post(desk, "/blocks", **typed)
    quiet = form(site, name="Quiet", fill="bulletins", assets=[], at="20:00", until="21:00")
    post(desk, "/blocks", **quiet)
    page = plain(desk.get(PAGE))
    for words in (
        "18:00 Filler and bulletins, chosen by Evening spots 2 h",
        "20:00 Bulletins, chosen by Quiet 1 h",
    ):
        assert words in page, page
    assert page.count("chosen by") == 2 and "Fill" in page
    drawer = plain(desk.get(f"/blocks/{blocks.cards(site.db)[0].block.id}"))
    assert "Plays next" not in drawer and "needs attention" not in drawer


def test_filler_that_aired_is_still_named(site: Site, desk: Any) -> None:
    at_home(site)
    post(desk, "/blocks", **form(site, name="Noon spots", fill="gaps", at="12:00", until="14:00"))
    (card,) = blocks.cards(site.db)
    begun = NOW - HOUR
    run = AsRun(
        CueId("fill-20261122T170000.000000-1"), None, None, "Film a", begun, begun + 20 * MINUTE,
        begun, begun + 20 * MINUTE, 30 * 1200, 0, 0, Outcome.AIRED, "deck", policy=card.block.id,
    )  # fmt: skip
    Air(site, site.host_key()).report(JournalEntry(1, "e1", NOW, "as-run", as_run=run))
    assert "12:00 Film a, chosen by Noon spots 20 min" in plain(desk.get(PAGE))


def test_an_empty_block_is_reported_in_its_drawer_and_in_the_dry_run(site: Site, desk: Any) -> None:
    clip = an_asset(site.db, "Pool", "c", 4 * MINUTE)
    filler.set_filler(site.db, PLANNER, NOW, CH13, clip.id, True)
    post(desk, "/blocks", **form(site, name="Quiet", fill="bulletins", assets=[]))
    (card,) = blocks.cards(site.db)
    told = "“Quiet” has no bulletin to show: its gaps are filled like any other."
    assert f"needs attention today 18:00: {told}" in plain(desk.get(f"/blocks/{card.block.id}"))
    page = desk.get("/dry-run")
    assert plain(page).count(told) == 1
    assert read(page).find(hx_get=f"/blocks/{card.block.id}")
    assert "chosen by" not in plain(desk.get(PAGE))


def test_a_block_saved_by_two_people_shows_where_they_differ(site: Site, desk: Any) -> None:
    typed = form(site)
    post(desk, "/blocks", **typed)
    where = f"/blocks/{blocks.cards(site.db)[0].block.id}"
    post(desk, where, **{**typed, "weekdays": ["0", "1"]}, version="1")
    late = post(desk, where, **{**typed, "weekdays": ["0"], "name": "Films"}, version="1")
    drawer = read(late)
    assert late.status_code == 422 and "Save again to use yours" in drawer
    assert drawer.rows == [["Name", "Evening films", "Films"], ["Days", "Tuesday", "nothing more"]]


def test_a_block_that_cannot_be_saved_says_why(site: Site, desk: Any) -> None:
    answer = post(desk, "/blocks", **form(site, assets=[], weekdays=[]))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose at least one file" in text and "at least one day" in text


def test_moving_part_of_a_day_shows_its_effects_first(site: Site, desk: Any) -> None:
    file = an_asset(site.db, length=HOUR).id
    an_airing(site.db, EVENING, title="Council", asset=file)
    an_airing(site.db, EVENING + HOUR, title="Planning", asset=file, locked=True)
    an_airing(site.db, EVENING + 3 * HOUR, title="Late", asset=file)
    typed = {"since": "18:00", "until": "00:00", "minutes": "-30"}
    shown = post(desk, f"{DAY}/shift", **typed)
    drawer = read(shown)
    text = drawer.text
    assert shown.status_code == 422
    assert "Council starts today 18:30 instead of 19:00." in text
    assert "Planning (20:00) stays: it is locked." in text and "Move 2 airings" in text
    assert starts(site)["Council"] == "23 00:00"
    seen = drawer.one("button", "Move 2 airings").get("value")
    assert post(desk, f"{DAY}/shift", **typed, seen=seen).status_code == 303
    assert starts(site) == {"Council": "22 23:30", "Planning": "23 01:00", "Late": "23 02:30"}


def test_copying_a_day_twice_copies_it_once(site: Site, desk: Any) -> None:
    an_airing(site.db, EVENING, title="Council")
    post(desk, f"{DAY}/copy", to="2026-11-24")
    week = grid.week(site.db, [CH13], NOW.date() + timedelta(days=1), NOW).airings
    assert [view.airing.start for view in week] == [EVENING + timedelta(days=2)]
    again = desk.get(post(desk, f"{DAY}/copy", to="2026-11-24").location)
    assert "Nothing was copied: everything is already there" in again.get_data(as_text=True)


def test_an_evening_is_protected_and_released(site: Site, desk: Any) -> None:
    an_airing(site.db, EVENING, title="Council")
    post(desk, f"{DAY}/protect", at="18:00")
    page = desk.get(PAGE).get_data(as_text=True)
    assert "nothing moves on this day" in page
    (release,) = [form for form in read(desk.get(DAY)).all("form") if form.button("Release")]
    typed = {"since": "18:00", "until": "00:00", "minutes": "15"}
    assert "from 18:00 nothing moves" in post(desk, f"{DAY}/shift", **typed).get_data(as_text=True)
    post(desk, release.get("action"))
    assert "nothing moves on this day" not in desk.get(PAGE).get_data(as_text=True)


def test_a_gap_is_listed_with_its_fix_and_an_overlap_with_its_ways_out(
    site: Site, desk: Any
) -> None:
    file = an_asset(site.db, length=HOUR).id
    council = an_airing(site.db, EVENING, title="Council", asset=file)
    an_airing(site.db, EVENING + HOUR / 2, title="Budget", asset=file)
    page = read(desk.get(PAGE))
    assert "minutes=60" in page.one(aria_label="Fill the gap at 20:30").get("hx-get")
    ways = page.one("button", "Choose what happens").get("hx-get")
    assert "Let the program before it finish" in plain(desk.get(ways))
    post(desk, ways, way="ripple")
    assert starts(site) == {"Council": "23 00:00", "Budget": "23 01:00"}
    assert grid.airing(site.db, council.id, NOW).airing.start == EVENING


def test_the_dry_run_lists_each_finding_with_its_fix(site: Site, desk: Any) -> None:
    file = an_asset(site.db, length=10 * MINUTE)
    filler.set_filler(site.db, PLANNER, NOW, CH13, file.id, True)
    an_airing(site.db, EVENING, title="No file")
    an_airing(site.db, EVENING + HOUR, title="Hearing", source="nowhere", end_rule=EndRule.HOLD)
    page = plain(desk.get("/dry-run"))
    for said in ("No file: It has no file yet.", "Hearing: Its source is not set up.", "Open it",
                 "Nothing but the slate for 168 h", "Fill it"):  # fmt: skip
        assert said in page, said
