"""Members of a public body and agenda items of a meeting, read from lines that people paste."""

import re
from dataclasses import dataclass

from scheduler.domain.model.text import one_line

MOST_MEMBERS, MOST_AGENDA_ITEMS = 60, 200
LONGEST_NAME, LONGEST_ROLE = 60, 80
LONGEST_NUMBER, LONGEST_ITEM_TITLE = 12, 160
"""Bounds of what a lower third may be asked to show."""
_PART_OF_NAME = re.compile(r"(jr|sr|ii|iii|iv|m\.?d|ph\.?d|esq|p\.?e|aicp)\.?", re.IGNORECASE)
"""What stands behind a comma and belongs to the name: `Ana Ruiz, Jr., Chair`."""
_BULLET = re.compile(r"^[-*•–·](\s+|$)")
_ROMAN = r"x{1,3}(?:ix|iv|v?i{0,3})|ix|iv|v?i{1,3}|v"
_NUMBERED = re.compile(
    rf"""(?:item\s+)?
    (?P<number>(?:\d{{1,3}}|{_ROMAN}|[a-z])(?:[.-]?(?:\d{{1,3}}|[a-z](?![a-z])))*)
    (?:[.):]+\s+|\)|:|\t+\s*)
    (?P<title>\S.*)""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Member:
    """A member of a public body, as a lower third names them."""

    name: str
    role: str = ""
    """Their office or ward; empty for none."""


@dataclass(frozen=True)
class AgendaItem:
    """One item of a meeting's agenda."""

    title: str
    number: str = ""
    """As the clerk writes it: `7`, `7.B`, `IV`; empty for an item without a number."""

    @property
    def label(self) -> str:
        """Number and title in one line."""
        return f"{self.number}. {self.title}" if self.number else self.title


def read_members(text: str) -> tuple[Member, ...]:
    """Return one member for each line: `Ana Ruiz, Chair`. Empty lines are skipped."""
    return tuple(_member(line) for line in _lines(text))


def members_text(members: tuple[Member, ...]) -> str:
    """Return the lines that `read_members` reads back."""
    return "\n".join(f"{one.name}, {one.role}" if one.role else one.name for one in members)


def member_problem(members: tuple[Member, ...]) -> str:
    """Return what is wrong with the list, in a sentence; empty when it may be saved."""
    if len(members) > MOST_MEMBERS:
        return f"List at most {MOST_MEMBERS} members."
    for one in members:
        if len(one.name) > LONGEST_NAME:
            return f"“{one.name[:20]}…”: use up to {LONGEST_NAME} characters for a name."
        if len(one.role) > LONGEST_ROLE:
            return f"{one.name}: use up to {LONGEST_ROLE} characters for the role."
    return ""


def read_agenda(text: str) -> tuple[AgendaItem, ...]:
    """Return one item for each line, its number apart: `7.B Budget`, `IV. Reports`, `Roll call`.

    Empty lines, bullets and the word “Item” before a number are left out.
    """
    return tuple(_item(line) for line in _lines(text))


def agenda_text(items: tuple[AgendaItem, ...]) -> str:
    """Return the lines that `read_agenda` reads back."""
    return "\n".join(one.label for one in items)


def agenda_items_problem(items: tuple[AgendaItem, ...]) -> str:
    """Return what is wrong with the list, in a sentence; empty when it may be saved."""
    if len(items) > MOST_AGENDA_ITEMS:
        return f"List at most {MOST_AGENDA_ITEMS} agenda items."
    for one in items:
        if len(one.title) > LONGEST_ITEM_TITLE:
            short = f"{one.title[:20]}…"
            return f"“{short}”: use up to {LONGEST_ITEM_TITLE} characters for an item."
    return ""


def _lines(text: str) -> list[str]:
    # A tab between number and title is what a pasted table leaves; `one_line` would lose it.
    lines = (line.strip() for line in text.splitlines())
    return [plain for line in lines if one_line(plain := _BULLET.sub("", line))]


def _member(line: str) -> Member:
    name, *rest = [one_line(part) for part in line.split(",")]
    while rest and _PART_OF_NAME.fullmatch(rest[0]):
        name = f"{name}, {rest.pop(0)}"
    return Member(name, ", ".join(part for part in rest if part))


def _item(line: str) -> AgendaItem:
    found = _NUMBERED.fullmatch(line)
    if found is None or len(found["number"]) > LONGEST_NUMBER:
        return AgendaItem(one_line(line))
    return AgendaItem(one_line(found["title"]), found["number"].rstrip("."))
