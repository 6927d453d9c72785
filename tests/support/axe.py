"""axe-core, the checker of accessible pages: fetched once at the locked version, never shipped."""

import hashlib
import json
import shutil
import subprocess
from functools import cache
from typing import Any

from playwright.sync_api import Page

from web.vendor import HERE, npm_command

TOOLS = HERE.parent / ".tools" / "axe"
SCRIPT = TOOLS / "node_modules" / "axe-core" / "axe.min.js"


@cache
def source() -> str:
    """The checker's script. Raises VendorError without npm, CalledProcessError when it fails."""
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = TOOLS / "lock.sha256"
    wanted = hashlib.sha256(lock).hexdigest()
    if not SCRIPT.exists() or not stamp.exists() or stamp.read_text() != wanted:
        TOOLS.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, TOOLS / name)
        command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=TOOLS, capture_output=True, check=True, timeout=120)
        stamp.write_text(wanted)
    return SCRIPT.read_text()


def findings(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands: rule, place and markup of each."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(source())
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(all => all.violations)"
    )
    return [
        f"{one['id']}: {one['help']}: {json.dumps(node['target'])} {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
    ]
