"""Saving a drawer's form, or showing it again with what was typed and why; on both databases."""

from support.page import read
from support.website import Site, post

from scheduler.domain.model.people import Role

HOLIDAYS = "Thanksgiving: fourth Thursday of November\nChristmas: December 25"
RECESS = "Winter recess: 2026-12-21 to 2027-01-03"


def test_the_second_of_two_savers_sees_every_line_of_the_first(
    each_site: Site,
) -> None:
    ana, ben = each_site.browser(Role.SCHEDULER), each_site.browser(Role.SCHEDULER)
    post(ana, "/calendars", name="City holidays", text=HOLIDAYS)
    where = read(ana.get("/calendars")).link("City holidays").get("href")
    version = read(ana.get(where)).control("version").value
    first = post(ana, where, name="City holidays", text=HOLIDAYS, version=version)
    post(ana, where, name="City holidays", text=HOLIDAYS + "\nNew Year: January 1", version=version)
    late = post(ben, where, name="City holidays", text=RECESS, version=version)
    assert first.status_code == 303
    page = read(late)
    assert late.status_code == 422
    assert "Save again to use yours" in page and RECESS in page.control("text").value
    text = f"{HOLIDAYS}\nNew Year: January 1"
    assert "Differences" in page
    assert [row[1:] for row in page.rows] == [[" ".join(text.split()), RECESS]]
    now = page.control("version").value
    both = f"{text}\r\n{RECESS}"
    assert post(ben, where, name="City holidays", text=both, version=now).status_code == 303
    kept = ana.get(where).get_data(as_text=True)
    assert all(line in kept for line in (*text.splitlines(), RECESS))


def test_a_conflicting_save_lists_only_the_differing_fields(each_site: Site) -> None:
    ana, ben = each_site.browser(Role.SCHEDULER), each_site.browser(Role.SCHEDULER)
    typed = {"title": "Parks", "summary": "Green\nand quiet", "asset": ""}
    post(ana, "/programs", **typed)
    where = read(ana.get("/programs")).link("Parks").get("href")
    post(ana, where, **{**typed, "summary": "Green\r\nand loud"}, version="1")
    refused = post(ben, where, **{**typed, "notes": "Ask Kim"}, version="1")
    assert read(refused).rows == [
        ["Summary for viewers", "and loud", "and quiet"],
        ["Notes for staff", "nothing", "Ask Kim"],
    ]


def test_a_version_that_is_not_a_number_counts_as_stale(each_site: Site) -> None:
    boss = each_site.browser(Role.ADMINISTRATOR)
    fields = read(boss.get("/settings/channels/ch13")).fields
    answer = post(boss, "/settings/channels/ch13", **{**fields, "version": "x"})
    assert answer.status_code == 422
