"""The `gavel` command when it cannot start."""

import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.ports import free_tcp_port

import web.cli
from scheduler.db.store import Database
from scheduler.process import service
from web.cli import main, ways_out


def test_a_taken_port_names_the_settings_to_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        toml = tmp_path / "gavel.toml"
        toml.write_text(f'data_dir = "{tmp_path}/data"\nbind = "{bind}"\n')
        monkeypatch.setenv("GAVEL_CONFIG", str(toml))
        ran = CliRunner().invoke(main, ["up"])
    assert ran.exit_code == 1
    assert f"cannot be served at {bind}: Address already in use" in ran.output
    assert "bind, base_url and server_url" in ran.output and str(toml) in ran.output
    assert not (tmp_path / "data").exists()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_db: Database) -> Path:
    """Return the whole database of a machine whose settings the commands find."""
    toml = tmp_path / "gavel.toml"
    toml.write_text(f'data_dir = "{tmp_path}/data"\nbind = "127.0.0.1:{free_tcp_port()}"\n')
    monkeypatch.setenv("GAVEL_CONFIG", str(toml))
    # They are for a process of its own.
    monkeypatch.setattr(web.cli, "die_with_parent", lambda: None)
    monkeypatch.setattr(service, "_listen", lambda stop: None)
    whole = tmp_path / "data" / "gavel.db"
    whole.parent.mkdir()
    shutil.copyfile(str(sqlite_db.engine.url.database), whole)
    return whole


def no_database(whole: bytes) -> bytes:
    return b"x" * 50_000


def cut_off(whole: bytes) -> bytes:
    return whole[: len(whole) // 3]


@pytest.mark.parametrize("damage", [no_database, cut_off])
@pytest.mark.parametrize("command", ["up", "web", "scheduler", "admin-link", "db upgrade"])
def test_a_damaged_database_is_said_in_a_sentence_with_what_to_do(
    database: Path, command: str, damage: Callable[[bytes], bytes]
) -> None:
    """A command ended with a traceback of a hundred lines, which systemd logged at each try."""
    database.write_bytes(damage(database.read_bytes()))
    ran = CliRunner().invoke(main, command.split())

    assert isinstance(ran.exception, SystemExit) and ran.exit_code == 1
    assert "Error: The database does not respond: " in ran.output
    assert "gavel restore FOLDER --database-only" in ran.output


def test_a_database_of_a_newer_gavel_is_said_in_a_sentence(database: Path) -> None:
    with closing(sqlite3.connect(database)) as rows, rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
    ran = CliRunner().invoke(main, ["admin-link"])

    assert isinstance(ran.exception, SystemExit) and ran.exit_code == 1
    assert "belongs to a newer Gavel (step 9999). Install that version." in ran.output


def test_the_start_says_where_a_channel_goes_without_its_secrets() -> None:
    lines = ways_out("ch13", ["udp://239.1.1.1:5000", "srt://h:9000?passphrase=correct-horse"])

    assert lines == [
        "ch13 goes to udp://239.1.1.1:5000, srt://h:9000",
        "  watch it: vlc udp://@:5000",
    ]


def test_the_start_says_what_is_wrong_with_an_output() -> None:
    lines = ways_out("ch13", ["srt://h:9000?passphrase=short"])

    assert lines == ["ch13 cannot go out: A passphrase of SRT has 10 to 79 characters."]
