"""Whatever the server does, the host keeps what it has."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from support.broadcast import SimulatedServer
from support.plans import DAY, item, media, minutes, plan

from config.names import AssetKey, Revision
from media.store import MediaStore
from playout.host.mailbox import Mailbox
from playout.host.server_sync import ServerSync, fetch, read_meter
from playout.model.commands import Verb
from playout.model.history import HistoryMark, digest
from playout.model.wire import Commands, Report, Status, decode, encode

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer) -> httpx.Client:
    return httpx.Client(
        base_url="http://server/api/v1/host/ch13/", transport=httpx.MockTransport(answer)
    )


def status() -> Status:
    return Status(
        "ch13", "h", DAY, 0, "slate", None, None, "", None, None, 0.0, Revision(1), 0, 0, 0, 0.0
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_plan_is_transferred_once(tmp_path: Path) -> None:
    server, mailbox = SimulatedServer(plan(item("a", DAY, minutes(5)))), Mailbox()
    sync = ServerSync(client(server), mailbox, tmp_path)
    sync.turn()
    first, tag = mailbox.take_plan() or (None, "")
    sync.turn()

    assert (first, tag) == (server.plan, f'"{digest(server.plan)}"')
    assert mailbox.take_plan() is None


def test_a_plan_on_disk_is_not_transferred_again(tmp_path: Path) -> None:
    server, mailbox = SimulatedServer(plan()), Mailbox()
    sync = ServerSync(client(server), mailbox, tmp_path)
    sync.know(server.plan)
    sync.turn()

    assert mailbox.plan is None


def test_each_command_arrives_once(tmp_path: Path) -> None:
    server, mailbox = SimulatedServer(plan()), Mailbox()
    sync = ServerSync(client(server), mailbox, tmp_path)
    command = server.press(Verb.SKIP, DAY)
    sync.turn()
    sync.turn()

    assert mailbox.take_commands() == [command]


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: httpx.Response(500),
        lambda request: httpx.Response(200, content=b"<html>a proxy says hello</html>"),
        lambda request: httpx.Response(401),
        lambda request: httpx.Response(200, content=b'{"commands": [], "colour": 1}'),
    ],
)
def test_an_unreadable_answer_changes_nothing(tmp_path: Path, answer: Answer) -> None:
    mailbox = Mailbox()
    ServerSync(client(answer), mailbox, tmp_path).turn()

    assert mailbox.problem.startswith("No contact with the server")
    assert mailbox.plan is None and mailbox.commands == []


def test_an_expected_rundown_is_sent_until_the_server_has_it(tmp_path: Path) -> None:
    from playout.state.air_state import AirState
    from playout.timing.settle import settle

    server = SimulatedServer(plan(), up=False)
    mailbox = Mailbox(status=status(), expected=settle(plan(), AirState(), DAY))
    sync = ServerSync(client(server), mailbox, tmp_path)
    sync.turn()
    waiting = mailbox.expected
    server.up = True
    sync.turn()

    assert waiting is not None
    assert (server.expected, mailbox.expected) == (waiting, None)


def test_pictures_are_pushed_only_while_someone_watches(tmp_path: Path) -> None:
    seen: list[str] = []
    server = SimulatedServer(plan())

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("picture"):
            seen.append(request.headers["X-Gavel-Meter"])
            return httpx.Response(204)
        return server(request)

    sync = ServerSync(client(answer), Mailbox(), tmp_path)
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "meter.json").write_text('{"left_db": -20.5}')
    sync.turn()
    unseen = list(seen)
    sync.watching = True
    sync.turn()

    assert (unseen, seen) == ([], ['{"left_db": -20.5}'])
    assert (tmp_path / "wanted").exists()


def test_an_unreadable_meter_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "meter.json").write_text("{")

    assert read_meter(tmp_path / "meter.json") is None


def test_a_download_resumes_where_it_stopped(tmp_path: Path) -> None:
    body = bytes(range(256)) * 40
    key = AssetKey(hashlib.sha256(body).hexdigest())
    wanted = replace(media("x", minutes(1)), key=key, size=len(body))
    store = MediaStore(tmp_path, cache=True)
    store.writer(key, ".mp4", len(body)).write(body[:1000])
    ranges: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        ranges.append(request.headers.get("Range"))
        return httpx.Response(206, content=body[1000:])

    assert fetch(client(answer), store, wanted) == ""
    assert (ranges, store.path(key, ".mp4").read_bytes()) == (["bytes=1000-"], body)


def test_a_file_longer_than_declared_is_cut_off(tmp_path: Path) -> None:
    wanted = replace(media("long", minutes(1)), size=1000)
    endless = lambda request: httpx.Response(200, content=b"x" * 5_000_000)  # noqa: E731
    trouble = fetch(client(endless), MediaStore(tmp_path, cache=True), wanted)

    assert "more than 1000 bytes" in trouble
    assert sum(one.stat().st_size for one in tmp_path.rglob("*") if one.is_file()) <= 1000


def test_a_damaged_download_never_enters_the_store(tmp_path: Path) -> None:
    wanted = replace(media("x", minutes(1)), size=4)
    store = MediaStore(tmp_path, cache=True)

    assert "damaged" in fetch(client(lambda r: httpx.Response(200, content=b"oops")), store, wanted)
    assert not store.has(wanted.key, ".mp4")


def test_a_broken_download_is_reported_and_keeps_what_arrived(tmp_path: Path) -> None:
    wanted = replace(media("x", minutes(1)), size=10)
    store = MediaStore(tmp_path, cache=True)
    said = fetch(client(lambda r: httpx.Response(503)), store, wanted)

    assert "could not be fetched" in said


def test_a_server_of_the_version_before_still_works(tmp_path: Path) -> None:
    from playout.state.air_state import AirState
    from playout.timing.settle import settle

    server, old = SimulatedServer(plan(item("a", DAY, minutes(5)))), '"1"'

    def before(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[1]
        if name == "plan":
            same = request.headers.get("If-None-Match") == old
            body = b"" if same else encode(server.plan)
            return httpx.Response(304 if same else 200, content=body, headers={"ETag": old})
        if name == "commands":
            after = int(request.url.params["after"])
            fresh = tuple(one for one in server.commands if one.number > after)
            return httpx.Response(200, content=encode(Commands(fresh)))
        report = decode(Report, request.content)
        seen.append(report)
        last = max((entry.number for entry in report.entries), default=0)
        words = {"acknowledged": last, "watching": False, "plan_revision": 1, "command_number": 0}
        return httpx.Response(200, json={**words, "looking": [], "version": 2})

    seen: list[Report] = []
    rundown = settle(server.plan, AirState(), DAY)
    mailbox = Mailbox(status=status(), expected=rundown, in_force=old, acknowledged="7-ab")
    sync = ServerSync(client(before), mailbox, tmp_path, HistoryMark(4, "c4"))
    sync.know(server.plan)
    command = replace(server.press(Verb.SKIP, DAY), number=5)
    server.commands = [command]
    sync.turn()
    sync.turn()

    assert mailbox.problem == ""
    assert mailbox.take_plan() == (server.plan, old)
    assert mailbox.take_commands() == [command]
    assert [one.expected for one in seen] == [rundown, None]


def test_a_rundown_that_the_server_lost_is_sent_again(tmp_path: Path) -> None:
    from playout.state.air_state import AirState
    from playout.timing.settle import settle

    server, rundown = SimulatedServer(plan()), settle(plan(), AirState(), DAY)
    mailbox = Mailbox(status=status(), expected=rundown)
    sync = ServerSync(client(server), mailbox, tmp_path)
    sync.turn()
    server.expected = None
    sync.turn()
    lost = server.expected
    sync.turn()

    assert (lost, server.expected, mailbox.expected) == (None, rundown, None)
