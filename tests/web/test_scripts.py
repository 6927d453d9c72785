"""Data attributes of pages and the scripts that read them."""

import re
from collections import defaultdict
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "web/static"
OF_THE_WHOLE_PAGE = {"data-hours"}
"""Attributes of the page's own element, which any script may read."""


def attributes(script: str) -> set[str]:
    """Return the data attributes that a script selects by, reads or writes."""
    read = (
        re.sub("([A-Z])", lambda found: "-" + found[1].lower(), name)
        for name in re.findall(r"dataset\.([a-zA-Z]+)", script)
    )
    return {f"data-{name}" for name in read} | set(re.findall(r"\[(data-[a-z-]+)", script))


def test_each_data_attribute_belongs_to_one_script() -> None:
    scripts = defaultdict(set)
    for path in SCRIPTS.glob("*.js"):
        for name in attributes(path.read_text()) - OF_THE_WHOLE_PAGE:
            scripts[name].add(path.name)

    assert len(scripts) > 50
    assert {name: found for name, found in scripts.items() if len(found) > 1} == {}
