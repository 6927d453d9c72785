"""A broadcast machine whose encoder gets one picture for ever while a file is there.

The file is named by GAVEL_FROZEN. All the rest is `gavel-playout`: sound goes on, the program too.
"""

import os
import threading
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from playout.cli.main import main  # noqa: E402 - numpy starts threads, and the supervisor forks
from playout.engine.links.ring import Picture  # noqa: E402
from playout.engine.outputs.feed import FeedTick, ProgramFeed  # noqa: E402


def freeze_while(path: Path) -> None:
    """Give every output one picture for as long as this file is there."""
    real, held, lock = ProgramFeed.at, list[Picture](), threading.Lock()

    def at(feed: ProgramFeed, number: int) -> FeedTick:
        fed = real(feed, number)
        with lock:
            if not path.exists():
                held.clear()
                return fed
            if not held:
                held.append(fed.picture.copy())
            return replace(fed, picture=held[0], is_lent=False)

    ProgramFeed.at = at  # type: ignore[method-assign]


if __name__ == "__main__":
    freeze_while(Path(os.environ["GAVEL_FROZEN"]))
    main()
