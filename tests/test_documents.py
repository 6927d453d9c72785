"""The documents are true: each path, class and link in them leads to something that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WRITTEN_BY_A_RUN = {ROOT / "docs" / "bench.md", ROOT / "docs" / "soak.md"}
"""Reports of `make bench` and `make soak`: they name what was there on their date."""
WRITTEN = {ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")}
DOCUMENTS = sorted(WRITTEN - WRITTEN_BY_A_RUN)
ROOMS = ("config", "media", "playout", "scheduler", "web")
TOPS = (*ROOMS, "tests", "docs")
INNER = {folder.name for room in ROOMS for folder in (ROOT / room).rglob("*") if folder.is_dir()}
"""Folders inside the rooms. A path in a document begins at the room, never at one of these."""

FOREIGN = {"Host"}
"""Names in documents that other programs define: a header of HTTP."""

SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"^([a-z_]+(?:/[\w.-]+)+/?)(?:::(\w+))?$")
CLASS = re.compile(r"^[A-Z]+[a-z]\w*(?:\.(\w+))?$")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def name_of(document: Path) -> str:
    """Return the document's path from the top of the repository."""
    return str(document.relative_to(ROOT))


def is_defined(path: Path, name: str) -> bool:
    """Return whether the module assigns or defines the name, at its top or in a class."""
    line = rf"^ *(?:(?:async )?def|class) {name}\b|^ *{name}\b[^=\n]*[:=]"
    return re.search(line, path.read_text(), re.MULTILINE) is not None


def leads_somewhere(path: str, name: str | None) -> bool:
    """Return whether a path of a document is a folder, a file, a module, or a name in a module."""
    target = ROOT / path
    if name is not None:
        return target.is_file() and is_defined(target, name)
    if target.exists() or target.with_name(f"{target.name}.py").exists():
        return True
    module, _, names = target.name.partition(".")
    source = target.with_name(f"{module}.py")
    return source.exists() and all(is_defined(source, part) for part in names.split("."))


def is_class(name: str, field: str = "") -> bool:
    """Return whether one module of the rooms defines the class, and the field if one is given."""
    line = re.compile(rf"^class {name}\b|^{name} = ", re.MULTILINE)
    sources = [path for path in SOURCES if line.search(path.read_text())]
    return any(not field or is_defined(path, field) for path in sources)


def anchors_of(document: Path) -> set[str]:
    """Return the anchors that the document's headings give it."""
    headings = HEADING.findall(FENCE.sub("", document.read_text()))
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_in_a_document_exists(document: Path) -> None:
    lost = []
    for quoted in QUOTED.findall(FENCE.sub("", document.read_text())):
        found = PATH.match(quoted)
        if found is None:
            continue
        top = quoted.split("/")[0]
        if top in TOPS and not leads_somewhere(found[1], found[2]):
            lost.append(quoted)
        elif top in INNER - set(TOPS):
            lost.append(f"{quoted}: write the path from its room")

    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_class_in_a_document_is_defined(document: Path) -> None:
    quoted = QUOTED.findall(FENCE.sub("", document.read_text()))
    named = [text for text in quoted if CLASS.match(text) and text not in FOREIGN]

    assert [text for text in named if not is_class(*text.split("."))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_relative_link_in_a_document_resolves(document: Path) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("room", ["playout", "playout/engine", "scheduler", "web"])
def test_the_overview_names_every_folder(room: str) -> None:
    overview = (ROOT / "docs" / "design.md").read_text()
    folders = [folder.parent.name for folder in (ROOT / room).glob("*/__init__.py")]

    assert len(folders) > 5
    assert [name for name in folders if f"`{name}`" not in overview] == []
