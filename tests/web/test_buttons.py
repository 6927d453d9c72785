"""The operator's buttons say their whole consequence."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, a_channel, an_asset

from config.names import HouseFormat
from playout.rundown import Kind, Rank
from playout.wire import Report, Status, Verb
from scheduler.actions import airings, asrun
from scheduler.db.store import Database
from scheduler.domain.airing import AiringDraft
from scheduler.heard import Heard
from scheduler.queries import onair
from web.buttons import buttons


@pytest.fixture
def on(sqlite_db: Database) -> Any:
    a_channel(sqlite_db)
    asset = an_asset(sqlite_db)
    for hours, title in ((-0.5, "City Council"), (1, "Budget hearing"), (3, "Parks")):
        draft = AiringDraft(CH13, title, NOW + hours * HOUR, HOUR, asset=asset.id)
        airings.add(sqlite_db, PLANNER, NOW - HOUR, draft)
    asrun.accept_report(sqlite_db, CH13, Report(status(tick=1800)), NOW)
    return onair.on_air(sqlite_db, CH13, NOW + timedelta(seconds=1))


def status(tick: int) -> Status:
    return Status(
        channel=CH13, host="vm", at=NOW, tick=tick, layer="deck", cue=None, item=None,
        title="", started=NOW, ends=None, offset=0.0, revision=None, serial=1, outputs=1,
        late_ticks=0, clock_step=0.0,
    )  # fmt: skip


def test_take_says_what_starts_what_ends_and_what_follows(on: Any) -> None:
    take = buttons(on, (), NOW)[0]
    assert take.possible and take.question == "Put Budget hearing on air now?"
    assert take.consequence == (
        "Budget hearing starts 60 min before its time (14:00) and runs until about 14:00. "
        "City Council ends and does not come back. "
        "Filler and bulletins follow until Parks at 16:00."
    )


def test_skip_says_what_ends_and_what_follows(on: Any) -> None:
    skip = buttons(on, (), NOW)[1]
    assert skip.possible and skip.question == "Skip City Council?"
    assert skip.consequence == (
        "City Council ends now and does not come back. "
        "Filler and bulletins follow until Budget hearing at 14:00."
    )
    last = buttons(replace(on, next=()), (), NOW)[1]
    assert last.consequence == (
        "City Council ends now and does not come back. Filler and bulletins follow."
    )
    board = replace(on, cue=replace(on.cue, item=None, kind=Kind.BOARD))
    assert not buttons(board, (), NOW)[1].possible


def test_slate_says_what_viewers_see_and_for_how_long(on: Any) -> None:
    slate = buttons(on, (), NOW)[2]
    assert slate.possible and slate.question == "Cover the air with the slate?"
    assert slate.consequence == (
        f"Viewers see “{on.channel.slate_text}” at once, without sound, until you rejoin. "
        "Nothing that is planned shows until then."
    )
    silent = buttons(replace(on, state="silent"), (), NOW)
    assert [act.possible for act in silent] == [False] * 4


def test_a_slate_somebody_put_up_can_only_be_left_by_rejoining(on: Any) -> None:
    slate = replace(on.cue, item=None, kind=Kind.SLATE, rank=Rank.OVERRIDE, held=True)
    possible = {act.verb: act.possible for act in buttons(replace(on, cue=slate), (), NOW)}
    assert not possible[Verb.SLATE] and possible[Verb.REJOIN]


def test_the_present_run_of_pictures_began_its_ticks_ago() -> None:
    begun = Heard("vm", NOW, status(tick=1800), None).begun(HouseFormat.parse("64x36@30"))
    assert begun == NOW - timedelta(seconds=60)
