"""What a look at a machine finds, in words, and how it is printed."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["good", "note", "wrong"]
MARKS: dict[Grade, str] = {"good": "  ok ", "note": "note ", "wrong": "FIX  "}


@dataclass(frozen=True)
class MachineFinding:
    """One thing looked at. `mend` says what to do; empty when there is nothing to do."""

    grade: Grade
    text: str
    mend: str = ""

    def lines(self) -> list[str]:
        """How a person at a terminal reads it."""
        said = f"{MARKS[self.grade]} {self.text}"
        return [said, f"      {self.mend}"] if self.mend else [said]
