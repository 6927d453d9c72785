"""S21 for bulletins: with the server gone, the machine rewrites what tells of the evening."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from support.broadcast import Machine
from support.plans import at, item, live, minutes, page, plan

from config.names import AiringId, HouseFormat
from playout.bulletins.automatic import written
from playout.host.agent import Agent
from playout.host.drawings import Drawings
from playout.model.announced import Announced
from playout.model.commands import Verb
from playout.model.plan import Plan

HOUSE = HouseFormat.parse("160x90@25")


class DrawingMachine(Machine):
    """A machine that draws its bulletins."""

    def boot(self) -> None:
        super().boot()
        drawings = Drawings(self.folder / "drawn", HOUSE, self.parts.library.find)
        self.parts = replace(self.parts, drawings=drawings)
        self.agent = Agent(self.parts)

    def board(self) -> tuple[str, ...]:
        """Return the names of the drawn pages that the engine was sent."""
        assert self.agent.shown is not None
        return tuple(Path(page.path).stem for page in self.agent.shown.board)

    def text(self) -> str:
        """Return the rows of the page of today's meetings; empty where it is not shown."""
        state = self.agent.state
        assert state is not None
        shown = written(state.plan.board[0], state.plan, state.rundown, self.now)
        return shown.body if shown is not None else ""


def evening() -> Plan:
    """Two meetings after one another, and a page that names them."""
    first = live("Zoning", at("18:00"), minutes(60))
    second = live("Council", at("20:00"), minutes(60))
    told = tuple(
        Announced(AiringId(f"airing-{one.title}"), one.title, one.start, one.length, live=True)
        for one in (first, second)
    )
    tonight = replace(page(), layout="tonight", heading="", body="")
    film = item("film", at("16:00"), minutes(30))
    return plan(
        film, first, second, board=(tonight,), announced=told, hours="24", days=2,
    )  # fmt: skip


def told_at(machine: DrawingMachine, when: datetime) -> str:
    machine.run_until(when)
    return machine.text()


def test_alone_it_names_a_meeting_until_it_is_adjourned(tmp_path: Path) -> None:
    machine = DrawingMachine(tmp_path, evening(), at("15:00"))
    machine.run_for(5)
    machine.server.up = False
    before, drawn = told_at(machine, at("17:00")), machine.board()
    during, running = told_at(machine, at("18:30")), machine.board()
    machine.local(Verb.ADJOURN)
    after = told_at(machine, at("18:40"))
    machine.run_until(at("20:10"))
    machine.local(Verb.ADJOURN)
    machine.run_for(5)

    assert before == "18:00 | Zoning\n20:00 | Council"
    assert during == "Now | Zoning\n20:00 | Council"
    assert after == "20:00 | Council"
    assert len(drawn) == len(running) == 1 and drawn != running
    assert machine.board() == (), "nothing is left to tell"
    kept = {path.stem for path in (tmp_path / "drawn").iterdir()}
    assert kept.isdisjoint({*drawn, *running}), "drawings of before are gone"


def test_a_meeting_that_runs_long_moves_the_next_one_on_the_page(tmp_path: Path) -> None:
    machine = DrawingMachine(tmp_path, evening(), at("17:59"))
    machine.run_for(5)
    machine.server.up = False
    text = told_at(machine, at("19:59"))
    late = told_at(machine, at("20:20"))
    machine.local(Verb.ADJOURN)
    machine.run_for(5)

    assert text.splitlines()[0] == "Now | Zoning"
    assert late.splitlines()[0] == "Now | Zoning"
    assert "Council" in late
    assert machine.text() == "Now | Council"


def test_an_agent_started_again_shows_the_same_page_at_once(tmp_path: Path) -> None:
    machine = DrawingMachine(tmp_path, evening(), at("15:00"))
    machine.run_for(5)
    machine.server.up = False
    before = machine.board()
    machine.power_cut(timedelta(seconds=40))
    machine.run_for(1)

    assert machine.board() == before
