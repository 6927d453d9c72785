"""A library of fifty thousand files: searching it, paging through it, saving in it, and forms that
choose from it, on SQLite and on PostgreSQL.

A tenth of the files are meetings with captions of five thousand words. Words are drawn as in
speech: few of them very often, most of them seldom.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.chapters import Measured
from bench.figures import Figure, middle, percentile
from bench.year import TOKEN, browser, wall
from flask.testing import FlaskClient
from sqlalchemy import insert
from support.databases import Cluster, new_database, newest_bin
from support.desk import NOW, a_channel, an_asset

from scheduler.actions import search_index
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.db.tables.details import DetailsRow
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.search import SearchCaptionsRow

FILES, CAPTIONED, SAID = 50_000, 5_000, 5_000
"""Files, those of them with captions, and the words of each caption track."""
BODIES = ("City Council", "Planning Board", "School Committee", "Parks Commission", "Zoning Board")
TAGS = ("budget", "parks", "roads", "schools", "water", "housing", "elections", "festival")
LIMIT = 200
ROWS_AT_ONCE = 2_000
STEMS = (
    "ba be bo ca co cu da de di fo ga ge ha hi ka la le li ma mi mo na ni no pa pe ra re sa so ta"
)


class Speech:
    """Words as speech has them: the nth most frequent comes with a weight of 1/n."""

    def __init__(self, dice: random.Random, words: int = 20_000) -> None:
        self.dice, stems = dice, STEMS.split()
        self.words = ["the", "council", "budget", "hearing", "motion", "stormwater"]
        self.words += ["".join(dice.choices(stems, k=dice.randint(2, 4))) for _ in range(words)]
        self.weights = list(accumulate(1 / n for n in range(1, len(self.words) + 1)))

    def some(self, count: int) -> list[str]:
        """Return that many words."""
        return self.dice.choices(self.words, cum_weights=self.weights, k=count)


def furnish(db: Database, files: int, captioned: int) -> tuple[Speech, float]:
    """Fill a library and index it; return its language, and the seconds that the index took."""
    dice = random.Random(50_000)
    speech = Speech(dice)
    a_channel(db)
    asset = an_asset(db, "Pattern", "a")
    with db.read() as session:
        row = session.get(AssetRow, asset.id)
        assert row is not None
        like = {one.key: getattr(row, one.key) for one in AssetRow.__table__.columns}
    like["thumbnail"] = bytes(8_000)
    for first in range(0, files, ROWS_AT_ONCE):
        numbers = range(first, min(files, first + ROWS_AT_ONCE))
        with db.engine.begin() as connection:
            rows = [_file(like, speech, n, captioned) for n in numbers]
            connection.execute(insert(AssetRow), rows)
            connection.execute(insert(DetailsRow), [_details(speech, n) for n in numbers])
    for first in range(0, captioned, 500):
        with db.engine.begin() as connection:
            tracks = [_track(speech, n) for n in range(first, min(captioned, first + 500))]
            connection.execute(insert(SearchCaptionsRow), tracks)
    begin = perf_counter()
    made = search_index.rebuild(db)
    taken = perf_counter() - begin
    assert made == files + 1, made
    if not db.is_sqlite:
        # PostgreSQL does so by itself, some minutes after many rows came.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return speech, taken


def _file(like: dict[str, Any], speech: Speech, number: int, captioned: int) -> dict[str, Any]:
    title = " ".join(speech.some(5)).title()
    own = {"id": f"{number:032x}", "title": f"{title} {number}", "key": f"{number:064x}"}
    track = f"{number:064x}" if number < captioned else None
    uploaded = NOW - timedelta(minutes=20 * number)
    media = {**like["media"], "length": f"PT{speech.dice.randint(60, 10_800)}S"}
    return like | own | {"captions_key": track, "uploaded": uploaded, "facts": {}, "media": media}


def _details(speech: Speech, number: int) -> dict[str, object]:
    dice = speech.dice
    return {
        "asset_id": f"{number:032x}", "day": (NOW - timedelta(hours=number)).date(),
        "body": dice.choice(BODIES), "tags": dice.sample(TAGS, dice.randrange(3)),
        "notes": " ".join(speech.some(20)), "fields": {"a": f"Z-{number}"}, "program_id": None,
        "version": 1,
    }  # fmt: skip


def _track(speech: Speech, number: int) -> dict[str, object]:
    said = speech.some(SAID)
    lines = [" ".join(said[at : at + 8]) for at in range(0, SAID, 8)]
    timed = (f"{3000 * place} {line}" for place, line in enumerate(lines))
    return {"key": f"{number:064x}", "folded": "\n".join(lines), "lines": "\n".join(timed)}


class Desk:
    """The timed requests; each must succeed and find what it should."""

    def __init__(self, client: FlaskClient, speech: Speech, files: int) -> None:
        self.client, self.speech, self.files = client, speech, files
        self.rare = speech.words[2_000:4_000]
        found = TOKEN.search(client.get("/media").get_data(as_text=True))
        assert found is not None
        self.token = found.group(1)

    def _get(self, address: str, holds: str = "<article") -> None:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        assert holds in answer.get_data(as_text=True), address

    def page(self, number: int) -> None:
        """Open a page of the whole library, near its beginning or far behind."""
        last = self.files // 50
        self._get(f"/media?page={(1, 2, 3, last // 2, last)[number % 5]}")

    def order(self, number: int) -> None:
        """Open the library in another order."""
        orders = ("oldest", "title", "longest", "least+recently+aired")
        self._get(f"/media?order={orders[number % 4]}")

    def common(self, number: int) -> None:
        """Search for words that most meetings have."""
        self._get(
            "/media?q=" + ("council", "the+council", "budget+hearing", "co", "st")[number % 5]
        )

    def rare_word(self, number: int) -> None:
        """Search for a rare word, and for one beside a common one."""
        word = self.rare[number % len(self.rare)]
        asked = f"{word}+council" if number % 2 else word
        self._get(f"/media?q={asked}", holds="data-rev")

    def phrase(self, number: int) -> None:
        """Search for a phrase."""
        phrases = ("the+council", "council+budget", "budget+hearing", "the+motion")
        self._get(f"/media?q=%22{phrases[number % 4]}%22", holds="data-rev")

    def filters(self, number: int) -> None:
        """Search for words among the files of a body with a tag, rested for a week."""
        body, tag = BODIES[number % 5].replace(" ", "+"), TAGS[number % 8]
        self._get(f"/media?q=council&body={body}&tags={tag}&rested=7", holds="data-rev")

    def again(self, number: int) -> None:
        """Ask for a list that the browser shows already, as a page does every two seconds."""
        if not number:
            page = self.client.get("/media/library?q=council").get_data(as_text=True)
            self.rev = page.partition('data-rev="')[2].partition('"')[0]
        answer = self.client.get("/media/library?q=council", headers={"X-Gavel-Rev": self.rev})
        assert answer.status_code == 204, answer.status_code

    def form(self, number: int) -> None:
        """Open a form that offers files: an airing's, a block's, a series'."""
        paths = (
            "/airings/new?channel=ch13",
            "/blocks/new?channel=ch13",
            "/series/new?channel=ch13",
        )
        self._get(paths[number % 3], holds="data-pick")

    def pick(self, number: int) -> None:
        """Search for a file in a form."""
        self._get(f"/media/choices?q={self.rare[number % len(self.rare)][:3]}", holds="[")

    def see(self, number: int) -> None:
        """Open the page of a file."""
        self._get(f"/media/{number * 37 % self.files:032x}", holds="asset-page")

    def save(self, number: int) -> None:
        """Save the details of a file with captions, all of whose words are indexed again."""
        form = {
            "csrf_token": self.token, "version": 1, "body": "City Council", "day": "2026-03-03",
            "tags": "budget, water", "notes": " ".join(self.speech.some(20)),
        }  # fmt: skip
        answer = self.client.post(f"/media/{number:032x}/details", data=form)
        assert answer.status_code in (200, 303), answer.get_data(as_text=True)[:400]


def timed(desk: Desk, where: str, count: int) -> Iterator[Figure]:
    """Yield the figures of one database."""
    for name, act in (
        ("a page of the list", desk.page),
        ("the list in another order", desk.order),
        ("search, common words", desk.common),
        ("search, rare words", desk.rare_word),
        ("search, a phrase", desk.phrase),
        ("search with filters", desk.filters),
        ("the same list again", desk.again),
        ("a form that offers files", desk.form),
        ("a search in a form", desk.pick),
        ("the page of a file", desk.see),
        ("save the details of a file", desk.save),
    ):
        yield _figure(f"{name}, {where}, 95 %", act, count)


def _figure(name: str, act: Callable[[int], object], count: int) -> Figure:
    wall(act, 1)
    taken: Sequence[float] = wall(lambda number: act(number + 1), count)
    note = f"of {len(taken)}, middle {middle(taken):.0f} ms, worst {max(taken):.0f} ms"
    return Figure("library", name, percentile(taken, 0.95), "ms", LIMIT, note=note)


def measure(folder: Path, quick: bool) -> Measured:
    """Measure the library at the server: each request goes through the whole app."""
    files, captioned, count = (600, 60, 6) if quick else (FILES, CAPTIONED, 100)
    figures: list[Figure] = []
    for where, database in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with database(folder) as db:
            speech, seconds = furnish(db, files, captioned)
            note = f"{files:,} files, {captioned:,} of them with {SAID:,} words of captions"
            name = f"making the index again, {where}"
            figures.append(Figure("library", name, seconds, "s", note=note))
            desk = Desk(browser(db, folder / where), speech, files)
            figures += timed(desk, where, count)
    return Measured(figures)


@contextmanager
def _sqlite(folder: Path) -> Iterator[Database]:
    db = Database(f"sqlite:///{folder / 'library.sqlite'}")
    upgrade(db)
    try:
        yield db
    finally:
        db.close()


@contextmanager
def _postgres(folder: Path) -> Iterator[Database]:
    del folder
    cluster = Cluster(newest_bin())
    cluster.start()
    try:
        with new_database(cluster.url) as url:
            db = Database(url)
            upgrade(db)
            try:
                yield db
            finally:
                db.close()
    finally:
        cluster.stop()
