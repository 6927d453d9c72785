"""A person's own account, and what an administrator may change on it."""

from support.page import read
from support.website import SECRET, Site, post

from scheduler.actions import people
from scheduler.domain.model.people import Role
from scheduler.queries import people as queries


def test_a_person_can_end_their_own_sessions_and_no_others(site: Site) -> None:
    client = site.browser(Role.VIEWER)
    with client.session_transaction() as session:
        me = people.session_person(site.db, site.clock.utc(), session["_user_id"])
    assert me is not None
    people.open_session(site.db, site.clock.utc(), me.id, "the old laptop")
    stranger = site.person(Role.PRODUCER)
    people.open_session(site.db, site.clock.utc(), stranger.id, "a stranger's")
    page = read(client.get("/account"))
    assert "the old laptop" in page and "this browser" in page and "stranger" not in page
    theirs = queries.sessions(site.db, stranger.id, site.clock.utc())[0].id
    assert post(client, f"/account/sessions/{theirs}/end").status_code == 404
    (old,) = [line for line in page.all("li") if "the old laptop" in line]
    post(client, old.one("form").get("action"))
    assert "the old laptop" not in client.get("/account").get_data(as_text=True)


def test_changing_the_password_requires_the_current_one(site: Site) -> None:
    client = site.browser(Role.VIEWER)
    form = {
        "old": SECRET,
        "password": "an even better sentence",
        "again": "an even better sentence",
    }
    wrong = post(client, "/account/password", **{**form, "old": "not this one"})
    assert wrong.status_code == 422 and "not your current password" in wrong.get_data(as_text=True)
    assert post(client, "/account/password", **form).status_code == 303
    assert client.get("/account").status_code == 200


def test_an_administrator_limits_a_person_to_some_channels(site: Site) -> None:
    boss, sam = site.browser(Role.ADMINISTRATOR), site.person(Role.SCHEDULER)
    answer = post(boss, f"/settings/people/{sam.id}/channels", reach="some", channel="ch13")
    assert answer.status_code == 303
    assert queries.person(site.db, sam.id).only == {"ch13"}
    assert "ch13 only" in boss.get("/settings").get_data(as_text=True)
    wrong = post(boss, f"/settings/people/{sam.id}/channels", reach="some", channel="ch99")
    assert wrong.status_code == 422
    post(boss, f"/settings/people/{sam.id}/channels", reach="all")
    assert queries.person(site.db, sam.id).only is None


def test_an_administrator_signs_a_person_out_everywhere(site: Site) -> None:
    boss, sam = site.browser(Role.ADMINISTRATOR), site.person(Role.SCHEDULER)
    people.open_session(site.db, site.clock.utc(), sam.id, "the control room")
    assert "the control room" in boss.get(f"/settings/people/{sam.id}").get_data(as_text=True)
    post(boss, f"/settings/people/{sam.id}/sign-out")
    assert "Not signed in anywhere" in boss.get(f"/settings/people/{sam.id}").get_data(as_text=True)
