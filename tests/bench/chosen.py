"""The cost of a plan with saved searches over a library of 50,000 files."""

from datetime import date, timedelta
from pathlib import Path
from time import process_time

from bench.chapters import Measured
from bench.figures import Figure, middle
from sqlalchemy import insert
from support.desk import CH13, HOUR, NOW, PLANNER, a_channel, some_media

from config.names import Revision
from playout.model.plan import EndRule, MissedStart, StartRule
from playout.model.search import AssetFilter, AssetOrder
from playout.model.wire import encode
from playout.state.air_state import AirState
from playout.timing.resolving import resolve
from playout.timing.settle import settle
from scheduler.actions import searches, series
from scheduler.db import load, migrate, search_index
from scheduler.db.store import Database
from scheduler.db.tables.details import DetailsRow
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.domain.library.saved_search import SavedSearchDraft
from scheduler.domain.library.search import Search
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.queries import searches as asked
from scheduler.reading.snapshot import snapshot

BODIES = 20
SEARCHES = 10
GROUP = "a plan with saved searches"


def measure(folder: Path, quick: bool) -> Measured:
    """Return what ten saved searches cost in processor time: asked on their page, read, built,
    chosen and settled.
    """
    files, rounds = (2_000, 3) if quick else (50_000, 7)
    db = Database(f"sqlite:///{folder / 'library.db'}")
    migrate.upgrade(db)
    a_channel(db)
    _fill(db, files)
    for number in range(SEARCHES):
        _standing(db, number)
    starts, ends = window(NOW)
    took: dict[str, list[float]] = {}
    size = 0
    for _ in range(rounds):
        at = process_time()
        asked.cards(db, NOW)
        at = _took(took, f"the page of {SEARCHES} searches", at)
        with db.read() as session:
            read = snapshot(session, CH13, starts, ends)
        at = _took(took, "reading the rows and searches of a plan", at)
        plan = build_plan(read, starts, ends, NOW, Revision(1))
        at = _took(took, "building the plan", at)
        chosen = resolve(plan, AirState())
        at = _took(took, "choosing", at)
        settle(chosen, AirState(), NOW)
        _took(took, "settling", at)
        size = len(encode(plan))
    note = f"{files:,} files, {len(plan.items)} items of {SEARCHES} searches"
    figures = [
        Figure(GROUP, name, middle(each) * 1000, "ms", note=note) for name, each in took.items()
    ]
    figures.append(Figure(GROUP, "size of the plan", size / 1000, "kB", note=note))
    return Measured(figures)


def _took(took: dict[str, list[float]], name: str, since: float) -> float:
    now = process_time()
    took.setdefault(name, []).append(now - since)
    return now


def _fill(db: Database, files: int) -> None:
    """Add files of twenty bodies over four years."""
    media = load.plan.media_json(some_media())
    rows, known = [], []
    for number in range(files):
        key = f"{number:064x}"
        row = {
            "id": f"f{number}", "title": f"Meeting {number}", "original_name": "x.mp4",
            "state": "ready", "summary": "", "problems": [], "media": media | {"key": key},
            "facts": {}, "key": key, "captions": False, "has_thumbnail": False, "uploaded": NOW,
            "uploaded_by": "bench", "archived": False, "version": 1,
        }  # fmt: skip
        rows.append(row)
        day = date(2026, 11, 20) - timedelta(days=number % 1461)
        known.append(
            {"asset_id": row["id"], "day": day, "body": f"Body {number % BODIES}", "version": 1}
        )
    with db.write() as session:
        for at in range(0, files, 1000):
            session.execute(insert(AssetRow), rows[at : at + 1000])
            session.execute(insert(DetailsRow), known[at : at + 1000])
        search_index.rebuild(session)


def _standing(db: Database, number: int) -> None:
    """Add a saved search and a daily series that airs the first of it."""
    rest = timedelta(hours=12) if number % 2 else None
    asked = AssetFilter(body=f"Body {number}", within_days=365, not_aired_for=rest)
    order = AssetOrder.LEAST_AIRED if number % 5 == 4 else AssetOrder.NEWEST
    draft = SavedSearchDraft(f"Search {number}", Search(filter=asked, order=order))
    found = searches.add(db, PLANNER, NOW, draft)
    rule = Rule(
        "America/New_York", NOW.time().replace(hour=number * 2), Weekly(frozenset(range(7))),
        NOW.date(),
    )  # fmt: skip
    airing = AiringDraft(
        CH13, f"Replay {number}", NOW, HOUR, search=found.id, start_rule=StartRule.WAIT,
        wait_limit=HOUR, end_rule=EndRule.FINISH, missed=MissedStart.TOP,
    )  # fmt: skip
    series.add(db, PLANNER, NOW, SeriesDraft(f"Replay {number}", rule, airing))
