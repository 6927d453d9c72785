"""Previews of a source before air: opened where a slot is free, never at a meeting's cost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from support.plans import plan

from playout.lives.sessions import with_previews
from playout.model.engine import Intake
from playout.model.source import Source

NOW = datetime(2026, 11, 24, 15, 0, 20, tzinfo=UTC)
CHAMBER, ROOM, LOBBY = (Source(name, name, "test:") for name in ("chamber", "room", "lobby"))
PLAN = replace(plan(), sources=(CHAMBER, ROOM, LOBBY))
ON_AIR = Intake(CHAMBER, NOW - timedelta(hours=1), NOW + timedelta(hours=1))


def looked(*ids: str, wanted: tuple[Intake, ...] = ()) -> list[str]:
    found = with_previews(wanted, PLAN, ids, NOW, 2)
    assert found[: len(wanted)] == wanted
    return [one.source.id for one in found[len(wanted) :]]


def test_a_previewed_source_is_opened_unrecorded() -> None:
    assert looked("room") == ["room"]
    (intake,) = with_previews((), PLAN, ("room",), NOW, 2)
    assert intake.airing is None and intake.opens <= NOW < intake.closes


def test_an_open_or_unknown_source_is_not_opened_for_a_preview() -> None:
    assert looked("chamber", "nowhere", wanted=(ON_AIR,)) == []


def test_a_preview_takes_only_a_free_slot() -> None:
    assert looked("room", "lobby", wanted=(ON_AIR,)) == ["room"]
    other = Intake(LOBBY, NOW, NOW + timedelta(hours=1))
    assert looked("room", wanted=(ON_AIR, other)) == []


def test_a_preview_stays_open_within_a_minute() -> None:
    later = NOW + timedelta(seconds=30)
    assert with_previews((), PLAN, ("room",), NOW, 2) == with_previews(
        (), PLAN, ("room",), later, 2
    )
