"""The public page while a meeting runs over: it says so, and about when the next program starts."""

from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, an_airing, an_asset
from support.page import read
from support.session import in_session
from support.website import Site

from playout.model.plan import MissedStart, StartRule
from scheduler.actions import channels
from scheduler.domain.model.channel import ChannelDraft
from scheduler.process.publish import publish_changed
from scheduler.queries import grid


def test_running_over_is_shown_within_a_minute(site: Site) -> None:
    asset = an_asset(site.db, length=HOUR)
    soft = {"start_rule": StartRule.FOLLOW, "missed": MissedStart.TOP, "asset": asset.id}
    an_airing(site.db, NOW + 2 * HOUR, title="Secret", public=False, **soft)
    an_airing(site.db, NOW + 2 * HOUR + MINUTE, title="Parks", **soft)
    publish_changed(site.db, NOW)
    room = in_session(site.db)
    visitor = site.visitor()
    site.clock.advance(HOUR)
    room.report(site.clock.utc())
    page = read(visitor.get("/tv/ch13"))
    assert "live until the meeting adjourns" in page and "running long" not in page
    site.clock.advance(HOUR + 4 * MINUTE)
    room.report(site.clock.utc())
    page = read(visitor.get("/tv/ch13"))
    assert "running long; live until the meeting adjourns" in page
    assert "Next at about 16:05 Parks" in page and "Secret" not in page


def test_viewers_see_the_latest_end_of_a_meeting(site: Site) -> None:
    in_session(site.db, hard_limit=NOW + 3 * HOUR).report(NOW + MINUTE)
    site.clock.advance(MINUTE)
    page = read(site.visitor().get("/tv/ch13"))
    assert "live until the meeting adjourns, until 16:00 at the latest" in page


def test_the_page_links_to_the_web_stream(site: Site) -> None:
    found = grid.channel(site.db, CH13)
    assert "watch online" not in site.visitor().get("/tv/ch13").get_data(as_text=True)
    draft = ChannelDraft(
        found.id, found.name, found.zone, found.format, watch="https://city.example/live"
    )
    channels.edit(site.db, ADMIN, NOW, CH13, draft, found.version)
    page = read(site.visitor().get("/tv/ch13"))
    assert page.link("watch online").get("href") == "https://city.example/live"


def test_a_program_pushed_past_its_own_end_is_still_listed(site: Site) -> None:
    """Its planned hour has passed, and it has not begun."""
    asset = an_asset(site.db, length=HOUR)
    soft = {"start_rule": StartRule.FOLLOW, "missed": MissedStart.TOP, "asset": asset.id}
    an_airing(site.db, NOW + 2 * HOUR, title="Parks", **soft)
    publish_changed(site.db, NOW)
    room = in_session(site.db)
    site.clock.advance(3 * HOUR + 12 * MINUTE)
    room.report(site.clock.utc())
    page = read(site.visitor().get("/tv/ch13"))

    assert "Next at about 16:15 Parks" in page
    (line,) = [each for each in page.all("li", id=True) if "Parks" in each]
    assert line.text.startswith("about 16:15")
