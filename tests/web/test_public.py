"""What viewers read as on now follows the broadcast machine, not the plan."""

from datetime import timedelta

from support.desk import CH13, HOUR, NOW, an_airing, an_asset
from support.website import Site

from config.names import CueId, Revision
from playout.rundown import Cue, Kind, Rank, Rundown
from playout.wire import Report, Status
from scheduler.actions import asrun
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
