"""The page Keeping and the section of a file: what each person sees there and may do."""

from datetime import timedelta
from pathlib import Path

from support.desk import ADMIN, NOW, an_asset
from support.page import read
from support.website import Site, post

from scheduler.actions import disk_days, keeping
from scheduler.actions.disk_days import DiskReading
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import Role
from scheduler.queries import keeping as query
from scheduler.queries import library
from web.kit.context import SERVICES_KEY

DAY = timedelta(days=1)
PAGE = "/media/keeping"
GB = 10**9


def a_due_file(site: Site, title: str = "Old council", key: str = "d") -> Asset:
    asset = an_asset(site.db, title, key)
    keeping.set_class(site.db, ADMIN, NOW, asset.id, "30-days", asset.version)
    site.clock.advance(31 * DAY)
    return library.entry(site.db, asset.id).asset


def test_a_clerk_signs_what_is_due_and_exports_the_certificate(site: Site) -> None:
    asset, clerk = a_due_file(site), site.browser(Role.RECORDS)
    assert "Old council" in read(clerk.get(PAGE)).text
    empty = post(clerk, f"{PAGE}/sign", asset=asset.id, authority="")
    assert empty.status_code == 422
    assert "records schedule" in read(empty).one("div", role="alert").text
    signed = post(clerk, f"{PAGE}/sign", asset=asset.id, authority="LGS-1, item 51")
    assert signed.status_code == 303
    shown = query.lists(site.db, site.clock.utc())
    assert [one.title for one in shown.trash] == ["Old council"] and not shown.due
    answer = clerk.get(f"{PAGE}/disposals/{shown.disposals[0].id}.csv")
    assert answer.mimetype == "text/csv"
    assert "Old council" in answer.text and "in the trash" in answer.text
    assert "LGS-1, item 51" in answer.text
    back = post(clerk, f"/media/{asset.id}/take-back")
    assert back.status_code == 303
    kept = clerk.get(f"{PAGE}/disposals/{shown.disposals[0].id}.csv").text
    assert "taken back by" in kept


def test_who_may_not_sign_sees_the_list_and_no_button(site: Site) -> None:
    asset, planner = a_due_file(site), site.browser(Role.SCHEDULER)
    text = read(planner.get(PAGE)).text
    assert "Old council" in text and "Sign as" not in text
    assert post(planner, f"{PAGE}/sign", asset=asset.id, authority="x").status_code == 403
    assert post(planner, f"{PAGE}/classes", name="x", rule="forever").status_code == 403
    viewer = site.browser(Role.VIEWER)
    for path in ("class", "hold", "delete", "take-back"):
        assert post(viewer, f"/media/{asset.id}/{path}").status_code == 403


def test_an_upload_is_deleted_and_taken_back_on_its_own_page(site: Site) -> None:
    asset, producer = an_asset(site.db, "Draft spot", "e"), site.browser(Role.PRODUCER)
    answer = post(producer, f"/media/{asset.id}/delete", version=asset.version)
    assert answer.status_code == 303
    page = read(producer.get(f"/media/{asset.id}")).text
    assert "Take it back" in page
    post(producer, f"/media/{asset.id}/take-back")
    assert "Delete this file" in read(producer.get(f"/media/{asset.id}")).text


def test_who_signs_disposals_frees_the_room_of_a_deleted_file_now(site: Site) -> None:
    asset, producer = an_asset(site.db, "Draft spot", "e"), site.browser(Role.PRODUCER)
    post(producer, f"/media/{asset.id}/delete", version=asset.version)
    assert "for good now" not in read(producer.get(f"/media/{asset.id}")).text
    assert "for good now" not in read(producer.get(PAGE)).text
    assert post(producer, f"/media/{asset.id}/release").status_code == 403
    clerk = site.browser(Role.RECORDS)
    assert "Remove for good now" in read(clerk.get(f"/media/{asset.id}")).text
    assert 'data-confirm="Remove Draft spot for good now?"' in clerk.get(PAGE).text
    held = keeping.place_hold(site.db, ADMIN, NOW, asset.id, "Smith v. City")
    refused = post(clerk, f"/media/{asset.id}/release")
    assert refused.status_code == 422 and "Draft spot stays. " in refused.text
    assert "for good now" not in read(clerk.get(f"/media/{asset.id}")).text
    keeping.lift_hold(site.db, ADMIN, NOW, held.id, "Settled")
    assert post(clerk, f"/media/{asset.id}/release").status_code == 303
    assert "deleted it on" in read(clerk.get(f"/media/{asset.id}")).text


def test_a_refused_form_says_why_and_keeps_what_was_typed(site: Site) -> None:
    asset, clerk = an_asset(site.db, "Film", "e"), site.browser(Role.RECORDS)
    long = "x" * 401
    answer = post(clerk, f"/media/{asset.id}/hold", reason=long)
    assert answer.status_code == 422 and long in answer.text
    answer = post(clerk, f"{PAGE}/classes", name="5 years", rule="after airing", days="0")
    assert answer.status_code == 422
    assert "from 1 to 36,500" in answer.text and 'value="5 years"' in answer.text
    answer = post(clerk, f"{PAGE}/classes", name="5 years", rule="no such rule", days="5")
    assert answer.status_code == 422


def test_a_hold_is_placed_on_the_file_and_lifted_on_the_page(site: Site) -> None:
    asset, clerk = an_asset(site.db, "Film", "e"), site.browser(Role.RECORDS)
    post(clerk, f"/media/{asset.id}/hold", reason="Smith v. City")
    assert "It is on legal hold: Smith v. City." in read(clerk.get(f"/media/{asset.id}")).text
    (hold,) = query.file(site.db, asset.id, NOW).holds
    lifted = post(clerk, f"{PAGE}/holds/{hold.id}/lift", reason="Settled")
    assert lifted.status_code == 303
    assert "lifted by" in read(clerk.get(f"/media/{asset.id}")).text


def test_the_page_says_when_the_disk_is_full_at_this_pace(site: Site) -> None:
    for day, free in ((0, 100), (10, 70)):
        reading = DiskReading("server", "Server", free * GB, 1000 * GB)
        disk_days.note(site.db, [reading], site.clock.utc() + (day - 10) * DAY)
    text = read(site.browser(Role.VIEWER).get(PAGE)).text
    assert "Full in 23 days at this pace" in text


def test_the_page_says_how_much_room_the_archive_has_and_that_it_is_away(site: Site) -> None:
    browser = site.browser(Role.VIEWER)
    assert "rchive is" not in read(browser.get(PAGE)).text, "the settings name none"
    services = site.app.extensions[SERVICES_KEY]
    settings = services.settings.model_copy(update={"archive_folder": Path("/mnt/archive")})
    object.__setattr__(services, "settings", settings)
    assert "The archive was never found." in read(browser.get(PAGE)).text
    disk_days.note(
        site.db, [DiskReading("archive", "Archive", 70 * GB, 1000 * GB)], site.clock.utc()
    )
    text = read(browser.get(PAGE)).text
    assert "Archive: 70 GB free." in text and "away" not in text
    site.clock.advance(4 * DAY)
    text = read(browser.get(PAGE)).text
    assert "The archive is away. It was last here" in text and "with 70 GB free." in text
