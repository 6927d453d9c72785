"""The operator's buttons state their whole effect."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, a_channel, an_asset

from config.names import HouseFormat
from playout.model.commands import Verb
from playout.model.events import Absent, On
from playout.model.plan import ContentKind, Plan, Rank
from playout.model.rundown import cue_at
from playout.model.wire import JournalEntry, Report, Status, decode
from playout.state.fold import fold
from playout.timing.settle import settle
from scheduler.actions import airings, reports
from scheduler.db.store import Database
from scheduler.domain.model.airing import AiringDraft
from scheduler.process.publish import publish_changed
from scheduler.queries import onair
from scheduler.queries.button_effects import ButtonEffectCache, ButtonEffects
from scheduler.queries.host_api import published_plan
from scheduler.queries.onair import OnAir
from scheduler.reading.host_state import LastReport
from web.onair.buttons import Button, buttons
from web.onair.live_buttons import foreseen_commands


@dataclass(frozen=True)
class Stands:
    """A channel at one instant, and what each button would do."""

    on: OnAir
    evening: ButtonEffects

    def buttons(self, **over: Any) -> tuple[Button, ...]:
        return buttons(replace(self.on, **over), self.evening)


@pytest.fixture
def stands(sqlite_db: Database) -> Stands:
    a_channel(sqlite_db)
    asset = an_asset(sqlite_db)
    for hours, title in ((-0.5, "City Council"), (1, "Budget hearing"), (3, "Parks")):
        draft = AiringDraft(CH13, title, NOW + hours * HOUR, HOUR, asset=asset.id)
        airings.add(sqlite_db, PLANNER, NOW - HOUR, draft)
    publish_changed(sqlite_db, NOW - HOUR)
    published = published_plan(sqlite_db, CH13)
    assert published is not None
    rundown = settle(decode(Plan, published.body), fold([Absent(NOW - HOUR)]), NOW)
    facts = (Absent(NOW - HOUR), On(cue_at(rundown, NOW)))
    entries = tuple(
        JournalEntry(n, f"f{n}", NOW, "fact", fact=one) for n, one in enumerate(facts, 1)
    )
    reports.accept_report(sqlite_db, CH13, Report(status(tick=1800), None, entries), NOW)
    on = onair.on_air(sqlite_db, CH13, NOW + timedelta(seconds=1))
    evening = ButtonEffectCache(sqlite_db).of(CH13, NOW, foreseen_commands(on, NOW))
    return Stands(on, evening)


def status(tick: int) -> Status:
    return Status(
        channel=CH13, host="vm", at=NOW, tick=tick, layer="deck", cue=None, item=None,
        title="", started=NOW, ends=None, offset=0.0, revision=None, serial=1, outputs=1,
        late_ticks=0, clock_step=0.0,
    )  # fmt: skip


def test_take_says_what_starts_until_when_and_what_ends(stands: Stands) -> None:
    take = stands.buttons()[0]
    assert take.possible and take.question == "Put Budget hearing on air now?"
    assert take.consequence == "Viewers see Budget hearing until 14:00. City Council ends now."


def test_skip_says_what_ends_and_what_follows(stands: Stands) -> None:
    skip = stands.buttons()[1]
    assert skip.possible and skip.question == "Skip City Council?"
    assert skip.consequence == (
        "Viewers see filler and bulletins until Budget hearing at 14:00. City Council ends now."
    )
    board = replace(stands.on.cue, item=None, kind=ContentKind.BOARD)
    assert not stands.buttons(cue=board)[1].possible


def test_slate_says_what_viewers_see_and_for_how_long(stands: Stands) -> None:
    slate = stands.buttons()[2]
    assert slate.possible and slate.question == "Show the slate?"
    assert slate.consequence == (
        f"Viewers see “{stands.on.channel.slate_text}” immediately, without sound, until you press "
        "Rejoin. Nothing planned is shown until then."
    )
    assert [act.possible for act in stands.buttons(state="silent")] == [False] * 4


def test_only_rejoin_ends_a_slate_put_up_by_hand(stands: Stands) -> None:
    slate = replace(stands.on.cue, item=None, kind=ContentKind.SLATE, rank=Rank.OVERRIDE, held=True)
    possible = {act.verb: act.possible for act in stands.buttons(cue=slate)}
    assert not possible[Verb.SLATE] and possible[Verb.REJOIN]


def test_without_a_plan_only_the_slate_is_offered(
    stands: Stands,
) -> None:
    unknown = buttons(stands.on, ButtonEffects({}, stands.evening.known, {}))
    assert [act.possible for act in unknown] == [False, False, True, False]


def test_the_start_of_the_current_airing_is_counted_back_in_ticks() -> None:
    begun = LastReport("vm", NOW, status(tick=1800), None).begun(HouseFormat.parse("64x36@30"))
    assert begun == NOW - timedelta(seconds=60)
