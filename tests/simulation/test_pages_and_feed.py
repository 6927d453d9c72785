"""Pages and feed while a real agent airs: the whole system on one simulated clock."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, PRODUCER, an_airing, an_asset
from support.session import a_meeting_now
from support.website import Site, post
from support.whole_system import WholeSystem

from playout.model.layer import Layer
from playout.model.plan import MissedStart, Outcome, StartRule
from scheduler.actions import filler, slide_proposals
from scheduler.domain.model.slide import SlideDraft
from scheduler.queries import grid

SECOND = timedelta(seconds=1)
ZONE = ZoneInfo("America/New_York")
END = NOW + 2 * HOUR
"""The meeting, 13:00 to 15:00 in New York."""
TURN = 45 * SECOND
"""Between two looks, so that each minute has one."""
QUARTER = 15 * MINUTE


LIVE = "LIVE: City Council: Regular Meeting"


@dataclass(frozen=True)
class Step:
    """An event of the feed at one time."""

    start: datetime
    end: datetime
    number: int
    stamp: datetime


@dataclass
class Sight:
    """What could be read at one instant, and what the broadcast machine then expected."""

    at: datetime
    ends: datetime
    follows: datetime
    public: str
    desk: str
    meeting: str
    feed: dict[str, Step]


@dataclass
class Council:
    """A system with a meeting on air, a file that waits for its end and a fixed file."""

    house: WholeSystem
    meeting: str
    seen: list[Sight] = field(default_factory=list)

    def look(self) -> None:
        """Read every page and the feed."""
        standing = self.house.agent.state
        assert standing is not None
        cues = standing.rundown.cues
        live = next(cue for cue in cues if cue.source is not None)
        told = {
            name: Step(one["dtstart"].dt, one["dtend"].dt, one["sequence"], one["dtstamp"].dt)
            for name, one in self.house.events().items()
        }
        self.seen.append(
            Sight(
                self.house.now,
                live.end,
                next(cue.start for cue in cues if cue.title == "Parks"),
                self.house.public(),
                self.house.page("/channels/ch13/desk"),
                self.house.page(f"/meetings/{self.meeting}/state"),
                told,
            )
        )

    def watch(self, until: datetime) -> list[Sight]:
        """Let time pass and look at every turn. Return what was seen."""
        before = len(self.seen)
        while self.house.now < until:
            self.house.run_until(self.house.now + TURN)
            self.look()
        return self.seen[before:]


@pytest.fixture
def council(site: Site, tmp_path: Path) -> Council:
    """Return the system five minutes before the meeting's planned end."""
    file = an_asset(site.db, length=HOUR).id
    clip = an_asset(site.db, "Clip", "b", 5 * MINUTE).id
    filler.set_filler(site.db, PLANNER, NOW, CH13, clip, True)
    soft = {"start_rule": StartRule.FOLLOW, "missed": MissedStart.TOP, "asset": file}
    an_airing(site.db, END, title="Parks", **soft)
    an_airing(site.db, NOW + 5 * HOUR, title="News", asset=file)
    made = a_meeting_now(site.db)
    house = WholeSystem(site, tmp_path)
    house.run_for(2)
    house.run_until(END - 5 * MINUTE, most=300)
    return Council(house, made.id)


def clock(at: datetime) -> str:
    """Return a time as staff read it."""
    return f"{at.astimezone(ZONE):%H:%M}"


def civil(at: datetime) -> str:
    """Return a time as viewers read it."""
    return f"{at.astimezone(ZONE):%H:%M}"


def about(at: datetime) -> datetime:
    """Return the next full five minutes."""
    return at + (END - at) % (5 * MINUTE)


def within_a_minute(
    seen: list[Sight], said: Callable[[Sight], str], of: Callable[[Sight], str]
) -> None:
    """Return whether what a page says was expected at some turn of the minute before."""
    for number, sight in enumerate(seen):
        lately = [one for one in seen[: number + 1] if sight.at - one.at <= MINUTE]
        assert said(sight) in {of(one) for one in lately}, f"{sight.at}: {said(sight)}"


def found(pattern: str) -> Callable[[str], str]:
    """Return the first match in a page, or nothing."""

    def search(page: str) -> str:
        match = re.search(pattern, page)
        return match.group(1) if match else ""

    return search


NEXT_FOR_VIEWERS = found(r"Next at about (\d+:\d+) Parks")
LISTED = found(r"(?<!Next at about )\b(\d+:\d+)(?: to (?:about )?\d+:\d+)? Parks")
NEXT = found(r"(\d+:\d+):\d+ Next Parks")
ENDS = found(r"expected to end at about (\d+:\d+)")


def steps(seen: list[Sight], name: str) -> list[Step]:
    """Return each version of an event that subscribers saw, once."""
    told = [sight.feed[name] for sight in seen]
    return told[:1] + [after for before, after in pairwise(told) if before != after]


def test_s6_pages_show_an_overrun_within_a_minute_and_the_feed_by_quarter_hours(
    council: Council,
) -> None:
    before = council.watch(END - MINUTE)
    late = council.watch(END + 32 * MINUTE)[4:]

    for sight in before:
        assert "running long" not in sight.public + sight.meeting
        assert "expected to end at 15:00" in sight.meeting and NEXT(sight.desk) == "15:00"
    assert len({sight.follows for sight in late}) >= 6, "what is expected did move"
    for sight in late:
        assert "running long; live until the meeting adjourns" in sight.public
        assert "running long" in sight.meeting
        assert "past scheduled end" in sight.desk
    within_a_minute(late, lambda s: NEXT_FOR_VIEWERS(s.public), lambda s: civil(about(s.follows)))
    within_a_minute(late, lambda s: LISTED(s.public), lambda s: civil(s.follows))
    within_a_minute(late, lambda s: NEXT(s.desk), lambda s: clock(s.follows))
    within_a_minute(late, lambda s: ENDS(s.meeting), lambda s: clock(s.ends))
    in_quarters(council.seen)


def in_quarters(seen: list[Sight]) -> None:
    """Check the feed's steps: one stamp each, the first within a minute, never an end that has
    passed.
    """
    meeting, parks = steps(seen, LIVE), steps(seen, "Parks")
    assert [step.end for step in meeting] == [END + n * QUARTER for n in range(4)]
    assert [step.start for step in parks] == [END + n * QUARTER for n in range(4)]
    for told in (meeting, parks):
        assert [step.number - told[0].number for step in told] == [0, 1, 2, 3]
        assert len({step.stamp for step in told}) == 4
    assert meeting[1].stamp <= END + MINUTE
    assert all(sight.feed[LIVE].end > sight.at for sight in seen)
    assert len(steps(seen, "News")) == 1


def test_s6_an_adjournment_shows_everywhere_within_a_minute(council: Council) -> None:
    council.house.run_until(END + 34 * MINUTE)
    council.house.give("adjourn")
    over = council.house.now - 2 * SECOND
    council.house.run_for(50, most=5)
    council.look()
    sight = council.seen[-1]

    assert "running long" not in sight.public
    assert "ON NOW Parks" in sight.public
    assert sight.public.count("Parks") == 1, "what is on is not told as still to come"
    assert f"Next, {civil(NOW + 5 * HOUR)} News" in sight.public
    assert "adjourned" in sight.meeting and f" to {clock(over)}, " in sight.meeting
    assert abs(sight.feed[LIVE].end - over) <= MINUTE


def test_an_extension_shows_everywhere_within_a_minute(council: Council) -> None:
    house = council.house
    post(house.staff, "/channels/ch13/command", verb="extend", cue=house.on_air(), minutes="15")
    house.run_for(50, most=5)
    council.look()
    sight = council.seen[-1]

    assert "expected to end at 15:15" in sight.meeting
    assert "expected 15:15" in sight.desk
    assert "Next, about 15:15 Parks" in sight.public
    assert sight.feed[LIVE].end == END + QUARTER


def test_s5_s8_the_feed_ends_a_meeting_when_it_was_adjourned(site: Site, tmp_path: Path) -> None:
    a_meeting_now(site.db, NOW + 10 * MINUTE)
    house = WholeSystem(site, tmp_path)
    house.run_until(NOW + 32 * MINUTE)
    (before,) = (one for name, one in house.events().items() if name == LIVE)
    house.give("adjourn")
    house.run_for(50, most=5)

    (after,) = (one for name, one in house.events().items() if name == LIVE)
    first = next(fact for fact in house.facts() if fact.layer is Layer.DECK)
    assert first.start - (NOW + 10 * MINUTE) < SECOND
    assert before["dtend"].dt == NOW + 130 * MINUTE
    assert after["dtend"].dt == NOW + 32 * MINUTE
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)


def test_s11_a_recess_changes_nothing_in_the_feed(site: Site, tmp_path: Path) -> None:
    a_meeting_now(site.db, NOW + 10 * MINUTE)
    house = WholeSystem(site, tmp_path)
    house.run_until(NOW + 30 * MINUTE)
    before = house.events()
    house.give("recess")
    house.run_until(NOW + 70 * MINUTE)
    assert "in recess" in house.page("/channels/ch13/desk")
    assert house.engine.observe().layer is Layer.SLATE  # type: ignore[union-attr]
    house.give("resume")
    house.run_until(NOW + 80 * MINUTE)

    assert house.engine.observe().layer is Layer.DECK  # type: ignore[union-attr]
    assert house.events() == before and list(before) == [LIVE]


def test_s3_filler_replaces_a_missing_file_and_staff_read_so(site: Site, tmp_path: Path) -> None:
    clip = an_asset(site.db, "Clip", "b", 5 * MINUTE)
    filler.set_filler(site.db, PLANNER, NOW, CH13, clip.id, True)
    made = an_airing(site.db, NOW + 10 * MINUTE, length=30 * MINUTE, title="Replay")
    house = WholeSystem(site, tmp_path)
    house.run_until(made.start)
    begun = house.now
    house.run_until(made.end)
    seen = [fact for fact in house.facts() if begun <= fact.start < made.end and fact.ticks > 1]
    assert {(fact.cue or "")[:5] for fact in seen} == {"fill-"}
    assert "City bulletins" in house.public() and "ON NOW" not in house.public()
    house.run_until(made.end + 5 * MINUTE)

    assert grid.airing(site.db, made.id, house.now).airing.outcome is Outcome.SUBSTITUTED
    (told,) = house.day(NOW.date()).discrepancies
    assert told.sentence == "Replay was substituted: It had no file; its time was filled."
    assert told.sentence in house.page("/reports/ch13")


def test_proposed_filler_airs_only_once_approved(site: Site, tmp_path: Path) -> None:
    clip = an_asset(site.db, "Clip", "b", 5 * MINUTE)
    page = SlideDraft("Leaf pickup", "Bags at the curb.", CH13, NOW)
    asked = filler.propose(site.db, PRODUCER, NOW, CH13, clip.id, True)
    shown = slide_proposals.add(site.db, PRODUCER, NOW, page)
    house = WholeSystem(site, tmp_path)
    house.run_until(NOW + 30 * MINUTE)
    assert {fact.layer for fact in house.facts()} == {Layer.SLATE}

    filler.accept(site.db, PLANNER, house.now, asked.id, asked.version)
    slide_proposals.accept(site.db, PLANNER, house.now, shown.id, shown.version)
    approved = house.now
    house.run_until(approved + 30 * MINUTE)
    since = [fact for fact in house.facts() if fact.start > approved]
    assert Layer.DECK in {fact.layer for fact in since}
