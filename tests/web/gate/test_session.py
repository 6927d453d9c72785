"""Sign-in, one-time links, and the headers of every answer."""

import stat

import pytest
from support.page import read
from support.website import SECRET, Site, post
from werkzeug.test import TestResponse

from config.settings import Settings
from config.signing import SecretError, secret_key
from scheduler.actions import people
from scheduler.domain.model.people import Role


def form_token(page: TestResponse) -> str:
    return read(page).control("csrf_token").value


def test_the_first_link_makes_the_administrator_once(site: Site) -> None:
    token = people.first_admin_link(site.db, site.clock.utc())
    client = site.visitor()
    page = client.get(f"/welcome/{token}")
    form = {
        "csrf_token": form_token(page),
        "name": "Dana",
        "login": "dana",
        "password": SECRET,
        "again": SECRET,
    }
    assert client.post(f"/welcome/{token}", data=form).headers["Location"] == "/"
    assert "Welcome, Dana" in client.get("/").get_data(as_text=True)
    assert site.visitor().get(f"/welcome/{token}").status_code == 404
    assert people.first_admin_link(site.db, site.clock.utc()) is None


def test_a_refused_welcome_keeps_what_was_typed_and_says_why(site: Site) -> None:
    token = people.first_admin_link(site.db, site.clock.utc())
    client = site.visitor()
    form = {"csrf_token": form_token(client.get(f"/welcome/{token}")), "name": "Dana"}
    answer = client.post(f"/welcome/{token}", data={**form, "login": "dana", "password": "short"})
    page = read(answer)
    assert answer.status_code == 422 and page.control("name").value == "Dana"
    assert "at least 12 characters" in page


def test_signing_in_with_name_and_password(site: Site) -> None:
    login = site.person(Role.OPERATOR).login
    client = site.visitor()
    token = form_token(client.get("/login"))
    wrong = client.post("/login", data={"csrf_token": token, "login": login, "password": "no"})
    assert wrong.status_code == 422 and "Wrong name or password" in wrong.get_data(as_text=True)
    right = client.post("/login", data={"csrf_token": token, "login": login, "password": SECRET})
    assert right.status_code == 303 and client.get("/").status_code == 200


def test_the_eleventh_failed_sign_in_within_a_minute_must_wait(site: Site) -> None:
    client = site.visitor()
    token = form_token(client.get("/login"))
    form = {"csrf_token": token, "login": "nobody", "password": "no"}
    codes = [client.post("/login", data=form).status_code for _ in range(11)]
    assert codes[:10] == [422] * 10 and codes[10] == 429


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 422), (2, 429)])
def test_behind_a_trusted_proxy_tries_count_for_each_visitor(
    site: Site, proxies: int, last: int
) -> None:
    """With no trusted proxy, or more configured than there are, the header is ignored."""
    from web import create_app

    settings = Settings(data_dir=site.settings.data_dir, trusted_proxies=proxies)
    client = create_app(settings, site.db, site.clock).test_client()
    form = {"csrf_token": form_token(client.get("/login")), "login": "nobody", "password": "no"}
    codes = []
    for visitor in (*["1.1.1.1"] * 10, "2.2.2.2"):
        headers = {"X-Forwarded-For": visitor}
        codes.append(client.post("/login", data=form, headers=headers).status_code)
    assert codes == [422] * 10 + [last]


def test_a_forged_forwarded_header_is_ignored(site: Site) -> None:
    from web import create_app

    settings = Settings(data_dir=site.settings.data_dir, trusted_proxies=1)
    client = create_app(settings, site.db, site.clock).test_client()
    form = {"csrf_token": form_token(client.get("/login")), "login": "nobody", "password": "no"}
    codes = []
    for n in range(11):
        headers = {"X-Forwarded-For": f"10.0.0.{n}, 2.2.2.2", "X-Forwarded-Host": "evil.example"}
        codes.append(client.post("/login", data=form, headers=headers).status_code)
    assert codes == [422] * 10 + [429]


def test_signing_out_ends_the_session_in_the_database(site: Site) -> None:
    client = site.browser(Role.VIEWER)
    with client.session_transaction() as session:
        secret = session["_user_id"]
    post(client, "/logout")
    assert people.session_person(site.db, site.clock.utc(), secret) is None
    assert client.get("/").headers["Location"] == "/login"


def test_pages_carry_a_policy_that_allows_nothing_inline(site: Site) -> None:
    answer = site.browser(Role.VIEWER).get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = read(answer)
    assert page.all("script", src=True) and not page.all("script", src=False)
    names = {name for each in page.walk() for name in each.attributes}
    assert not {name for name in names if name == "style" or name.startswith("on")}


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(site: Site) -> None:
    cookie = site.visitor().get("/login").headers["Set-Cookie"]
    assert cookie.startswith("gavel=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_an_untrusted_host_name_is_refused(site: Site) -> None:
    assert site.visitor().get("/login", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/login%00", {}),
        ("/login", {"login": "a\x00b"}),
        ("/media/uploads/1?q=%00", {"login": "ann"}),
        ("/undo/1", {"login": "x" * 3_000_000}),
    ],
)
def test_an_untrusted_host_name_is_refused_before_anything_else(
    site: Site, path: str, sent: dict[str, str]
) -> None:
    for host in ("evil.example", "[::1", "localhost:x", "a b", "\xff", ""):
        for more in ({}, {"Sec-Fetch-Site": "cross-site"}):
            answer = site.visitor().post(path, data=sent, headers={"Host": host} | more)
            assert answer.status_code == 400, (host, more)
            assert "does not answer to that name" in answer.get_data(as_text=True)


def test_the_signing_key_is_created_once_and_private(site: Site) -> None:
    folder = site.settings.data_dir
    first = secret_key(folder)
    assert secret_key(folder) == first and len(first) == 32
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    (folder / "secret.key").write_bytes(b"short")
    with pytest.raises(SecretError):
        secret_key(folder)


def test_over_tls_the_cookie_is_secure_and_bound_to_the_host(site: Site) -> None:
    from web import create_app

    settings = Settings(data_dir=site.settings.data_dir, base_url="https://tv.example.gov")
    app = create_app(settings, site.db, site.clock)
    answer = app.test_client().get("/login", base_url="https://tv.example.gov")
    assert answer.headers["Set-Cookie"].startswith("__Host-gavel=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_an_error_page_says_what_to_do(site: Site) -> None:
    answer = site.browser(Role.VIEWER).get("/no/such/page")
    assert answer.status_code == 404 and "There is nothing here" in answer.get_data(as_text=True)
