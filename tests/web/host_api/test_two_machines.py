"""Two machines with one key and channel: told apart, one obeyed, both accounts kept (N9)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.air_machine import Air
from support.as_run import as_run_day
from support.desk import ADMIN, CH13, HOUR, NOW, an_airing
from support.website import Site

from config.names import CueId, ItemId
from playout.alerts.conditions import Condition
from playout.model.commands import Verb
from playout.model.plan import Outcome
from playout.model.wire import AsRun, JournalEntry
from scheduler.actions import commands
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.people import Role
from scheduler.queries import onair
from scheduler.queries.faults import faults


@pytest.fixture
def clones(each_site: Site) -> tuple[Air, Air]:
    """A machine that has been on air for a minute, and a clone of its disk that was just begun."""
    key = each_site.host_key()
    first = Air(each_site, key, "playout-1")
    second = Air(each_site, key, "playout-1", run=2, address="10.0.0.6")
    first.report()
    each_site.clock.advance(timedelta(seconds=60))
    first.report()
    both(first, second)
    return first, second


def both(first: Air, second: Air, seconds: int = 4) -> None:
    """Let both report once a second."""
    for _ in range(seconds):
        first.report()
        second.report()
        first.site.clock.advance(timedelta(seconds=1))


def seen(airing: Airing, number: int = 1, **over: object) -> JournalEntry:
    """Return the as-run entry of an airing that ran as planned."""
    run = AsRun(
        cue=CueId(f"{airing.id}@1"), item=ItemId(airing.id), airing=airing.id, title=airing.title,
        planned_start=airing.start, planned_end=airing.end, start=airing.start, end=airing.end,
        ticks=107892, held=0, dropped=0, outcome=Outcome.AIRED, layer="deck",
    )  # fmt: skip
    run = replace(run, **over)  # type: ignore[arg-type]
    return JournalEntry(number, f"as-run:{airing.id}", run.end, "as-run", as_run=run)


def two_hosts(site: Site) -> list[str]:
    """Return the sentences of the alert condition, as the scheduler's worker reads them."""
    found = [one for each in faults(site.db, site.clock.utc()) for one in each.holding]
    return [one.detail for one in found if one.condition is Condition.TWO_HOSTS]


def test_only_the_first_of_two_clones_gets_the_commands(clones: tuple[Air, Air]) -> None:
    first, second = clones
    commands.issue(first.site.db, ADMIN, first.site.clock.utc(), CH13, Verb.SLATE)
    assert (first.commands(), second.commands()) == ([Verb.SLATE], [])


def test_the_page_shows_what_the_first_reports(clones: tuple[Air, Air]) -> None:
    first, second = clones
    second.name = "clone"
    second.report()
    shown = onair.on_air(first.site.db, CH13, first.site.clock.utc())
    assert shown.status is not None and shown.status.title == "playout-1"


def test_an_alert_names_both_and_says_which_one_is_obeyed(clones: tuple[Air, Air]) -> None:
    (words,) = two_hosts(clones[0].site)
    assert "playout-1 at 10.0.0.5 (since 13:00:00)" in words
    assert "playout-1 at 10.0.0.6 (since 13:01:00)" in words
    assert "Only the first gets commands" in words


def test_the_alert_ends_once_one_of_them_is_off(clones: tuple[Air, Air]) -> None:
    first, _ = clones
    first.site.clock.advance(timedelta(seconds=20))
    first.report()
    assert two_hosts(first.site) == []


def test_as_run_of_both_is_kept_and_only_the_firsts_counts(clones: tuple[Air, Air]) -> None:
    first, second = clones
    airing = an_airing(first.site.db, NOW + HOUR)
    first.site.clock.advance(2 * HOUR)
    both(first, second)
    first.report(seen(airing))
    ack = second.report(seen(airing, outcome=Outcome.CUT_SHORT, title="as the clone saw it"))
    assert ack.acknowledged == 1
    day = as_run_day(first.site.db, CH13, NOW.date(), NOW + 24 * HOUR)
    assert [(run.title, run.outcome) for run in day.runs] == [("City Council", Outcome.AIRED)]
    (other,) = day.uncounted
    assert (other.machine, other.run.title) == ("playout-1", "as the clone saw it")


def test_entries_of_both_are_stored_once_however_often_they_come(
    clones: tuple[Air, Air],
) -> None:
    first, second = clones
    airing = an_airing(first.site.db, NOW + HOUR)
    first.site.clock.advance(2 * HOUR)
    both(first, second)
    for _ in range(3):
        first.report(seen(airing))
        second.report(seen(airing, first_tick=7))
        assert first.report().resume_after is None
        assert second.report().resume_after is None
    day = as_run_day(first.site.db, CH13, NOW.date(), NOW + 24 * HOUR)
    assert (len(day.runs), len(day.uncounted)) == (1, 1)


def test_what_a_clone_has_from_before_is_not_asked_for_again(each_site: Site) -> None:
    key, airing = each_site.host_key(), an_airing(each_site.db, NOW + HOUR)
    each_site.clock.advance(3 * HOUR)
    first = Air(each_site, key, "playout-1")
    first.report(seen(airing))
    second = replace(first, run=2)
    both(first, second)
    assert second.report().resume_after is None
    second.report(seen(airing))
    day = as_run_day(each_site.db, CH13, NOW.date(), NOW + 24 * HOUR)
    assert (len(day.runs), len(day.uncounted)) == (1, 0)


def test_an_agent_that_restarts_keeps_its_commands_and_raises_no_alert(each_site: Site) -> None:
    air = Air(each_site, each_site.host_key(), "playout-1")
    for run in range(1, 6):
        air.run = run
        each_site.clock.advance(timedelta(seconds=2))
        air.report()
        commands.issue(each_site.db, ADMIN, each_site.clock.utc(), CH13, Verb.SLATE)
        assert len(air.commands()) == run
        assert two_hosts(each_site) == []


def test_two_machines_with_keys_of_their_own_are_told_too(each_site: Site) -> None:
    first = Air(each_site, each_site.host_key(), "playout-1")
    second = Air(each_site, each_site.host_key("playout-2"), "playout-2", disk="e" * 32)
    both(first, second)
    commands.issue(each_site.db, ADMIN, each_site.clock.utc(), CH13, Verb.SLATE)
    assert (len(first.commands()), second.commands()) == (1, [])
    assert len(two_hosts(each_site)) == 1


def test_the_report_lists_what_the_second_machine_sent(clones: tuple[Air, Air]) -> None:
    first, second = clones
    airing = an_airing(first.site.db, NOW + HOUR)
    first.site.clock.advance(2 * HOUR)
    both(first, second)
    first.report(seen(airing))
    second.report(seen(airing, title="As the clone saw it"))
    page = first.site.browser(Role.VIEWER).get("/reports/ch13/2026-11-22").get_data(as_text=True)
    assert "As the clone saw it" in page
    assert "should not have aired this channel" in page
