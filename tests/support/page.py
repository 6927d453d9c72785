"""A page as its reader meets it: words, fields, buttons, links and tables instead of markup.

Tests ask for what a person sees or what a script hooks onto (`data-` attributes, ids), so that a
template can be laid out anew without touching them:

    page = read(desk.get("/calendars"))
    assert "Differences" in page.text
    assert page.field("Name").value == "City holidays"
    assert page.button("Save") is not None
    assert page.link("Open the block").get("href") == "/blocks/1"
    assert page.rows == [["Name", "Parks", "Films"]]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
UNREAD = frozenset({"script", "style", "template"})
"""Elements whose text is not shown on the page."""
CONTROLS = frozenset({"input", "select", "textarea"})


@dataclass(eq=False)
class Element:
    """One element with its attributes, and all that is in it, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["Element | str"] = field(default_factory=list)

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute's value; an attribute without a value is the empty string."""
        return self.attributes.get(name, default)

    def has(self, name: str) -> bool:
        """Tell whether the attribute is there, with or without a value."""
        return name in self.attributes

    @property
    def text(self) -> str:
        """The words in it, every run of white space as one space."""
        words = " ".join(" ".join(self._texts()).split())
        return re.sub(r" (?=[.,;:!?)])", "", words)

    def _texts(self) -> Iterator[str]:
        for part in self.content:
            if isinstance(part, str):
                yield part
            elif part.tag not in UNREAD:
                yield from part._texts()

    def walk(self) -> Iterator["Element"]:
        """Yield every element in it, in the order of the page."""
        for part in self.content:
            if isinstance(part, Element):
                yield part
                yield from part.walk()

    def all(
        self, tag: str = "", words: str | None = None, **attributes: str | bool
    ) -> "list[Element]":
        """Return the elements with this tag, these whole words and these attributes.

        An attribute is named as in Python (`data_undo` for `data-undo`, `class_` for `class`);
        True asks that it be there, False that it be not. A class is one of those listed.
        """
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self.walk()
            if tag in ("", each.tag)
            and (words is None or each.text == words)
            and all(_matches(each, name, value) for name, value in wanted.items())
        ]

    def find(
        self, tag: str = "", words: str | None = None, **attributes: str | bool
    ) -> "Element | None":
        """Return the first of `all`; None where there is none."""
        return next(iter(self.all(tag, words, **attributes)), None)

    def one(self, tag: str = "", words: str | None = None, **attributes: str | bool) -> "Element":
        """Return the only one of `all`; fail where there is none or more than one."""
        there = self.all(tag, words, **attributes)
        assert len(there) == 1, f"{len(there)} of {tag} {words or ''} {attributes}: {self.text}"
        return there[0]

    def id(self, name: str) -> "Element | None":
        """Return the element with this id; None where there is none."""
        return self.find(id=name)

    def button(self, words: str) -> "Element | None":
        """Return the button with these whole words; None where the page offers none."""
        return self.find("button", words)

    def link(self, words: str) -> "Element | None":
        """Return the link with these whole words; None where the page offers none."""
        return self.find("a", words)

    @property
    def headings(self) -> list[str]:
        """The headings, in order."""
        return [each.text for each in self.walk() if re.fullmatch("h[1-6]", each.tag)]

    @property
    def rows(self) -> list[list[str]]:
        """The words of each table row, cell by cell; rows of column heads alone are left out."""
        rows = []
        for row in self.all("tr"):
            cells = [cell for cell in row.walk() if cell.tag in ("td", "th")]
            if any(cell.tag == "td" for cell in cells):
                rows.append([cell.text for cell in cells])
        return rows

    @property
    def items(self) -> list[str]:
        """The words of each list item."""
        return [each.text for each in self.all("li")]

    def control(self, name: str) -> "Element":
        """Return the only field with this name."""
        return next(
            each for each in self.walk() if each.tag in CONTROLS and each.get("name") == name
        )

    def field(self, label: str) -> "Element":
        """Return the field with this label."""
        named = self.find("label", label) or self.find(aria_label=label)
        assert named is not None, f"no label {label}: {[each.text for each in self.all('label')]}"
        if named.tag in CONTROLS:
            return named
        inside = next((each for each in named.walk() if each.tag in CONTROLS), None)
        there = self.id(named.get("for")) if named.has("for") else inside
        assert there is not None, f"the label {label} belongs to no field"
        return there

    @property
    def value(self) -> str:
        """What a field holds: its value, its text, or the value of the chosen option."""
        return next(iter(self.values), "")

    @property
    def values(self) -> list[str]:
        """What a browser would send of this field; nothing for a box that is not ticked."""
        if self.tag == "textarea":
            text = "".join(self._texts())
            return [text.replace("\r\n", "\n").removeprefix("\n")]
        if self.tag == "select":
            options = self.all("option")
            chosen = [each for each in options if each.has("selected")]
            if not chosen and not self.has("multiple"):
                chosen = options[:1]
            return [each.get("value", each.text) for each in chosen]
        if self.get("type") in ("checkbox", "radio"):
            return [self.get("value", "on")] if self.has("checked") else []
        return [self.get("value")]

    @property
    def sent(self) -> dict[str, list[str]]:
        """The values a browser would send for every named field inside, without the button and the
        token.
        """
        form: dict[str, list[str]] = {}
        for each in self.walk():
            name = each.get("name")
            if each.tag in CONTROLS and name and name != "csrf_token" and not each.has("disabled"):
                form.setdefault(name, []).extend(each.values)
        return {name: values for name, values in form.items() if values}

    @property
    def fields(self) -> dict[str, str]:
        """The first value of every field that a browser would send."""
        return {name: values[0] for name, values in self.sent.items()}


def _matches(element: Element, name: str, value: str | bool) -> bool:
    if isinstance(value, bool):
        return element.has(name) is value
    if name == "class":
        return value in element.get("class").split()
    return element.has(name) and element.get(name) == value


class _Reader(HTMLParser):
    """Builds the tree; an end tag closes whatever was left open inside it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = Element("page")
        self._open = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "option" and self._open[-1].tag == "option":
            self._open.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].content.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in (each.tag for each in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].content.append(data)


def read(page: Any) -> Element:
    """Parse a page: an answer of the test client, its text or its bytes."""
    if hasattr(page, "get_data"):
        page = page.get_data()
    reader = _Reader()
    reader.feed(page.decode() if isinstance(page, bytes) else page)
    reader.close()
    return reader.top
