"""Copied days, copied weeks and series that overlap the schedule: staff are asked first."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, an_airing, an_asset
from support.page import read
from support.website import Site, post, token_of

from scheduler.actions import airings
from scheduler.actions.undo import undo
from scheduler.domain.model.people import Role
from scheduler.queries import conflicts, grid, programs
from scheduler.queries.changes import changes
from web.clashes.words import MOST_LINES

EVENING = NOW + 6 * HOUR
WEEK = timedelta(days=7)
COPY = "/schedule/ch13/2026-W48/copy"
DAY = "/schedule/ch13/day/2026-11-22"


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


@pytest.fixture
def file(site: Site) -> str:
    return an_asset(site.db, length=3 * HOUR).id


def planned(site: Site, monday: date = date(2026, 11, 23)) -> list[str]:
    """Return the airings of next week, in New York."""
    week = grid.week(site.db, [CH13], monday, NOW)
    return [f"{week.local(v.airing.start, CH13):%a %H:%M} {v.airing.title}" for v in week.airings]


def plain(answer: Any) -> str:
    return read(answer).text


def hidden(answer: Any) -> dict[str, list[str]]:
    """What the sheet of overlaps sends, except the way out."""
    return read(answer).one("form", class_="ways").sent


def a_week(site: Site, file: str) -> None:
    """Plan Council, Planning and Zoning on this Sunday, and an airing over Planning on the next."""
    for hours, title in enumerate(("Council", "Planning", "Zoning")):
        an_airing(site.db, EVENING + hours * HOUR, title=title, asset=file)
    an_airing(site.db, EVENING + WEEK + HOUR * 3 / 2, title="Parks", asset=file, length=HOUR / 2)


def test_copying_onto_a_planned_week_lists_the_overlaps_and_the_ways_out(
    site: Site, desk: Any, file: str
) -> None:
    a_week(site, file)
    answer = post(desk, COPY)
    said = plain(answer)
    assert answer.status_code == 422 and planned(site) == ["Sun 20:30 Parks"]
    for text in (
        "Copy last week City Channel 13 1 of 3 airings would overlap what is planned. Nothing is",
        "Planning (Sun 29 Nov 20:00–21:00), over Parks (20:30–21:00)",
        "Skip the one that conflicts Planning (Sun 29 Nov 20:00–21:00) is skipped.",
        "Air it anyway Each is cut or joined in progress by its own rules. "
        "Planning ends Sun 29 Nov 20:30, 30 min earlier.",
        "Let the current airings finish and move the one that conflicts "
        "Planning starts Sun 29 Nov 22:00 instead of 20:00.",
        "Cancel, change nothing",
    ):
        assert text in said, text


@pytest.mark.parametrize(
    ("way", "said", "stand"),
    [
        ("skip", "Copied 2 airings from the week before, skipping 1 that conflicted.",
         ["Sun 19:00 Council", "Sun 20:30 Parks", "Sun 21:00 Zoning"]),
        ("rules", "Copied 3 airings from the week before.",
         ["Sun 19:00 Council", "Sun 20:00 Planning", "Sun 20:30 Parks", "Sun 21:00 Zoning"]),
        ("elsewhere", "Copied 3 airings from the week before, moving 1 that conflicted.",
         ["Sun 19:00 Council", "Sun 20:30 Parks", "Sun 21:00 Zoning", "Sun 22:00 Planning"]),
    ],
)  # fmt: skip
def test_the_chosen_way_out_is_one_change_with_one_undo(
    site: Site, desk: Any, file: str, way: str, said: str, stand: list[str]
) -> None:
    a_week(site, file)
    done = post(desk, COPY, **hidden(post(desk, COPY)), way=way)
    assert done.status_code == 303 and planned(site) == stand
    assert said in plain(desk.get(done.location))
    undo(site.db, PLANNER, NOW, changes(site.db, limit=1)[0].id)
    assert planned(site) == ["Sun 20:30 Parks"]


def test_a_choice_made_for_an_older_schedule_is_asked_again(
    site: Site, desk: Any, file: str
) -> None:
    a_week(site, file)
    asked = hidden(post(desk, COPY))
    an_airing(site.db, EVENING + WEEK, title="Budget", asset=file)
    again = post(desk, COPY, **asked, way="rules")
    assert again.status_code == 422 and "The schedule has changed since" in plain(again)
    assert "2 of 3 airings would overlap what is planned" in plain(again)
    assert planned(site) == ["Sun 19:00 Budget", "Sun 20:30 Parks"]
    assert post(desk, COPY, **hidden(again), way="skip").status_code == 303
    assert planned(site) == ["Sun 19:00 Budget", "Sun 20:30 Parks", "Sun 21:00 Zoning"]


def test_a_copied_day_never_displaces_locked_or_live_airings(
    site: Site, desk: Any, file: str
) -> None:
    an_airing(site.db, EVENING, title="Council", asset=file)
    wall = an_airing(site.db, EVENING + 23 * HOUR + HOUR / 2, title="Wall", asset=file, locked=True)
    asked = post(desk, f"{DAY}/copy", to="2026-11-23")
    assert "Copy Sun 22 Nov to Mon 23 Nov" in plain(asked)
    assert "Air it anyway Wall cannot give way: it is locked." in plain(asked)
    refused = post(desk, f"{DAY}/copy", **hidden(asked), way="rules")
    assert refused.status_code == 422 and planned(site) == ["Mon 18:30 Wall"]
    post(desk, f"{DAY}/copy", **hidden(asked), way="elsewhere")
    assert planned(site) == ["Mon 18:30 Wall", "Mon 19:30 Council"]
    assert grid.airing(site.db, wall.id, NOW).airing == wall


def test_every_overlap_is_listed_and_each_way_out_stays_short(
    site: Site, desk: Any, file: str
) -> None:
    for n in range(9):
        for week in (timedelta(0), WEEK):
            at = EVENING + n * HOUR / 3 + week + week / (7 * 24 * 12)
            an_airing(site.db, at, title=f"{n} {week.days}", asset=file, length=HOUR / 3)
    said = plain(post(desk, COPY))
    assert "9 of 9 airings would overlap" in said and "and 3 more" in said
    assert all(f"{n} 0 (Sun 29 Nov" in said for n in range(9))
    assert f"and {9 - MOST_LINES + 1} more" in said and "Skip the 9 that conflict" in said


def pressed_at_once(site: Site, path: str) -> list[Any]:
    """Let two people press the same button at one moment."""
    people = [site.browser(Role.SCHEDULER) for _ in range(2)]
    tokens = [token_of(one) for one in people]
    gate, found = threading.Barrier(2), []

    def press(which: int) -> None:
        gate.wait(10)
        found.append(people[which].post(path, data={"csrf_token": tokens[which]}))

    threads = [threading.Thread(target=press, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_two_people_copying_last_week_at_once_copy_it_only_once(site: Site, file: str) -> None:
    for hours in range(3):
        an_airing(site.db, EVENING + hours * HOUR, title=f"Part {hours}", asset=file)
    found = pressed_at_once(site, COPY)
    assert planned(site) == ["Sun 19:00 Part 0", "Sun 20:00 Part 1", "Sun 21:00 Part 2"]
    assert [one.status_code for one in found] == [303, 303]


def test_a_copy_overtaken_between_reading_and_weighing_is_read_again(
    site: Site, desk: Any, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_airing(site.db, EVENING, title="Part", asset=file)
    colleague, weigh = site.browser(Role.SCHEDULER), conflicts.weigh_all
    answers: list[int] = []

    def overtaken(*given: Any) -> Any:
        if not answers:
            answers.append(0)
            answers.append(post(colleague, COPY).status_code)
        return weigh(*given)

    monkeypatch.setattr(conflicts, "weigh_all", overtaken)
    assert post(desk, COPY).status_code == 303
    assert answers == [0, 303] and planned(site) == ["Sun 19:00 Part"]


def a_series(file: str, **over: str) -> dict[str, Any]:
    typed = {
        "channel": "ch13", "title": "Daily news", "kind": "weekly", "weekdays": ["0", "1"],
        "every": "1", "at": "19:00", "length": "1:00", "first": "2026-11-22",
        "last": "2026-11-30", "start_rule": "hard", "asset": file,
    }  # fmt: skip
    return {**typed, **over}


def test_a_series_that_overlaps_the_schedule_asks_before_it_starts(
    site: Site, desk: Any, file: str
) -> None:
    an_airing(site.db, EVENING + 24 * HOUR + HOUR / 2, title="Council", asset=file)
    asked = post(desk, "/series", **a_series(file))
    said = plain(asked)
    assert asked.status_code == 422 and planned(site) == ["Mon 19:30 Council"]
    assert (
        "Daily news every Monday and Tuesday at 19:00 until 30 November 2026 1 of 3 airings" in said
    )
    assert "Daily news (tomorrow 19:00–20:00), over Council (19:30–20:30)" in said
    assert programs.series_cards(site.db, NOW) == ()


@pytest.mark.parametrize(
    ("way", "said", "stand"),
    [
        ("skip", ", skipping 1 that conflicted.", ["Mon 19:30 Council", "Tue 19:00 Daily news"]),
        ("rules", "2026.", ["Mon 19:00 Daily news", "Mon 19:30 Council", "Tue 19:00 Daily news"]),
        ("elsewhere", ", moving 1 that conflicted.",
         ["Mon 19:30 Council", "Mon 20:30 Daily news", "Tue 19:00 Daily news"]),
    ],
)  # fmt: skip
def test_an_overlapping_day_of_a_series_follows_the_chosen_way_out(
    site: Site, desk: Any, file: str, way: str, said: str, stand: list[str]
) -> None:
    an_airing(site.db, EVENING + 24 * HOUR + HOUR / 2, title="Council", asset=file)
    asked = post(desk, "/series", **a_series(file))
    done = post(desk, "/series", **hidden(asked), way=way)
    assert done.status_code == 303 and planned(site) == stand
    page = plain(desk.get(done.location))
    assert "Started Daily news, every Monday and Tuesday" in page and said in page
    assert planned(site, date(2026, 11, 30)) == ["Mon 19:00 Daily news"]
    undo(site.db, PLANNER, NOW, changes(site.db, limit=1)[0].id)
    assert planned(site) == ["Mon 19:30 Council"]


def test_a_moved_series_asks_only_about_new_overlaps(site: Site, desk: Any, file: str) -> None:
    an_airing(site.db, EVENING + 24 * HOUR, title="Council", asset=file)
    an_airing(site.db, EVENING + 50 * HOUR, title="Budget", asset=file)
    post(desk, "/series", **hidden(post(desk, "/series", **a_series(file))), way="rules")
    (card,) = programs.series_cards(site.db, NOW)
    path = f"/series/{card.series.id}"
    assert post(desk, path, **a_series(file, title="News"), version="1").status_code == 303
    late = a_series(file, title="News", at="21:00", version="2")
    asked = post(desk, path, **late)
    assert "1 of 3 airings would overlap" in plain(asked) and "over Budget (21:00–22:00)" in plain(
        asked
    )
    assert post(desk, path, **hidden(asked), way="skip").status_code == 303
    assert planned(site) == ["Mon 19:00 Council", "Mon 21:00 News", "Tue 21:00 Budget"]


def test_moving_one_day_of_a_series_onto_an_airing_asks_first(
    site: Site, desk: Any, file: str
) -> None:
    post(desk, "/series", **a_series(file))
    council = an_airing(site.db, EVENING + 26 * HOUR, title="Council", asset=file)
    (card,) = programs.series_cards(site.db, NOW)
    path = f"/series/{card.series.id}/except"
    to = {"what": "move", "day": "2026-11-24", "to": "2026-11-23", "at": "20:30", "version": "1"}
    asked = post(desk, path, **to)
    assert asked.status_code == 422 and "over Council (21:00–22:00)" in plain(asked)
    done = post(desk, path, **hidden(asked), way="elsewhere")
    moved = plain(desk.get(done.location))
    assert "Daily news moves Tue 24 Nov, moving 1 that conflicted." in moved
    assert planned(site) == ["Mon 19:00 Daily news", "Mon 21:00 Council", "Mon 22:00 Daily news"]
    airings.cancel(site.db, PLANNER, NOW, council.id, council.version)
    (card,) = programs.series_cards(site.db, NOW)
    free = {**to, "version": str(card.series.version)}
    assert post(desk, path, **free).status_code == 303
    assert planned(site) == ["Mon 19:00 Daily news", "Mon 20:30 Daily news"]
