"""`make bench`: measures what Gavel promises and writes docs/bench.json and docs/bench.md."""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from bench import costs, joins, peers, takes  # noqa: E402
from bench.figures import Figure, as_table, machine, write  # noqa: E402

PARTS = ("joins", "takes", "peers", "costs")


def measured(parts: list[str], quick: bool, keep: Path | None) -> list[Figure]:
    """The figures asked for; the parts that air run in real time."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="gavel-bench-") as name:
        folder = keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        if set(parts) & {"joins", "takes", "peers"}:
            count, seconds = (4, 3.0) if quick else (21, 5.0)
            clips = joins.make_clips(folder, count, seconds)
            if "joins" in parts:
                found += joins.measure(clips, folder)
            if "takes" in parts:
                found += takes.measure(clips, folder, 5 if quick else 50)
            if "peers" in parts:
                found += peers.measure(clips, folder)
        if "costs" in parts:
            found += costs.measure()
    return found


def main() -> int:
    """Measure, print, write; 1 when a figure passed its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="measure only this part")
    parser.add_argument("--quick", action="store_true", help="few joins and takes; writes nothing")
    parser.add_argument("--keep", type=Path, help="leave clips and captures in this folder")
    asked = parser.parse_args()
    figures = measured(asked.only or list(PARTS), asked.quick, asked.keep)
    print(as_table(figures, machine()))
    if not asked.quick and not asked.only:
        write(figures, HERE.parent.parent / "docs")
    ours = [one for one in figures if one.subject == "gavel"]
    return 0 if all(one.good for one in ours) else 1


if __name__ == "__main__":
    sys.exit(main())
