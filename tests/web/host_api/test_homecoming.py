"""A recording comes from a broadcast machine to the server: whole, once, and whatever happens."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, a_source, an_airing, some_media
from support.website import Site

from config.names import AssetKey
from media.fake import FakeProber
from media.store import MediaStore
from playout.host.eviction import on_server
from playout.host.homecoming import RecordingSender
from playout.host.server_client import make_client
from playout.model.plan import Media
from playout.model.recording import Recording, RecordingState
from playout.model.wire import READS_HEADER
from scheduler.actions import homecoming
from scheduler.changing import copies, recordings
from scheduler.db import find
from scheduler.db.tables.keeping import LetGoRow
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.copies import BACKUP, SERVER
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.process.handlers import check_worker
from scheduler.process.homecoming import Arrivals
from scheduler.queries import library

BODY = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(250)) * 40
PIECE = 64_000


@dataclass
class Home:
    """A server, a machine with a store of its own, and a recording in it."""

    site: Site
    folder: Path
    media: Media
    key: dict[str, str]
    machine: MediaStore

    def client(
        self, answer: Callable[[httpx.Request], httpx.Response] | None = None
    ) -> httpx.Client:
        """Return the machine's client; `answer` stands between it and the server."""
        wire = make_client(self.site.settings.base_url, CH13, "")
        inside = httpx.WSGITransport(app=self.site.app)
        transport = httpx.MockTransport(answer) if answer is not None else inside
        client = httpx.Client(base_url=wire.base_url, headers=wire.headers, transport=transport)
        client.headers.update(self.key)
        return client

    def sender(self) -> RecordingSender:
        """Return the sender of a machine that has just started."""
        return RecordingSender(self.client(), self.machine, self.site.clock, piece=PIECE)

    def send(self, sender: RecordingSender | None = None) -> None:
        """Let the machine send all it can now."""
        sender = sender or self.sender()
        while sender.turn():
            pass

    @property
    def store(self) -> MediaStore:
        return MediaStore(self.site.settings.media_root)

    def take_in(self) -> None:
        """Let the scheduler look once and do what it finds to do."""
        site = self.site
        Arrivals(site.db, self.store, site.clock).one()
        worker = check_worker(site.db, self.store, FakeProber(), self.folder, site.clock)
        while worker.one():
            pass

    def later(self, by: timedelta) -> None:
        self.site.clock.advance(by)

    @property
    def asset(self) -> Asset:
        (entry,) = library.library(self.site.db)
        return entry.asset

    def places(self) -> list[str]:
        """Return where the recording is, as the server knows it."""
        with self.site.db.read() as session:
            found = copies.copies_of(session, [self.media.key]).get(self.media.key, ())
        return [one.place.split(":")[0] for one in found]


@pytest.fixture
def home(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(MediaStore, "free_bytes", lambda _: 10**12)
    made = tmp_path / "whole.mp4"
    made.write_bytes(BODY)
    machine = MediaStore(tmp_path / "machine", cache=True)
    key, _ = machine.add(made, suffix=".mp4")
    media = replace(some_media("f", HOUR), key=key, size=len(BODY))
    live = an_airing(site.db, NOW + HOUR, title="Parade", source=a_source(site.db))
    told = Recording(live.id, RecordingState.WHOLE, live.start, media)
    with site.db.write() as session:
        recordings.store_recording(session, CH13, told, NOW + 2 * HOUR)
    return Home(site, tmp_path, media, site.host_key(), machine)


def test_a_recording_comes_home_byte_for_byte_and_is_checked(home: Home) -> None:
    home.send()
    assert not home.store.has(home.media.key, ".mp4"), "only what was hashed gets its name"
    home.take_in()
    assert home.store.path(home.media.key, ".mp4").read_bytes() == BODY
    assert home.asset.has_thumbnail and home.asset.facts["key"] == home.media.key
    assert home.places() == ["machine", SERVER]
    with home.site.db.read() as session:
        (server,) = [
            one for one in copies.copies_of(session, [home.media.key])[home.media.key]
            if one.place == SERVER
        ]  # fmt: skip
    assert server.verified == home.site.clock.utc()


@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_a_machine_that_is_killed_goes_on_where_it_stopped(home: Home, pieces: int) -> None:
    first = home.sender()
    for _ in range(1 + pieces):
        first.turn()
    assert home.store.partials().get(home.media.key, 0) == pieces * PIECE
    sent = list[int]()
    second = home.sender()
    second.pace.after = sent.append  # type: ignore[method-assign]
    home.send(second)
    assert sum(sent) == len(BODY) - pieces * PIECE
    home.take_in()
    assert home.store.verify(home.media.key)


def test_what_came_damaged_is_sent_anew(home: Home) -> None:
    sender = home.sender()
    for _ in range(3):
        sender.turn()
    (partial,) = (home.store.root / ".partial").iterdir()
    partial.write_bytes(b"?" + partial.read_bytes()[1:])
    home.send(sender)
    home.take_in()
    assert home.store.partials() == {} and not home.store.has(home.media.key, ".mp4")
    home.later(2 * MINUTE)
    home.send(sender)
    home.take_in()
    assert home.store.verify(home.media.key)


def test_a_file_that_is_damaged_on_the_machine_is_not_sent_for_ever(home: Home) -> None:
    path = home.machine.path(home.media.key, ".mp4")
    path.chmod(0o644)
    path.write_bytes(b"?" + BODY[1:])
    sender = home.sender()
    home.send(sender)
    home.take_in()
    home.later(2 * MINUTE)
    home.send(sender)
    assert "damaged" in sender.problem
    assert home.store.partials() == {}


def test_a_full_disk_is_told_and_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = home.sender()
    monkeypatch.setattr(MediaStore, "free_bytes", lambda _: 10)
    home.send(sender)
    assert sender.problem.startswith("Recordings wait on this machine. The server's media disk is")
    assert home.store.partials() == {}
    monkeypatch.setattr(MediaStore, "free_bytes", lambda _: 10**12)
    home.later(2 * MINUTE)
    home.send(sender)
    home.take_in()
    assert home.store.verify(home.media.key) and sender.problem == ""


def test_a_disk_that_refuses_in_the_middle_of_a_piece_keeps_what_it_had(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = home.sender()
    for _ in range(3):
        sender.turn()
    whole, have = home.store.partials()[home.media.key], 2 * PIECE
    assert whole == have

    def full(descriptor: int) -> None:
        del descriptor
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr("media.partial.SYNCED_EVERY_BYTES", PIECE)
        filled.setattr("os.fdatasync", full)
        home.send(sender)
    assert "No space left" in sender.problem
    assert home.store.partials()[home.media.key] == have
    home.later(2 * MINUTE)
    home.send(sender)
    home.take_in()
    assert home.store.verify(home.media.key)


def test_the_server_is_away_and_comes_back(home: Home) -> None:
    away = True
    inside = httpx.WSGITransport(app=home.site.app)

    def answer(request: httpx.Request) -> httpx.Response:
        if away:
            raise httpx.ConnectError("no route to host", request=request)
        return inside.handle_request(request)

    sender = home.sender()
    sender.client = home.client(answer)
    home.send(sender)
    away = False
    home.later(MINUTE)
    home.send(sender)
    home.take_in()
    assert home.store.verify(home.media.key)


def test_a_server_of_the_version_before_is_asked_for_nothing_else(home: Home) -> None:
    asked = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rsplit("/", 1)[1])
        return httpx.Response(404, headers={READS_HEADER: "15"})

    sender = home.sender()
    sender.client = httpx.Client(base_url="http://server/", transport=httpx.MockTransport(answer))
    home.send(sender)
    assert asked == ["holdings"] and sender.problem == ""


@pytest.mark.parametrize("before", [False, True])
def test_a_machine_of_either_version_lets_go_only_where_two_copies_stay(
    home: Home, *, before: bool
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if before and request.method == "POST":
            return httpx.Response(404)
        return inside.handle_request(request)

    inside = httpx.WSGITransport(app=home.site.app)
    client = home.client(answer)
    client.headers[READS_HEADER] = "15" if before else "16"
    may_go = on_server(client)
    said = [may_go(home.media.key)]
    home.send()
    home.take_in()
    said.append(may_go(home.media.key))
    with home.site.db.write() as session:
        copies.note(session, home.media.key, BACKUP, home.media.size, NOW)
    said.append(may_go(home.media.key))
    assert said == [False, False, True]


def test_the_door_refuses_what_nobody_awaits(home: Home) -> None:
    client = home.client()
    other = AssetKey("0" * 64)
    assert client.put(f"media/{other}", params={"at": "0"}, content=b"x").status_code == 404
    assert client.put("media/..", params={"at": "0"}, content=b"x").status_code in (404, 405)
    assert client.post(f"let-go/{other}").status_code == 409
    assert client.post("holdings", content=b"[]").status_code == 422
    no_key = httpx.Client(
        base_url=client.base_url, transport=httpx.WSGITransport(app=home.site.app)
    )
    tries: list[Callable[[], httpx.Response]] = [
        lambda: no_key.post("holdings", content=b"{}"),
        lambda: no_key.post(f"let-go/{home.media.key}"),
        lambda: no_key.put(f"media/{home.media.key}", content=b"x"),
    ]
    assert [one().status_code for one in tries] == [401, 401, 401]


def test_a_piece_that_begins_elsewhere_or_goes_beyond_the_end_is_not_stored(home: Home) -> None:
    client = home.client()
    path = f"media/{home.media.key}"
    assert client.put(path, params={"at": "5"}, content=b"x").json()["have"] == 0
    assert client.put(path, params={"at": "0"}, content=BODY + b"x").json()["have"] == 0
    assert client.put(path, params={"at": "0"}, content=BODY[:9]).json()["have"] == 9
    assert client.put(path, params={"at": "0"}, content=BODY[:9]).json()["have"] == 9


def test_a_recording_in_a_folder_shared_with_the_server_is_checked_at_once(home: Home) -> None:
    shared = home.folder / "shared.mp4"
    shared.write_bytes(BODY)
    home.store.add(shared, suffix=".mp4")
    home.take_in()
    assert home.asset.has_thumbnail and home.places() == [SERVER]


def test_a_recording_that_the_server_lost_is_sent_again(home: Home) -> None:
    home.send()
    home.take_in()
    other = home.folder / "other.mp4"
    other.write_bytes(b"another file")
    home.store.add(other, suffix=".mp4")
    home.store.path(home.media.key, ".mp4").unlink()
    home.take_in()
    home.send()
    home.take_in()
    assert home.store.verify(home.media.key)


def test_a_store_that_is_not_mounted_makes_nothing_awaited(home: Home) -> None:
    home.send()
    home.take_in()
    assert homecoming.compare_store(home.site.db, NOW, {}) == 0
    with home.site.db.read() as session:
        row = find.recordings.of_key(session, home.media.key)
        assert row is not None and row.here is not None
    assert SERVER in home.places()


def test_what_staff_delete_for_good_goes_on_the_machine_too(home: Home) -> None:
    home.send()
    home.take_in()
    sender = home.sender()
    gone = list[AssetKey]()
    sender.drop = lambda keys, _: gone.extend(keys)
    home.send(sender)
    assert gone == []
    with home.site.db.write() as session:
        row = session.get(AssetRow, home.asset.id)
        assert row is not None
        row.state = AssetState.GONE.value
        session.add(
            LetGoRow(key=home.media.key, suffix=".mp4", asset_id=row.id, at=NOW, removed=NOW)
        )
    home.later(MINUTE)
    home.send(sender)
    assert gone == [home.media.key]


def test_a_recording_that_was_not_kept_may_go_once_the_better_one_is_safe(home: Home) -> None:
    short = home.folder / "short.mp4"
    short.write_bytes(b"shorter")
    key, _ = home.machine.add(short, suffix=".mp4")
    with home.site.db.write() as session:
        row = find.recordings.of_key(session, home.media.key)
        assert row is not None
        row.others = [key]
    may_go = on_server(home.client())
    home.sender().turn()
    assert not may_go(key)
    home.send()
    home.take_in()
    assert may_go(key) and not may_go(AssetKey("1" * 64))
