"""A standing replay of the newest meeting, recorded by the machine itself while it is alone."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from support.broadcast import Machine
from support.plans import DAY, at, clips, item, live, media, minutes, page, plan, soft

from playout.model.choosing import Candidate, Choice
from playout.model.commands import Verb
from playout.model.plan import EndRule, MissedStart, Outcome, Plan
from playout.model.search import AssetFilter, AssetKind, SearchFacts
from playout.state.fold import fold
from playout.timing.choosing import resolve_choices

SECOND = timedelta(seconds=1)
COUNCIL = SearchFacts(
    "council", "Council, November 20", date(2026, 11, 20), at("10:00"), body="Council",
    kind=AssetKind.RECORDING,
)  # fmt: skip
LAST_WEEK = Candidate(
    media("last week", minutes(50)),
    replace(COUNCIL, id="w", title="Council, November 13", day=date(2026, 11, 13), added=DAY),
)
NEWEST = Choice("newest", "Newest Council", AssetFilter(body="Council"), candidates=(LAST_WEEK,))


def a_day() -> Plan:
    """Return a council at ten, and the newest Council at nine, at three and at seven."""
    council = live("council", at("10:00"), minutes(120), record=True, facts=COUNCIL)
    replays = [
        soft(
            name, at(start), minutes(60), media=None, choice="newest", end_rule=EndRule.FINISH,
            missed=MissedStart.TOP,
        )
        for name, start in (("nine", "9:00"), ("three", "15:00"), ("seven", "19:00"))
    ]  # fmt: skip
    film = item("film", at("17:00"), minutes(60))
    made = plan(council, *replays, film, filler=clips(60, 90), board=(page(),))
    return replace(made, choices=(NEWEST,))


def test_the_machine_airs_the_meeting_it_recorded_and_the_server_agrees_afterwards(
    tmp_path: Path,
) -> None:
    air = Machine(tmp_path, a_day(), at("8:55"))
    air.run_until(at("9:55"), most=60)
    air.server.up = False
    air.run_until(at("11:30"), most=60)
    assert air.local(Verb.ADJOURN) == ""
    air.run_until(at("14:59:58"), most=60)
    air.boot()
    air.run_until(at("16:40"), most=300)
    kept = air.agent.state.happened.recordings["airing-council"]  # type: ignore[union-attr,index]
    assert kept.media is not None and kept.facts == COUNCIL
    shown = air.aired("three")
    assert abs(shown[0].source_first / 30 - 120) < 2, "from the take, two minutes into the file"
    assert abs(shown[-1].end - shown[0].start - minutes(90)) < 2 * SECOND

    air.server.up = True
    air.run_until(at("21:00"), most=300)
    rows = {name: air.rows(name)[0] for name in ("nine", "three", "seven")}
    assert [row.outcome for row in rows.values()] == [Outcome.AIRED] * 3
    assert rows["nine"].asset == LAST_WEEK.media.key
    assert rows["three"].asset == rows["seven"].asset == kept.media.key
    assert rows["three"].title == "three: Council, November 20"
    facts = [entry.fact for entry in air.server.entries.values() if entry.fact is not None]
    settled = resolve_choices(a_day(), fold(facts))
    assert [one.media.key for one in settled.items if one.choice and one.media] == [
        rows[name].asset for name in ("nine", "three", "seven")
    ]
