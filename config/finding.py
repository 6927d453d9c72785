"""Findings of `doctor` about a machine, and how they are printed."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["good", "note", "wrong"]
MARKS: dict[Grade, str] = {"good": "  ok ", "note": "note ", "wrong": "FIX  "}

CHECK_FAILED = "Run the doctor again; if it fails again, report this line. The other checks hold."
"""What to do where a check itself fails."""


@dataclass(frozen=True)
class MachineFinding:
    """The result of one check. `mend` says what to do; empty when nothing need be done."""

    grade: Grade
    text: str
    mend: str = ""

    def lines(self) -> list[str]:
        """Return it as printed on a terminal."""
        line = f"{MARKS[self.grade]} {self.text}"
        return [line, f"      {self.mend}"] if self.mend else [line]
