"""The formatter of templates, style sheets and scripts: `python tests/pages.py [--write]`.

Prettier at the version that `web/package-lock.json` locks. `make check` runs it without
`--write`, which names the files that differ and changes nothing.
"""

import re
import subprocess
import sys
from pathlib import Path

from support.node_tools import install, node

from web.vendor import VendorError

WEB = Path(__file__).parents[1] / "web"
SPACED_WRONG = re.compile(
    r"(?:</\w+>|\}\}|%\})\s*\n\s*[,.;:)?!…’]"
    r"|[^\s>\"'=]\{% (?:if|elif|for) [^%]*%\}[\w·]"
    r"|[^\s>]\{% end\w+ %\}\w"
)
"""A mark alone on a line, which shows a space before it; words that a statement glues together."""
FORMATTED = ("templates/**/*.html", "static/*.css", "static/*.js")


def main() -> int:
    """Check the files, or write them; return the exit status of the formatter."""
    modules = install()
    wrong = _spaced_wrong()
    for finding in wrong:
        print(finding)
    action = "--write" if "--write" in sys.argv else "--check"
    prettier = str(modules / "prettier" / "bin" / "prettier.cjs")
    plugin = str(modules / "prettier-plugin-jinja-template" / "lib" / "index.js")
    options = ["--plugin", plugin, "--config", "prettier.json", "--log-level", "warn", action]
    done = subprocess.run([node(), prettier, *options, *FORMATTED], cwd=WEB, check=False)
    return done.returncode or bool(wrong)


def _spaced_wrong() -> list[str]:
    """Return where a template shows a space too many or too few, and what to write instead."""
    return [
        f"{path.relative_to(WEB)}: write it as one expression: {found[0].strip()[-60:]!r}"
        for path in sorted(WEB.glob("templates/**/*.html"))
        for found in SPACED_WRONG.finditer(path.read_text())
    ]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (VendorError, subprocess.CalledProcessError) as error:
        sys.exit(f"the formatter of pages cannot be installed: {error}")
