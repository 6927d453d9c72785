"""Files on disk are checked when read, and the plan before is kept for the day one is damaged."""

from dataclasses import replace
from pathlib import Path

from support.plans import at, clips, item, media, minutes, plan, policy

from config.names import AssetKey, Revision
from media.store import MediaStore
from playout.host.library import NO_PLAN, OLDER_PLAN, Library, missing, needed
from playout.model.plan import CaptionFile


def library(folder: Path) -> Library:
    return Library(folder, MediaStore(folder / "media"))


def test_a_damaged_plan_is_replaced_by_the_one_before(tmp_path: Path) -> None:
    kept = library(tmp_path)
    old = plan(item("a", at("10:00"), minutes(5)))
    assert kept.keep_plan(old) == ""
    assert kept.keep_plan(replace(old, revision=Revision(2))) == ""
    newest = kept.plan("ch13")
    (tmp_path / "plan.json").write_bytes(b'{"channel": "ch1')

    assert newest is not None and newest.revision == 2
    assert kept.plan("ch13") == old


def test_a_plan_of_another_channel_is_not_used(tmp_path: Path) -> None:
    kept = library(tmp_path)
    kept.keep_plan(plan())

    assert kept.plan("ch14") is None


def test_a_disk_that_refuses_is_reported_in_words(tmp_path: Path) -> None:
    (tmp_path / "air").write_text("a file where a folder should be")

    assert "cannot be written" in library(tmp_path / "air").keep_plan(plan())


def test_a_file_of_another_size_counts_as_missing(tmp_path: Path) -> None:
    kept = library(tmp_path)
    wanted = media("a", minutes(1))
    path = kept.store.path(wanted.key, ".mp4")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 999)
    short = missing(kept, [wanted])
    path.write_bytes(b"x" * 1000)

    assert (short, missing(kept, [wanted])) == ([wanted], [])
    assert kept.find(wanted) == str(path)


def test_needed_files_are_the_next_hour_then_filler_then_the_rest() -> None:
    made = plan(
        item("soon", at("10:00"), minutes(5)),
        item("again", at("12:00"), minutes(5), media=media("soon", minutes(5))),
        item("far", at("10:00", 4), minutes(5)),
        item("past", at("1:00"), minutes(5)),
        item("now", at("8:58"), minutes(5)),
        filler=clips(30),
        policies=(policy("night", at("1:00", 5), at("5:00", 5), media("spot", minutes(1))),),
        days=6,
    )
    keys = [one.key for one in needed(made, at("9:00"))]

    spot = media("spot", minutes(1)).key
    now, soon, far = (media(name, minutes(5)).key for name in ("now", "soon", "far"))
    assert keys == [now, clips(30)[0].key, spot, soon, far]


CAPTIONS = CaptionFile(AssetKey("c" * 64), 4)


def test_the_captions_of_a_file_are_needed_right_after_it() -> None:
    film = replace(media("film", minutes(60)), captions=CAPTIONS)
    made = plan(item("film", at("19:00"), minutes(60), media=film))
    names = [(one.key, one.suffix, one.size) for one in needed(made, at("9:00"))]

    assert names == [(film.key, ".mp4", film.size), (CAPTIONS.key, ".cc", 4)]


def test_captions_are_found_only_once_they_are_here_whole(tmp_path: Path) -> None:
    kept = library(tmp_path)
    film = replace(media("film", minutes(60)), captions=CAPTIONS)
    path = kept.store.path(CAPTIONS.key, ".cc")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"abc")
    short = kept.captions(film)
    path.write_bytes(b"abcd")

    assert (short, kept.captions(film)) == (None, str(path))
    assert kept.captions(media("film", minutes(60))) is None


def test_the_substitute_of_a_recording_is_needed_too() -> None:
    spare = media("last week's", minutes(60))
    replay = item("replay", at("19:00"), minutes(60), media=None, substitute=spare)
    assert needed(plan(replay), at("9:00")) == [spare]


def test_without_anything_on_disk_there_is_no_plan(tmp_path: Path) -> None:
    assert library(tmp_path).plan("ch13") is None
    assert library(tmp_path).rundown() is None


def test_damaged_or_missing_plan_files_are_reported_in_words(tmp_path: Path) -> None:
    kept = library(tmp_path)
    nothing = kept.read_plan("ch13")
    kept.keep_plan(plan())
    kept.keep_plan(replace(plan(), revision=Revision(2)))
    (tmp_path / "plan.json").write_bytes(b"[" * 100_000)
    older = kept.read_plan("ch13")
    (tmp_path / "plan.json.previous").write_bytes(b"{")
    none = kept.read_plan("ch13")

    assert nothing == (None, NO_PLAN)
    assert older == (plan(), f"plan.json cannot be read: it is damaged. {OLDER_PLAN}")
    assert none[0] is None
    assert "plan.json.previous cannot be read" in none[1]
    assert none[1].endswith(NO_PLAN)


def test_a_plan_of_another_channel_is_reported_in_words(tmp_path: Path) -> None:
    kept = library(tmp_path)
    kept.keep_plan(plan())

    assert kept.read_plan("ch14") == (None, f"plan.json is of another channel, ch13. {NO_PLAN}")


def test_the_logo_of_a_channel_is_fetched_before_all_else() -> None:
    logo, film = media("logo", minutes(0)), item("film", at("9:00"), minutes(30))
    made = replace(plan(film, filler=clips(60)), pictures=(logo,))

    assert needed(made, at("9:00")) == [logo, film.media, *made.filler]
