"""Each thing that `doctor` can find has a fix, and stands on the page that lists them."""

import pytest
from support.doctor_findings import HOLE, PAGE, PARTS, KnownFinding, known_findings, page_rows

FINDINGS = known_findings()
WRONG = [one for one in FINDINGS if one.grades != {"good"}]


def place(finding: KnownFinding) -> str:
    return finding.place


def test_the_findings_are_found() -> None:
    assert len(WRONG) > 50
    assert all(one.place.startswith(sum(PARTS.values(), ())) for one in FINDINGS)


@pytest.mark.parametrize("finding", WRONG, ids=place)
def test_each_finding_names_its_fix(finding: KnownFinding) -> None:
    assert finding.fix, "nothing says what to do"
    assert finding.fix != finding.text, "the fix repeats the fault"
    assert not finding.fix.endswith("?"), "a question is no fix"
    assert finding.fix == HOLE or len(finding.fix.split()) > 3 or ":" in finding.fix, finding.fix


@pytest.mark.parametrize("heading", PARTS)
def test_the_page_lists_each_finding_with_its_fix(heading: str) -> None:
    part = PAGE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")][1:]

    assert rows == page_rows(PARTS[heading])
