"""S35: thirty days through the real agent, with meetings: no gap, no overlap, one outcome each."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import DAY, at, clips, item, live, minutes, page, plan, soft

from playout.model.commands import Verb
from playout.model.layer import Layer
from playout.model.plan import Item, MissedStart

DAYS = 30
TICK = timedelta(seconds=0.05)


def month() -> list[Item]:
    """Return films and soft talks each day; on two days a week a meeting that overruns."""
    made = []
    for day in range(DAYS):
        made.append(item(f"morning-{day}", at("9:00", day), minutes(50)))
        made.append(item(f"noon-{day}", at("12:00", day), minutes(30), missed=MissedStart.SKIP))
        made.append(soft(f"talk-{day}", at("12:30", day), minutes(20)))
        made.append(item(f"night-{day}", at("23:30", day), minutes(60)))
        if day % 7 in (4, 5):
            made.append(live(f"council-{day}", at("10:00", day), minutes(120)))
    return made


@pytest.mark.soak
def test_s35_thirty_days_have_no_gap_or_overlap_and_one_outcome_per_airing(
    tmp_path: Path,
) -> None:
    items = month()
    made = plan(*items, days=DAYS + 1, filler=clips(1800, 3600, 7200), board=(page(),))
    air = Machine(tmp_path, made, DAY)
    air.run_for(2)
    for day in range(DAYS):
        if day % 7 in (4, 5):
            air.run_until(at("12:20", day), most=900)
            assert air.on_air().startswith("council-")
            air.server.press(Verb.ADJOURN, air.now, air.on_air())
            air.run_for(5, most=1)
        air.run_until(at("0:00", day + 1), most=900)
    air.run_until(at("1:00", DAYS), most=900)

    facts = air.facts()
    assert facts[0].start - DAY < TICK and air.now - facts[-1].end < TICK
    assert all(abs(b.start - a.end) < TICK for a, b in pairwise(facts))
    slate = [f for f in facts if f.layer is Layer.SLATE and f.start > DAY + minutes(1)]
    assert sum((f.end - f.start for f in slate), timedelta(0)) < timedelta(seconds=1)
    assert Counter(row.item for row in air.server.as_run() if row.item) == Counter(
        one.id for one in items
    )
