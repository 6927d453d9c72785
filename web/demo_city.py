"""The made-up city of the demo: its bodies, programs, slides and the shape of its week."""

from dataclasses import dataclass, field

STATION = "City of Three Falls"
ZONE = "America/New_York"


@dataclass(frozen=True)
class DemoProgram:
    """A program of the demo. `clip` is which of the generated files it plays, by position."""

    key: str
    title: str
    summary: str
    category: str
    minutes: int
    clip: int
    body: str = ""


@dataclass(frozen=True)
class DemoRule:
    """A weekly placement: days as digits (0 is Monday), local time, on one channel."""

    channel: str
    program: str
    days: str
    at: str
    replay: bool = False
    follow: bool = False
    """Starts when what comes before has ended, rather than at its time."""


@dataclass(frozen=True)
class DemoSlide:
    """A slide of the bulletin board."""

    heading: str
    body: str
    style: str = "plain"
    channels: tuple[str, ...] = field(default=())


CHANNELS = (
    ("ch13", "City Channel 13", "Comcast 13, Verizon 44"),
    ("ch14", "City Channel 14", "Comcast 14, Verizon 45"),
)

PROGRAMS = (
    DemoProgram(
        "council",
        "City Council Regular Meeting",
        "The nine members of City Council vote on ordinances and hear registered speakers.",
        "Meetings",
        95,
        0,
        "City Council",
    ),
    DemoProgram(
        "committees",
        "Standing Committees",
        "Committees take up the bills that were introduced on Tuesday.",
        "Meetings",
        120,
        1,
        "City Council",
    ),
    DemoProgram(
        "planning",
        "Planning Commission",
        "Briefings and public hearings on land use, with comment from residents.",
        "Meetings",
        150,
        2,
        "Planning Commission",
    ),
    DemoProgram(
        "zoning",
        "Zoning Board of Adjustment",
        "Cases are called in the order of the agenda.",
        "Meetings",
        105,
        1,
        "Zoning Board",
    ),
    DemoProgram(
        "schools",
        "School Board Work Session",
        "Directors review the agenda of the coming legislative meeting.",
        "Meetings",
        75,
        2,
        "School Board",
    ),
    DemoProgram(
        "hearing",
        "Public Hearing: Riverside Bridge Repairs",
        "Residents speak on the closing of the Riverside Bridge next spring.",
        "Hearings",
        60,
        0,
        "City Council",
    ),
    DemoProgram(
        "mayor",
        "The Mayor's Week",
        "What was signed, opened and mended in Three Falls this week.",
        "News",
        30,
        3,
    ),
    DemoProgram(
        "works",
        "Public Works Today",
        "How the city ploughs snow, mends water mains and keeps the falls clean.",
        "Services",
        30,
        4,
    ),
    DemoProgram(
        "library",
        "At the Library",
        "Readers and writers of Three Falls at the Carroll Street branch.",
        "Culture",
        45,
        5,
    ),
    DemoProgram(
        "seniors",
        "Senior Fitness",
        "Half an hour of gentle exercise from the Northside recreation center.",
        "Health",
        30,
        4,
    ),
    DemoProgram(
        "history",
        "Three Falls, Then and Now",
        "Old film from the city archive beside the same corners today.",
        "Culture",
        60,
        5,
    ),
)

RULES = (
    DemoRule("ch13", "council", "1", "10:00"),
    DemoRule("ch13", "council", "1", "19:00", replay=True),
    DemoRule("ch13", "council", "5", "10:00", replay=True),
    DemoRule("ch13", "committees", "2", "10:00"),
    DemoRule("ch13", "committees", "2", "19:30", replay=True),
    DemoRule("ch13", "hearing", "3", "13:30"),
    DemoRule("ch13", "hearing", "6", "18:00", replay=True),
    DemoRule("ch13", "mayor", "04", "18:00"),
    DemoRule("ch13", "mayor", "13", "12:30", replay=True),
    DemoRule("ch13", "works", "024", "08:30"),
    DemoRule("ch13", "works", "15", "21:30", replay=True),
    DemoRule("ch13", "seniors", "01234", "07:30"),
    DemoRule("ch13", "library", "6", "15:00"),
    DemoRule("ch13", "history", "56", "20:00"),
    DemoRule("ch14", "planning", "1", "14:00"),
    DemoRule("ch14", "planning", "3", "19:00", replay=True),
    DemoRule("ch14", "zoning", "3", "09:00"),
    DemoRule("ch14", "zoning", "5", "14:00", replay=True),
    DemoRule("ch14", "schools", "2", "18:30"),
    DemoRule("ch14", "schools", "6", "11:00", replay=True),
    DemoRule("ch14", "history", "024", "20:00"),
    DemoRule("ch14", "library", "14", "16:00"),
    DemoRule("ch14", "works", "13", "12:00"),
    DemoRule("ch14", "mayor", "56", "17:00", replay=True),
    DemoRule("ch14", "seniors", "0246", "08:00"),
)

ROUND_THE_CLOCK = ("mayor", "works", "library", "history", "seniors")
"""What airs around the present moment, so that a newcomer sees a program at once."""

SLIDES = (
    DemoSlide("Leaf collection", "Bags at the curb by 6 am on your regular day until December 12."),
    DemoSlide(
        "Speak at City Council",
        "Register by noon the day before.\nCall the City Clerk at extension 255.",
        "notice",
    ),
    DemoSlide(
        "Riverside Bridge",
        "Closed to trucks until further notice.\nUse the Tenth Street Bridge.",
        "notice",
    ),
    DemoSlide("Winter parking", "Odd side on odd days when snow is on the ground.", "notice"),
    DemoSlide("Warm places", "Libraries and recreation centers open at 8 am on cold days."),
    DemoSlide("Join a board", "The Arts Commission has two open seats.", channels=("ch14",)),
)
