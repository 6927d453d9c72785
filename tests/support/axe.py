"""axe-core, the accessibility checker: installed at its locked version, never shipped."""

import json
import os
import subprocess
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page
from support.node_tools import install

from web.vendor import VendorError

SKIP_VARIABLE = "GAVEL_TEST_WITHOUT_AXE"
"""Set to anything where the checker cannot be had: its tests are skipped, not failed."""


@cache
def script() -> str:
    """Return the checker's script; raise VendorError or CalledProcessError if npm cannot."""
    return (install() / "axe-core" / "axe.min.js").read_text()


def require_axe() -> None:
    """Fail with instructions if axe-core cannot be installed; skip only if SKIP_VARIABLE is set."""
    try:
        script()
    except (VendorError, subprocess.SubprocessError) as error:
        if os.environ.get(SKIP_VARIABLE):
            pytest.skip(f"{SKIP_VARIABLE} is set, and axe-core cannot be fetched: {error}")
        pytest.fail(
            f"axe-core cannot be fetched, so no page was checked: {error}; {SKIP_VARIABLE}=1"
        )


def overflow_findings(page: Page) -> list[str]:
    """Return a finding if the page is wider than its window."""
    much = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{page.url} is {much} px too wide"] if much > 0 else []


def findings(page: Page) -> list[str]:
    """Return what axe finds wrong with the page: rule, target and markup of each violation."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(script())
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(all => all.violations)"
    )
    return [
        f"{one['id']}: {one['help']}: {json.dumps(node['target'])} {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
    ]
