"""What viewers read as on now follows the broadcast machine, not the plan."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from support.desk import CH13, HOUR, NOW, an_airing, an_asset
from support.website import Site

from config.names import CueId, Revision
from playout.rundown import Cue, Kind, Rank, Rundown
from playout.wire import Report, Status
from scheduler.actions import asrun
from scheduler.feeds import lineup
from scheduler.publish import publish_all
from scheduler.queries import onair


def test_on_now_is_bulletins_while_the_machine_shows_bulletins(site: Site) -> None:
    at = site.clock.utc()
    an_airing(site.db, start=at - timedelta(minutes=5), asset=an_asset(site.db).id)
    publish_all(site.db, at)
    viewer = site.visitor()
    assert "ON NOW" in viewer.get("/tv/ch13").get_data(as_text=True)
    number = onair.on_air(site.db, CH13, at).published
    cue = Cue(CueId("fill-1"), None, Kind.BOARD, "", at - HOUR, at + 9 * HOUR, Rank.BOARD)
    told = Rundown(CH13, Revision(number), (cue,), ())
    status = Status(
        channel=CH13, host="vm", at=at, tick=1800, layer="board", cue=cue.id, item=None,
        title="", started=NOW, ends=None, offset=0.0, revision=Revision(number), serial=1,
        outputs=1, late_ticks=0, clock_step=0.0,
    )  # fmt: skip
    asrun.accept_report(site.db, CH13, Report(status, told), at)
    page = viewer.get("/tv/ch13").get_data(as_text=True)
    assert "ON NOW" not in page and "City bulletins" in page


def test_the_page_is_renewed_from_a_part_that_costs_little(site: Site) -> None:
    """Half a minute apart, by many viewers: 304 where nothing changed, and few questions."""
    an_airing(site.db, title="Planning Commission")
    publish_all(site.db, site.clock.utc())
    viewer = site.visitor()
    page = viewer.get("/tv/ch13")
    part = viewer.get("/tv/ch13/now")
    for answer in (page, part):
        assert answer.headers["Cache-Control"] == "public, max-age=10"
        assert "Planning Commission" in answer.get_data(as_text=True)
        assert "Set-Cookie" not in answer.headers
    asked = []
    event.listen(site.db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    again = viewer.get("/tv/ch13/now", headers={"If-None-Match": part.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"") and len(asked) <= 12
    same = viewer.get("/tv/ch13", headers={"If-None-Match": page.headers["ETag"]})
    assert same.status_code == 304
    an_airing(site.db, site.clock.utc() + 2 * HOUR, title="Zoning Board")
    after = viewer.get("/tv/ch13/now", headers={"If-None-Match": part.headers["ETag"]})
    assert after.status_code == 200 and "Zoning Board" in after.get_data(as_text=True)


def test_what_begins_and_ends_by_the_clock_alone_is_renewed_too(site: Site) -> None:
    at = site.clock.utc()
    an_airing(site.db, at + timedelta(minutes=5), title="Planning Commission")
    viewer = site.visitor()
    assert "ON NOW" not in viewer.get("/tv/ch13/now").get_data(as_text=True)
    site.clock.advance(timedelta(minutes=6))
    assert "ON NOW" in viewer.get("/tv/ch13/now").get_data(as_text=True)


def test_a_page_of_no_channel_has_no_part(site: Site) -> None:
    assert site.visitor().get("/tv/ch99/now").status_code == 404


def test_the_page_says_where_a_calendar_that_cannot_hold_all_ends(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(3):
        an_airing(site.db, NOW + hour * HOUR)
    viewer = site.visitor()
    assert "than a calendar can hold" not in viewer.get("/tv/ch13").get_data(as_text=True)
    monkeypatch.setattr(lineup, "MOST_EVENTS", 2)
    an_airing(site.db, NOW + 4 * HOUR)
    text = viewer.get("/tv/ch13").get_data(as_text=True)
    assert "it ends on Sunday, November 22 at 3:00 pm." in text
