"""The tools for pages that `web/package.json` locks, installed once and never shipped."""

import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

from web.vendor import HERE, npm_command

TOOLS = HERE.parent / ".tools" / "node"
MODULES = TOOLS / "node_modules"


@cache
def install() -> Path:
    """Install the locked tools where the lock file changed; return their `node_modules`.

    Raises VendorError where npm is missing, and CalledProcessError where npm fails.
    """
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = TOOLS / "lock.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        TOOLS.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, TOOLS / name)
        command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=TOOLS, capture_output=True, check=True, timeout=120)
        stamp.write_text(wanted)
    return MODULES


def node() -> str:
    """Return the node that belongs to our npm."""
    command = npm_command()
    return command[0] if len(command) > 1 else (shutil.which("node") or "node")
