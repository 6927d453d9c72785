"""Several people act at one moment: what each previewed is what is saved, or it is asked again."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from support.desk import ADMIN, CH13, HOUR, NOW, an_airing, an_asset
from support.website import SECRET, Site, token_of

from scheduler.actions import people
from scheduler.db.store import Database
from scheduler.domain.model.people import Role
from scheduler.queries import conflicts, grid
from scheduler.queries import people as asked
from scheduler.refusals import Refused

FORM = {
    "channel": "ch13",
    "day": "2026-11-22",
    "length": "1:00:00",
    "start_rule": "hard",
    "end_rule": "cut",
    "missed": "join",
    "public": "y",
}


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in `count` threads at one moment; return the results."""
    got: list[Any] = [None] * count

    def run(number: int) -> None:
        got[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def all_weigh_first(monkeypatch: pytest.MonkeyPatch, name: str, count: int) -> None:
    """Hold every thread until all have weighed their change once."""
    barrier, weigh, first = threading.Barrier(count), getattr(conflicts, name), threading.local()

    def weighing(*given: Any, **more: Any) -> Any:
        found = weigh(*given, **more)
        if not getattr(first, "over", False):
            first.over = True
            barrier.wait(30)
        return found

    monkeypatch.setattr(conflicts, name, weighing)


def posts(site: Site, path: str, forms: list[dict[str, str]]) -> list[int]:
    browsers = [site.browser(Role.SCHEDULER) for _ in forms]
    tokens = [token_of(one) for one in browsers]

    def post(number: int) -> int:
        form = {"csrf_token": tokens[number], **forms[number]}
        return int(browsers[number].post(path, data=form).status_code)

    return at_once(len(forms), post)


def standing(site: Site) -> list[Any]:
    monday = (NOW - 6 * 24 * HOUR).date()
    week = grid.week(site.db, [CH13], monday, NOW)
    found = sorted(
        (v.airing for v in week.airings if not v.airing.cancelled), key=lambda a: a.start
    )
    return [one for one in found if one.start > NOW]


def test_of_six_equal_posts_one_is_saved_and_five_are_asked(
    each_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, file = each_site, an_asset(each_site.db)
    all_weigh_first(monkeypatch, "weigh", 6)
    form = FORM | {"title": "Council", "asset": file.id, "at": "20:00"}
    assert sorted(posts(site, "/airings", [form] * 6)) == [303] + [422] * 5
    assert len(standing(site)) == 1


def test_two_airings_moved_to_one_time_at_once_never_overlap(
    each_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, file = each_site, an_asset(each_site.db).id
    ours = [an_airing(site.db, NOW + n * HOUR, asset=file) for n in (2, 4)]
    all_weigh_first(monkeypatch, "weigh", 2)
    browsers = [site.browser(Role.SCHEDULER) for _ in ours]
    tokens = [token_of(one) for one in browsers]

    def move(number: int) -> int:
        one = ours[number]
        by = (NOW + 8 * HOUR - one.start).total_seconds()
        form = {"csrf_token": tokens[number], "version": one.version, "by": int(by)}
        return int(browsers[number].post(f"/airings/{one.id}/move", data=form).status_code)

    assert sorted(at_once(2, move)) == [303, 422]
    first, second = standing(site)
    assert first.end <= second.start


def test_a_day_moves_as_previewed_or_is_previewed_again(
    each_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, file = each_site, an_asset(each_site.db).id
    an_airing(site.db, NOW + 2 * HOUR, asset=file)
    stretch = {"since": "14:30", "until": "15:30", "minutes": "60"}
    seen = str(grid.channel(site.db, CH13).plan_version)
    weigh = conflicts.preview_shift

    def meanwhile(*given: Any, **more: Any) -> Any:
        found = weigh(*given, **more)
        monkeypatch.setattr(conflicts, "preview_shift", weigh)
        an_airing(site.db, NOW + 3 * HOUR, asset=file, title="Meanwhile")
        return found

    monkeypatch.setattr(conflicts, "preview_shift", meanwhile)
    (code,) = posts(site, "/schedule/ch13/day/2026-11-22/shift", [stretch | {"seen": seen}])
    assert code == 422
    assert [one.start for one in standing(site)] == [NOW + 2 * HOUR, NOW + 3 * HOUR]


def test_two_administrators_who_demote_each_other_leave_one(db: Database) -> None:
    made = []
    for number in range(2):
        token = people.invite(db, ADMIN, NOW, Role.ADMINISTRATOR)
        made.append(people.redeem_link(db, NOW, token, f"Ada {number}", f"ada{number}", SECRET))
    gate = threading.Barrier(2)

    def demote(number: int) -> str:
        gate.wait(30)
        try:
            people.set_roles(db, ADMIN, NOW, made[number].id, Role.VIEWER)
        except Refused:
            return "refused"
        return "done"

    assert sorted(at_once(2, demote)) == ["done", "refused"]
    assert asked.has_administrator(db)
