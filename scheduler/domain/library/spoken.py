"""The words of captions as they are stored for searching, and the line in which they were found.

One worked example: two captions at 1 and at 4 seconds.

    lines   "1000 Good evening.\\n4000 The storm-water fee"
    folded  "good evening\\nthe storm water fee"

`"evening the"` is found across the line break, at the caption in which it begins.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playout.timing.search import words_of
from scheduler.domain.library.search import Term

MOST_CHARACTERS = 4_000_000
"""Of the captions of one file; a day of council has a third of it. The rest is not searched."""


@dataclass(frozen=True)
class SpokenLine:
    """A caption in which a search found something."""

    milliseconds: int
    """From the start of the file to the caption."""
    text: str


def stored_text(captions: Iterable[tuple[int, str]]) -> tuple[str, str]:
    """Return captions, each with its milliseconds, as the two texts that are stored: folded words,
    and lines.
    """
    folded, lines, size = [], [], 0
    for milliseconds, said in captions:
        text = " ".join(said.split())
        size += len(text)
        if size > MOST_CHARACTERS:
            break
        words = words_of(text)
        if words:
            folded.append(" ".join(words))
            lines.append(f"{milliseconds} {text}")
    return "\n".join(folded), "\n".join(lines)


def line_found(folded: str, lines: str, terms: Sequence[Term]) -> SpokenLine | None:
    """Return the first caption that holds a term, of the first term that any holds; None for none.

    Only C-coded searches go over the whole text, since a page of results reads fifty meetings.
    """
    flat = f" {folded} ".replace("\n", " ")
    for term in terms:
        at = flat.find(f" {' '.join(term.words)}{' ' if term.whole else ''}")
        if at >= 0:
            place = folded.count("\n", 0, at)
            milliseconds, _, text = lines.split("\n")[place].partition(" ")
            return SpokenLine(int(milliseconds), text)
    return None
