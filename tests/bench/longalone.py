"""A journal of a year without a server: an agent's start time and memory on it.

    cd tests && python -m bench.longalone [DAYS]

The journal is one file, as an older version wrote it, so the first start is the slowest possible;
the second one is like every later start.
"""

import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from support import long_journal
from support.plans import DAY

START = """
import resource, sys, time
from pathlib import Path
began = time.perf_counter()
from playout.host.journal import Journal
imported, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
journal = Journal(Path(sys.argv[1]))
started = time.perf_counter()
batch = journal.waiting()
asked = time.perf_counter()
journal.alarm(journal.last_instant, "started")
wrote = time.perf_counter()
more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
print(f"{started - imported:.2f} s to start, {1000 * (asked - started):.0f} ms for a batch of "
      f"{len(batch)}, {wrote - asked:.2f} s for the next entry, {more:.0f} MB more memory")
"""


def main(days: float) -> None:
    """Print one line for each start."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.jsonl"
        count = long_journal.write(path, DAY - timedelta(days=days), days)
        print(f"{count} entries, {path.stat().st_size / 1e6:.0f} MB, {days:.0f} days")
        for words, acknowledged in (("unsent", 0), ("acknowledged", count)):
            path.with_name("journal.acknowledged").write_text(str(acknowledged))
            for start in ("first", "second"):
                said = subprocess.run(
                    [sys.executable, "-c", START, str(path)],
                    check=True, capture_output=True, text=True,
                ).stdout.strip()  # fmt: skip
                print(f"{words}, {start} start: {said}", flush=True)
            for one in path.parent.glob("journal.snapshot*"):
                one.unlink()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 365.0)
