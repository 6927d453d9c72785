"""S21 on a broadcast machine with its own disk: what it airs alone it must have fetched."""

from pathlib import Path

import pytest
from support.plans import at, item, minutes, page, plan
from support.remote_machine import PIECE, Disk, Remote, Shelf

from playout.model.layer import Layer
from playout.model.plan import Item, Media, Outcome


def a_machine(folder: Path, shelf: Shelf, items: list[Item], filler: tuple[Media, ...]) -> Remote:
    made = plan(*items, days=5, filler=filler, board=(page(),))
    return Remote(folder, made, at("17:00"), shelf)


def evenings(shelf: Shelf, days: int) -> list[Item]:
    """Return a film for each evening, each with its own file."""
    return [
        item(f"film-{day}", at("19:00", day), minutes(60), media=shelf.put(f"f{day}", minutes(60)))
        for day in range(days)
    ]


def test_s21_the_third_day_alone_airs_from_the_machines_own_disk(
    tmp_path: Path,
) -> None:
    shelf = Shelf()
    films = evenings(shelf, 3)
    machine = a_machine(tmp_path, shelf, films, (shelf.put("clip", minutes(10)),))
    machine.run_until(at("17:10"), each=machine.fetch)
    shelf.up = machine.server.up = False
    machine.run_until(at("20:30", 2), most=900)
    machine.server.up = True
    machine.run_for(120, most=10)

    for film in films:
        assert {fact.layer for fact in machine.aired(film.id)} == {Layer.DECK}, film.id
        assert [row.outcome for row in machine.rows(film.id)] == [Outcome.AIRED], film.id
    assert machine.parts.mailbox.fetch == ()


def test_a_file_that_cannot_be_fetched_blocks_no_other(tmp_path: Path) -> None:
    shelf = Shelf()
    films = evenings(shelf, 3)
    lost = shelf.put("lost clip", minutes(5))
    del shelf.files[lost.key]
    machine = a_machine(tmp_path, shelf, films, (lost,))
    machine.run_until(at("17:10"), most=20, each=machine.fetch)

    assert {one.key for one in machine.parts.mailbox.fetch} == {lost.key}


def test_files_that_air_soon_take_the_room_of_later_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Disk, "size", 6 * PIECE)
    shelf = Shelf()
    films = evenings(shelf, 5)
    machine = a_machine(tmp_path, shelf, films, ())
    machine.run_until(at("17:10"), each=machine.fetch)
    assert machine.have(*films) == [True] * 4 + [False]
    said = "Tuesday, November 24, 7:00 PM and later: 1 file (0 MB) does not fit"
    assert [one for one in machine.problems() if one.startswith(said)]
    extra = [
        item(f"e{n}", at(f"{9 + n}:00", 1), minutes(60), media=shelf.put(f"e{n}", minutes(60)))
        for n in range(2)
    ]
    machine.server.publish(plan(*films, *extra, days=5, board=(page(),)))
    machine.run_until(at("17:20"), each=machine.fetch)

    assert machine.have(*films, *extra) == [True] * 3 + [False] * 2 + [True] * 2
    asked = [shelf.asked.count(film.media.key) for film in films if film.media is not None]
    assert asked == [1, 1, 1, 1, 0], "what was removed is not fetched in turns"


def test_files_of_the_next_hour_are_fetched_before_filler(tmp_path: Path) -> None:
    shelf = Shelf()
    soon = item("soon", at("17:30"), minutes(30), media=shelf.put("soon", minutes(30)))
    clip = shelf.put("clip", minutes(1))
    machine = a_machine(tmp_path, shelf, [*evenings(shelf, 2), soon], (clip,))
    machine.run_until(at("17:10"), each=machine.fetch)

    assert soon.media is not None
    assert shelf.asked[:2] == [soon.media.key, clip.key]
