"""The doctor of a server checks only a server's needs and says how to fix each."""

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from support.desk import ADMIN, NOW, an_asset

from config.alert_settings import AlertSettings, MailSettings
from config.clock import SimulatedClock, SystemClock
from config.finding import MachineFinding
from config.intake_settings import WatchFolder
from config.settings import Settings
from playout.cli.doctor import run_doctor
from scheduler.actions import archive, contacts, disk_days, jobs, sources
from scheduler.actions.disk_days import DiskReading
from scheduler.backup.second_store import MARKER, initialise
from scheduler.db import migrate, passing
from scheduler.db.passing import WatchedFolder
from scheduler.db.store import Database
from scheduler.db.tables.meetings import SourceRow
from scheduler.domain.model.alerts import ContactDraft, Way
from scheduler.domain.model.job import JobKind
from scheduler.domain.model.source import SourceDraft
from scheduler.queries.sources import sources as known
from web import cli, doctor


def looked(folder: Path, **rest: object) -> dict[str, MachineFinding]:
    made = Settings(data_dir=folder, **rest)  # type: ignore[arg-type]
    return {finding.text: finding for finding in doctor.look(made)}


def test_a_server_is_not_checked_for_broadcast_machine_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = tmp_path / "gavel.toml"
    toml.write_text(f'data_dir = "{tmp_path}"\n')
    monkeypatch.setenv("GAVEL_CONFIG", str(toml))
    ran = CliRunner().invoke(cli.main, ["doctor"])

    assert f"Settings are read from {toml}." in ran.output
    assert "host key" not in ran.output
    assert "This machine airs no channel" in ran.output


def test_a_new_server_gets_every_setup_step(tmp_path: Path) -> None:
    found = looked(tmp_path)

    assert found["Calendar ids do not use your domain."].grade == "wrong"
    assert found["There is no database yet."].mend == "Create it: gavel db upgrade"
    assert not (tmp_path / "gavel.db").exists()
    assert all(one.mend for one in found.values() if one.grade != "good")


def test_a_set_up_server_has_no_findings(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gavel.db'}")
    migrate.upgrade(database)
    database.close()
    found = looked(tmp_path, base_url="https://tv.example.gov", domain="tv.example.gov")

    assert [one.text for one in found.values() if one.grade == "wrong"] == []
    assert "The database responds and matches this version." in found


def test_a_speech_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = looked(tmp_path, speech_model=tmp_path / "none")

    assert [one.grade for text, one in found.items() if "speech model" in text] == ["wrong"]


def test_a_damaged_database_leads_to_the_restore(tmp_path: Path) -> None:
    (tmp_path / "gavel.db").write_bytes(b"no database at all " * 500)
    found = [one for text, one in looked(tmp_path).items() if "does not respond" in text]

    assert [("gavel restore" in one.mend, one.grade) for one in found] == [(True, "wrong")]


def test_an_older_database_is_reported_with_the_upgrade_command(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gavel.db'}")
    migrate.upgrade(database, migrate.steps()[0])
    database.close()

    found = looked(tmp_path)["The database belongs to another version."]
    assert "gavel db upgrade" in found.mend


def test_an_unreachable_database_is_reported_without_its_password(tmp_path: Path) -> None:
    found = looked(tmp_path, database_url="postgresql+psycopg://gavel:s3cret@127.0.0.1:9/gavel")
    (wrong,) = [text for text in found if "respond" in text]

    assert wrong.startswith("The database does not respond:")
    assert "s3cret" not in wrong


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (0, "The disk for data in {folder} is full."),
        (300_000_000, "Only 300 MB free for data in {folder}."),
    ],
)
def test_a_nearly_full_disk_is_reported_as_on_a_broadcast_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    left = SimpleNamespace(total=10**12, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
    server = looked(tmp_path)[said.format(folder=tmp_path)]
    assert (server.grade, server.mend) == ("wrong", "Remove files or add a disk.")
    machine = run_doctor(Settings(data_dir=tmp_path), SimulatedClock(NOW))
    assert server in machine


def test_a_source_that_a_version_before_took_with_an_option_twice_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gavel.db'}")
    migrate.upgrade(database)
    made = sources.add(database, ADMIN, NOW, SourceDraft("Chamber", "srt://10.0.0.5:9000"))
    with database.change() as session:
        row = session.get_one(SourceRow, made.id)
        row.address = "srt://10.0.0.5:9000?latency=200&latency=400"
    shown = known(database)[0].shown
    database.close()
    text = "In the address of Chamber an option is written twice."

    assert looked(tmp_path)[text].mend.startswith("Its last value counts. Enter the address again")
    assert shown.startswith("srt://10.0.0.5:9000 · key set · an option is written twice")


def test_each_contact_that_the_settings_do_not_reach_is_named(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gavel.db'}")
    migrate.upgrade(database)
    nobody = looked(tmp_path)
    for draft in (
        ContactDraft("Ann", Way.MAIL, "ann@example.gov"),
        ContactDraft("Pager", Way.WEBHOOK, "pager"),
    ):
        contacts.add(database, ADMIN, NOW, draft)
    database.close()
    unset = looked(tmp_path)
    mail = MailSettings(host="smtp.example.gov", sender="tv@example.gov")
    hooks = {"pager": SecretStr("https://hook.example/a")}
    complete = looked(tmp_path, alerts=AlertSettings(mail=mail, webhooks=hooks))

    assert nobody["No one is told of alerts."].mend
    ann = "The contact Ann is told by mail ann@example.gov, and no mail server is set."
    pager = "The contact Pager is told by webhook pager, and there is none."
    assert {ann, pager} <= unset.keys()
    assert unset[pager].mend == 'Write under [alerts.webhooks]: pager = "ADDRESS"'
    assert complete["2 contacts are told of alerts."].grade == "good"


def test_an_archive_is_found_missing_unmarked_or_with_its_room(tmp_path: Path) -> None:
    root = tmp_path / "archive"

    def found() -> list[MachineFinding]:
        words = looked(tmp_path, archive_folder=root)
        return [one for text, one in words.items() if str(root) in text]

    assert not [text for text in looked(tmp_path) if "for the archive" in text]
    (away,) = found()
    assert (away.grade, away.text) == ("wrong", f"The archive {root} is not there.")
    root.mkdir()
    (empty,) = found()
    assert (empty.grade, empty.text) == ("wrong", f"{root} holds no archive.")
    assert "mount -a" in empty.mend
    initialise(root)
    (here,) = found()
    assert f"free for the archive in {root}" in here.text
    (root / MARKER).write_text('{"gavel_archive": 2}')
    (newer,) = found()
    assert newer.grade == "wrong" and "newer Gavel" in newer.text


def test_a_disk_that_is_full_within_a_month_is_told_with_its_day(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gavel.db'}")
    migrate.upgrade(database)
    now = SystemClock().utc()
    for place, last in (("server", 70), ("archive", 90)):
        for days, free in ((10, 100), (0, last)):
            reading = DiskReading(place, place.title(), free * 10**9, 10**12)
            disk_days.note(database, [reading], now - timedelta(days=days))
    database.close()

    found = looked(tmp_path, archive_folder=tmp_path)
    assert found["Server: Full in 23 days at this pace."].grade == "wrong"
    assert found["Archive: Full in 89 days at this pace."].grade == "good"
    assert "Archive: Full in 89 days at this pace." not in looked(tmp_path)


def test_what_stands_still_in_the_library_is_told_with_what_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gavel.db'}")
    migrate.upgrade(database)
    now, here = SystemClock().utc(), WatchFolder(path=tmp_path, name="Cameras")
    folder = WatchedFolder("Cameras", 0, 0, "Its drive is not mounted.", now)
    passing.put_folder(database, str(tmp_path), folder)
    archive.queue(database, JobKind.RETURN, [an_asset(database, "Budget hearing").id], now)
    job = jobs.claim(database, now, (JobKind.RETURN,))
    assert job is not None
    jobs.fail(database, now, job, "The server's disk is full.", retry=True)
    database.close()

    found = looked(tmp_path, watch_folders=(here,), archive_folder=tmp_path / "archive")
    away = found[f"The watch folder {tmp_path} gives no files: Its drive is not mounted."]
    assert away.grade == "wrong" and away.mend.startswith("Mount its drive: mount -a.")
    stuck = found[
        "Files do not come back. Not back on the server: Budget hearing. The server's disk is full."
    ]
    assert stuck.grade == "wrong" and "press Try now" in stuck.mend
