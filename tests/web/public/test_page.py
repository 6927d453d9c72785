"""The public page shows as on now what the broadcast machine reports, not what was planned."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import event
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_source, an_airing, an_asset
from support.page import read
from support.website import Site

from config.names import CueId, Revision
from playout.model.plan import ContentKind, Rank, StartRule
from playout.model.rundown import Cue, Rundown
from playout.model.wire import Report, Status
from scheduler.actions import meetings, reports
from scheduler.domain.air import build_plan
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.replays import ReplayRules, WeeklyReplay
from scheduler.domain.reported.public import as_expected, project, visible
from scheduler.domain.reported.retimed import ExpectedTimes
from scheduler.feeds import lineup
from scheduler.process.publish import publish_all
from scheduler.queries import onair


def test_on_now_is_bulletins_while_the_machine_shows_bulletins(site: Site) -> None:
    at = site.clock.utc()
    an_airing(site.db, start=at - timedelta(minutes=5), asset=an_asset(site.db).id)
    publish_all(site.db, at)
    viewer = site.visitor()
    assert "ON NOW" in viewer.get("/tv/ch13").get_data(as_text=True)
    number = onair.on_air(site.db, CH13, at).published
    cue = Cue(CueId("fill-1"), None, ContentKind.BOARD, "", at - HOUR, at + 9 * HOUR, Rank.BOARD)
    told = Rundown(CH13, Revision(number), (cue,), ())
    status = Status(
        channel=CH13, host="vm", at=at, tick=1800, layer="board", cue=cue.id, item=None,
        title="", started=NOW, ends=None, offset=0.0, revision=Revision(number), serial=1,
        outputs=1, late_ticks=0, clock_step=0.0,
    )  # fmt: skip
    reports.accept_report(site.db, CH13, Report(status, told), at)
    page = viewer.get("/tv/ch13").get_data(as_text=True)
    assert "ON NOW" not in page and "City bulletins" in page


def test_the_page_refreshes_from_a_cheap_part(site: Site) -> None:
    """Every half minute, for many viewers: 304 when nothing changed, and few database queries."""
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
    assert (again.status_code, again.data) == (304, b"") and len(asked) <= 13
    same = viewer.get("/tv/ch13", headers={"If-None-Match": page.headers["ETag"]})
    assert same.status_code == 304
    an_airing(site.db, site.clock.utc() + 2 * HOUR, title="Zoning Board")
    after = viewer.get("/tv/ch13/now", headers={"If-None-Match": part.headers["ETag"]})
    assert after.status_code == 200 and "Zoning Board" in after.get_data(as_text=True)


def test_starts_and_ends_by_the_clock_refresh_the_page(site: Site) -> None:
    at = site.clock.utc()
    an_airing(site.db, at + timedelta(minutes=5), title="Planning Commission")
    viewer = site.visitor()
    assert "ON NOW" not in viewer.get("/tv/ch13/now").get_data(as_text=True)
    site.clock.advance(timedelta(minutes=6))
    assert "ON NOW" in viewer.get("/tv/ch13/now").get_data(as_text=True)


def test_the_page_part_of_an_unknown_channel_is_not_found(site: Site) -> None:
    assert site.visitor().get("/tv/ch99/now").status_code == 404


def test_the_page_says_where_a_full_calendar_ends(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(3):
        an_airing(site.db, NOW + hour * HOUR)
    viewer = site.visitor()
    assert "cannot hold everything" not in viewer.get("/tv/ch13").get_data(as_text=True)
    monkeypatch.setattr(lineup, "MOST_EVENTS", 2)
    an_airing(site.db, NOW + 4 * HOUR)
    text = read(viewer.get("/tv/ch13"))
    assert "it ends on Sunday 22 November at 15:00." in text


def line_of(page: str, title: str) -> str:
    """Return the words of the line with this title."""
    (line,) = [each for each in read(page).all("li", id=True) if title in each]
    return line.text


def test_no_two_programs_share_a_time_while_the_machine_is_silent(site: Site) -> None:
    """Staff pages showed that the second one waits; residents read its planned time (U4)."""
    an_airing(site.db, title="Council film", asset=an_asset(site.db).id)
    waits = {"start_rule": StartRule.WAIT, "wait_limit": HOUR, "length": HOUR / 2}
    an_airing(
        site.db, NOW + 1.5 * HOUR, title="Parks", asset=an_asset(site.db, key="b").id, **waits
    )
    publish_all(site.db, NOW)
    page = site.visitor().get("/tv/ch13").get_data(as_text=True)
    assert line_of(page, "Council film").startswith("14:00 to 15:00")
    assert line_of(page, "Parks").startswith("15:00 to 15:30")


def test_an_unsettled_start_is_shown_as_about(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the plan's end nothing is settled, so a start that waits is only about right."""
    monkeypatch.setattr(build_plan, "PLAN_REACHES_AHEAD", timedelta(days=3))
    far = NOW + timedelta(days=5)
    file = an_asset(site.db).id
    an_airing(site.db, far, title="Fixed", asset=file)
    an_airing(
        site.db, far + HOUR, title="Waiting", asset=file, start_rule=StartRule.WAIT, wait_limit=HOUR
    )
    page = site.visitor().get("/tv/ch13").get_data(as_text=True)
    assert line_of(page, "Fixed").startswith("13:00 to 14:00")
    assert line_of(page, "Waiting").startswith("about 14:00")


def test_a_meeting_lists_its_replays(site: Site) -> None:
    rules = ReplayRules(same_day=time(19), weekly=(WeeklyReplay(5, time(10)),))
    draft = MeetingDraft(
        CH13, "City Council", NOW + HOUR, HOUR, "City Council", source=a_source(site.db),
        replays=rules,
    )  # fmt: skip
    meetings.add(site.db, PLANNER, NOW, draft)
    an_airing(site.db, NOW + 5 * HOUR, title="Film", asset=an_asset(site.db).id)
    publish_all(site.db, NOW)
    lines = read(site.visitor().get("/tv/ch13")).all("li", id=True)
    own = lines[0].text
    assert own.startswith("14:00 to about 15:00 City Council live On again: today ")
    assert "Sat 28 Nov" in own
    marked = [(one.has("data-meeting"), "Film" in one) for one in lines]
    assert (True, False) in marked and (False, True) in marked


@pytest.mark.parametrize(
    ("times", "off", "start", "end", "about", "postponed"),
    [
        (None, False, 60, 120, True, False),
        (None, True, 60, 120, False, True),
        (ExpectedTimes(NOW + 75 * MINUTE, NOW + 135 * MINUTE), False, 75, 135, False, False),
        (
            ExpectedTimes(NOW + 75 * MINUTE, NOW + 135 * MINUTE, guessed=True),
            False,
            75,
            135,
            True,
            False,
        ),
        (
            ExpectedTimes(NOW + 60 * MINUTE, NOW + 120 * MINUTE, guessed=True),
            False,
            60,
            120,
            True,
            False,
        ),
        (ExpectedTimes(NOW + 60 * MINUTE, NOW + 88 * MINUTE), False, 60, 88, False, False),
        (ExpectedTimes(None, NOW + 120 * MINUTE), False, 60, 120, False, False),
    ],
)
def test_the_page_shows_settled_times_or_about(
    site: Site,
    times: ExpectedTimes | None,
    off: bool,
    start: int,
    end: int,
    about: bool,
    postponed: bool,
) -> None:
    made = an_airing(site.db, start_rule=StartRule.WAIT, wait_limit=HOUR)
    planned = project(made, None)
    assert planned is not None
    told = as_expected(planned, times, off=off)
    assert (told.start - NOW, told.end - NOW) == (start * MINUTE, end * MINUTE)
    assert (told.about, told.postponed) == (about, postponed)
    assert visible(replace(planned, about=True, may_move=False)) == visible(planned)
