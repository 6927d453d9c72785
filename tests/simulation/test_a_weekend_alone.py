"""S21: the web server is off from Friday 18:00 to Monday 08:00, and nobody at home notices."""

from datetime import timedelta
from pathlib import Path

from support.plans import at, clips, item, media, minutes, page, plan, soft
from support.broadcast import Station

from playout.engine.waist import Layer
from playout.rundown import Outcome


def weekend() -> list:  # type: ignore[type-arg]
    made = []
    for day in range(4):
        made.append(item(f"morning-{day}", at("9:00", day), minutes(90)))
        short = media(f"evening-{day}", minutes(57))
        made.append(item(f"evening-{day}", at("19:00", day), minutes(60), media=short))
        made.append(soft(f"late-{day}", at("20:00", day), minutes(30)))
        made.append(item(f"night-{day}", at("23:30", day), minutes(60)))
    return made


def test_everything_airs_and_the_rows_come_once_when_the_server_is_back(tmp_path: Path) -> None:
    items = weekend()
    station = Station(
        tmp_path,
        plan(*items, days=5, filler=clips(600, 1200, 900), board=(page(),)),
        start=at("17:00"),
    )
    station.run_until(at("18:00"))
    station.server.up = False
    station.run_until(at("8:00", 3))
    heard = len(station.server.as_run())
    station.server.up = True
    station.run_for(120)

    over = [one for one in items if at("18:00") < one.start < at("7:00", 3)]
    assert len(over) >= 10
    for one in over:
        (fact, *_) = station.aired(one.id)
        assert abs(fact.start - one.start) < timedelta(milliseconds=40), one.id
        assert [row.outcome for row in station.rows(one.id)] == [Outcome.AIRED], one.id
    assert len(station.server.as_run()) > heard + len(over)
    numbers = [entry.number for entry in station.server.entries.values()]
    assert len(numbers) == len(set(numbers))
    assert station.rig.journal.waiting() == []


def test_no_second_of_the_weekend_is_without_a_picture_of_its_own(tmp_path: Path) -> None:
    station = Station(
        tmp_path, plan(*weekend(), days=5, filler=clips(600, 900), board=(page(),)), at("17:00")
    )
    station.run_until(at("17:01"))
    station.server.up = False
    station.run_until(at("12:00", 1))
    unplanned = [
        fact
        for fact in station.facts()
        if fact.reason or (fact.layer is Layer.SLATE and fact.start > at("17:00:01"))
    ]

    assert unplanned == []
