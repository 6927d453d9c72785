"""Two machines for one channel, from their keys to one record, over real doors and pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from support.air_machine import Air
from support.as_run import as_run_day
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, an_airing, an_asset
from support.page import Element, read
from support.website import Site, post

from config.names import AssetKey, ChannelId, CueId, ItemId
from playout.alerts.conditions import Condition
from playout.model.commands import Command, Verb
from playout.model.pair import PairState, PairStatus
from playout.model.plan import Outcome
from playout.model.wire import AsRun, JournalEntry
from scheduler.actions import commands
from scheduler.db import find
from scheduler.db.store import Session
from scheduler.db.tables.house import PublishedRow
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.people import Role
from scheduler.process.pair_finding import pair_findings
from scheduler.process.publish import publish
from scheduler.process.returning import return_channels
from scheduler.queries import changes, grid, onair, people
from scheduler.queries.faults import faults
from scheduler.queries.host_api import commands_after

PAGE = "/settings/machines"


def says(state: PairState, term: int = 1, name: str = "air1-0", **over: object) -> PairStatus:
    said = PairStatus(name, preferred=True, state=state, term=term, ready=True, since=NOW)
    return replace(said, **over)  # type: ignore[arg-type]


@pytest.fixture
def both(each_site: Site) -> Iterator[tuple[Air, Air]]:
    """A primary that sends and a standby that is ready, each with a key of its own."""
    site = each_site
    first = Air(site, site.host_key("Rack 1"), "air1", pair=says("sending"))
    second = Air(site, site.host_key("Rack 2"), "air2", "e" * 32, address="10.0.0.6")
    second.pair = says("standing by", name="air2-0", preferred=False)
    answer = post(site.browser(Role.ENGINEER), f"{PAGE}/ch13", **pair_form(site))
    assert answer.status_code == 303
    first.report()
    second.report()
    yield first, second


def pair_form(site: Site, **over: str) -> dict[str, str]:
    ids = {host.name: host.id for host in people.hosts(site.db)}
    form = {"primary": ids["Rack 1"], "standby": ids["Rack 2"], "returns": "hand", "quiet": "30"}
    return {**form, **over}


def page(site: Site) -> Element:
    return read(site.browser(Role.ENGINEER).get(PAGE))


def taken_over(first: Air, second: Air) -> None:
    """Let the standby send because the primary lost its power a minute ago."""
    first.site.clock.advance(MINUTE)
    at = first.site.clock.utc()
    second.pair = says("sending", 2, "air2-0", since=at, why="Rack 1 was silent.")
    second.report()


def told(site: Site, condition: Condition) -> list[str]:
    found = [one for each in faults(site.db, site.clock.utc()) for one in each.holding]
    return [one.detail for one in found if one.condition is condition]


def part(airing: Airing, number: int, begins: int, ends: int) -> JournalEntry:
    """Return the as-run entry of the minutes that one machine sent of an airing."""
    start, end = airing.start + begins * MINUTE, airing.start + ends * MINUTE
    run = AsRun(
        cue=CueId(f"{airing.id}@1"), item=ItemId(airing.id), airing=airing.id, title=airing.title,
        planned_start=airing.start, planned_end=airing.end, start=start, end=end,
        ticks=1800 * (ends - begins), held=0, dropped=0, outcome=Outcome.AIRED, layer="deck",
    )  # fmt: skip
    return JournalEntry(number, f"as-run:{run.cue}:{start:%H%M%S}", end, "as-run", as_run=run)


def test_both_get_the_commands_and_neither_is_a_rival(both: tuple[Air, Air]) -> None:
    first, second = both
    commands.issue(first.site.db, ADMIN, NOW, CH13, Verb.SLATE)
    assert (first.commands(), second.commands()) == ([Verb.SLATE], [Verb.SLATE])
    assert told(first.site, Condition.TWO_HOSTS) == []
    assert told(first.site, Condition.NO_STANDBY) == []


def test_the_page_reads_a_plan_once_and_not_whenever_it_is_drawn(
    both: tuple[Air, Air], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, read_plans = both[0].site, list[str]()
    published = find.house.published

    def counted(session: Session, channel: ChannelId) -> PublishedRow | None:
        read_plans.append(channel)
        return published(session, channel)

    monkeypatch.setattr(find.house, "published", counted)
    an_airing(site.db, NOW + HOUR, title="A", asset=an_asset(site.db, "A", "a", HOUR).id)
    publish(site.db, CH13, NOW)
    browser = site.browser(Role.ENGINEER)
    read_plans.clear()
    for _ in range(5):
        assert "all 1 file" in browser.get(PAGE).text
    assert sorted(read_plans) == ["ch13", "ch14"]

    an_airing(site.db, NOW + 3 * HOUR, title="B", asset=an_asset(site.db, "B", "b", HOUR).id)
    publish(site.db, CH13, NOW)
    read_plans.clear()
    assert "all 2 files" in browser.get(PAGE).text
    assert read_plans == ["ch13"], "the plan that changed"


def test_the_doctor_compares_what_both_have_reported(both: tuple[Air, Air]) -> None:
    site, (first, second) = both[0].site, both
    an_airing(site.db, NOW + HOUR, title="A", asset=an_asset(site.db, "A", "a", HOUR).id)
    publish(site.db, CH13, NOW)
    first.pair = says("sending", peer_heard=0.1)
    second.pair = says("standing by", peer_heard=-1.0, preferred=False)
    second.missing = (AssetKey("a" * 64),)
    first.report()
    second.report()

    settings = site.settings.model_copy(update={"database_url": site.db.url})
    texts = [one.text for one in pair_findings(settings, site.clock.utc())]
    assert "ch13: Rack 2 does not hear the other machine." in texts
    assert "ch13: Rack 2 lacks files of the next day: A." in texts
    assert not any("Rack 1 does not hear" in one or "Rack 1 lacks" in one for one in texts)


def test_pages_show_the_sender_before_and_after_a_takeover(both: tuple[Air, Air]) -> None:
    first, second = both
    second.report()
    at = first.site.clock.utc()
    shown = onair.on_air(first.site.db, CH13, at)
    assert shown.status is not None and shown.status.title == "air1"
    assert shown.standby == (True, "Rack 1 sends, Rack 2 is ready to take over")
    taken_over(first, second)
    shown = onair.on_air(first.site.db, CH13, first.site.clock.utc())
    assert shown.status is not None and shown.status.title == "air2"
    assert shown.standby is not None and shown.standby[0] is False


def test_a_takeover_and_the_lack_of_a_standby_are_alerts(both: tuple[Air, Air]) -> None:
    first, second = both
    taken_over(first, second)
    assert told(first.site, Condition.TOOK_OVER) == ["Rack 2 took over. Rack 1 was silent."]
    (words,) = told(first.site, Condition.NO_STANDBY)
    assert words == "Rack 1 could not take over: It has not reported for 1 min."
    assert told(first.site, Condition.HOST_SILENT) == []


def test_the_standbys_faults_are_its_own(both: tuple[Air, Air]) -> None:
    first, second = both
    asset = an_asset(first.site.db, "Parks film")
    an_airing(first.site.db, asset=asset.id)
    publish(first.site.db, CH13, NOW)
    assert asset.media is not None
    second.missing = (AssetKey(asset.media.key),)
    second.pair = says("standing by", ready=False, not_ready=("It lacks 1 file.",))
    second.report()
    assert told(first.site, Condition.MEDIA_MISSING) == []
    shown = page(first.site).one(data_machine="Rack 2").text
    assert "0 of 1 files, missing Parks film" in shown and "It lacks 1 file." in shown
    assert (
        read(first.site.browser(Role.ENGINEER).get(PAGE)).button("Move City Channel 13 here")
        is None
    )


def test_as_run_of_both_is_one_record_in_any_order(both: tuple[Air, Air]) -> None:
    first, second = both
    airing = an_airing(first.site.db, NOW + HOUR)
    first.site.clock.advance(2 * HOUR)
    taken_over(first, second)
    second.pair = replace(says("sending", 2), since=airing.start + 20 * MINUTE)
    for _ in range(2):
        second.report(part(airing, 1, 20, 60))
        first.pair = says("standing by", 2)
        first.report(part(airing, 1, 0, 20))
    day = as_run_day(first.site.db, CH13, NOW.date(), NOW + 24 * HOUR)
    assert [(run.start, run.end) for run in day.runs] == [
        (airing.start, airing.start + 20 * MINUTE),
        (airing.start + 20 * MINUTE, airing.end),
    ]
    assert [day.machine_of(run) for run in day.runs] == ["air1", "air2"]
    assert [piece.end - piece.start for piece in day.account.pieces] == [20 * MINUTE, 40 * MINUTE]
    assert [hole for hole in day.account.holes if hole[0] < airing.end] == []
    assert day.uncounted == ()
    judged = grid.airing(first.site.db, airing.id, NOW).airing
    assert (judged.outcome, judged.aired_start) == (Outcome.AIRED, airing.start)


def test_two_parts_that_begin_in_one_second_are_both_kept(both: tuple[Air, Air]) -> None:
    first, second = both
    airing = an_airing(first.site.db, NOW + HOUR)
    first.site.clock.advance(3 * HOUR)
    first.report(part(airing, 1, 0, 1))
    second.report(part(airing, 1, 0, 60))
    with first.site.db.read():
        day = as_run_day(first.site.db, CH13, NOW.date(), NOW + 24 * HOUR)
    assert len(day.runs) == 2


def test_what_the_dead_machine_has_not_told_is_not_called_missed(both: tuple[Air, Air]) -> None:
    first, second = both
    airing = an_airing(first.site.db, NOW + HOUR)
    first.site.clock.advance(2 * HOUR)
    taken_over(first, second)
    for _ in range(4):
        first.site.clock.advance(MINUTE)
        second.report()
    assert grid.airing(first.site.db, airing.id, NOW).airing.outcome is None
    first.pair = says("standing by", 2)
    first.report(part(airing, 1, 0, 60))
    assert grid.airing(first.site.db, airing.id, NOW).airing.outcome is Outcome.AIRED


def test_the_senders_answer_to_a_command_holds(both: tuple[Air, Air]) -> None:
    first, second = both
    given = commands.issue(first.site.db, ADMIN, NOW, CH13, Verb.SLATE)
    refused = JournalEntry(1, f"refused:{given.id}", NOW, "refused", command=given, text="no")
    obeyed = JournalEntry(1, f"command:{given.id}", NOW, "command", command=given)
    first.report(obeyed)
    second.report(refused)
    (shown,) = onair.on_air(first.site.db, CH13, NOW).commands
    assert shown.answer == "accepted"


def test_a_command_that_both_obeyed_is_one_press(both: tuple[Air, Air]) -> None:
    first, second = both
    given = commands.issue(first.site.db, ADMIN, NOW, CH13, Verb.SLATE)
    for machine in both:
        machine.report(JournalEntry(1, f"command:{given.id}", NOW, "command", command=given))
    first.site.clock.advance(MINUTE)
    first.report()
    day = as_run_day(first.site.db, CH13, NOW.date(), first.site.clock.utc())
    assert len(day.account.presses) == 1


def moves(site: Site) -> list[Command]:
    return [one for one in commands_after(site.db, CH13, 0) if one.verb is Verb.MOVE]


def test_a_move_names_the_machine_and_is_in_the_history(both: tuple[Air, Air]) -> None:
    site = both[0].site
    to = pair_form(site)["standby"]
    assert post(site.browser(Role.ENGINEER), f"{PAGE}/ch13/move", to=to).status_code == 303
    (move,) = moves(site)
    assert move.machine == "air2-0"
    found = changes.search(site.db, "Moved City Channel 13", before=None, limit=5)
    assert [one.sentence for one in found] == ["Moved City Channel 13 to Rack 2"]


def test_a_move_is_refused_with_the_reason(both: tuple[Air, Air]) -> None:
    first, second = both
    second.pair = says("standing by", ready=False, not_ready=("Its clock is 40 ms off.",))
    second.report()
    to = pair_form(first.site)["standby"]
    answer = post(first.site.browser(Role.ENGINEER), f"{PAGE}/ch13/move", to=to)
    assert answer.status_code == 422
    assert "Rack 2 could not take over: Its clock is 40 ms off." in read(answer).text
    assert moves(first.site) == []


def test_a_move_needs_an_engineer(both: tuple[Air, Air]) -> None:
    site = both[0].site
    answer = post(site.browser(Role.OPERATOR), f"{PAGE}/ch13/move", to=pair_form(site)["standby"])
    assert answer.status_code == 403 and moves(site) == []


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"standby": "same"}, "Choose two machines."),
        ({"returns": "rule", "quiet": "soon"}, "minutes, or choose only by hand"),
        ({"returns": "rule", "quiet": "0"}, "minutes, or choose only by hand"),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    site: Site, over: dict[str, str], words: str
) -> None:
    site.host_key("Rack 1")
    site.host_key("Rack 2")
    form = pair_form(site, **over)
    form["standby"] = form["primary"] if form["standby"] == "same" else form["standby"]
    answer = post(site.browser(Role.ENGINEER), f"{PAGE}/ch13", **form)
    assert answer.status_code == 422
    shown = read(answer).one(data_channel="ch13")
    assert words in shown.text and shown.control("quiet").value == form["quiet"]


def test_a_channel_returns_by_rule_after_quiet_and_not_by_hand_alone(
    both: tuple[Air, Air],
) -> None:
    first, second = both
    site = first.site
    taken_over(first, second)
    first.pair = says("standing by", 2)
    for quiet, expected in (("", 0), ("2", 1)):
        rule = {"returns": "rule", "quiet": quiet} if quiet else {}
        post(site.browser(Role.ENGINEER), f"{PAGE}/ch13", **pair_form(site, **rule))
        for _ in range(15):
            site.clock.advance(timedelta(seconds=10))
            second.report_with_boundary()
            first.report()
            return_channels(site.db, site.clock.utc())
        assert min(1, len(moves(site))) == expected


def test_one_machine_again_makes_the_other_a_rival(both: tuple[Air, Air]) -> None:
    first, second = both
    site = first.site
    post(site.browser(Role.ENGINEER), f"{PAGE}/ch13", **pair_form(site, standby=""))
    for _ in range(3):
        first.report()
        second.report()
        site.clock.advance(timedelta(seconds=1))
    assert len(told(site, Condition.TWO_HOSTS)) == 1
    assert "should not" in page(site).one(data_channel="ch13").text
