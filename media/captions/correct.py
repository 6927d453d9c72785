"""Captions corrected by a person, line by line (pure).

A correction changes the words of one caption, or takes it out; no caption changes its times. The
list of captions is then encoded anew, as that of a caption file is, so all of them become white
pop-on captions of CC1. Captions that nobody touched keep their rows and columns.

One worked example: captions at 3 s, "The clerk will cull", and at 6 s, "item 4". The correction
(3 s, "The clerk will cull", "The clerk will call") changes the first. Somebody else corrects the
second from a page that is a minute old: its caption still reads as that page shows it, so both
corrections are kept. A second correction of the first caption finds other words and is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from media.captions.codes import COLUMNS, writable
from media.captions.cue import MOST_ROWS, CaptionCue, laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionFacts, CaptionOrigin, facts_of
from media.captions.track import CaptionError, CaptionTrack

MOST_LETTERS = MOST_ROWS * COLUMNS
"""Letters that fit a caption."""
NEAR = 2_000_000
"""Microseconds by which a caption may have moved since a page listed it: to encode captions that
follow too closely delays them a little."""
RECODED = (
    "It was corrected here, so it airs as white pop-on captions, without the colors, roll-up and "
    "other caption channels of the source."
)
"""Said once of captions that had more than words and times."""
PLAIN = frozenset(
    {CaptionOrigin.AUTOMATIC, CaptionOrigin.SRT, CaptionOrigin.VTT, CaptionOrigin.TTML}
)
"""Origins whose captions were encoded here, so that to encode them again loses nothing."""
_TOP_ROWS = 7


@dataclass(frozen=True)
class LineCorrection:
    """The words that a person gives one caption."""

    begin: int
    """Microseconds from the start of the media, as the caption was listed."""
    before: str
    """Its words as that person saw them, a row a line."""
    after: str
    """The new words; empty to delete the caption."""


class LineChanged(Exception):
    """The caption no longer reads as the person saw it. `present` is what stands there now; empty
    where nothing does.
    """

    def __init__(self, present: str) -> None:
        super().__init__(present)
        self.present = present


def rows_of(cue: CaptionCue) -> str:
    """Return the words of a caption, a row a line."""
    return "\n".join(cue.lines)


def tidy(text: str) -> str:
    """Return typed words in the letters of line 21, without empty rows and needless spaces.

    Raises CaptionError with a sentence for staff where a letter has no form there.
    """
    lines = (" ".join(line.split()) for line in text.splitlines())
    tidied = "\n".join(line for line in lines if line)
    forms = [writable(line) for line in tidied.split("\n")]
    if any(unknown for _, unknown in forms):
        odd = next(letter for letter in tidied if letter != "\n" and writable(letter)[1])
        raise CaptionError(f"Captions of television have no “{odd}”; write it in another way.")
    return "\n".join(line for line, _ in forms)


def corrected(cues: Sequence[CaptionCue], line: LineCorrection) -> tuple[CaptionCue, ...]:
    """Return the captions with one of them corrected.

    Raises LineChanged, and CaptionError with a sentence for staff where the words do not fit.
    """
    place = _place(cues, line)
    if not line.after:
        return (*cues[:place], *cues[place + 1 :])
    cue = cues[place]
    top = bool(cue.rows) and cue.rows[-1].row <= _TOP_ROWS
    made = laid_out(cue.begin, cue.end, line.after.split("\n"), top=top)
    if len(made) != 1:
        raise CaptionError(
            f"A caption holds {MOST_ROWS} rows of {COLUMNS} characters. Write less, or move "
            "words to the caption before or after."
        )
    return (*cues[:place], made[0], *cues[place + 1 :])


def _place(cues: Sequence[CaptionCue], line: LineCorrection) -> int:
    """Return the place of the caption that is meant: of those that read so, the nearest."""
    near = [place for place, cue in enumerate(cues) if abs(cue.begin - line.begin) <= NEAR]
    near.sort(key=lambda place: abs(cues[place].begin - line.begin))
    for place in near:
        if rows_of(cues[place]) == line.before:
            return place
    raise LineChanged(rows_of(cues[near[0]]) if near else "")


def recoded(
    cues: Sequence[CaptionCue], facts: CaptionFacts, length: timedelta
) -> tuple[CaptionTrack, CaptionFacts]:
    """Return corrected captions as a track, with its facts. They keep their origin and language.

    Raises CaptionError where none is left.
    """
    track = encode(cues)
    loses = facts.origin not in PLAIN and RECODED not in facts.notes
    notes = (*facts.notes, RECODED) if loses else facts.notes
    made = facts_of(track, facts.origin, length, facts.language, notes)
    if made is None:
        raise CaptionError("This is the last caption. Remove the captions of the file instead.")
    return track, made
