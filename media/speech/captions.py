"""Spoken words set as captions: two rows of 32 letters, broken where people pause.

The figures follow the FCC's quality rules (47 CFR 79.1(j)): in time with what is said, and on
screen long enough to be read; and the Captioning Key of the DCMP for rows and reading speed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from media.speech.words import SpokenWord

ROW_LETTERS = 32
"""Letters of a row: all that line 21 has."""
ROWS = 2
PAUSE_SECONDS = 0.9
"""A silence from which a new caption begins."""
LONGEST_SECONDS = 6.0
"""Longest caption."""
SHORTEST_SECONDS = 1.3
"""Least time on screen, where the next caption leaves it that long."""
LETTERS_A_SECOND = 20
"""Fastest reading: about 235 words a minute."""
LINGER_SECONDS = 0.6
"""How long a caption stays after its last word, where nothing follows."""


@dataclass(frozen=True, slots=True)
class SpokenCaption:
    """One caption of recognized speech."""

    start: float
    """Seconds from the start of the media."""
    end: float
    rows: tuple[str, ...]


def spoken_captions(words: Sequence[SpokenWord]) -> list[SpokenCaption]:
    """Return the captions of all words in order: none overlaps the next, and no word is lost.

    Worked example: "All in favor say aye." from 14.7 to 16.2 s, then silence until 16.5 s. The
    sentence ends, so the next word begins a caption. One row of 21 letters is read in 1.05 s and
    said in 1.5; it stays from 14.7 to 16.5, when the next begins.
    """
    groups = list(_groups(words))
    captions = []
    for place, group in enumerate(groups):
        follows = groups[place + 1][0].start if place + 1 < len(groups) else float("inf")
        rows = rows_of([word.text for word in group])
        letters = sum(len(row) for row in rows)
        wanted = max(SHORTEST_SECONDS, letters / LETTERS_A_SECOND)
        start = group[0].start
        end = min(follows, max(start + wanted, group[-1].end + LINGER_SECONDS))
        captions.append(SpokenCaption(start, max(end, start), rows))
    return captions


def _groups(words: Sequence[SpokenWord]) -> Iterator[list[SpokenWord]]:
    group: list[SpokenWord] = []
    for word in words:
        if group and _begins_anew(group, word):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _begins_anew(group: Sequence[SpokenWord], word: SpokenWord) -> bool:
    last = group[-1]
    said = [one.text for one in group]
    ends_sentence = last.text.rstrip("\"'”’)")[-1:] in (".", "?", "!") and len(" ".join(said)) > 12
    return (
        ends_sentence
        or word.start - last.end > PAUSE_SECONDS
        or word.end - group[0].start > LONGEST_SECONDS
        or len(rows_of([*said, word.text])) > ROWS
    )


def rows_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return words as rows of at most ROW_LETTERS; a longer word is cut into several rows.

    Two rows are made about equally long, which reads better than a full one above a single word.
    """
    rows = _filled(words, ROW_LETTERS)
    if len(rows) != ROWS:
        return rows
    best = rows
    for most in range(max(len(word) for word in words), ROW_LETTERS):
        tried = _filled(words, most)
        if len(tried) == ROWS:
            best = tried
            break
    return best


def _filled(words: Sequence[str], most: int) -> tuple[str, ...]:
    rows: list[str] = []
    for word in words:
        for part in [word[at : at + most] for at in range(0, len(word), most)]:
            if rows and len(rows[-1]) + 1 + len(part) <= most:
                rows[-1] += " " + part
            else:
                rows.append(part)
    return tuple(rows)
