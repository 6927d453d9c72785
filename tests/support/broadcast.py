"""A broadcast machine in simulated time: real agent, fake engine, and a server that can vanish."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from support.plans import DAY

from config.clock import SimulatedClock
from config.names import CueId, HouseFormat, ItemId, Revision
from media.store import MediaStore
from playout.direction.graphics.over import graphics_over
from playout.engine.fakes.engine import FakeEngine, FakeFile
from playout.engine.fakes.source import FakeSignal
from playout.host.agent import Agent
from playout.host.control_socket import ControlQueue
from playout.host.drawings import Drawings
from playout.host.journal import Journal
from playout.host.library import Library
from playout.host.mailbox import Mailbox
from playout.host.partner import Partner
from playout.host.parts import AgentParts
from playout.host.server_sync import ServerSync
from playout.model.commands import Command, Verb
from playout.model.engine import AirFact, BoardPage, Graphic
from playout.model.events import Message, MessagePlacement
from playout.model.history import digest, tag_of
from playout.model.layer import Layer
from playout.model.layered import Layered
from playout.model.plan import Media, Plan
from playout.model.rundown import Rundown
from playout.model.wire import (
    READS,
    READS_HEADER,
    Ack,
    AsRun,
    Commands,
    JournalEntry,
    Report,
    decode,
    encode,
)
from playout.state.air_state import Situation

_LASTS = timedelta(seconds=20)


class UndrawnSlides(Drawings):
    """Names slides without drawing them, which a simulation does not need."""

    def board(
        self, plan: Plan, rundown: Rundown, now: datetime, most: int = 1
    ) -> tuple[BoardPage, ...]:
        del rundown, most
        shown = [p for p in plan.board if p.shown_from <= now < p.shown_until]
        return tuple(BoardPage(f"/drawn/{page.id}", page.seconds) for page in shown)

    def graphic(self, wanted: Message | None, plan: Plan) -> Graphic | None:
        del plan
        if wanted is None:
            return None
        full = wanted.placement is MessagePlacement.FULL
        first, rows = (0, 36) if full else (28, 8)
        return Graphic(wanted.id, f"/drawn/{wanted.text}", first, rows)

    def layers(self, air: Situation) -> tuple[Layered, ...]:
        return tuple(
            Layered(one.id, f"/drawn/{one.id}", 0, 0, 8, 4, one.at, one.until, over=one.over)
            for one in graphics_over(air, lambda crawl: _LASTS if crawl.times else None)
        )

    def slate(self, text: str, plan: Plan) -> str | None:
        return f"/drawn/{text or plan.slate_text}"


class WholeLibrary(Library):
    """A library in which every file is present except those in `gone`."""

    gone: set[str]

    def has(self, media: Media) -> bool:
        return media.key not in self.gone


@dataclass
class SimulatedServer:
    """The server as far as a host can see it."""

    plan: Plan
    up: bool = True
    commands: list[Command] = field(default_factory=list)
    entries: dict[str, JournalEntry] = field(default_factory=dict)
    repeated_entries: int = 0
    last: Report | None = None
    expected: Rundown | None = None
    newest: JournalEntry | None = None
    """The entry of the highest number that was heard."""
    _etag: tuple[Plan, str] | None = None
    _tag: tuple[Rundown, str] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("no route to host", request=request)
        name = request.url.path.rsplit("/", 1)[1]
        return getattr(self, f"_{name}")(request)  # type: ignore[no-any-return]

    def _plan(self, request: httpx.Request) -> httpx.Response:
        # Computed once per plan: a simulation asks for the same plan thousands of times.
        if self._etag is None or self._etag[0] is not self.plan:
            self._etag = (self.plan, f'"{digest(self.plan)}"')
        etag = self._etag[1]
        if request.headers.get("If-None-Match") == etag:
            return httpx.Response(304, headers={"ETag": etag})
        return httpx.Response(200, content=encode(self.plan), headers={"ETag": etag})

    def _commands(self, request: httpx.Request) -> httpx.Response:
        after, heard = int(request.url.params["after"]), request.url.params["heard"]
        if heard and not any(c.id == heard for c in self.commands):
            answered = {e.command.id for e in self.entries.values() if e.command is not None}
            fresh = tuple(c for c in self.commands if c.id not in answered)
        else:
            fresh = tuple(c for c in self.commands if c.number > after)
        return httpx.Response(
            200, content=encode(Commands(fresh)), headers={READS_HEADER: str(READS)}
        )

    def _report(self, request: httpx.Request) -> httpx.Response:
        report = decode(Report, request.content)
        self.last, self.expected = report, report.expected or self.expected
        last = request.url.params["acknowledged"]
        lacks = bool(last) and last not in self.entries
        for entry in () if lacks else report.entries:
            self.repeated_entries += entry.id in self.entries
            self.entries[entry.id] = entry
            if self.newest is None or entry.number >= self.newest.number:
                self.newest = entry
        newest = self.newest
        ack = Ack(
            newest.number if newest and not lacks else 0,
            False,
            self.plan.revision,
            len(self.commands),
            resume_after=(newest.id if newest else "") if lacks else None,
            wants_expected=request.url.params["expected"] != self._tag_of_expected(),
        )
        return httpx.Response(200, content=encode(ack, lean=True))

    def _tag_of_expected(self) -> str | None:
        """Names what the host is known to expect; None while that is not known."""
        if self.expected is None:
            return None
        if self._tag is None or self._tag[0] is not self.expected:
            self._tag = (self.expected, tag_of(self.expected))
        return self._tag[1]

    def publish(self, plan: Plan) -> None:
        """Put a changed plan in force."""
        newer = Revision(self.plan.revision + 1)
        made = self.plan.made_at + timedelta(seconds=1)
        self.plan = replace(plan, revision=newer, made_at=made)

    def press(self, verb: Verb, now: datetime, cue: str | None = None, **rest: object) -> Command:
        """Issue a command, as a press of a button does."""
        number = len(self.commands) + 1
        command = Command(
            f"c{number}",
            number,
            verb,
            now,
            now + timedelta(seconds=10),
            "ann",
            CueId(cue) if cue else None,
            **rest,  # type: ignore[arg-type]
        )
        self.commands.append(command)
        return command

    def as_run(self) -> list[AsRun]:
        """Return every as-run row received, in order of the journal."""
        entries = sorted(self.entries.values(), key=lambda entry: entry.number)
        return [entry.as_run for entry in entries if entry.as_run is not None]

    def said(self, kind: str) -> list[str]:
        """Return the words of every journal entry of a kind."""
        return [entry.text for entry in self.entries.values() if entry.kind == kind]


class DirectClient(httpx.Client):
    """A client that hands each request straight to the simulated server.

    It leaves out redirects, cookies and authentication, which neither side of this door uses: they
    took a tenth of a simulation's processor time.
    """

    def __init__(self, server: SimulatedServer) -> None:
        super().__init__(base_url="http://server/api/v1/host/ch13/")
        self._server = server

    def build_request(self, method: str, url: Any, **given: Any) -> httpx.Request:
        """Return the request; `url` is a whole address."""
        return httpx.Request(method, url, **given)

    def send(self, request: httpx.Request, **_how: Any) -> httpx.Response:
        """Return the server's answer. Raise httpx.ConnectError while it is down."""
        answer = self._server(request)
        answer.request = request
        return answer


class Machine:
    """One channel on air. Let time pass with `run_until`; look at `facts` and `server`."""

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        start: datetime = DAY,
        *,
        clock: SimulatedClock | None = None,
        client: httpx.Client | None = None,
        partner: Partner | None = None,
    ) -> None:
        """Boot a machine. `client` talks with another server than the simulated one, on its
        `clock`; `partner` is a line to a second machine.
        """
        self.folder, self.partner = folder, partner
        self.clock = clock or SimulatedClock(start)
        self.server = SimulatedServer(plan)
        self.client = client or DirectClient(self.server)
        self.files: dict[str, FakeFile] = {}
        self.gone: set[str] = set()
        self.signals: dict[str, FakeSignal] = {}
        self.engine = FakeEngine(self.clock, files=self.files, signals=self.signals)
        self.boot()

    @property
    def now(self) -> datetime:
        return self.clock.utc()

    def boot(self) -> None:
        """Start the agent as after a crash: it knows only what is on disk."""
        library = self.make_library()
        self.parts = AgentParts(
            channel="ch13",
            host="host-1",
            engine=self.engine,
            clock=self.clock,
            journal=Journal(self.folder / "journal.jsonl"),
            library=library,
            drawings=UndrawnSlides(self.folder / "drawn", HouseFormat.parse("64x36@30000/1001")),
            mailbox=Mailbox(),
            control=ControlQueue(),
            partner=self.partner,
        )
        self.agent = Agent(self.parts)
        last = self.parts.journal.last_command
        self.sync = ServerSync(self.client, self.parts.mailbox, self.folder / "watch", last)
        plan = library.plan("ch13")
        if plan is not None:
            self.sync.know(plan)

    def make_library(self) -> Library:
        """Return a library that has every file except those in `gone`."""
        library = WholeLibrary(self.folder, MediaStore(self.folder / "media"))
        library.gone = self.gone
        return library

    def power_cut(self, length: timedelta) -> None:
        """Stop everything and start it after `length`; the engine has forgotten everything."""
        before = self.facts()
        self.clock.advance(length)
        self.clock.reboot()
        self._start_all(before)

    def start_all(self) -> None:
        """Start every process anew, as an update does: only the machine itself runs on."""
        self._start_all(self.facts())

    def _start_all(self, before: list[AirFact]) -> None:
        disk = self.engine.disk
        self.engine = FakeEngine(self.clock, files=self.files, signals=self.signals, disk=disk)
        self.engine._facts = before
        self.boot()

    def signal(self, source: str = "chamber") -> FakeSignal:
        """Return how a source behaves; change it to make it lost, silent or frozen."""
        return self.signals.setdefault(source, FakeSignal())

    def local(self, verb: Verb, **rest: object) -> str:
        """Give a command on the machine itself. Return why it was refused, or ""."""
        late = self.now + timedelta(seconds=10)
        name = f"local-{self.now.isoformat()}"
        command = Command(name, 0, verb, self.now, late, "bea", **rest)  # type: ignore[arg-type]
        self.parts.control.put(command)
        self.turn()
        return self.parts.control.wait(command.id) or ""

    def turn(self) -> datetime:
        """Run one round with the server and one turn of the agent."""
        self.sync.turn()
        return self.agent.tick()

    def run_until(
        self, end: datetime, most: float = 60.0, each: Callable[[], None] | None = None
    ) -> None:
        """Let time pass in turns of at most `most` seconds, with a turn at each change."""
        while self.now < end:
            now = self.turn()
            wake = self.agent.wakes(now)
            step = min(timedelta(seconds=most), end - self.now)
            if wake is not None:
                step = min(step, max(wake - now, timedelta(milliseconds=250)))
            self.clock.advance(step)
            if each is not None:
                each()
        self.turn()

    def run_for(self, seconds: float, most: float = 0.25) -> None:
        self.run_until(self.now + timedelta(seconds=seconds), most)

    def facts(self) -> list[AirFact]:
        """Return every run of ticks so far."""
        self.engine.advance()
        run = self.engine._runs.current
        return [*self.engine._facts, *([run] if run else [])]

    def aired(self, item: str) -> list[AirFact]:
        """Return the runs in which an item's own picture was on air, from a deck."""
        start = (f"{item}@", "take-")
        return [
            f for f in self.facts() if f.layer is Layer.DECK and (f.cue or "").startswith(start)
        ]

    def on_air(self) -> str:
        """Return the cue that the engine shows now."""
        seen = self.engine.observe()
        return (seen.cue if seen else None) or ""

    def path(self, media: Media | None) -> str:
        """Return where the engine finds a file, to make it fail."""
        assert media is not None
        return str(self.folder / "media" / media.key[:2] / f"{media.key}{media.suffix}")

    def rows(self, item: str) -> list[AsRun]:
        """Return the as-run rows of one item that the server has."""
        return [row for row in self.server.as_run() if row.item == ItemId(item)]
