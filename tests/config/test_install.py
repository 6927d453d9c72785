"""The installer, run for real below a temporary root; what belongs to the system is a stand-in.

Stand-ins write what they were asked into a log: account, packages, systemd, and an environment
whose pip unpacks the units and nothing else. Files, links, databases and decisions are real.
"""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from config.settings import load_settings

ROOT = Path(__file__).parents[2]
MACHINE = ROOT / "config" / "machine"
UNITS = ROOT / "config" / "systemd"

FAKES = {
    "id": 'case "$1" in gavel) test -f "$STATE/account" ;; *) exec /usr/bin/id "$@" ;; esac',
    "useradd": 'touch "$STATE/account"',
    "chown": ":",
    "dpkg-query": 'echo "install ok installed"',
    "runuser": 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
    "systemctl": """case "$1" in
  list-units) case "$*" in
      *gavel-web*) cat "$STATE/serving" 2>/dev/null ;;
      *) for one in $(cat "$STATE/running" 2>/dev/null); do
             echo "gavel-playout@$one.service loaded active running Gavel"; done ;; esac ;;
  show) echo 77 ;;
esac
exit 0""",
    "python3": """if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"; cp "$STATE/venv/"* "$3/bin/"; else exec "$PYTHON" "$@"; fi""",
}
INSIDE = {
    "python": 'exec "$PYTHON" "$@"',
    "pip": """[ ! -f "$STATE/pip-fails" ] || exit 1
case "$*" in *--no-index*.whl)
    inside="$(dirname "$0")/../lib/python3.11/site-packages/config/systemd"
    mkdir -p "$inside"; for unit in "$UNITS"/*; do
    { cat "$unit"; echo "# $(basename "$(dirname "$(dirname "$0")")")"; } \
        >"$inside/$(basename "$unit")"; done ;; esac""",
    "gavel": """if [ "$1 $2" = "db upgrade" ] && [ -f "$STATE/step" ]; then
    "$PYTHON" -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db: db.execute("UPDATE alembic_version SET version_num = ?",
    (open(sys.argv[2]).read(),))' "$DATABASE" "$STATE/step"; [ ! -f "$STATE/step-fails" ]; fi""",
    "gavel-playout": """case "$1" in
    status) cat "$STATE/status" ;;
    move) [ ! -f "$STATE/refused" ] || exit 1
          echo '{"pair": {"state": "standing by"}}' >"$STATE/status" ;;
esac""",
}


class Machine:
    """A bare machine below a folder, and a release for it to install."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state, self.release = folder / "root", folder / "state", folder / "release"
        self.log = self.state / "log"
        for one in (self.root, self.state / "venv", self.release, folder / "bin"):
            one.mkdir(parents=True)
        self._programs(folder / "bin", FAKES)
        self._programs(self.state / "venv", INSIDE)
        for name in (
            "install.sh", "install_database.sh", "install_channels.sh", "packages.sh",
        ):  # fmt: skip
            (self.release / name).write_text((MACHINE / name).read_text())
        (self.release / "requirements.lock").write_text("")
        self.pack("0.1.0")
        self.database = self.root / "var" / "lib" / "gavel" / "gavel.db"
        self.opt, self.settings = self.root / "opt/gavel", self.root / "etc/gavel/gavel.toml"
        self._env = {
            **os.environ, "PATH": f"{folder / 'bin'}:/usr/bin:/bin", "PYTHON": sys.executable,
            "STATE": str(self.state), "LOG": str(self.log), "UNITS": str(UNITS),
            "DATABASE": str(self.database), "GAVEL_INSTALL_ROOT": str(self.root),
            "GAVEL_MOVE_SECONDS": "2",
        }  # fmt: skip

    def _programs(self, folder: Path, scripts: dict[str, str]) -> None:
        for name, body in scripts.items():
            path = folder / name
            path.write_text(f'#!/bin/sh\necho "{name} $*" >>"$LOG"\n{body}\n')
            path.chmod(0o755)

    def take_python_away(self) -> None:
        """Let the machine lack Python until its package manager is asked for it."""
        system, own = self.release.parent / "system", self.release.parent / "bin"
        system.mkdir()
        for program in Path("/usr/bin").iterdir():
            if not program.name.startswith("python"):
                (system / program.name).symlink_to(program)
        (own / "python3").rename(self.state / "python3")
        install = f'case "$*" in *install*) cp "{self.state}/python3" "{own}/" ;; esac'
        self._programs(own, {"apt-get": install, "dpkg-query": "exit 1"})
        self._env["PATH"] = f"{own}:{system}"

    def pack(self, number: str) -> None:
        """Put the wheel of a version into the release, in place of the one before."""
        for wheel in self.release.glob("*.whl"):
            wheel.unlink()
        (self.release / f"gavel-{number}-py3-none-any.whl").write_text(number)

    def run(self, *options: str, code: int = 0) -> str:
        """Run the installer and return what it printed."""
        script = self.release / "install.sh"
        done = subprocess.run(
            ["sh", str(script), *options],
            env=self._env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def asked(self) -> list[str]:
        """Return what the stand-ins were asked since the last call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines

    def linked(self, name: str) -> str:
        """Return the number of the version that a link names."""
        return (self.opt / name).readlink().name.split("-")[0]

    def tree(self) -> dict[str, tuple[int, str]]:
        """Return mode and content of every file and link below the root."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            what = str(path.readlink()) if path.is_symlink() else ""
            what = path.read_text(errors="replace") if path.is_file() and not what else what
            found[str(path.relative_to(self.root))] = (path.lstat().st_mode, what)
        return found

    def make_database(self, step: str) -> None:
        """Make the database of the server at a numbered step."""
        with sqlite3.connect(self.database) as db:
            db.execute("CREATE TABLE alembic_version (version_num TEXT)")
            db.execute("CREATE TABLE said (text TEXT)")
            db.execute("INSERT INTO alembic_version VALUES (?)", (step,))
        db.close()

    def stands_on(self) -> str:
        """Return the numbered step of the database."""
        with sqlite3.connect(self.database) as db:
            step = str(db.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        db.close()
        return step


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def upgraded(machine: Machine) -> Machine:
    """A machine whose upgrade changed the shape of its database from 0041 to 0042."""
    machine.run("--both")
    machine.make_database("0041")
    machine.pack("0.2.0")
    (machine.state / "step").write_text("0042")
    (machine.state / "serving").write_text("gavel-web.service loaded active running\n")
    machine.asked()
    return machine


def test_a_dry_run_says_all_and_does_nothing(machine: Machine) -> None:
    said = machine.run("--both", "--dry-run")

    assert machine.tree() == {}
    for step in ("packages", "account", "folders", "from the lock", "once", "units", "start from"):
        assert step in said, step
    changes = ("useradd", "chown", "systemctl", "python3 -m")
    assert [one for one in machine.asked() if one.startswith(changes)] == []


@pytest.mark.parametrize("role", ["server", "host", "both"])
def test_a_bare_machine_is_installed(
    machine: Machine, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.run(f"--{role}")

    assert machine.linked("current") == "0.1.0"
    modes = {name: stat.S_IMODE(mode) for name, (mode, _) in machine.tree().items()}
    assert (modes["var/lib/gavel"], modes["etc/gavel"], modes["opt/gavel"]) == (0o750, 0o750, 0o755)
    assert modes["etc/gavel/gavel.toml"] == 0o640
    assert {path.name for path in UNITS.iterdir()} == {
        path.name for path in (machine.root / "etc/systemd/system").iterdir()
    }
    monkeypatch.setenv("GAVEL_CONFIG", str(machine.settings))
    settings = load_settings()
    assert settings.data_dir == machine.root / "var/lib/gavel"
    assert settings.media_is_cache is (role == "host")
    asked = machine.asked()
    assert any("--require-hashes" in one for one in asked)
    assert not any("systemctl enable" in one or "systemctl start" in one for one in asked)


def test_a_machine_without_python_gets_it_with_the_other_packages(machine: Machine) -> None:
    """A minimal Debian 12 has none, and the installer is what brings it."""
    machine.take_python_away()
    machine.run("--host", "--dry-run")
    machine.run("--host")

    assert machine.linked("current") == "0.1.0"


def test_a_second_run_changes_nothing(machine: Machine) -> None:
    machine.run("--both")
    machine.settings.write_text(machine.settings.read_text() + "# ours\n")
    before = machine.tree()
    machine.asked()
    machine.run("--both")

    assert machine.tree() == before
    changes = ("pip", "useradd", "systemctl re", "systemctl st")
    assert [one for one in machine.asked() if one.startswith(changes)] == []


def test_packages_that_were_asked_for_once_come_with_each_later_version(machine: Machine) -> None:
    machine.run("--server", "--alerts")
    machine.pack("0.2.0")
    machine.asked()
    machine.run("--server")
    assert any("requirements-alerts.lock" in one for one in machine.asked())

    machine.run("--server")
    assert not any(one.startswith("pip") for one in machine.asked())


def test_an_interrupted_environment_is_made_again(machine: Machine) -> None:
    (machine.state / "pip-fails").touch()
    machine.run("--both", code=1)
    assert not (machine.opt / "current").exists()

    (machine.state / "pip-fails").unlink()
    machine.run("--both")
    assert machine.linked("current") == "0.1.0"


def test_a_release_that_was_damaged_on_its_way_is_refused(machine: Machine) -> None:
    (machine.release / "SHA256SUMS").write_text(f"{'0' * 64}  requirements.lock\n")

    assert "not those that were packed" in machine.run("--both", code=1)
    assert machine.tree() == {}


def test_an_upgrade_stands_beside_the_version_before_and_takes_no_channel_off_air(
    upgraded: Machine,
) -> None:
    (upgraded.state / "running").write_text("ch13 ch14")
    said = upgraded.run("--both")

    assert (upgraded.linked("current"), upgraded.linked("previous")) == ("0.2.0", "0.1.0")
    assert upgraded.stands_on() == "0042"
    asked = [one for one in upgraded.asked() if one.startswith(("systemctl st", "systemctl re"))]
    servers = "gavel-web gavel-scheduler"
    assert asked == [f"systemctl stop {servers}", f"systemctl restart {servers}"]
    assert said.count("still runs from the version before") == 2


def test_the_database_is_copied_before_it_is_changed(upgraded: Machine) -> None:
    upgraded.run("--both")
    (kept,) = (upgraded.database.parent / "before").glob("0.1.0-*/gavel.db")
    with sqlite3.connect(kept) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0041",)
    copy.close()


def test_a_failed_change_of_the_database_is_taken_back_and_the_server_runs_again(
    upgraded: Machine,
) -> None:
    (upgraded.state / "step-fails").touch()
    said = upgraded.run("--both", code=1)

    assert "0.1.0" in said and "goes on" in said
    assert upgraded.linked("current") == "0.1.0"
    assert upgraded.stands_on() == "0041"
    assert upgraded.asked()[-1] == "systemctl start gavel-web gavel-scheduler"


def test_a_damaged_database_stops_an_upgrade_and_the_server_runs_again(upgraded: Machine) -> None:
    upgraded.database.write_bytes(b"no database" * 500)
    upgraded.run("--both", code=1)

    assert upgraded.linked("current") == "0.1.0"
    assert upgraded.asked()[-1] == "systemctl start gavel-web gavel-scheduler"


def restarts(machine: Machine) -> list[str]:
    playout = ("systemctl restart gavel-playout", "gavel-playout move")
    return [one for one in machine.asked() if one.startswith(playout)]


def test_a_channel_that_sends_moves_before_it_is_restarted(upgraded: Machine) -> None:
    (upgraded.state / "running").write_text("ch13")
    (upgraded.state / "status").write_text('{"pair": {"state": "sending"}}')
    upgraded.run("--both", "--restart")

    assert restarts(upgraded) == ["gavel-playout move ch13", "systemctl restart gavel-playout@ch13"]


@pytest.mark.parametrize("why", ["refused", "silent"])
def test_a_channel_that_cannot_move_is_not_restarted(upgraded: Machine, why: str) -> None:
    (upgraded.state / "running").write_text("ch13")
    (upgraded.state / "refused").touch()
    said = '{"pair": {"state": "sending"}}' if why == "refused" else ""
    (upgraded.state / "status").write_text(said)

    assert "It airs on" in upgraded.run("--both", "--restart")
    assert not any("restart" in one for one in restarts(upgraded))


def test_a_channel_that_runs_the_new_version_is_left_alone(upgraded: Machine) -> None:
    upgraded.run("--both")
    (upgraded.state / "running").write_text("ch13")
    (upgraded.state / "status").write_text('{"pair": null}')
    process = upgraded.root / "proc" / "77"
    process.mkdir(parents=True)
    current = (upgraded.opt / "current").readlink().name
    (process / "cmdline").write_text(f"{upgraded.opt}/{current}/bin/python\0run\0ch13")
    upgraded.asked()
    upgraded.run("--both", "--restart")

    assert restarts(upgraded) == []


def test_the_way_back_names_the_version_before_and_its_units(upgraded: Machine) -> None:
    (upgraded.state / "step").unlink()
    upgraded.run("--both")
    units = upgraded.root / "etc/systemd/system/gavel-web.service"
    assert "# 0.2.0" in units.read_text()
    upgraded.run("--back")

    assert (upgraded.linked("current"), upgraded.linked("previous")) == ("0.1.0", "0.2.0")
    assert "# 0.1.0" in units.read_text()
    upgraded.run("--back")
    assert upgraded.linked("current") == "0.2.0", "the way back leads back again"


def test_the_way_back_asks_before_it_takes_the_newer_database_away(upgraded: Machine) -> None:
    upgraded.run("--both")
    with sqlite3.connect(upgraded.database) as db:
        db.execute("INSERT INTO said VALUES ('since')")
    db.close()

    assert "--with-database" in upgraded.run("--back", code=1)
    assert upgraded.linked("current") == "0.2.0" and upgraded.stands_on() == "0042"

    upgraded.run("--back", "--with-database")
    assert upgraded.linked("current") == "0.1.0" and upgraded.stands_on() == "0041"
    (aside,) = (upgraded.database.parent / "before").glob("0.2.0-*/gavel.db")
    with sqlite3.connect(aside) as kept:
        assert kept.execute("SELECT text FROM said").fetchone() == ("since",)
    kept.close()


def test_the_way_back_on_postgresql_stops_where_the_version_before_cannot_read_the_database(
    machine: Machine, empty_postgres: str
) -> None:
    """It went back all the same, to a server that could only say that its database is newer."""
    machine.run("--both")
    with machine.settings.open("a") as settings:
        settings.write(f'database_url = "{empty_postgres}"\n')
    machine.pack("0.2.0")
    machine.run("--both", "--without-copy")
    server = create_engine(empty_postgres)
    with server.begin() as rows:
        rows.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
        rows.exec_driver_sql("INSERT INTO alembic_version VALUES ('9999')")

    said = machine.run("--back", code=1)
    assert "0.1.0" in said and "gavel restore FOLDER --database-only" in said
    assert machine.linked("current") == "0.2.0", "nothing was changed"

    with server.begin() as rows:
        rows.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    machine.run("--back")
    assert machine.linked("current") == "0.1.0"
    server.dispose()


def test_there_is_no_way_back_from_the_first_version(machine: Machine) -> None:
    machine.run("--both")

    assert "no version before" in machine.run("--back", code=1)


def test_every_unit_starts_what_the_installer_calls_current() -> None:
    for unit in UNITS.iterdir():
        (line,) = (one for one in unit.read_text().splitlines() if one.startswith("ExecStart="))
        assert line.startswith("ExecStart=/opt/gavel/current/bin/gavel"), unit.name
