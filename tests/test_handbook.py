"""The operator's handbook quotes the product: its words stand there, its commands exist."""

import ast
import re
import shlex
from functools import cache
from html import unescape
from pathlib import Path

import click
import pytest

from playout.alerts.conditions import RULES, Condition
from playout.cli.main import main as gavel_playout
from web.cli import main as gavel

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "handbook.md").read_text()
ROOMS = ("config", "media", "playout", "scheduler", "web")
HOLE = "…"
"""Stands in the handbook, and here, for a name or a number that the product fills in."""
QUOTED = re.compile(r"(?<![*\w])\*([^*\n]+)\*(?!\*)")
COMMAND = re.compile(r"`(gavel(?:-playout)? [^`]+)`")
SAID_BY_SHELL = re.compile(r'\b(?:say|fail|step) "([^"]+)"')
FOREIGN = {"database disk image is malformed"}
"""Words that Gavel repeats from SQLite."""
PARTS = ("**You see**", "**Gavel already**", "**You do**", "**Call**")


def plain(text: str) -> str:
    """Return the text in one line, with one mark where the product fills something in."""
    one_line = " ".join(unescape(text).split())
    return re.sub(rf"{HOLE}(\s*{HOLE})+", HOLE, one_line)


def texts_of_module(source: str) -> set[str]:
    """Return each text of a Python module, with marks for the holes of f-strings."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            pieces = [str(v.value) if isinstance(v, ast.Constant) else HOLE for v in node.values]
            found.add(plain("".join(pieces)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(plain(node.value))
    return found


def texts_of_template(source: str) -> set[str]:
    """Return each text of a template: between two tags, and in its code."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    code = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", HOLE, source, flags=re.DOTALL)
    texts = re.split(r"<[^>]*>", source)
    texts += [text for part in code for text in re.findall(r'"([^"]+)"', part)]
    return {plain(text) for text in texts} - {""}


@cache
def product() -> frozenset[str]:
    """Return every text of the product."""
    found: set[str] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            found |= texts_of_module(path.read_text())
    for path in (ROOT / "config" / "machine").glob("*.sh"):
        found |= {plain(text) for text in SAID_BY_SHELL.findall(path.read_text())}
    for path in (ROOT / "web" / "templates").rglob("*.html"):
        found |= texts_of_template(path.read_text())
    return frozenset(found)


def stands_in(quote: str, texts: frozenset[str]) -> bool:
    """Return whether a text has the quote: one word alone must be the whole text, several words may
    be a part of it. A hole of the quote is at least one character there.
    """
    words = plain(quote).strip()
    if " " not in words:
        return words in texts
    pattern = rf"(?<!\w){re.escape(words).replace(HOLE, '.+')}(?!\w)"
    return any(re.search(pattern, text) for text in texts)


@pytest.mark.parametrize("quote", sorted(set(QUOTED.findall(PAGE)) - FOREIGN))
def test_each_quoted_word_stands_in_the_product(quote: str) -> None:
    assert stands_in(quote, product()), f"no page or message says: {quote}"


def test_words_that_the_product_does_not_say_are_found() -> None:
    texts = frozenset({"Take next", "The disk with … is full.", "Slate by hand"})

    assert stands_in("The disk with … is full.", texts)
    assert not stands_in("The disk with … is empty.", texts)
    assert not stands_in("Slate", texts), "one word is quoted whole"


def test_every_alert_leads_to_a_night() -> None:
    table = PAGE.split("## From the alert")[1].split("\n## ")[0]

    assert [RULES[one].title for one in Condition if f"*{RULES[one].title}*" not in table] == []


def test_every_night_says_what_is_seen_done_and_called() -> None:
    nights = re.split(r"^## (?=\d+\. )", PAGE, flags=re.MULTILINE)[1:]

    assert [int(night.split(".")[0]) for night in nights] == list(range(1, len(nights) + 1))
    assert len(nights) >= 10
    for night in nights:
        places = [night.find(part) for part in PARTS]
        assert -1 not in places and places == sorted(places), night[:60]


@pytest.mark.parametrize("line", sorted(set(COMMAND.findall(PAGE))))
def test_each_command_exists_and_takes_what_is_typed(line: str) -> None:
    program, name, *rest = shlex.split(line)
    group = gavel_playout if program == "gavel-playout" else gavel
    command = group.get_command(click.Context(group), name)

    assert command is not None, f"{program} has no {name}"
    command.make_context(name, rest)


def test_each_unit_it_names_is_there() -> None:
    named = set(re.findall(r"\bgavel-(?:web|scheduler|playout@)", PAGE))
    units = {path.stem.removesuffix("@") for path in (ROOT / "config" / "systemd").iterdir()}

    assert named and {name.removesuffix("@") for name in named} <= units
