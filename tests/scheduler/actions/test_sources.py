"""Sources: the part of an address that may be shown, and the secrecy of the rest."""

import json
from dataclasses import replace

import pytest
from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER, a_channel, an_airing

from playout.model.source import SoundMap
from scheduler.actions import sources
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.db.tables.house import ChangeRow
from scheduler.domain.model.people import Right
from scheduler.domain.model.source import SourceDraft, problems, shown
from scheduler.queries import changes
from scheduler.queries import sources as query
from scheduler.refusals import Conflict, Forbidden, Refused

KEY = "hunter2hunter2"
ADDRESS = f"srt://10.0.0.5:9000?passphrase={KEY}"

TABLE = [
    (ADDRESS, "srt://10.0.0.5:9000 · key set"),
    ("srt://10.0.0.5:9000", "srt://10.0.0.5:9000"),
    (f"rtsp://camera:{KEY}@chamber.example/stream", "rtsp://chamber.example · key set"),
    (f"rtmp://live.example/app/{KEY}", "rtmp://live.example · key set"),
    ("udp://@239.1.1.1:1234", "udp://239.1.1.1:1234"),
    (f"https://cdn.example/{KEY}/live.m3u8?token={KEY}", "https://cdn.example · key set"),
    ("srt://:9000?mode=listener", "srt://:9000 · key set"),
    ("test:", "built-in test picture"),
    ("v4l2:/dev/video0", "a capture device of the broadcast machine"),
    (f"rtsp://camera:{KEY}@x@y/stream", "an address that cannot be read"),
]


@pytest.mark.parametrize(("address", "said"), TABLE)
def test_a_shown_address_has_no_path_or_key(address: str, said: str) -> None:
    assert shown(address) == said


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file:///etc/passwd",
        "10.0.0.5:9000",
        f"rtsp://camera:{KEY}@x@y/stream",
        "srt://",
        "concat:a|b",
        "https://a b",
    ],
)
def test_an_unusable_address_is_refused_without_being_repeated(address: str) -> None:
    found = problems(SourceDraft("Chamber", address), is_new=True)
    assert set(found) == {"address"}
    assert KEY not in found["address"] and "passwd" not in found["address"]


@pytest.mark.parametrize("address", [one for one, said in TABLE if "cannot be read" not in said])
def test_usual_addresses_are_accepted(address: str) -> None:
    assert problems(SourceDraft("Chamber", address), is_new=True) == {}


def test_an_invalid_source_names_the_field_at_fault() -> None:
    draft = SourceDraft("", "test:", gain_db=60, expects="big")
    assert set(problems(draft, is_new=True)) == {"name", "gain_db", "expects"}
    assert problems(SourceDraft("Chamber", expects="1920x1080@30000/1001"), is_new=False) == {}


def test_an_empty_address_field_keeps_the_address(db: Database) -> None:
    a_channel(db)
    made = sources.add(db, ADMIN, NOW, SourceDraft("Chamber", ADDRESS))
    quiet = replace(made.draft, sound=SoundMap.LEFT)
    changed = sources.edit(db, ADMIN, NOW, made.id, quiet, made.version)
    assert changed.shown == made.shown and changed.draft.sound is SoundMap.LEFT
    assert changed.draft.address == ""
    with pytest.raises(Conflict):
        sources.edit(db, ADMIN, NOW, made.id, quiet, made.version)


def test_no_audit_entry_holds_a_key(db: Database) -> None:
    a_channel(db)
    made = sources.add(db, ADMIN, NOW, SourceDraft("Chamber", ADDRESS))
    other = replace(made.draft, address=ADDRESS + "1")
    made = sources.edit(db, ADMIN, NOW, made.id, other, made.version)
    with db.read() as session:
        for row in session.query(ChangeRow):
            assert KEY not in json.dumps([row.parts, row.sentence, row.entity_id])
    assert KEY not in repr(query.sources(db)) and KEY not in repr(query.source(db, made.id))
    with pytest.raises(Refused, match="type it in again"):
        undo(db, ADMIN, NOW, changes.changes(db, "source", limit=1)[0].id)


def test_a_change_of_sound_is_undone(db: Database) -> None:
    a_channel(db)
    made = sources.add(db, ADMIN, NOW, SourceDraft("Chamber", ADDRESS))
    sources.edit(db, ADMIN, NOW, made.id, replace(made.draft, gain_db=6), made.version)
    undo(db, ADMIN, NOW, changes.changes(db, "source", limit=1)[0].id)
    back = query.source(db, made.id)
    assert back.draft.gain_db == 0 and back.shown == made.shown


def test_only_engineers_change_sources_and_names_are_unique(db: Database) -> None:
    a_channel(db)
    assert not PLANNER.may(Right.EQUIP)
    with pytest.raises(Forbidden):
        sources.add(db, PLANNER, NOW, SourceDraft("Chamber", "test:"))
    sources.add(db, ADMIN, NOW, SourceDraft("Chamber", "test:"))
    with pytest.raises(Refused):
        sources.add(db, ADMIN, NOW, SourceDraft("chamber", "test:"))


def test_a_source_still_needed_cannot_be_retired(db: Database) -> None:
    a_channel(db)
    made = sources.add(db, ADMIN, NOW, SourceDraft("Chamber", "test:"))
    an_airing(db, NOW + HOUR, channel=CH13, source=made.id)
    with pytest.raises(Refused, match="still comes from it"):
        sources.retire(db, ADMIN, NOW, made.id, made.version)
    sources.retire(db, ADMIN, NOW + 3 * HOUR, made.id, made.version)
    assert query.sources(db) == ()
