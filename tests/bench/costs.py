"""The processor time of settling a plan and building the feed, by the number of airings."""

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure, middle
from sqlalchemy import insert, select
from support.desk import CH13, NOW, a_channel, an_airing
from support.plans import DAY, clips, item, plan

from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.db.tables.plan import AiringRow
from scheduler.feeds.lineup import Feeds

COUNTS = (1, 10, 100, 1_000, 10_000)
SPREAD = timedelta(days=14)


def timed(act: Callable[[], object], least_seconds: float = 0.3) -> float:
    """Return the median processor time of a call, in milliseconds, over as many calls as fit."""
    taken: list[float] = []
    while len(taken) < 3 or (sum(taken) < least_seconds and len(taken) < 200):
        begin = time.process_time()
        act()
        taken.append(time.process_time() - begin)
    return middle(taken) * 1000


def settling(count: int) -> Figure:
    """Settle a fortnight of `count` airings whose gaps are filled from twelve files."""
    every = SPREAD / count
    items = [item(f"a{n}", DAY + every * n, every * 0.8) for n in range(count)]
    made = plan(*items, days=14, filler=clips(*[15 + 5 * n for n in range(12)]))
    cost = timed(lambda: settle(made, AirState(), DAY))
    cues = len(settle(made, AirState(), DAY).cues)
    most = 2000.0 if count == 10_000 else None
    return Figure("settle", f"settle {count} airings", cost, "ms", most, note=f"{cues} cues")


def near_settling(count: int) -> Figure:
    """Settle only the next four hours, as a running channel does at each event."""
    every = SPREAD / count
    items = [item(f"a{n}", DAY + every * n, every * 0.8) for n in range(count)]
    made = plan(*items, days=14, filler=clips(*[15 + 5 * n for n in range(12)]))
    horizon = DAY + timedelta(hours=4)
    cost = timed(lambda: settle(made, AirState(), DAY, horizon=horizon))
    return Figure("settle", f"settle {count} airings, four hours ahead", cost, "ms")


def with_airings(db: Database, count: int) -> None:
    """Put `count` airings into the next fortnight as copies of one added through its action."""
    a_channel(db)
    first = an_airing(db)
    with db.write() as session:
        row = session.execute(select(AiringRow)).scalar_one()
        names = [column.key for column in AiringRow.__mapper__.column_attrs]
        like = {name: getattr(row, name) for name in names}
        every = SPREAD / count
        copies = [
            like
            | {
                "id": f"{first.id[:20]}{n:08}",
                "start": NOW + every * n,
                "end": NOW + every * (n + 1),
                "length": every,
            }
            for n in range(1, count)
        ]
        if copies:
            session.execute(insert(AiringRow), copies)


def feeding(count: int) -> tuple[Figure, Figure]:
    """Build the lineup feed, then ask for it again without a change."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'plan.sqlite'}"
        db = Database(url)
        upgrade(db)
        with_airings(db, count)
        kept = Feeds(db, "https://tv.example", "tv.example")
        built = timed(lambda: Feeds(db, "https://tv.example", "tv.example").lineup(CH13, NOW))
        again = timed(lambda: kept.lineup(CH13, NOW))
        feed = kept.lineup(CH13, NOW)
        size = len(feed.body) // 1000 if feed else 0
        db.close()
    most = 2000.0 if count == 10_000 else None
    return (
        Figure("feed", f"feed of {count} airings, built", built, "ms", most, note=f"{size} kB"),
        Figure("feed", f"feed of {count} airings, unchanged", again, "ms", 20.0),
    )


def measure(folder: Path, quick: bool) -> Measured:
    """Measure all costs, smallest first."""
    del folder
    counts = COUNTS[:3] if quick else COUNTS
    found = [settling(count) for count in counts]
    near = [near_settling(count) for count in counts]
    feeds = [feeding(count) for count in counts]
    curves = {
        "settle a fortnight": _curve(counts, found),
        "settle four hours ahead": _curve(counts, near),
        "build the feed": _curve(counts, [built for built, _ in feeds]),
        "feed unchanged": _curve(counts, [again for _, again in feeds]),
    }
    return Measured([*found, *near, *(one for pair in feeds for one in pair)], curves)


def _curve(counts: Sequence[int], figures: Sequence[Figure]) -> list[tuple[float, float]]:
    return [(count, one.value) for count, one in zip(counts, figures, strict=True)]
