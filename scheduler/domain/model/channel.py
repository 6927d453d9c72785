"""A channel, and the conditions a channel must meet to be saved."""

import re
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from config import webaddress
from config.names import ChannelId, HouseFormat
from config.times import known_zones

SLUG = re.compile(r"[a-z][a-z0-9-]{0,31}")
"""A channel's short name in addresses."""
_NAME_REFUSES = re.compile(r"[,;\\\x00-\x1f\x7f]")
RESERVED_SLUGS = frozenset(
    {
        *("api", "static", "login", "logout", "settings", "schedule", "media", "setup"),
        *("meetings", "sources", "programs", "series", "bulletins", "airings", "channels", "tv"),
    }
)
"""First words of the desk's own addresses, which no channel may take."""


@dataclass(frozen=True)
class ChannelDraft:
    """The fields of a channel that staff may set."""

    slug: str
    name: str
    zone: str
    """IANA zone in which people speak of this channel's times."""
    format: str
    """House format, written `1280x720@30000/1001`."""
    numbers: str = ""
    """Where viewers tune, in words: `Comcast 13, Verizon 44`."""
    station: str = ""
    """The station's name on slates and bulletins; empty for the channel's name."""
    slate_text: str = "We will be right back"
    filler_no_repeat: timedelta = timedelta(hours=1)
    watch: str = ""
    """Where viewers may watch it on the web; empty for nowhere."""


@dataclass(frozen=True)
class Channel:
    """A channel as stored."""

    id: ChannelId
    name: str
    zone: str
    format: str
    numbers: str
    station: str
    slate_text: str
    filler_no_repeat: timedelta
    retired: bool
    plan_version: int
    """Grows with every change that can alter the plan."""
    version: int
    watch: str = ""

    @property
    def tz(self) -> ZoneInfo:
        """The channel's time zone, in which people read its times."""
        return ZoneInfo(self.zone)


def problems(draft: ChannelDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not SLUG.fullmatch(draft.slug) or draft.slug in RESERVED_SLUGS:
        errors["slug"] = "Use a short word of lowercase letters and digits, such as ch13."
    if not draft.name.strip() or len(draft.name) > 80:
        errors["name"] = "Give the channel a name of up to 80 characters."
    elif _NAME_REFUSES.search(draft.name):
        errors["name"] = (
            "Leave out commas, semicolons and backslashes: calendars show them wrongly."
        )
    if draft.zone not in known_zones():
        errors["zone"] = "Choose a time zone such as America/New_York."
    try:
        HouseFormat.parse(draft.format)
    except ValueError as error:
        errors["format"] = f"{error}."
    if wrong := webaddress.problem(draft.watch):
        errors["watch"] = wrong
    if draft.filler_no_repeat < timedelta(0):
        errors["filler_no_repeat"] = "The time between repeats cannot be negative."
    return errors
