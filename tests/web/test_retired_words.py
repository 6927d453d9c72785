"""No page, message or command line uses a word that a city clerk would have to read twice."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from support.desk import MINUTE
from support.furnished import add_one_of_everything
from support.session import in_session
from support.website import Site
from werkzeug.exceptions import HTTPException

from scheduler.domain.model.people import Role

HOUSE = Path(__file__).parents[2]
ROOMS = ("config", "media", "playout", "scheduler", "web")
RETIRED = {
    r"\bput (it|them) away|\baway\?|^put away": "retire",
    r"\barchived\b|\barchive it\b|^archive( this \w+|\?)?$": "retire; the archive is a disk",
    r"\bshut (it )?out\b": "revoke access",
    r"\bleave it\b(?! empty)|leave the schedule as it is": "cancel, or keep it",
    r"what is to happen": "what should happen",
    r"\bmake (its|a) (key|link)\b": "create",
    r"what went otherwise": "exceptions",
    r"\bnobody\b|\bsomebody\b|\beverybody\b": "no one, someone, everyone",
    r"found no time|\bback to the schedule by itself\?": "bumped",
    r"over before it could": "its time passed",
    r"holds already|no clock ends": "already on hold until adjourned",
    r"expected end\b": "scheduled end",
    r"meeting begins here|forget the mark": "start replays from here, clear replay start",
    r"cover the air|cover it with the slate": "show the slate now",
    r"(^|; )(who meets|comes from|shown again)( ;|$)": "public body, video source, replays",
    r"\bmore airings\b": "extra replays",
    r"hard limit": "latest end time",
    r"no frame of it": "did not air",
    r"s after its start": "late",
    r"\bsimulate 7\b|\bto look at\b|needs a look|look here": "needs attention",
    r"no kind of": "can't read",
    r"do not belong together": "wrong name or password",
    r"\d letters|\} letters": "characters",
    r"where viewers tune|words of the slate": "channel numbers by provider, slate text",
    r"\bgoes on\b(?! air)|\bgo on\b(?! air)": "continues",
    r"\bat once\b": "now, immediately",
    r"\banew\b": "again",
    r"\bmeanwhile\b": "since",
    r"all the same\b": "anyway",
    r"\bmend\b|\bmending\b": "fix",
    r"for want of": "for lack of",
    r"the board\b|\b(a|the) slides?\b|\bslides\b": "bulletins",
    r"leave out|left out|leaves out|leaving out": "skip",
    r"\bdo so\b|by the rule again|look again": "apply, restore the rule, recalculate",
    r"cancelled|cancelling": "canceled",
    r"synchronis|colour|\bgrey\b|programme|centre\b|licence|misspelt|recognis|organis": "American",
    r"working days?\b": "business day",
    r"collid": "conflict",
}
"""Words as a pattern, and what is said in their place; letters large or small."""
KEPT = {
    "Leave out commas, semicolons and backslashes: calendars show them wrongly.",
    "Too many callers at once. Try again.",
    "Too many are asking at once. Try again in a moment.",
}
"""Sentences in which such a word means something else."""


def retired(text: str) -> list[str]:
    """Return the retired words in a text, each with its replacement."""
    if text in KEPT:
        return []
    return [
        f"{found.group()!r} is now {instead!r}: {text[max(0, found.start() - 40) :][:120]!r}"
        for pattern, instead in RETIRED.items()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]


def unread(tree: ast.Module) -> set[int]:
    """Return the nodes that no user reads: docstrings, log calls, and the pieces of f-strings.

    An f-string is read as one text elsewhere.
    """
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("log.", "_log.")):
            found.update(id(inner) for inner in ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            found.update(id(value) for value in node.values)
    return found


def sentences(file: Path) -> Iterator[tuple[int, str]]:
    """Yield every string of a module that a user may read, with its line."""
    tree = ast.parse(file.read_text())
    skipped = unread(tree)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            pieces = [v.value if isinstance(v, ast.Constant) else "{}" for v in node.values]
            yield node.lineno, "".join(str(piece) for piece in pieces)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def words_of(template: str) -> str:
    """Return a template without tags and code; texts in attributes and in code stay."""
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)

    def code(found: re.Match[str]) -> str:
        texts = re.findall(r'"([^"]* [^"]*)"|\'([^\']* [^\']*)\'', found.group())
        return " ; ".join(one or other for one, other in texts) or "{}"

    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", code, text, flags=re.DOTALL)
    return visible(text)


def visible(page: str) -> str:
    """Return the text of a page and the attributes that are shown or read out."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    read = r'(?:data-(?:confirm|consequence|yes|no)|aria-label|placeholder|alt|title)="([^"]*)"'
    said = " ; ".join(re.findall(read, page))
    return unescape(re.sub(r"\s+", " ", f"{re.sub(r'<[^>]*>', ' ; ', page)} ; {said}"))


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_of_a_room_uses_a_retired_word(room: str) -> None:
    files = [one for one in (HOUSE / room).rglob("*.py") if "versions" not in one.parts]
    assert files
    found = [
        f"{file.relative_to(HOUSE)}:{line} {text}"
        for file in files
        for line, said in sentences(file)
        for text in retired(said)
    ]
    assert not found, "\n".join(found)


def test_no_template_and_no_script_uses_a_retired_word() -> None:
    found = []
    for file in sorted((HOUSE / "web" / "templates").rglob("*.html")):
        found += [f"{file.name} {text}" for text in retired(words_of(file.read_text()))]
    for file in sorted((HOUSE / "web" / "static").glob("*.js")):
        code = re.sub(r"^\s*//.*$", "", file.read_text(), flags=re.MULTILINE)
        texts = re.findall(r'"([^"\n]* [^"\n]*)"|`([^`\n]* [^`\n]*)`', code)
        found += [f"{file.name} {text}" for pair in texts for text in retired("".join(pair))]
    assert not found, "\n".join(found)


AS_OFTEN = 3
"""Pages of one kind that are read: the weeks of a schedule have no end."""


def pages(site: Site, client: FlaskClient, first: list[str]) -> Iterator[tuple[str, str]]:
    """Yield every page and drawer that links lead to, with its address."""
    asked, waiting = set(first), list(first)
    kinds: Counter[str] = Counter()
    route = site.app.url_map.bind("localhost").match
    while waiting:
        path = waiting.pop(0)
        try:
            kind, _ = route(urlsplit(path).path)
        except HTTPException:
            continue
        kinds[kind] += 1
        if kinds[kind] > AS_OFTEN or kind == "static":
            continue
        answer = client.get(path)
        if answer.mimetype != "text/html":
            continue
        page = answer.get_data(as_text=True)
        yield path, page
        for link in re.findall(r'(?:href|hx-get)="([^"#]+)"', page):
            where = urljoin(path, unescape(link))
            if where.startswith("/") and where not in asked:
                asked.add(where)
                waiting.append(where)


def test_no_page_of_a_city_says_a_retired_word(site: Site) -> None:
    """Read as the administrator: meetings on air and planned, series, blocks, bulletins, a
    proposal.
    """
    now = site.clock.utc()
    first = ["/", *add_one_of_everything(site.db, now)]
    in_session(site.db, now - 30 * MINUTE).report(now)
    client, read, found = site.browser(Role.ADMINISTRATOR), 0, []
    for path, page in pages(site, client, first):
        read += 1
        found += [f"{path} {text}" for text in retired(visible(page))]
    assert read > 40
    assert not found, "\n".join(found)
