"""S21: the web server is off from Friday 18:00 to Monday 08:00, and no viewer notices."""

from datetime import timedelta
from pathlib import Path

from support.broadcast import Machine
from support.plans import at, clips, item, media, minutes, page, plan, soft

from playout.model.layer import Layer
from playout.model.plan import Item, Outcome


def weekend() -> list[Item]:
    made = []
    for day in range(4):
        made.append(item(f"morning-{day}", at("9:00", day), minutes(90)))
        short = media(f"evening-{day}", minutes(57))
        made.append(item(f"evening-{day}", at("19:00", day), minutes(60), media=short))
        made.append(soft(f"late-{day}", at("20:00", day), minutes(30)))
        made.append(item(f"night-{day}", at("23:30", day), minutes(60)))
    return made


def test_a_weekend_without_server_airs_in_full_and_reports_each_row_once(tmp_path: Path) -> None:
    items = weekend()
    machine = Machine(
        tmp_path,
        plan(*items, days=5, filler=clips(600, 1200, 900), board=(page(),)),
        start=at("17:00"),
    )
    machine.run_until(at("18:00"))
    machine.server.up = False
    machine.run_until(at("8:00", 3), most=300)
    heard = len(machine.server.as_run())
    machine.server.up = True
    machine.run_for(120)

    over = [one for one in items if at("18:00") < one.start < at("7:00", 3)]
    assert len(over) >= 10
    for one in over:
        (fact, *_) = machine.aired(one.id)
        assert abs(fact.start - one.start) < timedelta(milliseconds=40), one.id
        assert [row.outcome for row in machine.rows(one.id)] == [Outcome.AIRED], one.id
    assert len(machine.server.as_run()) > heard + len(over)
    numbers = [entry.number for entry in machine.server.entries.values()]
    assert len(numbers) == len(set(numbers))
    assert machine.parts.journal.waiting() == []


def test_every_second_of_a_weekend_alone_has_its_picture(tmp_path: Path) -> None:
    machine = Machine(
        tmp_path, plan(*weekend(), days=5, filler=clips(600, 900), board=(page(),)), at("17:00")
    )
    machine.run_until(at("17:01"))
    machine.server.up = False
    machine.run_until(at("12:00", 1), most=300)
    begun = at("17:00:01")
    unplanned = [
        fact
        for fact in machine.facts()
        if fact.start > begun and fact.ticks > 1 and (fact.reason or fact.layer is Layer.SLATE)
    ]

    assert unplanned == []
