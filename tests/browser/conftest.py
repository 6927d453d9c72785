"""A real Chromium against a real server over a clean database, on the machine's own clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, ConsoleMessage, Page
from support.chromium import running_browser
from support.desk import a_channel, set_hour_style
from werkzeug.serving import make_server

from config.clock import SystemClock
from config.settings import Settings
from scheduler.actions import people
from scheduler.db.store import Database
from web import create_app, vendor

SECRET = "a short sentence of words"


@dataclass
class Served:
    """The site as a browser sees it."""

    url: str
    db: Database
    app: Any


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def served(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    if not vendor.is_current():
        pytest.fail("browser libraries are missing: python -m web.vendor")
    monkeypatch.delenv("GAVEL_CONFIG", raising=False)
    monkeypatch.setattr(people, "_hasher", PasswordHasher(1, 8, 1))
    settings = Settings(data_dir=tmp_path / "data", station="Test City")
    app = create_app(settings, sqlite_db, SystemClock())
    a_channel(sqlite_db)
    a_channel(sqlite_db, "ch14")
    set_hour_style(sqlite_db)
    server = make_server("127.0.0.1", 0, _closing(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", sqlite_db, app)
    server.shutdown()
    thread.join()
    server.server_close()


def _closing(app: Any) -> Any:
    """Close every answer. Werkzeug's server does not where the browser hangs up in the middle, as
    a player does whenever it seeks.
    """

    def answer(environ: Any, start: Any) -> Iterator[bytes]:
        parts = app(environ, start)
        try:
            yield from parts
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    return answer


@pytest.fixture
def stranger(chromium: Browser, served: Served) -> Iterator[Page]:
    """A page without a session; fails on any error in the browser's console."""
    with _opened(chromium, served, (1440, 900)) as page:
        yield page


@pytest.fixture(params=[(1440, 900, "light")])
def page(request: pytest.FixtureRequest, chromium: Browser, served: Served) -> Iterator[Page]:
    """The On-air page of the administrator; fails on any error in the browser's console."""
    width, height, scheme = request.param
    with _signed_in(chromium, served, (width, height), color_scheme=scheme) as page:
        yield page


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Page]:
    """The same page on a phone: 390 px wide, with touch instead of a mouse."""
    with _signed_in(chromium, served, (390, 844), has_touch=True, is_mobile=True) as page:
        yield page


@contextmanager
def _signed_in(
    chromium: Browser, served: Served, size: tuple[int, int], **options: Any
) -> Iterator[Page]:
    """Open the page as Dana, the administrator, whose password is SECRET.

    `test_signing_up.py` fills in the form that signs her up, once.
    """
    with _opened(chromium, served, size, **options) as page:
        page.context.add_cookies([_session_of_dana(served)])
        page.goto("/")
        yield page


@contextmanager
def _opened(
    chromium: Browser, served: Served, size: tuple[int, int], **options: Any
) -> Iterator[Page]:
    width, height = size
    context = chromium.new_context(
        viewport={"width": width, "height": height}, base_url=served.url, **options
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if _counts(said) else None)
    yield page
    context.close()
    assert not wrong


def _session_of_dana(served: Served) -> Any:
    """Create the administrator and return the cookie of her session."""
    at = SystemClock().utc()
    token = people.first_admin_link(served.db, at)
    assert token is not None
    dana = people.redeem_link(served.db, at, token, "Dana", "dana", SECRET)
    client = served.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = people.open_session(served.db, at, dana.id, "Chromium")
        session["_fresh"] = True
    cookie = client.get_cookie(served.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return {"name": cookie.key, "value": cookie.value, "url": served.url}


def _counts(said: ConsoleMessage) -> bool:
    """Tell whether a console message counts as an error; 422 and 404 answers do not."""
    return said.type == "error" and not any(code in said.text for code in ("of 422", "of 404"))
