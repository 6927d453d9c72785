"""Words of a file, heard by a confined child at the lowest priority."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from media.confine import ConfinedError, Limits, Progress, run_confined
from media.speech.model import check_model
from media.speech.words import SpeechError, SpokenWord

CHILD = "media.speech.child"
SLOWEST = 4.0
"""Processor seconds that a second of sound may take: a large model on an old machine."""
SLOWEST_BY_THE_CLOCK = 40.0
"""The same by the clock: the child gets only what air and pages leave over."""
MEMORY_BYTES = 8 << 30
LONGEST_WORD = 100


class Hearer(Protocol):
    """A hearer of whole files: ConfinedHearer, or FakeHearer in tests."""

    def words(
        self, path: Path, length: timedelta, *, name: str = "", progress: Progress | None = None
    ) -> list[SpokenWord]:
        """Return the words of a file of this length, in order.

        Raises SpeechError with a sentence for staff.
        """


@dataclass(frozen=True)
class ConfinedHearer:
    """A hearer that runs the model of a folder in a child without network."""

    model: Path
    language: str = "en"

    def words(
        self, path: Path, length: timedelta, *, name: str = "", progress: Progress | None = None
    ) -> list[SpokenWord]:
        """See Hearer."""
        check_model(self.model)
        seconds = length.total_seconds()
        limits = Limits(
            cpu_seconds=round(120 + SLOWEST * seconds),
            wall_seconds=600 + SLOWEST_BY_THE_CLOCK * seconds,
            memory_bytes=MEMORY_BYTES,
            niceness=19,
        )
        job = {
            "path": str(path.absolute()), "name": name or path.name,
            "model": str(self.model.absolute()), "language": self.language,
        }  # fmt: skip
        try:
            result = run_confined(CHILD, job, limits, progress)
        except ConfinedError as error:
            raise SpeechError(str(error)) from error
        return [_word(*row) for row in result["words"]]


def _word(start: float, end: float, text: str, sureness: float) -> SpokenWord:
    return SpokenWord(max(0.0, start), max(start, end), text[:LONGEST_WORD], sureness)


@dataclass(frozen=True)
class FakeHearer:
    """A hearer that hears the same words in every file, or refuses with a sentence."""

    heard: Sequence[SpokenWord] = ()
    refusal: str = ""

    def words(
        self, path: Path, length: timedelta, *, name: str = "", progress: Progress | None = None
    ) -> list[SpokenWord]:
        """See Hearer."""
        if self.refusal:
            raise SpeechError(self.refusal)
        return [word for word in self.heard if word.start < length.total_seconds()]
