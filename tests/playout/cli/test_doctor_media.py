"""The doctor says until when a machine could air alone, and what its disk has no room for."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.plans import at, item, minutes, plan

from config.settings import ChannelSettings, Settings
from media.store import MediaStore
from playout.cli.doctor_media import media_findings
from playout.host.library import Library
from playout.host.shortage import ADVICE
from playout.model.plan import Media

NOW = at("9:00")
GB = 10**9


def settings(folder: Path) -> Settings:
    channels = {"ch13": ChannelSettings(outputs=("udp://239.1.1.1:5000",))}
    return Settings(data_dir=folder, channels=channels, media_is_cache=True)


def keep(of: Settings, size: int) -> list[Media]:
    """Keep a plan of two evenings, each with a file of so many bytes."""
    items = [item(f"film-{day}", at("19:00", day), minutes(60)) for day in (1, 6)]
    items = [
        replace(one, media=replace(one.media, size=size)) for one in items if one.media is not None
    ]
    made = plan(*items, days=8, zone="America/New_York")
    library = Library(of.channel_dir("ch13"), MediaStore(of.media_root))
    assert library.keep_plan(made) == ""
    return [one.media for one in items if one.media is not None]


def test_files_that_are_missing_are_counted_with_the_first_time_they_are_needed(
    tmp_path: Path,
) -> None:
    of = settings(tmp_path)
    for film in keep(of, 1):
        (missing, *_) = media_findings(of, "ch13", NOW)
        home = MediaStore(of.media_root).path(film.key, film.suffix)
        home.parent.mkdir(parents=True)
        home.write_bytes(b"x")
    (whole,) = media_findings(of, "ch13", NOW)

    assert missing.text == (
        "ch13: 1 file is missing of those needed until Fri, Nov 27 7:00 PM, the first for "
        "Thu, Nov 26 2:00 PM."
    )
    assert whole.text == "ch13: every file is here that is needed until Fri, Nov 27 7:00 PM."
    assert (missing.grade, whole.grade) == ("wrong", "good")


def test_what_does_not_fit_on_the_disk_is_named_with_its_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = settings(tmp_path)
    keep(of, 40 * GB)
    disk = SimpleNamespace(total=100 * GB, free=80 * GB, used=20 * GB)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: disk)
    short = media_findings(of, "ch13", NOW)[-1]

    assert short.text.startswith(
        "ch13: Thursday, November 26, 2:00 PM and later: 1 file (40 GB) does not fit"
    )
    assert short.mend == ADVICE
