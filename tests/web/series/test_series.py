"""Series and calendars in the browser: the rule as typed, its dates before saving, holidays."""

import re
from datetime import date
from typing import Any

import pytest
from support.desk import CH13, NOW, PLANNER, an_asset
from support.page import read
from support.website import Site, post

from scheduler.actions import calendars
from scheduler.domain.model.people import Role
from scheduler.domain.series.calendar import CalendarDraft
from scheduler.queries import grid, programs

EVE = "Before Thanksgiving: Tuesday before the fourth Thursday of November"


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def form(**over: str) -> dict[str, str]:
    typed = {
        "channel": "ch13",
        "title": "Regular meeting",
        "kind": "weekly",
        "weekdays": "1",
        "every": "1",
        "at": "10:00",
        "length": "2:00",
        "first": "2026-11-22",
        "start_rule": "hard",
    }
    return {**typed, **over}


def days(site: Site, monday: date) -> list[str]:
    found = grid.week(site.db, [CH13], monday, NOW).airings
    return [f"{view.airing.start:%m-%d %H:%M}" for view in found]


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({}, "every Tuesday at 10:00"),
        ({"kind": "weekday", "numbers": "1"}, "the first Tuesday of the month at 10:00"),
        ({"kind": "date", "month_days": "1, 15 and last"}, "the 1st, 15th and last day of every"),
        ({"kind": "year", "dates": "December 24"}, "every year on 24 December at 10:00"),
    ],
)
def test_a_series_starts_as_typed(site: Site, desk: Any, over: dict[str, str], words: str) -> None:
    preview = desk.get("/series/preview", query_string=form(**over)).get_data(as_text=True)
    assert words.lower() in preview.lower()
    assert post(desk, "/series", **form(**over)).status_code == 303
    (card,) = programs.series_cards(site.db, NOW)
    assert words in card.words
    drawer = desk.get(f"/series/{card.series.id}").get_data(as_text=True)
    kept = {name: value for name, value in over.items() if name in ("month_days", "dates")}
    assert all(value.split(",")[0] in drawer for value in kept.values())


def test_unreadable_days_are_reported_beside_their_field(desk: Any) -> None:
    answer = post(desk, "/series", **form(kind="year", dates="someday"))
    assert answer.status_code == 422
    assert "Enter at least one date of the year" in answer.get_data(as_text=True)


def test_the_tuesday_before_thanksgiving_moves_to_monday(site: Site, desk: Any) -> None:
    assert "Veterans Day: November 11, observed" in desk.get("/calendars").get_data(as_text=True)
    post(desk, "/calendars", name="Thanksgiving week", text=EVE)
    policy = read(desk.get("/series/new")).field("Thanksgiving week").get("name")
    moved = form(**{policy: "before"})
    preview = desk.get("/series/preview", query_string=moved).get_data(as_text=True)
    assert "Before Thanksgiving is on Tuesday 24 November" in preview
    post(desk, "/series", **moved)
    assert days(site, date(2026, 11, 23)) == ["11-23 15:00"]
    calendar = policy.removeprefix("holiday-")
    shown = desk.get(f"/calendars/{calendar}").get_data(as_text=True)
    assert "Regular meeting" in shown
    wrong = post(desk, f"/calendars/{calendar}", name="X", text="A day: whenever", version="1")
    assert wrong.status_code == 422 and "A day: write a day like" in wrong.get_data(as_text=True)


def test_the_calendar_form_shows_what_it_would_change_before_saving(site: Site, desk: Any) -> None:
    new = post(desk, "/calendars/preview", name="", text=EVE).get_data(as_text=True)
    assert "Tue 24 Nov" in new and "Saving changes" not in new
    made = calendars.add(site.db, PLANNER, NOW, CalendarDraft("City", "Far: July 1"))
    follows = form(**{f"holiday-{made.id}": "before"})
    post(desk, "/series", **follows)
    where = f"/calendars/preview?calendar={made.id}"
    said = read(post(desk, where, name="City", text=EVE))
    assert "Saving changes 1 airing of Regular meeting in the next five weeks" in said
    assert "Tue 24 Nov 10:00 moves to tomorrow 10:00" in said
    same = post(desk, where, name="City", text="Far: July 2").get_data(as_text=True)
    assert "Regular meeting stays as it is in the next five weeks." in same
    wrong = post(desk, where, name="City", text="A day: whenever").get_data(as_text=True)
    assert "A day: write a day like" in wrong
    assert days(site, date(2026, 11, 23)) == ["11-24 15:00"]


def test_a_preview_of_a_change_names_the_airings_it_moves(site: Site, desk: Any) -> None:
    post(desk, "/series", **form())
    (card,) = programs.series_cards(site.db, NOW)
    typed = form(at="13:30", series=card.series.id)
    preview = desk.get("/series/preview", query_string=typed).get_data(as_text=True)
    assert "Saving changes 5 airings" in preview and "moves to" in preview
    split = {**typed, "split": "2026-12-08", "version": "1"}
    assert "Saving changes 3 airings" in desk.get("/series/preview", query_string=split).get_data(
        as_text=True
    )
    assert post(desk, f"/series/{card.series.id}", **split).status_code == 303
    assert days(site, date(2026, 11, 30)) == ["12-01 15:00"]
    assert days(site, date(2026, 12, 7)) == ["12-08 18:30"]


def test_one_day_is_skipped_moved_added_and_restored(site: Site, desk: Any) -> None:
    post(desk, "/series", **form())
    (card,) = programs.series_cards(site.db, NOW)
    path = f"/series/{card.series.id}/except"
    post(desk, path, what="skip", day="2026-11-24", version=1)
    post(desk, path, what="add", day="2026-11-25", at="14:00", version=2)
    assert days(site, date(2026, 11, 23)) == ["11-25 19:00"]
    post(desk, path, what="restore", day="2026-11-24", version=3)
    to = {"to": "2026-11-23", "at": "10:00"}
    post(desk, path, what="move", day="2026-11-24", version=4, **to)
    assert days(site, date(2026, 11, 23)) == ["11-23 15:00", "11-25 19:00"]
    assert "moved to Mon 23 Nov" in desk.get(f"/series/{card.series.id}").get_data(as_text=True)


def test_the_days_a_calendar_means_are_shown_above_its_save_button(site: Site, desk: Any) -> None:
    made = calendars.add(
        site.db, PLANNER, NOW, CalendarDraft("City", "Recess: 2026-12-01 to 2026-12-20")
    )
    for where, button in (("/calendars", "Add"), (f"/calendars/{made.id}", "Save")):
        drawer = read(desk.get(where))
        order = list(drawer.walk())
        preview, save = drawer.one(id="preview"), drawer.one("button", f"{button} the calendar")
        assert order.index(preview) < order.index(save)
    assert "Tue 8 Dec" in preview and preview.find("summary", "and 12 more days")


def test_a_film_series_shows_its_episodes_before_it_is_saved_and_plays_them(
    site: Site, desk: Any
) -> None:
    parts = [an_asset(site.db, f"Part {n}", key).id for n, key in enumerate("ab", 1)]
    typed: dict[str, Any] = {**form(title="City Hall"), "begins_again": "y"}
    typed["episodes"] = parts[::-1]
    preview = desk.get("/series/preview", query_string=typed).get_data(as_text=True)
    found = re.findall(r"City Hall: Part \d", preview)
    assert [one[-1] for one in found[:4]] == list("2121")
    assert post(desk, "/series", **typed).status_code == 303
    (card,) = programs.series_cards(site.db, NOW)
    titles = [view.airing.title for view in card.airings[:3]]
    assert titles == ["City Hall: Part 2", "City Hall: Part 1", "City Hall: Part 2"]
    drawer = read(desk.get(f"/series/{card.series.id}"))
    episodes = drawer.all("input", name="episodes", checked=True)
    assert [each.value for each in episodes] == parts[::-1]
    once = {**typed, "begins_again": "", "version": str(card.series.version)}
    once.pop("begins_again")
    said = desk.get("/series/preview", query_string={**once, "series": card.series.id})
    assert "no episode is left" in said.get_data(as_text=True)
