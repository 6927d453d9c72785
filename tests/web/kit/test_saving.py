"""A drawer's form is kept, or shown again with everything typed and words for why not, on both
databases: who saves second is told by how each of them locks."""

import re

from support.website import Site, post

from scheduler.domain.model.people import Role

HOLIDAYS = "Thanksgiving: fourth Thursday of November\nChristmas: December 25"
RECESS = "Winter recess: 2026-12-21 to 2027-01-03"


def test_two_people_save_one_calendar_and_the_second_sees_every_line_of_the_first(
    each_site: Site,
) -> None:
    ana, ben = each_site.browser(Role.SCHEDULER), each_site.browser(Role.SCHEDULER)
    post(ana, "/calendars", name="City holidays", text=HOLIDAYS)
    listed = ana.get("/calendars").get_data(as_text=True)
    where = re.findall(r"/calendars/[0-9A-Za-z_-]{8,}", listed)[0]
    version = re.findall(
        r'name="version"[^>]*value="(\d+)"', ana.get(where).get_data(as_text=True)
    )[0]
    first = post(ana, where, name="City holidays", text=HOLIDAYS, version=version)
    post(ana, where, name="City holidays", text=HOLIDAYS + "\nNew Year: January 1", version=version)
    late = post(ben, where, name="City holidays", text=RECESS, version=version)
    assert first.status_code == 303
    told = late.get_data(as_text=True)
    assert late.status_code == 422
    assert "Save again to use yours" in told and RECESS in told
    text = f"{HOLIDAYS}\nNew Year: January 1"
    assert "Differences" in told and f"<td>{text}</td><td>{RECESS}</td>" in told
    now = re.findall(r'name="version"[^>]*value="(\d+)"', told)[0]
    both = f"{text}\r\n{RECESS}"
    assert post(ben, where, name="City holidays", text=both, version=now).status_code == 303
    kept = ana.get(where).get_data(as_text=True)
    assert all(line in kept for line in (*text.splitlines(), RECESS))


def test_a_program_saved_by_two_says_only_where_they_differ(each_site: Site) -> None:
    ana, ben = each_site.browser(Role.SCHEDULER), each_site.browser(Role.SCHEDULER)
    typed = {"title": "Parks", "summary": "Green\nand quiet", "asset": ""}
    post(ana, "/programs", **typed)
    where = re.findall(r"/programs/[0-9a-f]{32}", ana.get("/programs").get_data(as_text=True))[0]
    post(ana, where, **{**typed, "summary": "Green\r\nand loud"}, version="1")
    told = post(ben, where, **{**typed, "notes": "Ask Kim"}, version="1").get_data(as_text=True)
    rows = re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td><td>([^<]*)</td>', told)
    assert rows == [
        ("Summary for viewers", "and loud", "and quiet"),
        ("Notes for staff", "nothing", "Ask Kim"),
    ]


def test_a_version_that_is_no_number_is_an_old_one(each_site: Site) -> None:
    boss = each_site.browser(Role.ADMINISTRATOR)
    shown = boss.get("/settings/channels/ch13").get_data(as_text=True)
    fields = dict(re.findall(r'name="([a-z_]+)"[^>]*value="([^"]*)"', shown))
    fields.pop("csrf_token", None)
    answer = post(boss, "/settings/channels/ch13", **{**fields, "version": "x"})
    assert answer.status_code == 422
