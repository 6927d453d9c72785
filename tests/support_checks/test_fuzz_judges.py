"""The fuzz notices what breaks: it reports a fault planted in a page or in the log."""

import logging
from pathlib import Path

import pytest
from support.hostile_values import ask, draw_every_page, fuzzed_site, host_try, rules

from scheduler.db.store import Database
from scheduler.queries import onair


@pytest.mark.parametrize("level", [logging.ERROR, logging.INFO])
def test_a_broken_page_and_a_logged_traceback_are_reported(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: int
) -> None:
    with fuzzed_site(sqlite_db, tmp_path, 1, monkeypatch) as site:
        draw_every_page(site, 1, rules(site))
        host_try(site, 2)
        assert site.crashes == []

        def broken(*_: object) -> None:
            logging.getLogger("planted").log(level, "a fault")
            if level == logging.INFO:
                raise OverflowError("date value out of range")

        monkeypatch.setattr(onair, "last_report", broken)
        ask(site, 3, site.boss, "/")

    (crash,) = site.crashes
    assert crash.number == 3 and ("a fault" in crash.how or "OverflowError" in crash.how)
