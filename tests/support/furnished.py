"""One of everything in an empty database, and the addresses of all pages that show it."""

from datetime import datetime

from support.desk import ADMIN, CH13, HOUR, PLANNER, PRODUCER, an_asset

from playout.alerts.conditions import Condition
from playout.model.search import AssetFilter
from scheduler.actions import (
    airings,
    alert_messages,
    alerts,
    blocks,
    bodies,
    calendars,
    contacts,
    crawls,
    cuts,
    filler,
    hosts,
    meeting_series,
    meetings,
    people,
    programs,
    proposals,
    searches,
    series,
    slide_proposals,
    slides,
)
from scheduler.actions import sources as inputs
from scheduler.db.store import Database
from scheduler.domain.library.cuts import CutDraft
from scheduler.domain.library.saved_search import SavedSearchDraft
from scheduler.domain.library.search import Search
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.meeting_series import MeetingSeriesDraft
from scheduler.domain.meetings.roster import AgendaItem, Member
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.airing_graphics import AiringGraphic, AiringGraphicKind
from scheduler.domain.model.alerts import ContactDraft
from scheduler.domain.model.people import Role
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.slide import SlideDraft
from scheduler.domain.model.source import SourceDraft
from scheduler.domain.series.blocks import BlockDraft
from scheduler.domain.series.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.series.crawls import CrawlDraft
from scheduler.domain.series.hours import WeeklyHours
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft


def add_one_of_everything(db: Database, at: datetime) -> list[str]:
    """Add one of everything, with one airing ready and one without a file; return the page
    addresses.
    """
    asset = an_asset(db)
    cut = cuts.add(db, PLANNER, at, asset.id, CutDraft("Without the recess", ((0, 9000),)))
    program = programs.add(db, PLANNER, at, ProgramDraft("City Council", asset=asset.id))
    shown = (
        AiringGraphic("Ana Ruiz", "Chair", after=HOUR / 6),
        AiringGraphic("Call 311", kind=AiringGraphicKind.CRAWL),
    )
    on_air = AiringDraft(
        CH13, "City Council", at - HOUR / 2, HOUR, program=program.id, graphics=shown
    )
    airings.add(db, PLANNER, at, on_air)
    airings.add(db, PLANNER, at, AiringDraft(CH13, "Budget hearing", at + HOUR, HOUR))
    proposals.add(db, PRODUCER, at, AiringDraft(CH13, "Parks update", at + HOUR / 2, HOUR / 4))
    rule = Rule("America/New_York", at.time(), Weekly(frozenset({1})), at.date())
    series.add(db, PLANNER, at, SeriesDraft("Council, weekly", rule, on_air))
    parking = SlideDraft("Winter parking", "Odd side on odd days.", None, at)
    board = slides.add(db, PLANNER, at, parking)
    page = SlideDraft("Leaf pickup", "Bags at the curb by 6 am.", None, at)
    slide_proposals.add(db, PRODUCER, at, page)
    slide_proposals.add(db, PRODUCER, at, page, board.id, board.version)
    filler.propose(db, PRODUCER, at, CH13, asset.id, True)
    evening = (at + 9 * HOUR).time(), (at + 11 * HOUR).time()
    days, files = frozenset(range(7)), (asset.id,)
    blocks.add(
        db, PLANNER, at, BlockDraft(CH13, "Evening", days, *evening, at.date(), assets=files)
    )
    council = Search(filter=AssetFilter(body="City Council"))
    searches.add(db, PLANNER, at, SavedSearchDraft("Newest Council", council))
    hours = WeeklyHours(days, *evening)
    crawls.add(db, PLANNER, at, CrawlDraft(CH13, "Leaf pickup begins Monday.", hours, at.date()))
    for name in ("playout-1", "playout-2"):
        hosts.add_host(db, ADMIN, at, name)
    chamber = inputs.add(db, ADMIN, at, SourceDraft("Council Chamber", "test:")).id
    draft = MeetingDraft(
        CH13, "Standing Committee", at + 24 * HOUR, 2 * HOUR, source=chamber,
        agenda_items=(AgendaItem("Call to order", "1"), AgendaItem("Budget", "7.B")),
    )  # fmt: skip
    meeting = meetings.add(db, PLANNER, at, draft).id
    usual = MeetingDefaults(CH13, "", 2 * HOUR, body="Standing Committee", source=chamber)
    bodies.add(db, PLANNER, at, BodyDraft(usual, members=(Member("Ana Ruiz", "Chair"),)))
    text = f"Recess: {(at + 48 * HOUR).date()} to {(at + 9 * 24 * HOUR).date()}"
    recess = calendars.add(db, PLANNER, at, CalendarDraft("Recess", text)).id
    repeats = Rule(
        "America/New_York",
        at.time().replace(microsecond=0),
        Weekly(frozenset(range(7))),
        at.date(),
        (at + 20 * 24 * HOUR).date(),
        holidays=(Observance(recess, Policy.SKIP),),
    )
    plan = meeting_series.add(db, PLANNER, at, MeetingSeriesDraft(usual, repeats)).id
    add_alerts(db, at)
    token = people.invite(db, ADMIN, at, Role.VIEWER)
    vic = people.redeem_link(db, at, token, "Vic", "vic", "a short sentence of words").id
    return [
        *("/dry-run", "/programs", "/media", "/bulletins", "/settings", "/emergency", "/account"),
        *(f"/media/{asset.id}", f"/media/{cut.id}", f"/media/{asset.id}/captions"),
        *("/media/jobs", "/media/keeping", "/media/titles", "/media/searches"),
        *("/bodies", "/meetings/plan", f"/meetings/plan/{plan}"),
        *("/meetings", f"/meetings/{meeting}", f"/reports/{CH13}/{at.date()}", "/reports/ch14"),
        *(
            "/history",
            "/history?q=council",
            "/history?q=nothing+like+it",
            f"/settings/people/{vic}",
            "/settings/graphics/ch13",
            "/crawls/ch13",
            "/settings/look",
            "/settings/logos",
        ),
        *("/alerts", "/settings/alerts", "/settings/backup", "/settings/machines"),
        *(f"/settings/sources/{chamber}/look", "/tv/ch13", "/login", "/nowhere"),
    ]


def add_alerts(db: Database, at: datetime) -> None:
    """Add a contact, a fault that is there, one that is over, and a message that waits."""
    night = ContactDraft("Night operator", target="night@example.gov", after=HOUR / 4)
    contacts.add(db, ADMIN, at, night)
    for condition, reports in (
        (Condition.DISK, ((HOUR, True), (HOUR / 2, True))),
        (Condition.RECORDING_FAILED, ((3 * HOUR, True), (2 * HOUR, False), (HOUR, False))),
    ):
        for before, holds in reports:
            alerts.observe(
                db, condition, holds=holds, at=at - before, reporter="host", channel=CH13,
                detail="4.2 GB are free on playout-1.",
            )  # fmt: skip
    alert_messages.make(db, at, "Test City")
