"""The rules of keeping: from which day a file may go, or why it may not, in words.

A file has a retention class, chosen by a person or given to every recording or upload. The class
sets a day. Beside it stand the facts that no class outweighs: a legal hold, and whatever needs the
file now. Judged on March 1, 2027:

    file                class                          facts                       judged
    Council, Feb 2024   3 years after last airing      aired last on Feb 12, 2024  due since Feb 12
    Council, Mar 2026   3 years after last airing      aired last on Mar 3, 2026   on Mar 3, 2029
    Zoning, Feb 2024    3 years after last airing      hold: "Smith v. City"       due, but held
    Parade, 2023        1 year after it came           airs again on March 5       due, but needed
    Charter hearing     Keep for ever                  -                           never
    Leaf spot           Until replaced                 newer file, Feb 20, 2027    due since Feb 20
    Old upload          none                           -                           no day; by hand
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from config.times import long_day

TRASH_KEPT_FOR = timedelta(days=30)
"""Time in which a deleted file can be taken back."""
LONGEST_DAYS = 36_500
"""The longest span of a class: a hundred years."""
LONGEST_NAME = 80
DAYS_OF_YEAR = 365


class RetentionRule(StrEnum):
    """The ways in which a class sets the day. The value is stored, so it never changes."""

    FOREVER = "forever"
    AFTER_AIRING = "after airing"
    """So many days after the last airing; of a file that never aired, after it came."""
    AFTER_RECORDING = "after recording"
    """So many days after it was recorded or uploaded."""
    UNTIL_REPLACED = "until replaced"
    """Until a newer file of the same title is in the library."""


class GivenTo(StrEnum):
    """The files that have a class without anybody's choice."""

    NONE = ""
    RECORDINGS = "recordings"
    UPLOADS = "uploads"


@dataclass(frozen=True)
class RetentionClass:
    """A class of records as the station's schedule of records names it."""

    id: str
    name: str
    rule: RetentionRule
    days: int = 0
    """Days that the rule counts, 365 for each whole year; 0 for a rule that counts none."""
    given_to: GivenTo = GivenTo.NONE
    archived: bool = False
    version: int = 0
    """0 for a standard class that the station never changed."""

    @property
    def in_words(self) -> str:
        """Return the rule: `3 years after the last airing`."""
        if self.rule is RetentionRule.FOREVER:
            return "for ever"
        if self.rule is RetentionRule.UNTIL_REPLACED:
            return "until a newer file has its title"
        since = "the last airing" if self.rule is RetentionRule.AFTER_AIRING else "it came"
        return f"{span_words(self.days)} after {since}"


STANDARD_CLASSES = (
    RetentionClass("forever", "Keep for ever", RetentionRule.FOREVER, 0, GivenTo.RECORDINGS),
    RetentionClass("3-years", "3 years after last airing", RetentionRule.AFTER_AIRING, 1095),
    RetentionClass("1-year", "1 year after last airing", RetentionRule.AFTER_AIRING, 365),
    RetentionClass("30-days", "30 days after last airing", RetentionRule.AFTER_AIRING, 30),
    RetentionClass("replaced", "Until replaced", RetentionRule.UNTIL_REPLACED),
)
"""Classes that every station has. It may change or retire each of them."""


class UseKind(StrEnum):
    """The kinds of need that keep a file, by what needs it."""

    AIRING = "airing"
    PROPOSAL = "proposal"
    PUBLISHED = "published"
    SERIES = "series"
    PROGRAM = "program"
    FILLER = "filler"
    BLOCK = "block"
    BULLETIN = "bulletin"
    SUBSTITUTE = "substitute"
    REPLAY = "replay"
    CUT = "cut"
    JOB = "job"
    AWAY = "away"
    """It is on a broadcast machine alone."""


_WORDS = {
    UseKind.AIRING: "{name} airs it",
    UseKind.PROPOSAL: "{name} is proposed to air it",
    UseKind.PUBLISHED: "The published plan of {name} needs it",
    UseKind.SERIES: "The series {name} airs it",
    UseKind.PROGRAM: "It is the file of the program {name}",
    UseKind.FILLER: "It fills gaps on {name}",
    UseKind.BLOCK: "The block {name} airs it",
    UseKind.BULLETIN: "It is the picture of the bulletin {name}",
    UseKind.SUBSTITUTE: "It stands in if {name} fails",
    UseKind.REPLAY: "{name} replays it",
    UseKind.CUT: "{name} is a cut of it",
    UseKind.JOB: "Work on it is not done: {name}",
    UseKind.AWAY: "It has not come home from {name} yet",
}


@dataclass(frozen=True)
class FileUse:
    """A need of a file that is there now."""

    kind: UseKind
    name: str
    at: datetime | None = None
    """Its next start, UTC; None for what has no one time."""

    def in_words(self, zone: ZoneInfo) -> str:
        """Return the need as a sentence, with the local day where it has one."""
        unnamed = "it waits for its turn" if self.kind is UseKind.JOB else "the broadcast machine"
        name = self.name.rstrip(".") or unnamed
        words = _WORDS[self.kind].format(name=name)
        on = f" on {long_day(self.at.astimezone(zone).date(), year=True)}" if self.at else ""
        return f"{words}{on}."


@dataclass(frozen=True)
class KeepingFacts:
    """The facts about one file that keeping is judged by."""

    came: datetime
    """When it was recorded or uploaded, UTC."""
    is_recording: bool
    retention: RetentionClass | None
    """Its class, chosen or given; None for none."""
    last_aired: datetime | None = None
    replaced: datetime | None = None
    """When a newer file of its title came, UTC."""
    holds: tuple[str, ...] = ()
    """Reasons of the legal holds on it."""
    uses: tuple[FileUse, ...] = ()


@dataclass(frozen=True)
class KeepingVerdict:
    """The judgement of one file on one day."""

    day: date | None
    """The local day from which its class lets it go; None for never, or for no class."""
    is_due: bool
    """True when the class's time is over and nothing else keeps the file."""
    class_words: str
    """What the class says, as a sentence."""
    obstacles: tuple[str, ...]
    """Sentences about holds and needs; while there is one, the file stays."""

    @property
    def free_of_needs(self) -> bool:
        """True when no hold lies on the file and nothing needs it."""
        return not self.obstacles


def judge(facts: KeepingFacts, today: date, zone: ZoneInfo) -> KeepingVerdict:
    """Return from which day the file may go, and what keeps it on `today`, a day in `zone`."""
    held = tuple(f"It is on legal hold: {reason}." for reason in facts.holds)
    obstacles = (*held, *dict.fromkeys(use.in_words(zone) for use in facts.uses))
    day = _day(facts, zone)
    over = day is not None and day <= today
    return KeepingVerdict(day, over and not obstacles, _class_words(facts, day, today), obstacles)


def _day(facts: KeepingFacts, zone: ZoneInfo) -> date | None:
    kept = facts.retention
    if kept is None or kept.rule is RetentionRule.FOREVER:
        return None
    if kept.rule is RetentionRule.UNTIL_REPLACED:
        return facts.replaced.astimezone(zone).date() if facts.replaced else None
    since = facts.came
    if kept.rule is RetentionRule.AFTER_AIRING and facts.last_aired is not None:
        since = max(since, facts.last_aired)
    return _later(since.astimezone(zone).date(), kept.days)


def _later(day: date, days: int) -> date:
    """Return the day so much later; whole years are those of the calendar.

    A year after February 29 is March 1, the later of the two days that it could be.
    """
    years, rest = divmod(days, DAYS_OF_YEAR)
    if rest or not days:
        return day + timedelta(days=days)
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _class_words(facts: KeepingFacts, day: date | None, today: date) -> str:
    kept = facts.retention
    if kept is None:
        return "It has no retention class, so it stays until someone deletes it."
    if kept.rule is RetentionRule.FOREVER:
        return f"{kept.name}: it never becomes due."
    if day is None:
        return f"{kept.name}: no newer file has its title yet."
    if day <= today:
        return f"{kept.name}: due since {long_day(day, year=True)}."
    return f"{kept.name}: due on {long_day(day, year=True)}."


def deletion_refused(facts: KeepingFacts, verdict: KeepingVerdict, *, may_sign: bool) -> str:
    """Return why the file may not be deleted by hand, as a sentence; empty where it may.

    A public record is only let go when its class says so, and by somebody who may sign for it
    (`may_sign`). An upload without a class is its producers' own.
    """
    if verdict.obstacles:
        return verdict.obstacles[0]
    if facts.retention is not None and not verdict.is_due:
        return f"{verdict.class_words} Give it another class first."
    if facts.retention is None and not facts.is_recording:
        return ""
    if not may_sign:
        return "Only someone who may sign disposals deletes a record of the station."
    return ""


def is_longer(new: RetentionClass | None, old: RetentionClass | None) -> bool:
    """Return whether the new class keeps a file at least as long as the old one in every case.

    A file without a class is kept until somebody deletes it, which any producer may do; so every
    class is longer than none, and none is longer than no class at all.
    """
    if old is None or new == old:
        return True
    if new is None:
        return False
    if new.rule is RetentionRule.FOREVER:
        return True
    same = new.rule is old.rule
    after = new.rule is RetentionRule.AFTER_AIRING and old.rule is RetentionRule.AFTER_RECORDING
    return (same or after) and new.days >= old.days


def trash_ends(deleted: datetime) -> datetime:
    """Return from when the bytes of a file deleted at this instant are removed."""
    return deleted + TRASH_KEPT_FOR


def span_words(days: int) -> str:
    """Return `3 years`, `1 year` or `45 days`."""
    if days and days % DAYS_OF_YEAR == 0:
        return _counted(days // DAYS_OF_YEAR, "year")
    return _counted(days, "day")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
