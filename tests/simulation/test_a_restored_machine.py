"""The restore drill: from nothing to a published plan, with broadcast machines that know more."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from support.desk import CH13, MINUTE, NOW
from support.restored_system import (
    RestoredSystem,
    disobeyed_presses,
    missing_reports,
    plan_differences,
    plan_films,
    replace_database,
)
from support.website import Site

from media.store import MediaStore
from scheduler.queries.host_api import commands_after, published_plan
from web.cli import main


def gavel(*words: str) -> str:
    """Run `gavel` with these words; return what it says."""
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_a_machine_restored_from_nothing_goes_on_where_the_hosts_are(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = RestoredSystem(site, tmp_path / "host", plan_films(site.db))
    source = tmp_path / "coming.mp4"
    source.write_bytes(b"a film")
    MediaStore(site.settings.media_root).add(source)
    old, backups = tmp_path / "old.toml", tmp_path / "backups"
    old.write_text(
        f'data_dir = "{site.settings.data_dir}"\ndatabase_url = "{site.db.url}"\n'
        f'backup_folder = "{backups}"\n'
    )
    monkeypatch.setenv("GAVEL_CONFIG", str(old))
    gavel("backup", "--init")
    system.run_until(NOW + 20 * MINUTE)
    answered = system.press()
    system.run_for(3, most=1)
    stale = system.press()
    said = gavel("backup")
    assert "1 media files, 1 of them new" in said and "Opened and checked" in said
    system.run_until(NOW + 72 * MINUTE)
    later = system.press()
    system.run_for(3, most=1)

    monkeypatch.delenv("GAVEL_CONFIG")
    monkeypatch.setenv("GAVEL_DATA_DIR", str(tmp_path / "fresh"))
    said = gavel("restore", str(backups))
    assert "Everyone must sign in again" in said
    assert (
        MediaStore(tmp_path / "fresh" / "media").keys()
        == MediaStore(site.settings.media_root).keys()
    )
    replace_database(site.db, tmp_path / "fresh" / "gavel.db")
    system.pressed.clear()
    offered = commands_after(site.db, CH13, 99, heard="of another history")
    assert offered == (), "commands of the time before the backup are not sent again"
    assert missing_reports(system) != [], "the hosts know more than the backup"
    system.run_for(8, most=1)

    assert missing_reports(system) == []
    assert plan_differences(system) == []
    assert [system.obeyed(one) for one in (answered, stale, later)] == [1, 1, 1]
    assert published_plan(site.db, CH13) is not None
    assert [run.title for run in system.day(NOW.date()).runs if run.item is not None] == [
        "Film 1", "Film 2", "Film 3", "Film 4",
    ]  # fmt: skip
    for _ in range(3):
        system.press()
        system.run_for(2, most=1)
    assert disobeyed_presses(system) == []
