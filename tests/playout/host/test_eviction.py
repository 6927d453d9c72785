"""A cache makes room, but never by removing what a plan needs or the only copy."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.plans import at, item, minutes, plan, policy

from config.names import AssetKey
from media.store import MediaError, MediaStore
from playout.host.eviction import Evictor, on_server
from playout.host.library import Library
from playout.host.server_sync import fetch
from playout.model.plan import CaptionFile, Media

DISK, PIECE = 10_000, 1000
NOW = at("9:00")


class SmallStore(MediaStore):
    """A store of real files on a disk of ten thousand bytes."""

    def free_bytes(self) -> int:
        super().free_bytes()
        return DISK - sum(file.stat().st_size for file in self.root.rglob("*") if file.is_file())


class House:
    """Two channels that share one store, and a server that has all but `only_here`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SmallStore(folder / "media", cache=True)
        self.libraries = tuple(
            (name, Library(folder / name, self.store)) for name in ("ch13", "ch14")
        )
        self.only_here: set[AssetKey] = set()
        self.age = 1

    def put(self, name: str) -> Media:
        """Put a file into the store, newer than the one before."""
        upload = self.folder / name
        upload.write_bytes(name.encode().ljust(PIECE, b"."))
        key, home = self.store.add(upload, suffix=".mp4")
        self.age += 100
        os.utime(home, (self.age, self.age))
        return Media(key, ".mp4", PIECE, timedelta(seconds=60), None, 0.0, True, True)

    def evictor(self, spare: int = 0) -> Evictor:
        return Evictor(self.store, self.libraries, lambda key: key not in self.only_here, spare)

    def plan(self, name: str, *media: Media, **rest: Any) -> None:
        items = [item(f"i{n}", at("10:00", n), minutes(1), media=m) for n, m in enumerate(media)]
        library = dict(self.libraries)[name]
        made = plan(*items, **rest)
        assert library.keep_plan(replace(made, channel=name)) == ""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_the_oldest_unneeded_files_are_removed_until_there_is_room(house: House) -> None:
    needed = house.put("tonight")
    old = [house.put(f"old{number}") for number in range(7)]
    other = house.put("the other channel's")
    clip = house.put("filler")
    house.plan("ch13", needed, filler=(clip,))
    house.plan("ch14", other)
    assert house.store.free_bytes() == 0
    gone = house.evictor(spare=2500).make_room(NOW)
    assert gone == [media.key for media in old[:3]]
    assert house.store.keys() == {m.key for m in (needed, other, clip, *old[3:])}
    assert house.evictor(spare=2500).make_room(NOW) == []


def test_files_a_plan_needs_stay_on_a_full_disk(house: House) -> None:
    kept = [house.put(f"needed{number}") for number in range(10)]
    night = policy("night", at("1:00"), at("5:00"), kept[7])
    house.plan("ch13", *kept[:7], filler=(kept[8],), policies=(night,))
    house.plan("ch14", kept[9])
    assert house.evictor(spare=5000).make_room(NOW) == []
    assert len(house.store.keys()) == 10


def test_captions_of_a_file_that_a_plan_needs_stay_with_it(house: House) -> None:
    film, track, old = house.put("film"), house.put("track"), house.put("old")
    house.plan("ch13", replace(film, captions=CaptionFile(track.key, PIECE)))
    house.plan("ch14")

    assert house.evictor(spare=9500).make_room(NOW) == [old.key]


def test_a_recording_the_server_does_not_have_yet_stays(house: House) -> None:
    recording, old = house.put("recording"), house.put("old")
    house.plan("ch13")
    house.plan("ch14")
    house.only_here = {recording.key}
    assert house.evictor(spare=DISK).make_room(NOW) == [old.key]


def test_nothing_is_removed_while_a_channel_has_no_plan(house: House) -> None:
    house.put("old")
    house.plan("ch13")
    assert house.evictor(spare=DISK).make_room(NOW) == []


def test_a_silent_server_counts_as_lacking_the_file() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("gone"):
            return httpx.Response(404)
        if request.url.path.endswith("silent"):
            raise httpx.ConnectError("no route")
        return httpx.Response(200)

    client = httpx.Client(base_url="http://s/", transport=httpx.MockTransport(answer))
    asked = on_server(client)
    assert [asked(AssetKey(key)) for key in ("here", "gone", "silent")] == [True, False, False]


def test_only_a_cache_makes_room(house: House) -> None:
    house.put("old")
    house.plan("ch13")
    house.plan("ch14")
    truth = SmallStore(house.store.root)
    with pytest.raises(MediaError, match="only copies"):
        Evictor(truth, house.libraries, lambda key: True, DISK).make_room(NOW)


def test_an_evicted_file_is_fetched_again_when_a_plan_needs_it(house: House) -> None:
    old = house.put("old")
    body = house.store.path(old.key, old.suffix).read_bytes()
    house.plan("ch13")
    house.plan("ch14")
    assert house.evictor(spare=DISK).make_room(NOW) == [old.key]
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body))
    client = httpx.Client(base_url="http://s/", transport=transport)
    assert fetch(client, house.store, old) == ""
    assert house.store.has(old.key, old.suffix)


def test_what_was_deleted_for_good_goes_unless_a_plan_names_it(house: House) -> None:
    tonight, old = house.put("tonight"), house.put("old")
    released = [tonight.key, old.key]
    house.plan("ch13", tonight)
    assert house.evictor().drop(released, NOW) == [], "the plan of ch14 is unknown"
    house.plan("ch14")
    assert house.evictor().drop(released, NOW) == [old.key]
    assert house.store.keys() == {tonight.key}
