"""Data of the demo city: its programs, slides and weekly schedule."""

from dataclasses import dataclass, field
from datetime import timedelta

STATION = "City of Three Rivers"
ZONE = "America/New_York"


@dataclass(frozen=True)
class DemoProgram:
    """A program of the demo; `clip` names the generated clip that is repeated until `length`."""

    key: str
    title: str
    summary: str
    category: str
    clip: str
    length: timedelta
    body: str = ""


@dataclass(frozen=True)
class DemoRule:
    """A weekly airing on one channel: days as digits (0 is Monday), and a local time."""

    channel: str
    program: str
    days: str
    at: str
    replay: bool = False


@dataclass(frozen=True)
class DemoSlide:
    """A slide of the bulletin board."""

    heading: str
    body: str
    style: str = "plain"
    channels: tuple[str, ...] = field(default=())
    layout: str = "text"
    second: str = ""
    link: str = ""
    picture: bool = False
    """It shows the park."""


@dataclass(frozen=True)
class DemoMeeting:
    """A weekly meeting: weekday (0 is Monday), local times, and when it airs again."""

    channel: str
    title: str
    body: str
    weekday: int
    at: str
    length: timedelta
    same_day: str
    again: tuple[int, str]


CHANNELS = (
    ("ch13", "City Channel 13", "Comcast 13, Verizon 44"),
    ("ch14", "City Channel 14", "Comcast 14, Verizon 45"),
)

PROGRAMS = (
    DemoProgram(
        "council",
        "City Council: Regular Meeting",
        "The members of City Council vote on ordinances and hear registered speakers.",
        "Meetings",
        "council",
        timedelta(minutes=45),
        "City Council",
    ),
    DemoProgram(
        "committee",
        "Standing Committee on Public Works",
        "The committee takes up the bills on streets and bridges introduced on Tuesday.",
        "Meetings",
        "committee",
        timedelta(minutes=40),
        "City Council",
    ),
    DemoProgram(
        "parks",
        "Parks in Every Season",
        "Trails, lessons and playgrounds, month by month.",
        "Culture",
        "parks",
        timedelta(minutes=8),
    ),
    DemoProgram(
        "budget",
        "Your Budget in One Minute",
        "Where a dollar of city taxes goes.",
        "Services",
        "budget",
        timedelta(minutes=1),
    ),
)

FILLERS = ("snow", "recycling", "call311", "ident")
"""Clips that air between programs, at their own length."""

RULES = (
    DemoRule("ch13", "council", "3", "19:00", replay=True),
    DemoRule("ch13", "committee", "0", "19:30", replay=True),
    DemoRule("ch13", "parks", "01234", "08:30"),
    DemoRule("ch13", "parks", "0135", "18:00", replay=True),
    DemoRule("ch13", "budget", "0123456", "12:00"),
    DemoRule("ch14", "council", "3", "18:00", replay=True),
    DemoRule("ch14", "council", "6", "16:00", replay=True),
    DemoRule("ch14", "committee", "4", "09:00", replay=True),
    DemoRule("ch14", "committee", "0", "20:00", replay=True),
    DemoRule("ch14", "parks", "0246", "12:00"),
    DemoRule("ch14", "parks", "1356", "20:30", replay=True),
    DemoRule("ch14", "budget", "0123456", "18:55"),
)

MEETINGS = (
    DemoMeeting(
        "ch13",
        "City Council: Regular Meeting",
        "City Council",
        1,
        "10:00",
        timedelta(hours=2),
        "19:00",
        (5, "10:00"),
    ),
    DemoMeeting(
        "ch13",
        "Standing Committee on Public Works",
        "Standing Committees",
        2,
        "10:00",
        timedelta(minutes=90),
        "19:30",
        (6, "14:00"),
    ),
)

COUNCIL = """Rosa Delgado, Council President
Aaron Whitfield, Council Member, Ward 1
Mei Chen, Council Member, Ward 2
Tomasz Kowalski, Council Member, Ward 3
Denise Okafor, Council Member, Ward 4"""
MEMBERS = {
    "City Council": COUNCIL,
    "Standing Committees": COUNCIL,
    "Department of Mobility": """Ines Marsh, Director, Department of Mobility
Paul Brandt, City Engineer
Lena Hoff, Neighborhood Planner""",
}
"""The members of each body, one a line, as its page takes them."""
AGENDA = """1. Call to order
2. Roll call
3. Public comment
4. Reports of committees
5. Final action: salt and snow contracts
6. Introductions
Adjournment"""
HEARING_AGENDA = """1. Opening
2. What the inspection found
3. Detours while the bridge is closed
4. Public comment"""

AROUND_NOW = (
    ("council", "parks", "budget", "committee", "parks"),
    ("parks", "committee", "budget", "parks", "council"),
)
"""Programs that fill each channel's free time in turn, so that something is always on."""

SLIDES = (
    DemoSlide("Leaf collection", "Bags at the curb by 6 am on your regular day until December 12."),
    DemoSlide(
        "Speak at City Council",
        "Register by noon the day before, or call the City Clerk at extension 255.",
        "notice",
        layout="qr",
        second="three-rivers.example/speak",
        link="https://three-rivers.example/speak",
    ),
    DemoSlide(
        "Riverside Bridge",
        "Closed to trucks until further notice.\nUse the Tenth Street Bridge.",
        "notice",
    ),
    DemoSlide(
        "Music by the river",
        "Fridays at seven, Riverview Park. Bring a blanket.",
        layout="full",
        picture=True,
    ),
    DemoSlide(
        "This week at the library",
        "Tuesday | Story hour | Main Library, 10:00 AM\n"
        "Wednesday | Résumé workshop | Eastside, 6:00 PM\n"
        "Thursday | Book sale | Main Library, all day\n"
        "Saturday | Winter concert | Northgate, 2:00 PM",
        layout="events",
    ),
    DemoSlide(
        "Winter parking",
        "When snow is on the ground:\n- odd side on odd days\n- even side on even days",
        "notice",
        layout="columns",
        second="During a snow emergency:\n- no parking where signs are red\n- garages are free",
    ),
    DemoSlide(
        "Parks in winter",
        "Trails are open from dawn to dusk.\n\n- Warm drinks at the lodge\n- Skates on Saturdays",
        layout="picture",
        picture=True,
    ),
    DemoSlide("Warm places", "Libraries and recreation centers open at 8 am on cold days."),
    DemoSlide("City of Three Rivers", "Questions? Call 311, day and night.", layout="logo"),
    DemoSlide("Join a board", "The Arts Commission has two open seats.", channels=("ch14",)),
)
PARK = "Riverview Park"
"""Title of the picture that some slides show."""
