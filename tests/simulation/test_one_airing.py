"""The page that follows one airing: its values are those of a real afternoon."""

import os
from pathlib import Path

from support.one_airing import follow, written
from support.website import Site

PAGE = Path(__file__).parents[2] / "docs" / "one-airing.md"
WRITE = "GAVEL_WRITE_ONE_AIRING"
"""Set to anything to write the page anew instead of comparing it."""


def test_the_page_of_one_airing_shows_what_happens(site: Site, tmp_path: Path) -> None:
    page = written(follow(site, tmp_path))
    if os.environ.get(WRITE):
        PAGE.write_text(page)

    assert PAGE.read_text() == page, f"run this test with {WRITE}=1, then read what changed"
