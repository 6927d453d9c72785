"""The installed packages are the locked ones: each with its version and its hashes."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = {
    "requirements.lock": ("assets", "postgres"),
    "requirements-captions.lock": ("assets", "postgres", "captions"),
    "requirements-alerts.lock": ("assets", "postgres", "alerts"),
    "requirements-dev.lock": None,
}
"""Each lock file, and the project extras it includes; None for all extras."""
ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: \\\n +--hash=sha256:[0-9a-f]{64})*)", re.M)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Return each package of a lock: its version, and its number of hashes."""
    found = ENTRY.findall((ROOT / name).read_text())
    return {plain(one): (version, hashes.count("sha256:")) for one, version, hashes in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_version_with_its_hashes(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    starts = [line for line in lines if line and not line.startswith((" ", "#"))]
    known = locked(lock)
    assert len(known) == len(starts) > 40
    assert [name for name, (_, hashes) in known.items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_declared_dependency(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in LOCKS[lock] or extras:
        wanted += extras[extra]
    assert {plain(one) for one in wanted} - set(locked(lock)) == set()


def test_tests_use_the_package_versions_of_production() -> None:
    dev = locked("requirements-dev.lock")
    for lock in ("requirements.lock", "requirements-captions.lock", "requirements-alerts.lock"):
        air = locked(lock)
        assert {name: dev.get(name) for name in air if dev.get(name) != air[name]} == {}


def test_every_documented_install_requires_hashes() -> None:
    said = [
        line
        for name in ("Makefile", "docs/install.md", "config/machine/install.sh")
        for line in (ROOT / name).read_text().splitlines()
        if re.search(r'pip"? install ', line)
    ]
    assert len(said) >= 4
    for line in said:
        is_ours = "--no-deps" in line and re.search("--no-(build-isolation|index)", line)
        assert "--require-hashes" in line or is_ours, line
