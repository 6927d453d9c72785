"""The page of backups: what it says in every state, and the button that asks for one."""

import fcntl
from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import ADMIN, NOW
from support.page import read
from support.website import Site, post

from scheduler.actions import alerts
from scheduler.actions import backups as action
from scheduler.backup.folder import initialise
from scheduler.backup.last import LastBackup, write_last
from scheduler.domain.model.people import Role
from scheduler.queries import backups, changes
from scheduler.reading.pulse import SCHEDULER
from web.kit.context import SERVICES_KEY
from web.settings.backups import folder_look

PAGE = "/settings/backup"
GOOD = LastBackup(NOW, "", NOW, "20261122T083000Z", 1_400_000_000, 12)


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    """Give the site a backup folder with one snapshot, a last good backup and a scheduler."""
    root = initialise(tmp_path / "backups").root
    snapshot = root / "snapshots" / GOOD.name
    snapshot.mkdir()
    (snapshot / "manifest.json").touch()
    services = site.app.extensions[SERVICES_KEY]
    given = site.settings.model_copy(update={"backup_folder": root})
    object.__setattr__(services, "settings", given)
    object.__setattr__(services, "backups", folder_look(root, site.clock))
    site.settings.data_dir.mkdir(parents=True, exist_ok=True)
    write_last(site.settings.data_dir, GOOD)
    alerts.pulse(site.db, SCHEDULER, site.clock.utc())
    return root


def shown(site: Site) -> str:
    return read(site.browser(Role.ENGINEER).get(PAGE)).text


def test_without_a_folder_it_says_what_to_do_and_refuses_to_ask(site: Site) -> None:
    client = site.browser(Role.ENGINEER)
    page = read(client.get(PAGE))
    assert "gavel backup --init" in page.text and "Back up now" not in page.text

    assert "No backup folder is set." in post(client, PAGE).text
    assert backups.asked(site.db, NOW).asked is None


@pytest.mark.usefixtures("folder")
def test_it_shows_the_last_good_backup_the_room_and_the_snapshots(site: Site) -> None:
    text = shown(site)
    assert "as snapshot 20261122T083000Z" in text
    assert "1.4 GB: the database and 12 media files" in text
    assert "the last good one" in text and "Free on its disk" in text
    assert "failed" not in text and "more than a day old" not in text


@pytest.mark.usefixtures("folder")
def test_a_press_is_recorded_and_a_second_press_asks_for_nothing_more(site: Site) -> None:
    client = site.browser(Role.ENGINEER)
    site.clock.wait(1)
    assert post(client, PAGE).status_code == 303
    first = backups.asked(site.db, site.clock.utc()).asked
    page = client.get(PAGE)
    assert "It begins within seconds." in page.text and "Back up now" not in page.text
    assert 'hx-trigger="every 3s"' in page.text

    site.clock.wait(1)
    post(client, PAGE)
    assert backups.asked(site.db, site.clock.utc()).asked == first
    entry = changes.latest(site.db, "backup", "station")
    assert entry is not None and entry.sentence == "Asked for a backup" and not entry.can_undo


@pytest.mark.usefixtures("folder")
def test_after_a_try_one_may_ask_again(site: Site) -> None:
    assert action.ask(site.db, ADMIN, NOW, None)
    assert not action.ask(site.db, ADMIN, NOW + timedelta(seconds=1), NOW - timedelta(days=1))
    assert action.ask(site.db, ADMIN, NOW + timedelta(hours=1), NOW + timedelta(minutes=5))


@pytest.mark.usefixtures("folder")
def test_a_running_backup_is_shown_and_a_press_asks_for_no_other(site: Site) -> None:
    data = site.settings.data_dir
    (data / "backup-work").mkdir()
    assert "Back up now" in shown(site), "a folder that a killed backup left is no backup"
    with (data / "backup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        client = site.browser(Role.ENGINEER)
        assert "A backup is under way." in client.get(f"{PAGE}/state").text
        post(client, PAGE)
    assert backups.asked(site.db, site.clock.utc()).asked is None


@pytest.mark.usefixtures("folder")
def test_a_scheduler_that_is_away_is_named_with_the_command(site: Site) -> None:
    site.clock.wait(120)
    post(site.browser(Role.ENGINEER), PAGE)
    assert "systemctl restart gavel-scheduler" in shown(site)


@pytest.mark.usefixtures("folder")
def test_a_failure_is_told_in_its_words_beside_the_last_good_one(site: Site) -> None:
    failed = LastBackup(NOW, "The disk is full. Use a larger one.", GOOD.good, GOOD.name, 5, 1)
    write_last(site.settings.data_dir, failed)
    text = shown(site)
    assert "The last backup failed" in text and "The disk is full. Use a larger one." in text
    assert "as snapshot 20261122T083000Z" in text


@pytest.mark.usefixtures("folder")
def test_an_old_backup_is_told(site: Site) -> None:
    old = NOW - timedelta(hours=37)
    write_last(site.settings.data_dir, LastBackup(NOW, "", old, GOOD.name))
    assert "more than a day old" in shown(site)


def test_a_folder_that_is_away_is_told_with_the_fix(site: Site, folder: Path) -> None:
    folder.rename(folder.with_name("away"))
    text = shown(site)
    assert "If a disk belongs there, mount it." in text and "Snapshots" not in text


def test_a_name_that_is_no_instant_is_passed_over(site: Site, folder: Path) -> None:
    odd = folder / "snapshots" / "99999999T999999Z"
    odd.mkdir()
    (odd / "manifest.json").touch()
    assert "99999999" not in shown(site)
