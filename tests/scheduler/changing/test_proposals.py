"""A proposed airing is on no schedule and in no feed until a planner accepts it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.desk import (
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    PRODUCER,
    VIEWER,
    a_channel,
    a_draft,
    a_proposal,
    an_airing,
    an_asset,
)
from support.published_state import MONDAY, everything_published

from config.names import AiringId, ChannelId
from playout.model.plan import StartRule
from scheduler.actions import airings, programs, proposals
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.model.audit import AuditEntry
from scheduler.domain.model.ids import ProposalId
from scheduler.domain.model.people import Actor, Role
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.proposal import AiringProposal, ProposalStage
from scheduler.process.publish import publish_all, publish_changed
from scheduler.queries import grid
from scheduler.queries import proposals as queries
from scheduler.queries.changes import changes, history
from scheduler.refusals import Conflict, Forbidden, Missing, Refused

OTHER = Actor("other", "Olu Other", frozenset({Role.PRODUCER}))


def newest(db: Database) -> AuditEntry:
    return changes(db, limit=1)[0]


def taken_back(db: Database, actor: Actor = PLANNER) -> str:
    return undo(db, actor, NOW, newest(db).id)


def stands(db: Database, one: AiringProposal) -> AiringProposal:
    return queries.proposal(db, one.id)


def on_the_schedule(db: Database) -> list[str]:
    return [view.airing.title for view in grid.week(db, [CH13], MONDAY, NOW).airings]


def accepted(db: Database, one: AiringProposal) -> Any:
    return airings.add(db, PLANNER, NOW + MINUTE, one.draft, (one.id, one.version))


def test_a_proposal_is_stored_as_drafted_and_open(db: Database) -> None:
    a_channel(db)
    draft = a_draft(start_rule=StartRule.WAIT, wait_limit=10 * MINUTE, notes="Call the clerk.")
    made = proposals.add(db, PRODUCER, NOW, draft)
    assert stands(db, made) == made
    assert (made.draft, made.by_name, made.stage) == (draft, "Pru Producer", ProposalStage.OPEN)
    assert queries.waiting(db, NOW) == (made,) == queries.own(db, made.by, NOW)
    assert queries.waiting(db, made.end) == ()


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"title": "  "}, "title"),
        ({"length": timedelta(0)}, "length"),
        ({"start": NOW - 2 * HOUR}, "start"),
        ({"start_rule": StartRule.WAIT}, "wait_limit"),
        ({"channel": ChannelId("nowhere")}, "channel"),
        ({"program": "nothing"}, "program"),
        ({"asset": "nothing"}, "asset"),
    ],
)
def test_an_invalid_airing_cannot_be_proposed(
    sqlite_db: Database, over: dict[str, Any], field: str
) -> None:
    a_channel(sqlite_db)
    with pytest.raises(Refused) as refused:
        proposals.add(sqlite_db, PRODUCER, NOW, a_draft(**over))
    assert list(refused.value.field_errors) == [field]


def test_proposing_needs_the_right_and_an_own_channel(db: Database) -> None:
    a_channel(db)
    a_channel(db, "ch14")
    with pytest.raises(Forbidden):
        proposals.add(db, VIEWER, NOW, a_draft())
    kept = replace(PRODUCER, only=frozenset({ChannelId("ch14")}))
    with pytest.raises(Forbidden):
        proposals.add(db, kept, NOW, a_draft())
    made = proposals.add(db, kept, NOW, a_draft(channel=ChannelId("ch14")))
    with pytest.raises(Forbidden):
        proposals.edit(db, kept, NOW, made.id, a_draft(), made.version)
    with pytest.raises(Forbidden):
        airings.add(db, PRODUCER, NOW, a_draft())
    assert queries.waiting(db, NOW) == (made,)


def test_only_the_proposer_changes_or_withdraws_an_airing(db: Database) -> None:
    a_channel(db)
    made = a_proposal(db)
    for act in (
        lambda: proposals.edit(db, OTHER, NOW, made.id, made.draft, made.version),
        lambda: proposals.withdraw(db, PLANNER, NOW, made.id, made.version),
    ):
        with pytest.raises(Forbidden):
            act()
    later = replace(made.draft, start=NOW + 3 * HOUR)
    changed = proposals.edit(db, PRODUCER, NOW, made.id, later, made.version)
    with pytest.raises(Conflict):
        proposals.withdraw(db, PRODUCER, NOW, made.id, made.version)
    assert stands(db, made) == changed and changed.start == NOW + 3 * HOUR
    proposals.withdraw(db, PRODUCER, NOW, made.id, changed.version)
    assert queries.waiting(db, NOW) == () == queries.own(db, made.by, NOW)
    with pytest.raises(Missing):
        proposals.withdraw(db, PRODUCER, NOW, ProposalId("nothing"), 1)


def test_an_accepted_proposal_becomes_an_airing_with_one_undo(db: Database) -> None:
    a_channel(db)
    program = programs.add(db, PLANNER, NOW, ProgramDraft("Parks", asset=an_asset(db).id))
    made = a_proposal(db, program=program.id)
    airing = accepted(db, made)
    assert airing.draft == replace(made.draft, asset=program.asset)
    closed = stands(db, made)
    assert (closed.stage, closed.airing, closed.decided_by) == (
        ProposalStage.ACCEPTED, airing.id, "Pat Planner",
    )  # fmt: skip
    assert newest(db).sentence == "Approved Parks update, proposed by Pru Producer"
    assert history(db, "airing", airing.id)[0] == history(db, "proposal", made.id)[0]
    taken_back(db)
    assert on_the_schedule(db) == [] and stands(db, made).open
    assert taken_back(db).startswith("Redid: Approved Parks update")
    assert on_the_schedule(db) == ["Parks update"]
    assert stands(db, made).stage is ProposalStage.ACCEPTED


def test_the_way_out_of_a_clash_and_the_acceptance_are_one_change(db: Database) -> None:
    a_channel(db)
    council = an_airing(db)
    made = a_proposal(db)
    edits = {council.id: (replace(council.draft, start=NOW + 2 * HOUR), council.version)}
    seen = made.id, made.version
    airings.arrange(db, PLANNER, NOW, edits, made.draft, "Approved Parks update, moving 1", seen)
    assert on_the_schedule(db) == ["Parks update", "City Council"]
    assert newest(db).sentence == "Approved Parks update, moving 1, proposed by Pru Producer"
    taken_back(db)
    assert on_the_schedule(db) == ["City Council"] and stands(db, made).open
    assert grid.airing(db, council.id, NOW).airing.start == council.start


def test_a_declined_airing_tells_its_producer_why(db: Database) -> None:
    a_channel(db)
    made = a_proposal(db)
    for reason in (" ", "x" * 401):
        with pytest.raises(Refused) as refused:
            proposals.decline(db, PLANNER, NOW, made.id, reason, made.version)
        assert list(refused.value.field_errors) == ["reason"]
    with pytest.raises(Forbidden):
        proposals.decline(db, PRODUCER, NOW, made.id, "No.", made.version)
    proposals.decline(db, PLANNER, NOW, made.id, "Council  needs the hour.", made.version)
    (told,) = queries.own(db, made.by, NOW + timedelta(days=6))
    assert (told.stage, told.reason) == (ProposalStage.DECLINED, "Council needs the hour.")
    assert queries.own(db, made.by, NOW + timedelta(days=8)) == ()
    assert queries.waiting(db, NOW) == ()
    said = "Declined Parks update, proposed by Pru Producer: Council needs the hour."
    assert newest(db).sentence == said


def test_an_answered_or_changed_proposal_is_a_conflict(db: Database) -> None:
    a_channel(db)
    made = a_proposal(db)
    changed = proposals.edit(
        db, PRODUCER, NOW, made.id, replace(made.draft, start=NOW + 3 * HOUR), made.version
    )
    with pytest.raises(Conflict):
        accepted(db, made)
    assert on_the_schedule(db) == []
    proposals.withdraw(db, PRODUCER, NOW, made.id, changed.version)
    with pytest.raises(Conflict) as conflict:
        accepted(db, changed)
    assert conflict.value.message == "This proposal has been withdrawn since."
    with pytest.raises(Conflict):
        proposals.decline(db, PLANNER, NOW, made.id, "Too late.", changed.version)
    assert on_the_schedule(db) == []


def test_a_producers_own_steps_are_undone_and_redone(db: Database) -> None:
    a_channel(db)
    made = a_proposal(db)
    taken_back(db, PRODUCER)
    assert stands(db, made).stage is ProposalStage.WITHDRAWN
    taken_back(db, PRODUCER)
    later = replace(made.draft, start=NOW + 3 * HOUR)
    proposals.edit(db, PRODUCER, NOW, made.id, later, stands(db, made).version)
    taken_back(db, PRODUCER)
    assert stands(db, made).draft == made.draft
    proposals.withdraw(db, PRODUCER, NOW, made.id, stands(db, made).version)
    taken_back(db, PRODUCER)
    assert stands(db, made).open
    assert [one.sentence for one in history(db, "proposal", made.id)] == [
        "Undid: Withdrew the proposal Parks update",
        "Withdrew the proposal Parks update",
        "Undid: Changed the proposal Parks update",
        "Changed the proposal Parks update",
        "Redid: Proposed Parks update",
        "Undid: Proposed Parks update",
        "Proposed Parks update",
    ]


def test_a_producer_cannot_undo_an_answer_or_another_persons_proposal(db: Database) -> None:
    a_channel(db)
    made = a_proposal(db)
    proposed = newest(db).id
    with pytest.raises(Forbidden):
        undo(db, OTHER, NOW, proposed)
    proposals.decline(db, PLANNER, NOW, made.id, "Not today.", made.version)
    with pytest.raises(Forbidden):
        taken_back(db, PRODUCER)
    taken_back(db)
    assert (stands(db, made).stage, stands(db, made).reason) == (ProposalStage.OPEN, "")
    with pytest.raises(Forbidden):
        taken_back(db, PRODUCER)
    accepted(db, stands(db, made))
    with pytest.raises(Forbidden):
        taken_back(db, PRODUCER)
    with pytest.raises(Conflict):
        undo(db, PRODUCER, NOW, proposed)


def test_undo_is_limited_to_own_channels(db: Database) -> None:
    a_channel(db)
    a_proposal(db)
    with pytest.raises(Forbidden):
        taken_back(db, replace(PRODUCER, only=frozenset({ChannelId("ch14")})))
    assert len(queries.waiting(db, NOW)) == 1
    assert len(queries.waiting(db, NOW)) == 1


def test_a_proposed_airing_reaches_neither_air_nor_viewers_counts_or_warnings(db: Database) -> None:
    a_channel(db)
    an_airing(db, NOW + 4 * HOUR, asset=an_asset(db).id)
    publish_changed(db, NOW)
    before = everything_published(db)
    made = a_proposal(db, NOW + HOUR)
    another = a_proposal(db, NOW + 4 * HOUR, slate_text="Over the council")
    assert publish_changed(db, NOW) == {} == publish_all(db, NOW)
    assert everything_published(db) == before
    proposals.decline(db, PLANNER, NOW, made.id, "No.", made.version)
    proposals.withdraw(db, PRODUCER, NOW, another.id, another.version)
    assert publish_changed(db, NOW) == {} == publish_all(db, NOW)
    assert everything_published(db) == before
    with pytest.raises(Missing):
        grid.airing(db, AiringId(made.id), NOW)


def test_an_accepted_proposal_reaches_the_air_and_its_viewers(db: Database) -> None:
    a_channel(db)
    made = a_proposal(db, asset=an_asset(db).id)
    publish_changed(db, NOW)
    before = everything_published(db)
    accepted(db, made)
    assert CH13 in publish_changed(db, NOW)
    after = everything_published(db)
    for name in ("plan", "feeds", "rundown", "week", "clash"):
        assert after[name] != before[name], name
