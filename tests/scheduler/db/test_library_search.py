"""The search of the library in both databases finds what the pure rule finds, and keeps up."""

import random
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER, a_channel, an_airing, an_asset

from playout.model.search import AssetFilter, AssetKind, AssetOrder, SearchFacts
from playout.timing.search import in_order
from scheduler.actions import cuts, details, media, programs, undo
from scheduler.actions.details import Details
from scheduler.db import find, migrate, search_index, search_words
from scheduler.db.store import Database
from scheduler.db.tables.house import AsRunRow
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.db.tables.search import SearchCaptionsRow, SearchEntryRow
from scheduler.domain.library.cuts import CutDraft
from scheduler.domain.library.search import Search, matches
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.program import ProgramDraft
from scheduler.queries import changes, library
from scheduler.queries import details as query

ZONE = ZoneInfo("America/New_York")
BODIES = ("City Council", "Planning Board", "")
WORDS = ("budget", "Élysée", "zoning", "parking", "hearing", "4", "Straße", "2026-14")
TAGS = ("Budget", "Parks & Recreation", "zoning")


def found(db: Database, search: Search, most: int = 99) -> tuple[str, ...]:
    with db.read() as session:
        return find.library.search(session, search, NOW, ZONE, most=most).ids


def described(db: Database, asset: Asset, **what: object) -> None:
    details.edit(db, PLANNER, NOW, asset.id, Details(**what), 0)  # type: ignore[arg-type]


def some_files(db: Database, dice: random.Random) -> list[tuple[SearchFacts, str]]:
    """Add files with chance details; return each as the pure rule sees it, with all its words."""
    files = []
    for number in range(24):
        title = " ".join(dice.sample(WORDS, 3))
        length = timedelta(minutes=dice.choice((1, 30, 120)))
        asset = an_asset(db, title, f"{number:x}"[-1], length)
        day = date(2026, 3, 1) + timedelta(days=dice.randrange(20))
        body, tags = dice.choice(BODIES), tuple(dice.sample(TAGS, dice.randrange(3)))
        notes = " ".join(dice.sample(WORDS, 2))
        described(db, asset, day=day, body=body, tags=tags, notes=notes)
        kept = f"{title} \n {title}.mp4 \n Ready for air. \n {body} \n {notes} \n {' '.join(tags)}"
        facts = SearchFacts(
            asset.id, title, day, NOW, body=body, tags=tags, length=length, captioned=False
        )
        files.append((facts, kept))
    return files


def test_both_databases_find_what_the_pure_rule_finds(db: Database) -> None:
    dice = random.Random(13)
    a_channel(db)
    files = some_files(db, dice)
    hits = 0
    for _ in range(150):
        typed = " ".join(dice.sample(WORDS, dice.randrange(3)))
        typed = f'"{typed}"' if dice.random() < 0.3 else typed[: dice.randrange(1, 12)]
        chosen = AssetFilter(
            body=dice.choice(("", "", "CITY council")),
            tags=dice.choice(((), (), ("budget",), ("ZONING", "Budget"))),
            kind=dice.choice((None, None, AssetKind.UPLOAD, AssetKind.CUT)),
            within_days=dice.choice((None, None, 0, 5)),
            since=dice.choice((None, None, date(2026, 3, 5))),
            until=dice.choice((None, None, date(2026, 3, 15))),
            shortest=dice.choice((None, timedelta(minutes=2))),
            longest=dice.choice((None, timedelta(minutes=30))),
            captioned=dice.choice((None, None, False)),
        )
        search = Search(typed, chosen, dice.choice(list(AssetOrder)))
        right = [facts for facts, kept in files if matches(search, facts, kept, NOW, ZONE)]
        assert list(found(db, search)) == [one.id for one in in_order(search.order, right)]
        hits += len(right) > 0
    assert hits > 25, "most of the searches find something, or nothing was compared"


def test_every_page_says_how_many_there_are(db: Database) -> None:
    for number in range(5):
        an_asset(db, f"Budget hearing {number}", str(number))
    an_asset(db, "Zoning", "z")
    uploads = AssetFilter(kind=AssetKind.UPLOAD)
    for asked in (Search("budget"), Search('"budget hearing"'), Search("budget", uploads)):
        with db.read() as session:
            pages = [
                find.library.search(session, asked, NOW, ZONE, skip=skip, most=2)
                for skip in (0, 4, 6)
            ]
        assert [(len(page.ids), page.total) for page in pages] == [(2, 5), (1, 5), (0, 5)]


HOSTILE: Sequence[str] = (
    *('"', "'", "*", "a*", "NEAR(a b)", "a OR b", "-a", "^a", "{about}: a", "about:a"),
    *("(", ")", "a AND", "\\", "%", "_", "a'b", "'; DROP TABLE asset; --", "\x00", "𝒷𝓊𝒹𝑔𝑒𝓉", "“a"),
)
"""Signs that mean something to one of the databases."""


def test_no_input_is_an_error(db: Database) -> None:
    asset = an_asset(db, "Budget hearing")

    @given(typed=st.text(max_size=60))
    def no_text_fails(typed: str) -> None:
        found(db, Search(typed))

    no_text_fails()
    for typed in HOSTILE:
        found(db, Search(typed))
    assert found(db, Search("𝒷𝓊𝒹𝑔𝑒𝓉")) == (asset.id,), "letters of mathematics are letters"


def test_the_index_follows_each_change_and_its_undo(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db, "Hearing")
    program = programs.add(db, PLANNER, NOW, ProgramDraft("Town Talk"))
    described(db, asset, program=program.id, notes="Rezoning of Elm Street", fields={"a": "Z-14"})
    for typed in ("rezon", "town talk", "elm z 14", "hearing"):
        assert found(db, Search(typed)) == (asset.id,), typed
    programs.edit(db, PLANNER, NOW, program.id, ProgramDraft("City Desk"), program.version)
    assert (found(db, Search("town talk")), found(db, Search("desk"))) == ((), (asset.id,))
    media.rename(db, PLANNER, NOW, asset.id, "Public hearing", asset.version)
    assert found(db, Search('"public hearing"')) == (asset.id,)
    renamed = changes.latest(db, "asset", asset.id)
    assert renamed is not None
    undo.undo(db, PLANNER, NOW, renamed.id)
    assert found(db, Search('"public hearing"')) == ()
    added = details.add_document(db, PLANNER, NOW, asset.id, "Agenda May.pdf", "d" * 64, 9)
    assert found(db, Search("agenda")) == (asset.id,)
    details.remove_document(db, PLANNER, NOW, asset.id, added.id, added.version)
    assert found(db, Search("agenda")) == ()


def test_a_retired_file_is_not_found(db: Database) -> None:
    asset = an_asset(db)
    media.retire(db, ADMIN, NOW, asset.id, asset.version)
    assert found(db, Search()) == ()


def test_captions_are_searched_with_the_rest(db: Database) -> None:
    asset = an_asset(db, "Council")
    with db.write() as session:
        row = session.get(AssetRow, asset.id)
        assert row is not None
        row.captions_key = "c" * 64
    assert found(db, Search("stormwater")) == ()
    with db.read() as session:
        assert find.spoken.captions_to_read(session, 9) == ["c" * 64]
    with db.write() as session:
        folded = "good evening\nthe stormwater fee"
        session.add(SearchCaptionsRow(key="c" * 64, folded=folded, lines="0 x\n1 y"))
        session.flush()
        search_index.index(session, [asset.id])
    assert found(db, Search("council stormwater")) == (asset.id,)
    assert found(db, Search('"evening the stormwater"')) == (asset.id,)


def test_what_aired_lately_is_left_out_and_comes_last(db: Database) -> None:
    a_channel(db)
    rested, tired = an_asset(db, "A", "a"), an_asset(db, "B", "b")
    with db.write() as session:
        session.add(as_run(str(tired.media.key if tired.media else "")))
    assert found(db, Search(order=AssetOrder.LEAST_AIRED)) == (rested.id, tired.id)
    for hours, ids in ((1, {rested.id, tired.id}), (3, {rested.id})):
        search = Search(filter=AssetFilter(not_aired_for=hours * HOUR))
        assert set(found(db, search)) == ids


def as_run(key: str, cue: str = "c") -> AsRunRow:
    start, end = NOW - 3 * HOUR, NOW - 2 * HOUR
    return AsRunRow(
        channel_id=CH13, entry_id=cue, cue=cue, title="B", asset=key, planned_start=start,
        planned_end=end, start=start, end=end, ticks=9, held=0, dropped=0, length=HOUR,
        outcome="aired", reason="", layer="deck", counts=True,
    )  # fmt: skip


def test_a_cut_aired_only_where_the_record_says_so(db: Database) -> None:
    a_channel(db)
    whole = an_asset(db, "Hearing")
    one, other = (
        cuts.add(db, PLANNER, NOW, whole.id, CutDraft(title, ((first, first + 18_000),)))
        for title, first in (("Part one", 0), ("Part two", 18_000))
    )
    rested = Search(filter=AssetFilter(not_aired_for=12 * HOUR))
    assert one.media is not None
    key = one.media.key
    with db.write() as session:
        session.add(as_run(key, f"item@20261120T190000.{one.media.content}#1"))
    assert set(found(db, rested)) == {whole.id, other.id}
    with db.write() as session:
        search_index.rebuild(session)
    assert set(found(db, rested)) == {whole.id, other.id}
    with db.write() as session:
        session.add(as_run(key, f"item@20261120T190000.{key[:8]}#1"))
    assert found(db, rested) == (other.id,)
    with db.write() as session:
        session.add(as_run(key, "fill-20261120T190000.000000-1"))
    assert found(db, rested) == ()


def test_a_lost_index_is_made_again(db: Database) -> None:
    a_channel(db)
    files = some_files(db, random.Random(7))
    whole = found(db, Search("budget"))
    with db.write() as session:
        session.execute(text("DELETE FROM search_entry"))
        session.execute(text("DROP TABLE search_words"))
    with db.write() as session:
        assert not search_index.is_whole(session)
        assert search_index.rebuild(session) == len(files)
    with db.read() as session:
        assert search_index.is_whole(session)
        assert len(session.scalars(select(SearchEntryRow.number)).all()) == len(files)
    assert found(db, Search("budget")) == whole != ()


def test_files_of_the_same_content_know_each_other(db: Database) -> None:
    one, twin, other = an_asset(db, "A", "a"), an_asset(db, "B", "a"), an_asset(db, "C", "c")
    with db.read() as session:
        assert find.library.same_content(session, one.id) == [twin.id]
        assert find.library.same_content(session, AssetId(other.id)) == []
    cut = cuts.add(db, PLANNER, NOW, other.id, CutDraft("Part", ((0, 18_000),)))
    with db.read() as session:
        for id in (cut.id, other.id):
            assert list(find.library.same_content(session, id)) == []
        entries = session.scalars(select(SearchEntryRow)).all()
        assert find.library.twins(session, entries) == {one.id: twin.id, twin.id: one.id}


def test_a_recording_is_found_by_what_its_meeting_said_until_staff_say_otherwise(
    db: Database,
) -> None:
    a_channel(db)
    asset, airing = an_asset(db, "Regular Meeting"), an_airing(db)
    with db.write() as session:
        session.add(
            RecordingRow(
                asset_id=asset.id, airing_id=airing.id, channel_id=CH13, body="Zoning Board",
                began=NOW - 40 * HOUR, first=HOUR, last=2 * HOUR, reported=NOW, gaps=[], others=[],
            )
        )  # fmt: skip
    made = AssetFilter(body="zoning board", kind=AssetKind.RECORDING, until=date(2026, 11, 21))
    assert found(db, Search("zoning", made)) == (asset.id,)
    known = query.details(db, asset.id).details
    assert (known.body, known.version) == ("Zoning Board", 0)
    described(db, asset, day=known.day, body="Planning Board")
    assert found(db, Search("zoning")) == ()
    change = changes.latest(db, "asset", asset.id)
    assert change is not None
    undo.undo(db, PLANNER, NOW, change.id)
    assert found(db, Search("zoning", made)) == (asset.id,)


def test_a_cut_is_found_as_a_cut_and_as_nothing_else(db: Database) -> None:
    upload = an_asset(db, "Hearing")
    cut = cuts.add(db, PLANNER, NOW, upload.id, CutDraft("Without the recess", ((0, 18_000),)))

    assert found(db, Search("", AssetFilter(kind=AssetKind.CUT))) == (cut.id,)
    assert found(db, Search("", AssetFilter(kind=AssetKind.UPLOAD))) == (upload.id,)
    with db.write() as session:
        search_index.rebuild(session)
    assert found(db, Search("", AssetFilter(kind=AssetKind.CUT))) == (cut.id,)


A_CUT_OF_OLD = (
    "INSERT INTO asset (id, title, original_name, state, summary, problems, facts, captions, "
    "has_thumbnail, uploaded, uploaded_by, archived, version, chapters, cut_of) VALUES "
    "('a', 'A', '', 'ready', '', '[]', '{}', false, false, '2026-11-01', '', false, 1, '[]', NULL),"
    "('b', 'B', '', 'ready', '', '[]', '{}', false, false, '2026-11-01', '', false, 1, '[]', 'a')",
    "INSERT INTO search_entry (asset_id, key, original_key, captions_key, archived, fit, still, "
    "kind, day, added, title, length, captioned, body, program_id) VALUES "
    "('a', '', '', '', false, true, false, 'upload', '2026-11-01', '2026-11-01', '', 1, false, "
    "'', ''), "
    "('b', '', '', '', false, true, false, 'upload', '2026-11-01', '2026-11-01', '', 1, false, "
    "'', '')",
)


def test_migration_calls_cuts_in_the_index_what_they_are(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'old.db'}")
    migrate.upgrade(db, "0049")
    with db.engine.begin() as connection:
        for sentence in A_CUT_OF_OLD:
            connection.exec_driver_sql(sentence)
    migrate.upgrade(db, "0050")
    with db.engine.connect() as connection:
        kinds = connection.exec_driver_sql("SELECT asset_id, kind FROM search_entry").all()
    assert sorted(map(tuple, kinds)) == [("a", "upload"), ("b", "cut")]
    db.close()


def test_lists_read_indexes_and_not_every_file(tmp_path: Path) -> None:
    """At fifty thousand files each of these questions once read all of them: 15 to 40 ms."""
    db = Database(f"sqlite:///{tmp_path / 'plan.sqlite'}")
    migrate.upgrade(db)
    a_channel(db)
    asset = an_asset(db, "Hearing", "a")
    asked = dict[str, object]()

    @event.listens_for(db.engine, "before_cursor_execute")
    def keep(_connection: object, _cursor: object, *said: Any) -> None:
        asked[said[0]] = said[1]

    for order in AssetOrder:
        found(db, Search(order=order))
    library.search(db, Search("hearing"), NOW, ZONE, skip=0, most=50)
    library.search(db, Search('"the hearing"'), NOW, ZONE, skip=0, most=50)
    query.names_in_use(db)
    with db.read() as session:
        assert find.library.same_content(session, asset.id) == []
        find.keeping.newer_of_title(session, ["Hearing"])
        explained = {
            one: session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values).all()
            for one, values in tuple(asked.items())
            if one.startswith("SELECT")
        }
    db.close()
    assert len(explained) > 10
    large = r"SCAN (asset|search_entry|search_tag|asset_details|recording)\b(?! USING COVERING)"
    assert [one for one, plan in explained.items() if re.search(large, str(plan))] == []


@pytest.mark.parametrize("most", [search_words.MOST_LEXEME_BYTES, 120])
def test_a_phrase_is_words_that_follow_one_another(
    db: Database, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for few pairs PostgreSQL reads the text itself, and finds the same."""
    monkeypatch.setattr(search_words, "MOST_LEXEME_BYTES", most)
    a_channel(db)
    said = ("approve the budget now", "the budget we approve today", "approve it, and the budget")
    ids = [an_asset(db, title, "abc"[place]).id for place, title in enumerate(said)]
    for phrase, places in (
        ('"the budget"', {0, 1, 2}),
        ('"approve the budget"', {0}),
        ('"the budget we"', {1}),
        ('"budget the"', set[int]()),
        ('"and the budget" approve', {2}),
        ('the "we approve"', {1}),
    ):
        assert set(found(db, Search(phrase))) == {ids[place] for place in places}, phrase
