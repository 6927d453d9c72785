"""The schedule in the browser: rundown, drawer, moves, replays, undo."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_source, an_airing, an_asset
from support.page import Element, read
from support.website import Site, post, token_of

from config.names import ChannelId, ItemId
from playout.model.plan import StartRule
from playout.model.rundown import Displaced
from scheduler.actions import airings
from scheduler.domain.model.people import Role
from scheduler.queries import grid

NEW_YORK = ZoneInfo("America/New_York")
TODAY = "/schedule/ch13/2026-W47?day=2026-11-22"


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def form(**over: str) -> dict[str, str]:
    typed = {
        "channel": "ch13",
        "title": "City Council",
        "day": "2026-11-22",
        "at": "15:00",
        "length": "1:30",
        "start_rule": "hard",
        "end_rule": "cut",
        "missed": "join",
        "public": "y",
    }
    return {**typed, **over}


def only_airing(site: Site) -> Any:
    week = grid.week(site.db, [CH13], date(2026, 11, 16), site.clock.utc())
    assert len(week.airings) == 1
    return week.airings[0].airing


def test_an_airing_typed_in_channel_time_is_stored_as_its_instant(site: Site, desk: Any) -> None:
    asset = an_asset(site.db)
    answer = post(desk, "/airings", **form(asset=asset.id))
    assert answer.headers["Location"].endswith("day=2026-11-22")
    made = only_airing(site)
    assert made.start == NOW + 2 * HOUR and made.draft.length == 90 * MINUTE
    page = read(desk.get(TODAY))
    assert "Added City Council, today 15:00." in page and page.find(data_undo=True)
    assert page.id(f"row-{made.id}")


def test_an_empty_title_and_length_come_from_the_file(site: Site, desk: Any) -> None:
    asset = an_asset(site.db, length=22 * MINUTE)
    post(desk, "/airings", **form(asset=asset.id, length=""))
    assert only_airing(site).draft.length == 22 * MINUTE


def test_a_mistake_is_shown_beside_its_field_and_the_typing_kept(desk: Any) -> None:
    answer = post(desk, "/airings", **form(title="", length="soon", at="15:00"))
    drawer = read(answer)
    assert answer.status_code == 422 and "Write a length with its units, like 1 h 30 min" in drawer
    assert drawer.field("Length").value == "soon"
    assert drawer.field("Length").get("aria-invalid") == "true"


def test_a_past_time_is_refused_beside_the_start(desk: Any) -> None:
    answer = post(desk, "/airings", **form(at="09:00"))
    assert "That time has passed" in answer.get_data(as_text=True)


def test_a_huge_length_is_refused_without_a_server_error(desk: Any) -> None:
    assert post(desk, "/airings", **form(length="9" * 30)).status_code == 422


def test_fields_that_a_form_does_not_show_survive_saving(site: Site, desk: Any) -> None:
    asset = an_asset(site.db)
    limit = NOW + 5 * HOUR
    made = an_airing(site.db, asset=asset.id, in_point=MINUTE, hard_limit=limit)
    answer = post(desk, f"/airings/{made.id}", **form(asset=asset.id, version=str(made.version)))
    assert answer.status_code == 303
    kept = only_airing(site).draft
    assert kept.in_point == MINUTE and kept.hard_limit == limit


def test_a_meetings_airing_saved_by_hand_still_belongs_to_it_and_is_recorded(
    site: Site, desk: Any
) -> None:
    first = an_airing(site.db, start=NOW + 5 * HOUR)
    bound = {"record": True, "replay_of": first.id, "slot": "later", "substitute": None}
    made = an_airing(site.db, slate_text="Soon", **bound)
    typed = form(notes="The clerk is late", slate_text="Soon", version=str(made.version))
    assert post(desk, f"/airings/{made.id}", **typed).status_code == 303
    kept = grid.airing(site.db, made.id, NOW).airing.draft
    assert kept.notes == "The clerk is late"
    assert {name: getattr(kept, name) for name in bound} == bound


def table(drawer: Element) -> dict[str, tuple[str, str]]:
    """Return the stored and the typed value of each field in which they differ."""
    return {label: (was, now) for label, was, now in drawer.rows}


def undo_of(page: Element) -> Element:
    """Return the form of the page's Undo or Redo button."""
    return next(form for form in page.all("form") if form.find(data_undo=True))


def test_a_conflict_names_the_other_person_and_each_differing_field_and_a_second_save_wins(
    site: Site, desk: Any
) -> None:
    made, film = an_airing(site.db), an_asset(site.db, title="Council film")
    theirs = replace(
        made.draft, start=NOW + 28 * HOUR, notes="Wait for the clerk", locked=True, asset=film.id
    )
    airings.edit(site.db, PLANNER, NOW, made.id, theirs, made.version)
    typed = form(at="16:00", start_rule="follow", notes="Ask Kim", version=str(made.version))
    drawer = read(post(desk, f"/airings/{made.id}", **typed))
    assert "Pat Planner changed this while you typed. Save again" in drawer
    assert table(drawer) == {
        "Starts at": ("tomorrow 17:00", "today 16:00"),
        "Length": ("1 h", "1 h 30 min"),
        "Plays": ("Council film (1 h)", "nothing"),
        "Its start": ("at its time, whatever is on", "when the program before it ends"),
        "Locked": ("yes", "no"),
        "Notes for staff": ("Wait for the clerk", "Ask Kim"),
    }
    sent = drawer.one("form", aria_labelledby="drawer-title").fields
    assert {name: sent[name] for name in ("at", "notes", "start_rule")} == {
        "at": "16:00",
        "notes": "Ask Kim",
        "start_rule": "follow",
    }
    typed["version"] = sent["version"]
    assert post(desk, f"/airings/{made.id}", **typed).status_code == 303
    assert grid.airing(site.db, made.id, NOW).airing.draft.notes == "Ask Kim"


def test_an_airing_canceled_while_it_was_edited_can_be_added_again(site: Site, desk: Any) -> None:
    made = an_airing(site.db)
    airings.cancel(site.db, PLANNER, NOW, made.id, made.version)
    typed = form(notes="Ask Kim", version=str(made.version))
    drawer = read(post(desk, f"/airings/{made.id}", **typed))
    assert "Pat Planner canceled this airing while you typed." in drawer
    assert "Save again" not in drawer and drawer.control("notes").value == "Ask Kim"
    assert drawer.one("form", action="/airings").button("Add to the schedule")


def test_a_conflict_over_another_airing_names_that_airing(
    site: Site, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = an_asset(site.db)
    made = an_airing(site.db, asset=asset.id)
    other = an_airing(site.db, start=NOW + 4 * HOUR, title="Parks", asset=asset.id)
    arrange = airings.arrange

    def beaten(*args: Any, **more: Any) -> Any:
        airings.move(site.db, PLANNER, NOW, other.id, NOW + 4 * HOUR + MINUTE, other.version)
        return arrange(*args, **more)

    monkeypatch.setattr(airings, "arrange", beaten)
    typed = form(at="16:30", asset=asset.id, version=str(made.version), way="ripple")
    drawer = read(post(desk, f"/airings/{made.id}", **typed))
    assert "Pat Planner changed Parks, which this would move, while you typed." in drawer
    sent = drawer.one("form", aria_labelledby="drawer-title").fields
    assert sent["version"] == str(made.version)


def test_the_history_includes_changes_made_through_another_airing(site: Site, desk: Any) -> None:
    made, other = an_airing(site.db), an_airing(site.db, start=NOW + 3 * HOUR, title="Parks")
    edits = {
        made.id: (replace(made.draft, length=2 * HOUR, notes="Ask Kim"), 1),
        other.id: (replace(other.draft, start=NOW + 4 * HOUR), 1),
    }
    airings.arrange(site.db, PLANNER, NOW, edits, None, "Changed City Council, moving 1 airing")
    drawer = read(desk.get(f"/airings/{other.id}"))
    assert "today 13:00 · Changed City Council, moving 1 airing · Pat Planner" in drawer
    assert "Starts at: today 17:00 (before: today 16:00)" in drawer.items
    history = read(desk.get(f"/airings/{made.id}")).items
    assert "Length: 2 h (before: 1 h)" in history
    assert "Notes for staff: Ask Kim (before: nothing)" in history


def test_buttons_move_an_airing_and_undo_moves_it_back(site: Site, desk: Any) -> None:
    made = an_airing(site.db)
    post(desk, f"/airings/{made.id}/move", version=made.version, minutes=5)
    assert only_airing(site).start == made.start + 5 * MINUTE
    back = desk.post(
        undo_of(read(desk.get(TODAY))).get("action"),
        data={"csrf_token": token_of(desk)},
        headers={"Referer": f"http://localhost{TODAY}"},
    )
    assert back.headers["Location"] == TODAY
    assert only_airing(site).start == made.start


def test_after_an_undo_the_same_button_redoes_and_then_undoes_again(site: Site, desk: Any) -> None:
    made = an_airing(site.db)
    where = post(desk, f"/airings/{made.id}/move", version=made.version, minutes=5).location
    starts = []
    for said in ("Moved", "Undid: Moved", "Redid: Moved", "Undid: Moved"):
        page = read(desk.get(where))
        undo = undo_of(page)
        assert f"{said} City Council" in page
        assert undo.text.split()[0] == ("Redo" if said.startswith("Undid") else "Undo")
        starts.append((only_airing(site).start - made.start) // MINUTE)
        post(desk, undo.get("action"))
    assert starts == [5, 0, 5, 0]


def test_undo_never_redirects_to_another_site(site: Site, desk: Any) -> None:
    an_airing(site.db)
    for referer in ("https://evil.example/x", "http://localhost//evil.example", "javascript:1"):
        data = {"csrf_token": token_of(desk)}
        answer = desk.post("/undo/1", data=data, headers={"Referer": referer})
        assert answer.headers["Location"] == "/"


def test_a_drag_in_the_grid_moves_by_wall_clock_and_a_resize_sets_the_length(
    site: Site, desk: Any
) -> None:
    made = an_airing(site.db)
    there = {"by": str(20 * 3600), "longer": "0", "to": "ch13"}
    answer = desk.post(
        f"/airings/{made.id}/move",
        data={"version": made.version, **there},
        headers={"X-CSRFToken": token_of(desk), "HX-Request": "true"},
    )
    assert answer.status_code == 204 and "day=2026-11-23" in answer.headers["HX-Redirect"]
    moved = grid.airing(site.db, made.id, NOW).airing
    assert moved.start == NOW + 21 * HOUR
    longer = {"by": "0", "longer": str(75 * 60), "version": str(moved.version)}
    post(desk, f"/airings/{made.id}/move", **longer)
    assert grid.airing(site.db, made.id, NOW).airing.draft.length == 135 * MINUTE


@pytest.mark.parametrize("day", ["2027-03-14", "2027-11-07"])
def test_a_drag_on_a_night_when_the_clocks_change_keeps_the_length(
    site: Site, desk: Any, day: str
) -> None:
    midnight = datetime.fromisoformat(day).replace(tzinfo=NEW_YORK)
    made = an_airing(site.db, start=midnight.astimezone(UTC), length=2 * HOUR)

    post(desk, f"/airings/{made.id}/move", version=made.version, by=str(90 * 60), longer="0")

    moved = grid.airing(site.db, made.id, NOW).airing
    assert moved.draft.length == 2 * HOUR
    assert moved.start.astimezone(NEW_YORK).strftime("%H:%M") == "01:30"


def events(site: Site, desk: Any, week: str) -> list[dict[str, Any]]:
    found = desk.get(f"/schedule/events/{week}.json").json["events"]
    return [one for one in found if one["extendedProps"].get("move")]


def test_an_airing_in_the_repeated_hour_is_drawn_at_its_true_length(site: Site, desk: Any) -> None:
    start = datetime(2027, 11, 7, 5, 30, tzinfo=UTC)  # 01:30 EDT, the first of two
    an_airing(site.db, start=start, length=45 * MINUTE)

    (event,) = events(site, desk, "2027-W44")

    assert (event["start"], event["end"]) == ("2027-11-07T01:30:00", "2027-11-07T02:15:00")


def test_the_grid_shows_each_channel_in_its_own_time(site: Site, desk: Any) -> None:
    a_channel(site.db, "ch20", zone="America/Denver")
    made = an_airing(site.db, start=NOW + 2 * HOUR, channel=ChannelId("ch20"))

    (event,) = events(site, desk, "2026-W47")
    post(desk, f"/airings/{made.id}/move", version=made.version, by="300", longer="0", to="ch20")

    assert event["start"] == "2026-11-22T13:00:00"
    assert grid.airing(site.db, made.id, NOW).airing.start == made.start + 5 * MINUTE


def test_the_grid_names_the_channels_own_today(site: Site, desk: Any) -> None:
    site.clock.advance(datetime(2026, 11, 23, 3, tzinfo=UTC) - site.clock.utc())

    assert desk.get("/schedule/events/2026-W47.json").json["today"] == "2026-11-22"


@pytest.mark.parametrize("second", [timedelta(0), HOUR, HOUR + timedelta(milliseconds=500)])
def test_saving_only_a_note_keeps_the_start(site: Site, desk: Any, second: timedelta) -> None:
    start = datetime(2027, 11, 7, 5, 30, tzinfo=UTC) + second
    asset = an_asset(site.db)
    made = an_airing(site.db, start=start, asset=asset.id)
    stood = read(desk.get(f"/airings/{made.id}")).control("stood").value

    typed = form(day="2027-11-07", at="01:30:00", length="1:00", asset=asset.id)
    post(desk, f"/airings/{made.id}", **typed, notes="Bring cake", stood=stood, version="1")

    saved = grid.airing(site.db, made.id, NOW).airing
    assert (saved.start, saved.draft.notes) == (start, "Bring cake")


def test_a_film_across_sunday_midnight_is_copied_with_the_week_it_starts_in(
    site: Site, desk: Any
) -> None:
    """It starts on Sunday the 22nd at 23:00 and ends on Monday the 23rd."""
    an_airing(site.db, start=NOW + 10 * HOUR, length=3 * HOUR)
    site.clock.advance(timedelta(days=1))

    post(desk, "/schedule/ch13/2026-W49/copy")

    weeks = (date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30))
    starts = [[v.airing.start for v in grid.week(site.db, [CH13], m, NOW).airings] for m in weeks]
    assert starts == [[NOW + 10 * HOUR], [NOW + 10 * HOUR], []]


def test_a_replay_is_a_second_airing(site: Site, desk: Any) -> None:
    made = an_airing(site.db)
    post(desk, f"/airings/{made.id}/copy", day="2026-11-22", at="19:00")
    week = grid.week(site.db, [CH13], date(2026, 11, 16), NOW)
    assert [view.airing.draft.replay for view in week.airings] == [False, True]


def test_a_canceled_airing_leaves_the_page(site: Site, desk: Any) -> None:
    made = an_airing(site.db)
    post(desk, f"/airings/{made.id}/cancel", version=made.version)
    assert grid.airing(site.db, made.id, NOW).airing.cancelled
    assert read(desk.get(TODAY)).id(f"row-{made.id}") is None


def test_an_airing_without_a_file_is_in_the_rundown_and_on_the_to_do_list(
    site: Site, desk: Any
) -> None:
    made = an_airing(site.db)
    page = read(desk.get(TODAY))
    assert page.id(f"row-{made.id}") and "cannot air" in page
    assert "to do" in page and "It has no file yet." in page


def test_every_to_do_is_listed_and_displaced_airings_come_first(site: Site, desk: Any) -> None:
    from scheduler.queries import rundown
    from web.schedule.todos import todos

    made = [an_airing(site.db, start=NOW + n * HOUR, title=f"Film {n}") for n in range(1, 11)]
    page = read(desk.get(TODAY))
    (folded,) = [each for each in page.all("details") if each.find("summary", "and 2 more")]
    assert len(page.all("span", "to do")) == 10 and len(folded.all("span", "to do")) == 2
    sheet = rundown.day(site.db, CH13, date(2026, 11, 22), NOW)
    lost = Displaced(ItemId("i"), made[9].id, "Film 10", made[9].start, "The council ran over.")
    listed = todos(replace(sheet, displaced=(lost,)), [], NOW, lambda _: True)
    assert len(listed) == 11
    assert listed[0].text == "23:00 Film 10 does not air as planned. The council ran over."
    assert listed[0].fix == "Move it"
    looked = todos(replace(sheet, displaced=(lost,)), [], NOW, lambda _: False)
    assert {one.fix for one in looked} == {"Open it"}


def test_the_rundown_covers_every_second_of_the_day(site: Site, desk: Any) -> None:
    from scheduler.queries import rundown
    from web.schedule.rundown_rows import rows

    asset = an_asset(site.db)
    an_airing(site.db, asset=asset.id)
    sheet = rundown.day(site.db, CH13, date(2026, 11, 23), NOW)
    made = rows(sheet, [], NOW)
    assert made[0].start == sheet.starts and made[-1].end == sheet.ends
    assert all(a.end == b.start for a, b in zip(made, made[1:], strict=False))


def test_the_rundown_says_when_the_clocks_go_back(desk: Any) -> None:
    page = desk.get("/schedule/ch13/2026-W44?day=2026-11-01").get_data(as_text=True)
    assert "The clocks go back: this day has 25 hours." in page
    assert "01:00 comes again" in page
    page = desk.get("/schedule/ch13/2027-W10?day=2027-03-14").get_data(as_text=True)
    assert "02:00 is 03:00. This day has 23 hours." in page


def test_the_grid_receives_floating_wall_clock_times(site: Site, desk: Any) -> None:
    an_airing(site.db)
    data = desk.get("/schedule/events/2026-W47.json").get_json()
    assert data["events"][0]["start"] == "2026-11-22T14:00:00"
    assert [column["id"] for column in data["channels"]] == ["ch13", "ch14"]


def test_an_empty_week_offers_last_weeks_airings(site: Site, desk: Any) -> None:
    an_airing(site.db, start_rule=StartRule.FOLLOW)
    page = desk.get("/schedule/ch13/2026-W48?day=2026-11-29").get_data(as_text=True)
    assert "Copy last week" in page
    post(desk, "/schedule/ch13/2026-W48/copy")
    week = grid.week(site.db, [CH13], date(2026, 11, 23), NOW)
    assert [v.airing.start for v in week.airings] == [NOW + HOUR + timedelta(days=7)]


def test_an_invalid_week_is_not_found(desk: Any) -> None:
    assert desk.get("/schedule/ch13/2026-W99").status_code == 404
    assert desk.get("/schedule/nowhere/2026-W47").status_code == 404


def test_a_series_starts_with_its_rule_in_words_and_its_dates(site: Site, desk: Any) -> None:
    typed = {
        "channel": "ch13",
        "title": "Standing Committees",
        "weekdays": "2",
        "at": "10:00",
        "length": "2:00",
        "first": "2026-11-22",
        "every": "1",
        "start_rule": "hard",
    }
    preview = desk.get("/series/preview", query_string=typed).get_data(as_text=True)
    assert "Every Wednesday at 10:00" in preview and "Wed 25 Nov" in preview
    assert post(desk, "/series", **typed).status_code == 303
    page = desk.get("/programs").get_data(as_text=True)
    assert "Started Standing Committees, every Wednesday at 10:00." in page
    week = grid.week(site.db, [CH13], date(2026, 11, 23), NOW)
    assert [week.local(v.airing.start, CH13).hour for v in week.airings] == [10]


def test_messages_about_a_channel_use_its_own_zone(site: Site, desk: Any) -> None:
    a_channel(site.db, "ch20", zone="America/Denver")
    post(desk, "/airings", **form(channel="ch20"))
    week = grid.week(site.db, [type(CH13)("ch20")], date(2026, 11, 16), NOW)
    assert week.airings[0].airing.start == NOW + 4 * HOUR


def test_one_undo_takes_a_copied_week_back(site: Site, desk: Any) -> None:
    an_airing(site.db, start_rule=StartRule.FOLLOW)
    an_airing(site.db, start=NOW + 3 * HOUR)
    page = read(desk.get(post(desk, "/schedule/ch13/2026-W48/copy").location))
    assert "Copied 2 airings" in page
    post(desk, undo_of(page).get("action"))
    week = grid.week(site.db, [CH13], date(2026, 11, 23), NOW)
    assert not week.airings


def test_copying_last_week_twice_or_onto_a_planned_week_duplicates_nothing(
    site: Site, desk: Any
) -> None:
    an_airing(site.db, start_rule=StartRule.FOLLOW)
    an_airing(site.db, start=NOW + 3 * HOUR, title="Parks")
    an_airing(site.db, start=NOW + 3 * HOUR + timedelta(days=7), title="Parks")
    first = desk.get(post(desk, "/schedule/ch13/2026-W48/copy").location)
    again = desk.get(post(desk, "/schedule/ch13/2026-W48/copy").location)
    assert "Copied 1 airing from" in first.get_data(as_text=True)
    assert "Nothing was copied: everything is already there" in again.get_data(as_text=True)
    assert len(grid.week(site.db, [CH13], date(2026, 11, 23), NOW).airings) == 2


def test_the_form_shows_the_seconds_of_a_start(site: Site, desk: Any) -> None:
    made = an_airing(site.db, start=NOW + HOUR + timedelta(seconds=54))
    assert read(desk.get(f"/airings/{made.id}")).field("Starts at").value == "14:00:54"


def test_consecutive_filler_is_one_row_that_says_how_much_was_not_recorded() -> None:
    from web.schedule.rundown_rows import NOT_REPORTED, RundownRow, folded

    def fold(start: float, end: float, title: str, **over: Any) -> RundownRow:
        row = RundownRow(NOW + start * MINUTE, NOW + end * MINUTE, title, True, False, True)
        return replace(row, **over)

    unknown = fold(0, 10, NOT_REPORTED, silent=10 * MINUTE)
    show = replace(fold(12, 40, "Council"), fold=False, airing="a")
    rows = folded([unknown, fold(10, 12, "Slate"), show, fold(40, 40.01, "Bulletins")])
    assert [row.title for row in rows] == [NOT_REPORTED, "Council"]
    assert rows[0].detail == "Slate for 2 min" and rows[1].end == NOW + 40.01 * MINUTE


def test_the_drawer_explains_the_readiness_light(site: Site, desk: Any) -> None:
    unknown = an_airing(site.db, title="Hearing", source="nowhere")
    page = desk.get(f"/airings/{unknown.id}").get_data(as_text=True)
    assert "Its source is not set up." in page and "cannot air" in page
    known = an_airing(site.db, NOW + 5 * HOUR, title="Council", source=a_source(site.db))
    assert "Its source opens 2 minutes before." in desk.get(f"/airings/{known.id}").text


def test_a_to_do_disappears_once_its_airing_is_past(site: Site) -> None:
    from scheduler.queries import rundown
    from web.schedule.todos import todos

    made = an_airing(site.db, start=NOW + HOUR, title="Film")
    lost = Displaced(ItemId("i"), made.id, "Film", made.start, "the channel was not on air then")
    for at, count in ((made.end - MINUTE, 1), (made.end, 0)):
        sheet = replace(rundown.day(site.db, CH13, date(2026, 11, 22), at), displaced=(lost,))
        gone = [
            one
            for one in todos(sheet, [], at, lambda _: True)
            if "does not air as planned" in one.text
        ]
        assert len(gone) == count
