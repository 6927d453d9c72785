"""The knowledge of staff about a file: the day and body it is from, its program, tags and notes,
the fields that the station named, and the documents that belong to it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import NewType

from config.bounded import is_sensible
from config.names import AssetKey
from playout.model.search import LONGEST_BODY, LONGEST_TAG, MOST_TAGS
from playout.timing.search import fold
from scheduler.domain.model.ids import AssetId, ProgramId
from scheduler.domain.model.text import clean, one_line

DocumentId = NewType("DocumentId", str)
LONGEST_NOTES = 10_000
LONGEST_VALUE = 400
"""Characters of the text in a field that the station named."""
MOST_FIELDS = 12
LONGEST_FIELD_NAME = 40
MOST_DOCUMENTS = 30
LARGEST_DOCUMENT = 16 << 20
"""Bytes. An agenda packet with its scanned maps has some ten megabytes."""
DOCUMENT_TYPES = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
"""Endings of documents that are kept, with their media types. None of them is a page or a script,
and all are served as downloads alone."""
_PLAIN_NAME = re.compile(r'[/\\:*?"<>|]+')


@dataclass(frozen=True)
class StationField:
    """A field that the station adds to its files, such as a case number."""

    id: str
    name: str


@dataclass(frozen=True)
class Details:
    """The words of staff about a file."""

    day: date | None = None
    """The local day the material is from."""
    body: str = ""
    program: ProgramId | None = None
    tags: tuple[str, ...] = ()
    notes: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Texts by the id of a field that the station named; empty texts are left out."""
    version: int = 0
    """0 before anybody wrote anything."""


@dataclass(frozen=True)
class Document:
    """A document that belongs to a file."""

    id: DocumentId
    asset: AssetId
    name: str
    """With its ending."""
    key: AssetKey
    suffix: str
    size: int
    added: datetime
    added_by: str
    version: int

    @property
    def media_type(self) -> str:
        """Its media type."""
        return DOCUMENT_TYPES.get(self.suffix, "application/octet-stream")


def tidied(details: Details) -> Details:
    """Return the details without stray spaces, repeated tags and empty fields."""
    return Details(
        day=details.day,
        body=one_line(details.body),
        program=details.program or None,
        tags=split_tags(",".join(details.tags)),
        notes=clean(details.notes),
        fields={id: text for id, one in details.fields.items() if (text := one_line(one))},
        version=details.version,
    )


def split_tags(typed: str) -> tuple[str, ...]:
    """Return the tags of a text with commas or line breaks between them, each once."""
    each = (one_line(part) for part in re.split(r"[,;\n]", typed))
    tags: dict[str, str] = {}
    for tag in each:
        tags.setdefault(fold(tag), tag)
    return tuple(tag for tag in tags.values() if tag)


def problems(details: Details) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the details may be saved."""
    errors: dict[str, str] = {}
    if details.day is not None and not is_sensible(details.day.year):
        errors["day"] = "Choose a day between 1970 and 2199."
    if len(details.body) > LONGEST_BODY:
        errors["body"] = f"Name the body in up to {LONGEST_BODY} characters."
    if len(details.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in details.tags):
        errors["tags"] = f"Give up to {MOST_TAGS} tags of up to {LONGEST_TAG} characters."
    if len(details.notes) > LONGEST_NOTES:
        errors["notes"] = f"Notes have up to {LONGEST_NOTES:,} characters."
    for id, text in details.fields.items():
        if len(text) > LONGEST_VALUE:
            errors[f"field-{id}"] = f"Use up to {LONGEST_VALUE} characters."
    return errors


def field_problem(names: Iterable[str]) -> str:
    """Return what is wrong with the names of the station's fields; empty for nothing."""
    named = list(names)
    if len(named) > MOST_FIELDS or any(len(name) > LONGEST_FIELD_NAME for name in named):
        longest = LONGEST_FIELD_NAME
        return f"Give up to {MOST_FIELDS} names of up to {longest} characters, one a line."
    if len({fold(name) for name in named}) < len(named):
        return "Give each field a name of its own."
    return ""


def field_id(name: str) -> str:
    """Return the id of a field: from its name without case and accents, so a name that comes back
    finds its texts.
    """
    return sha256(fold(name).encode()).hexdigest()[:12]


def document_name(typed: str) -> tuple[str, str]:
    """Return a safe name for a document and its ending in small letters: `Agenda.pdf`, `.pdf`."""
    plain = one_line(_PLAIN_NAME.sub(" ", typed)).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    suffix = f".{ending.lower()}" if dot and stem else ""
    kept = stem[: 200 - len(suffix)].strip() if suffix else plain[:200]
    return f"{kept}{suffix}", suffix


def document_problem(name: str, suffix: str, size: int) -> str:
    """Return why a document is not kept; empty where it is."""
    if suffix not in DOCUMENT_TYPES:
        kinds = ", ".join(one.lstrip(".").upper() for one in DOCUMENT_TYPES)
        return f"{name or 'This file'} is not a document that is kept here. Kept are {kinds}."
    if size <= 0:
        return f"{name} is empty."
    if size > LARGEST_DOCUMENT:
        return f"{name} is larger than {LARGEST_DOCUMENT >> 20} MB."
    return ""
