"""Bulletins and filler that a producer proposes: nothing airs until a scheduler approves it."""

from collections.abc import Callable
from dataclasses import replace

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
    an_airing,
    an_asset,
)
from support.published_state import everything_published

from config.names import ChannelId
from playout.model.plan import Plan
from playout.model.wire import decode
from scheduler.actions import filler, media, programs, series, slide_proposals, slides
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.audit import AuditEntry
from scheduler.domain.model.ids import PersonId
from scheduler.domain.model.people import Actor, Role
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.proposal import FillerProposal, ProposalStage, SlideProposal
from scheduler.domain.model.slide import Slide, SlideDraft
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.process.publish import publish_all, publish_changed
from scheduler.queries import host_api, library, proposals
from scheduler.queries import programs as shown_programs
from scheduler.queries import slides as board
from scheduler.queries.changes import changes, history
from scheduler.refusals import Conflict, Forbidden, Refused

CH14 = ChannelId("ch14")
OTHER = Actor("other", "Olu Other", frozenset({Role.PRODUCER}))
ONE_PERSON = Actor("one", "Uma Only", frozenset({Role.PRODUCER, Role.SCHEDULER}))
WORDS = SlideDraft("Leaf pickup", "Bags at the curb by 6 am.", CH13, NOW, NOW + 24 * HOUR)
OF_CH14 = replace(PLANNER, only=frozenset({CH14}))


def newest(db: Database) -> AuditEntry:
    return changes(db, limit=1)[0]


def headings(db: Database) -> list[str]:
    return [one.draft.heading for one in board.slides(db, CH13)]


def published(db: Database) -> Plan:
    publish_all(db, NOW)
    found = host_api.published_plan(db, CH13)
    assert found is not None
    return decode(Plan, found.body)


def bulletin(db: Database, one: SlideProposal) -> SlideProposal:
    return proposals.bulletin(db, one.id)


def clip(db: Database, one: FillerProposal) -> FillerProposal:
    return proposals.filler_of(db, one.id)


def aired_slide(db: Database, draft: SlideDraft = WORDS) -> Slide:
    return slides.add(db, PLANNER, NOW, draft)


ACTS: dict[str, Callable[[Database, Actor, Slide], object]] = {
    "add": lambda db, who, _: slides.add(db, who, NOW, WORDS),
    "edit": lambda db, who, one: slides.edit(db, who, NOW, one.id, WORDS, one.version),
    "remove": lambda db, who, one: slides.remove(db, who, NOW, one.id, one.version),
    "order": lambda db, who, one: slides.reorder(db, who, NOW, [one.id]),
    "filler in": lambda db, who, _: filler.set_filler(db, who, NOW, CH13, an_asset(db).id, True),
    "filler out": lambda db, who, _: filler.set_filler(db, who, NOW, CH13, an_asset(db).id, False),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", [VIEWER, PRODUCER])
def test_a_producer_changes_nothing_that_airs(sqlite_db: Database, act: str, who: Actor) -> None:
    a_channel(sqlite_db)
    one = aired_slide(sqlite_db)
    with pytest.raises(Forbidden):
        ACTS[act](sqlite_db, who, one)
    assert headings(sqlite_db) == ["Leaf pickup"]


@pytest.mark.parametrize("act", [one for one in ACTS if one != "order"])
def test_a_scheduler_changes_bulletins_and_filler_of_own_channels_only(
    sqlite_db: Database, act: str
) -> None:
    a_channel(sqlite_db)
    a_channel(sqlite_db, "ch14")
    one = aired_slide(sqlite_db)
    with pytest.raises(Forbidden):
        ACTS[act](sqlite_db, OF_CH14, one)


def test_reordering_touches_only_channels_whose_own_order_changes(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    a_channel(sqlite_db, "ch14")
    one, two, three = (
        aired_slide(sqlite_db, replace(WORDS, heading=name, channel=where))
        for name, where in (("One", CH13), ("Two", CH14), ("Three", CH14))
    )
    slides.reorder(sqlite_db, OF_CH14, NOW, [three.id, one.id, two.id])
    assert [one.draft.heading for one in board.slides(sqlite_db, CH14)] == ["Three", "Two"]
    two_of_13 = aired_slide(sqlite_db, replace(WORDS, heading="Four"))
    with pytest.raises(Forbidden):
        slides.reorder(sqlite_db, OF_CH14, NOW, [two_of_13.id, three.id, one.id, two.id])


def test_someone_who_is_producer_and_scheduler_needs_no_approval(db: Database) -> None:
    a_channel(db)
    slides.add(db, ONE_PERSON, NOW, WORDS)
    filler.set_filler(db, ONE_PERSON, NOW, CH13, an_asset(db).id, True)
    plan = published(db)
    assert [page.heading for page in plan.board] == ["Leaf pickup"] and len(plan.filler) == 1
    assert proposals.bulletins(db, NOW) == () == proposals.filler(db, NOW)


def test_proposals_reach_neither_air_nor_viewers_counts_or_warnings(db: Database) -> None:
    a_channel(db)
    file = an_asset(db)
    an_airing(db, NOW + 4 * HOUR, asset=file.id)
    one = aired_slide(db)
    publish_changed(db, NOW)
    before = everything_published(db)
    new = slide_proposals.add(db, PRODUCER, NOW, replace(WORDS, heading="New"))
    changed = slide_proposals.add(
        db, PRODUCER, NOW, replace(WORDS, body="On Tuesday."), one.id, one.version
    )
    gone = slide_proposals.remove(db, PRODUCER, NOW, one.id, one.version)
    fills = filler.propose(db, PRODUCER, NOW, CH13, file.id, True)
    assert publish_changed(db, NOW) == {} == publish_all(db, NOW)
    assert everything_published(db) == before
    slide_proposals.decline(db, PLANNER, NOW, new.id, "No.", new.version)
    slide_proposals.decline(db, PLANNER, NOW, changed.id, "No.", changed.version)
    slide_proposals.withdraw(db, PRODUCER, NOW, gone.id, gone.version)
    filler.decline(db, PLANNER, NOW, fills.id, "No.", fills.version)
    assert publish_changed(db, NOW) == {} == publish_all(db, NOW)
    assert everything_published(db) == before


def test_an_approved_bulletin_airs_and_one_undo_reopens_its_proposal(db: Database) -> None:
    a_channel(db)
    made = slide_proposals.add(db, PRODUCER, NOW, WORDS)
    assert bulletin(db, made).stage is ProposalStage.OPEN and headings(db) == []
    slide = slide_proposals.accept(db, PLANNER, NOW + MINUTE, made.id, made.version)
    assert [page.heading for page in published(db).board] == ["Leaf pickup"]
    found = bulletin(db, made)
    assert (found.stage, found.decided, found.decided_by, found.slide) == (
        ProposalStage.ACCEPTED, NOW + MINUTE, "Pat Planner", slide.id,
    )  # fmt: skip
    said = "Approved the bulletin Leaf pickup, proposed by Pru Producer"
    assert newest(db).sentence == said
    assert history(db, "slide", slide.id)[0] == history(db, "slide_proposal", made.id)[0]
    with pytest.raises(Forbidden):
        undo(db, PRODUCER, NOW, newest(db).id)
    undo(db, PLANNER, NOW, newest(db).id)
    assert bulletin(db, made).open and published(db).board == ()
    undo(db, PLANNER, NOW, newest(db).id)
    assert headings(db) == ["Leaf pickup"] and not bulletin(db, made).open


@pytest.mark.parametrize(
    "over",
    [{"body": "On Tuesday."}, {"shown_until": NOW + 48 * HOUR}, {"style": "urgent"},
     {"channel": None}],
)  # fmt: skip
def test_an_approved_bulletin_stays_on_air_until_its_change_is_approved(
    sqlite_db: Database, over: dict[str, object]
) -> None:
    db = sqlite_db
    a_channel(db)
    one = aired_slide(db)
    wanted = replace(WORDS, **over)  # type: ignore[arg-type]
    made = slide_proposals.add(db, PRODUCER, NOW, wanted, one.id, one.version)
    assert [slide.draft for slide in board.slides(db)] == [WORDS]
    slide_proposals.accept(db, PLANNER, NOW, made.id, made.version, one.version)
    assert [slide.draft for slide in board.slides(db)] == [wanted]
    undo(db, PLANNER, NOW, newest(db).id)
    assert [slide.draft for slide in board.slides(db)] == [WORDS] and bulletin(db, made).open


def test_an_approval_of_an_outdated_proposal_is_a_conflict(db: Database) -> None:
    a_channel(db)
    one = aired_slide(db)
    wanted = replace(WORDS, body="On Tuesday.")
    made = slide_proposals.add(db, PRODUCER, NOW, wanted, one.id, one.version)
    later = slide_proposals.edit(
        db, PRODUCER, NOW, made.id, replace(wanted, body="On Friday."), made.version
    )
    with pytest.raises(Conflict):
        slide_proposals.accept(db, PLANNER, NOW, made.id, made.version, one.version)
    stands = slides.edit(db, PLANNER, NOW, one.id, replace(WORDS, seconds=20.0), one.version)
    with pytest.raises(Conflict):
        slide_proposals.accept(db, PLANNER, NOW, made.id, later.version, one.version)
    slide_proposals.accept(db, PLANNER, NOW, made.id, later.version, stands.version)
    assert board.slide(db, one.id).draft.body == "On Friday."
    with pytest.raises(Conflict, match="approved since"):
        slide_proposals.decline(db, PLANNER, NOW, made.id, "No.", later.version)


def test_removing_a_bulletin_closes_the_proposals_about_it(db: Database) -> None:
    a_channel(db)
    one = aired_slide(db)
    gone = slide_proposals.remove(db, PRODUCER, NOW, one.id, one.version)
    other = slide_proposals.add(db, OTHER, NOW, replace(WORDS, body="x"), one.id, one.version)
    slide_proposals.accept(db, PLANNER, NOW, gone.id, gone.version, one.version)
    assert headings(db) == [] and bulletin(db, gone).stage is ProposalStage.ACCEPTED
    assert bulletin(db, other).stage is ProposalStage.DECLINED
    assert bulletin(db, other).reason == "The bulletin was removed."
    undo(db, PLANNER, NOW, newest(db).id)
    assert headings(db) == ["Leaf pickup"] and bulletin(db, other).open
    with pytest.raises(Conflict):
        slide_proposals.add(db, PRODUCER, NOW, WORDS, one.id, one.version)


def test_approved_filler_fills_gaps_until_undone(db: Database) -> None:
    a_channel(db)
    file = an_asset(db)
    made = filler.propose(db, PRODUCER, NOW, CH13, file.id, True)
    assert published(db).filler == ()
    with pytest.raises(Refused, match="waits for approval"):
        filler.propose(db, OTHER, NOW, CH13, file.id, True)
    filler.accept(db, PLANNER, NOW, made.id, made.version)
    assert len(published(db).filler) == 1 and clip(db, made).stage is ProposalStage.ACCEPTED
    said = f"Approved that {file.title} fills gaps, proposed by Pru Producer"
    assert newest(db).sentence == said
    undo(db, PLANNER, NOW, newest(db).id)
    assert published(db).filler == () and clip(db, made).open


def test_filler_stays_until_its_removal_is_approved(db: Database) -> None:
    a_channel(db)
    file = an_asset(db)
    filler.set_filler(db, PLANNER, NOW, CH13, file.id, True)
    made = filler.propose(db, PRODUCER, NOW, CH13, file.id, False)
    assert len(published(db).filler) == 1
    filler.accept(db, PLANNER, NOW, made.id, made.version)
    assert published(db).filler == ()


def test_a_scheduler_who_does_the_same_by_hand_approves_the_proposal(db: Database) -> None:
    a_channel(db)
    file = an_asset(db)
    made = filler.propose(db, PRODUCER, NOW, CH13, file.id, True)
    filler.set_filler(db, PLANNER, NOW, CH13, file.id, True)
    assert clip(db, made).stage is ProposalStage.ACCEPTED and proposals.filler(db, NOW) == ()


def test_retiring_a_file_closes_its_proposals(db: Database) -> None:
    a_channel(db)
    file = an_asset(db)
    made = filler.propose(db, PRODUCER, NOW, CH13, file.id, True)
    media.retire(db, PRODUCER, NOW, file.id, file.version)
    assert clip(db, made).reason == "The file was retired." and proposals.filler(db, NOW) == ()


def test_a_file_that_cannot_air_cannot_be_proposed(db: Database) -> None:
    a_channel(db)
    file = media.register(db, PRODUCER, NOW, "x.upload", "x.mp4")
    with pytest.raises(Refused, match="cannot air"):
        filler.propose(db, PRODUCER, NOW, CH13, file.id, True)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_a_declined_bulletin_tells_its_producer_why(sqlite_db: Database, reason: str) -> None:
    db = sqlite_db
    a_channel(db)
    page = slide_proposals.add(db, PRODUCER, NOW, WORDS)
    fills = filler.propose(db, PRODUCER, NOW, CH13, an_asset(db).id, True)
    with pytest.raises(Refused):
        slide_proposals.decline(db, PLANNER, NOW, page.id, reason, page.version)
    with pytest.raises(Refused):
        filler.decline(db, PLANNER, NOW, fills.id, reason, fills.version)
    slide_proposals.decline(db, PLANNER, NOW, page.id, "Too  long.", page.version)
    filler.decline(db, PLANNER, NOW, fills.id, "No sound.", fills.version)
    own = PersonId(PRODUCER.id)
    assert [one.reason for one in proposals.bulletins(db, NOW, own)] == ["Too long."]
    assert [one.reason for one in proposals.filler(db, NOW, own)] == ["No sound."]
    assert proposals.bulletins(db, NOW, PersonId(OTHER.id)) == ()
    with pytest.raises(Forbidden):
        undo(db, PRODUCER, NOW, newest(db).id)
    undo(db, PLANNER, NOW, newest(db).id)
    assert clip(db, fills).open and clip(db, fills).reason == ""


def test_proposals_are_answered_on_own_channels_only(db: Database) -> None:
    a_channel(db)
    a_channel(db, "ch14")
    page = slide_proposals.add(db, PRODUCER, NOW, replace(WORDS, channel=None))
    fills = filler.propose(db, PRODUCER, NOW, CH13, an_asset(db).id, True)
    for act in (
        lambda who: slide_proposals.accept(db, who, NOW, page.id, page.version),
        lambda who: slide_proposals.decline(db, who, NOW, page.id, "No.", page.version),
        lambda who: filler.accept(db, who, NOW, fills.id, fills.version),
        lambda who: filler.decline(db, who, NOW, fills.id, "No.", fills.version),
    ):
        for who in (OF_CH14, PRODUCER, VIEWER):
            with pytest.raises(Forbidden):
                act(who)
    assert bulletin(db, page).open and clip(db, fills).open


def test_only_the_proposer_changes_or_withdraws_a_bulletin(db: Database) -> None:
    a_channel(db)
    page = slide_proposals.add(db, PRODUCER, NOW, WORDS)
    fills = filler.propose(db, PRODUCER, NOW, CH13, an_asset(db).id, True)
    for act in (
        lambda: slide_proposals.edit(db, OTHER, NOW, page.id, WORDS, page.version),
        lambda: slide_proposals.withdraw(db, OTHER, NOW, page.id, page.version),
        lambda: filler.withdraw(db, PLANNER, NOW, fills.id, fills.version),
    ):
        with pytest.raises(Forbidden):
            act()
    filler.withdraw(db, PRODUCER, NOW, fills.id, fills.version)
    assert clip(db, fills).stage is ProposalStage.WITHDRAWN
    undo(db, PRODUCER, NOW, newest(db).id)
    assert clip(db, fills).open
    with pytest.raises(Forbidden):
        undo(db, OTHER, NOW, changes(db, limit=3)[-1].id)


def test_a_producer_cannot_undo_what_airs(db: Database) -> None:
    a_channel(db)
    one = aired_slide(db)
    slides.remove(db, PLANNER, NOW, one.id, one.version)
    with pytest.raises(Forbidden):
        undo(db, PRODUCER, NOW, newest(db).id)
    filler.set_filler(db, PLANNER, NOW, CH13, an_asset(db).id, True)
    with pytest.raises(Forbidden):
        undo(db, PRODUCER, NOW, newest(db).id)


def test_a_producer_cannot_swap_the_file_that_a_series_airs(db: Database) -> None:
    a_channel(db)
    old, new = an_asset(db), an_asset(db, "Other", "b")
    made = programs.add(db, PLANNER, NOW, ProgramDraft("City Talk", asset=old.id))
    weekly = AiringDraft(CH13, "City Talk", NOW + HOUR, HOUR, program=made.id)
    rule = Rule("America/New_York", NOW.time(), Weekly(frozenset({1})), NOW.date())
    kept = series.add(db, PLANNER, NOW, SeriesDraft("Talk", rule, replace(weekly, asset=None)))
    wanted = ProgramDraft("City Talk", asset=new.id)
    with pytest.raises(Refused, match="airs this file by itself") as refused:
        programs.edit(db, PRODUCER, NOW, made.id, wanted, made.version)
    assert set(refused.value.field_errors) == {"asset"}
    programs.edit(db, PLANNER, NOW, made.id, wanted, made.version)
    with pytest.raises(Refused):
        undo(db, PRODUCER, NOW, newest(db).id)
    (card,) = shown_programs.program_cards(db, NOW)
    again = replace(wanted, summary="Talk of the town")
    programs.edit(db, PRODUCER, NOW, made.id, again, card.program.version)
    assert library.entry(db, new.id).asset.title == "Other" and kept.id
    assert newest(db).actor == "Pru Producer"
