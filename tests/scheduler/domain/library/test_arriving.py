"""When a file of a watch folder has come whole, and which are left alone."""

from datetime import timedelta

import pytest
from support.desk import NOW

from scheduler.domain.library.arriving import Arrivals, Seen, is_ignored, numbered, shown
from scheduler.domain.library.names import captioned_stems, folder_tags, owner_of_captions

STEADY = timedelta(seconds=60)


def looks(*seen: Seen | None, every: int = 30, name: str = "a.mp4") -> list[str]:
    """Return the names that are whole after a look every 30 seconds at one file."""
    arrivals, now = Arrivals(), NOW
    for one in seen:
        arrivals = arrivals.look({name: one} if one else {}, now)
        now += timedelta(seconds=every)
    return [name for name, _ in arrivals.whole(now - timedelta(seconds=every), STEADY)]


@pytest.mark.parametrize(
    ("seen", "whole"),
    [
        pytest.param([Seen(5, 1, 7)] * 3, True, id="unchanged for a minute"),
        pytest.param([Seen(5, 1, 7)] * 2, False, id="unchanged for half a minute"),
        pytest.param([Seen(5, 1, 7), Seen(9, 2, 7), Seen(9, 2, 7)], False, id="it grew"),
        pytest.param([Seen(5, 1, 7), Seen(5, 2, 7), Seen(5, 2, 7)], False, id="it was written"),
        pytest.param([Seen(5, 1, 7), Seen(5, 1, 8), Seen(5, 1, 8)], False, id="it was replaced"),
        pytest.param([Seen(5, 1, 7), None, Seen(5, 1, 7)], False, id="it was away"),
    ],
)
def test_a_file_is_whole_once_nothing_of_it_changed_for_a_while(seen, whole: bool) -> None:
    assert bool(looks(*seen)) is whole


def test_a_clock_that_was_set_back_makes_a_file_wait_and_not_for_ever() -> None:
    seen, back = {"a.mp4": Seen(5, 1, 7)}, NOW - timedelta(days=1)
    arrivals = Arrivals().look(seen, NOW).look(seen, back)
    assert arrivals.whole(back, STEADY) == ()
    assert len(arrivals.look(seen, back + STEADY).whole(back + STEADY, STEADY)) == 1


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        *((name, True) for name in (".hidden", "a.mp4.part", "A.TMP", "~lock", "a.mp4~")),
        *((name, True) for name in (".gavel-taking", "refused", "Thumbs.db", "#recycle")),
        *((name, False) for name in ("a.mp4", "refused.mp4", "part.mov", "council")),
    ],
)
def test_hidden_and_temporary_names_are_left_alone(name: str, ignored: bool) -> None:
    assert is_ignored(name) is ignored


def test_names_of_any_bytes_can_be_shown() -> None:
    assert shown(b"caf\xe9.mp4".decode("utf-8", "surrogateescape")) == "caf\ufffd.mp4"


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [("a.mp4", 1, "a.mp4"), ("a.b.mp4", 2, "a.b (2).mp4"), ("council", 3, "council (3)")],
)
def test_a_second_file_of_a_name_gets_a_number(name: str, number: int, said: str) -> None:
    assert numbered(name, number) == said


def test_captions_belong_to_the_file_of_their_name() -> None:
    files = [("1", "Council.mp4"), ("2", "Parks.en.mov")]
    assert captioned_stems("Council.es-mx.srt") == ("council.es-mx", "council")
    assert owner_of_captions(files, "council.EN.srt") == "1"
    assert owner_of_captions(files, "parks.en.vtt") == "2"
    assert owner_of_captions(files, "budget.srt") is None


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("a.mp4", ()),
        ("Field/2026/a.mp4", ("Field", "2026")),
        ("Field\\a, b\\a.mp4", ("Field", "a b")),
        ("../x/x/.../a.mp4", ("x",)),
        ("1/2/3/4/5/6/7/a.mp4", ("3", "4", "5", "6", "7")),
        (f"{'y' * 99}/a.mp4", ("y" * 40,)),
    ],
)
def test_folders_become_tags(path: str, tags: tuple[str, ...]) -> None:
    assert folder_tags(path) == tags
