"""Names of files: which are captions, and to which file they belong."""

import re
from collections.abc import Sequence

from playout.model.search import LONGEST_TAG
from scheduler.domain.model.text import one_line

CAPTION_SUFFIXES = (".srt", ".vtt", ".scc", ".ttml", ".dfxp", ".itt", ".xml")
"""Endings of caption files."""
MOST_FOLDER_TAGS = 5
_LANGUAGE = re.compile(r"[._-][a-z]{2,3}([_-][a-z]{2,4})?$")
"""A language at the end of a stem: `council.en`, `council_es-MX`."""


def is_caption_file(name: str) -> bool:
    """Return whether a file's name is that of captions."""
    return name.lower().endswith(CAPTION_SUFFIXES)


def base(name: str) -> str:
    """Return a file name without its folders, of Windows too."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def stem(name: str) -> str:
    """Return a file name in small letters, without its folders and its ending."""
    last = base(name)
    return (last.rsplit(".", 1)[0] if "." in last[1:] else last).lower()


def captioned_stems(name: str) -> tuple[str, ...]:
    """Return the stems of files that captions of this name may belong to, the likeliest first:
    `council.en.srt` belongs to `council.en.mp4`, or else to `council.mp4`.
    """
    own = stem(name)
    return tuple(dict.fromkeys((own, _LANGUAGE.sub("", own))))


def owner_of_captions(files: Sequence[tuple[str, str]], name: str) -> str | None:
    """Return the id, of files given as (id, name), to which captions of this name belong."""
    for wanted in captioned_stems(name):
        for id, file in files:
            if stem(file) == wanted:
                return id
    return None


def title_from(original_name: str) -> str:
    """Return a title from a file name: `council_2026-11-17.mp4` becomes `council 2026-11-17`."""
    last = base(original_name)
    stem = last.rsplit(".", 1)[0] if "." in last[1:] else last
    return one_line(stem.replace("_", " "))[:200]


def folder_tags(path: str) -> tuple[str, ...]:
    """Return the tags of a file from its folders: `Field/2026/a.mp4` gives `Field` and `2026`; of
    more than `MOST_FOLDER_TAGS` folders the last ones.
    """
    folders = path.replace("\\", "/").split("/")[:-1]
    named = [one_line(folder.replace(",", " ").replace(";", " ")) for folder in folders]
    tags = [name[:LONGEST_TAG].strip() for name in named if name.strip(".")]
    return tuple(dict.fromkeys(tags))[-MOST_FOLDER_TAGS:]
