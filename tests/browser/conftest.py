"""A real Chromium against a real server over a clean database, on the machine's own clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from support.chromium import launched
from support.desk import a_channel, hours_written
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
    with launched() as browser:
        yield browser


@pytest.fixture
def served(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    if not vendor.is_current():
        pytest.fail("browser libraries are missing: python -m web.vendor")
    monkeypatch.delenv("GAVEL_CONFIG", raising=False)
    settings = Settings(data_dir=tmp_path / "data", station="Test City")
    app = create_app(settings, sqlite_db, SystemClock())
    a_channel(sqlite_db)
    a_channel(sqlite_db, "ch14")
    hours_written(sqlite_db)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", sqlite_db, app)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[(1440, 900, "light")])
def page(request: pytest.FixtureRequest, chromium: Browser, served: Served) -> Iterator[Page]:
    """Signed in as the administrator; fails on any error in the browser's console."""
    width, height, scheme = request.param
    with _signed_in(chromium, served, (width, height), color_scheme=scheme) as page:
        yield page


@pytest.fixture
def phone(chromium: Browser, served: Served) -> Iterator[Page]:
    """The same on a phone: 390 px wide, and a thumb in place of a mouse."""
    with _signed_in(chromium, served, (390, 844), has_touch=True, is_mobile=True) as page:
        yield page


@contextmanager
def _signed_in(
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
    token = people.first_admin_link(served.db, SystemClock().utc())
    page.goto(f"/welcome/{token}")
    for name, text in (
        ("name", "Dana"),
        ("login", "dana"),
        ("password", SECRET),
        ("again", SECRET),
    ):
        page.fill(f"[name={name}]", text)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/")
    yield page
    context.close()
    assert not wrong


def _counts(said: ConsoleMessage) -> bool:
    """A refused form (422) and a lost page (404) are errors to the browser; no other may be."""
    return said.type == "error" and not any(code in said.text for code in ("of 422", "of 404"))
