"""`make bench`: measures what Gavel promises and writes docs/bench.json, bench.md and plots."""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from bench import chapters, chosen, costs, cpu, desk, fleet, joins, kills  # noqa: E402, I001
from bench import library, peers, plots, report, takes, year  # noqa: E402

PARTS = (
    chapters.Part("joins", "Joins of mixed files", joins.measure),
    chapters.Part("takes", "A take, from the order to the air", takes.measure),
    chapters.Part("desk", "From a click and from an edit to the air", desk.measure),
    chapters.Part("kills", "kill -9 of each process", kills.measure),
    chapters.Part("cpu", "Processor of one channel", cpu.measure),
    chapters.Part("alike", "Gavel and other players on clips all alike", peers.alike),
    chapters.Part("mixed", "Gavel and other players on clips of three kinds", peers.mixed),
    chapters.Part("costs", "What thinking costs", costs.measure, real_time=False),
    chapters.Part("fleet", "Fifty channels on one PostgreSQL", fleet.measure, False),
    chapters.Part("library", "A library of fifty thousand files", library.measure, False),
    chapters.Part("chosen", "Saved searches over 50,000 files", chosen.measure, False),
    chapters.Part("year", "A year of two channels, forty airings a day", year.measure, False),
)


def main() -> int:
    """Measure, print, write; return 1 if a figure of Gavel's own exceeded its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [part.name for part in PARTS]
    parser.add_argument("--only", action="append", choices=names, help="measure only this part")
    parser.add_argument("--quick", action="store_true", help="few rounds; writes nothing")
    parser.add_argument("--keep", type=Path, help="leave clips and captures in this folder")
    asked = parser.parse_args()
    wanted = [part for part in PARTS if part.name in (asked.only or names)]
    book = {} if asked.quick else chapters.kept()
    good = True
    with tempfile.TemporaryDirectory(prefix="gavel-bench-") as name:
        folder = asked.keep or Path(name)
        for part in wanted:
            chapter = chapters.run(part, folder / part.name, asked.quick)
            print("\n".join(report.chapter(chapter)), flush=True)
            book[part.name] = chapter
            good &= report.is_good(chapter)
            if not asked.quick:
                book = {one: book[one] for one in names if one in book}
                chapters.keep(book)
    if not asked.quick:
        drawn = plots.draw(book, chapters.ROOT / "docs" / "bench")
        (chapters.ROOT / "docs" / "bench.md").write_text(report.document(book, drawn))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
