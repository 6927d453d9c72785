"""A slide of the bulletin board: its words and layout, the span in which it is shown, and its
place in the order.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from config import webaddress
from config.names import ChannelId
from playout.model.announced import AutomaticPage
from scheduler.domain.model.ids import AssetId, SlideId
from scheduler.domain.model.slide_events import SEPARATOR, events_of

ALWAYS_UNTIL = datetime(9999, 1, 1, tzinfo=UTC)
MOST_WORDS = 60
"""Words of heading and text; more would be too small to read."""
MOST_LETTERS = 1000
MOST_EVENTS = 6
"""Rows of one list of events, as `media/slides/events` draws them."""
WORDS_A_SECOND = 160 / 60
"""Reading speed: 160 words a minute, the lower of the two of the BBC Subtitle Guidelines."""
FIRST_LOOK = 2.0
"""Seconds in which a viewer notices that the slide is another one."""
SLIDE_STYLES = ("plain", "notice", "urgent")
LAYOUTS = ("text", "picture", "full", "qr", "logo", "columns", "events")
WITH_PICTURE, WITH_SECOND = frozenset({"picture", "full"}), frozenset({"qr", "columns"})
MAY_HAVE_PICTURE = WITH_PICTURE | {"logo"}
AUTOMATIC_HEADINGS = {
    AutomaticPage.NEXT: "Coming up",
    AutomaticPage.TONIGHT: "Today\u2019s meetings",
    AutomaticPage.WEEK: "Meetings this week",
    AutomaticPage.CHANGES: "Schedule changes",
}
"""Names of the automatic pages, and the headings that viewers read."""


@dataclass(frozen=True)
class SlideDraft:
    """The fields of a slide that staff may set. Text is plain text; lines may break."""

    heading: str
    body: str
    channel: ChannelId | None
    """None for every channel."""
    shown_from: datetime
    shown_until: datetime = ALWAYS_UNTIL
    seconds: float = 10.0
    style: str = "plain"
    layout: str = "text"
    """One of LAYOUTS, or an automatic page."""
    second: str = ""
    """Text of the second column, or below a code."""
    link: str = ""
    """Address that the QR code holds."""
    picture: AssetId | None = None
    """A still of the library."""


@dataclass(frozen=True)
class Slide:
    """A slide as stored."""

    id: SlideId
    draft: SlideDraft
    position: int
    version: int


def is_automatic(layout: str) -> bool:
    """Return whether the broadcast machine writes a slide of this layout itself."""
    return layout in AUTOMATIC_HEADINGS


def automatic(kind: AutomaticPage, now: datetime, seconds: float = 12.0) -> SlideDraft:
    """Return the draft of an automatic page for every channel, until it is removed."""
    return SlideDraft(AUTOMATIC_HEADINGS[kind], "", None, now, seconds=seconds, layout=kind.value)


def word_count(draft: SlideDraft) -> int:
    """Return the words that viewers read on the slide."""
    body = draft.body.replace(SEPARATOR, " ") if draft.layout == "events" else draft.body
    return sum(len(text.split()) for text in (draft.heading, body, draft.second))


def seconds_to_read(draft: SlideDraft) -> int:
    """Return the whole seconds in which most viewers have read the slide."""
    return ceil(FIRST_LOOK + word_count(draft) / WORDS_A_SECOND)


def problems(draft: SlideDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors = {} if is_automatic(draft.layout) else _wrong_words(draft)
    if draft.shown_until <= draft.shown_from:
        errors["shown_until"] = "It must end after it starts."
    if not 3 <= draft.seconds <= 120:
        errors["seconds"] = "Show a bulletin for 3 to 120 seconds."
    if draft.style not in SLIDE_STYLES:
        errors["style"] = f"Choose one of {', '.join(SLIDE_STYLES)}."
    if draft.layout not in LAYOUTS and not is_automatic(draft.layout):
        errors["layout"] = f"Choose one of {', '.join(LAYOUTS)}."
    return errors


def _wrong_words(draft: SlideDraft) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not draft.heading.strip() or len(draft.heading) > 120:
        errors["heading"] = "Give the bulletin a heading of up to 120 characters."
    if len(draft.body) > MOST_LETTERS:
        errors["body"] = (
            "A bulletin holds up to 1000 characters; viewers cannot read more in its time."
        )
    if len(draft.second) > MOST_LETTERS:
        errors["second"] = f"Use up to {MOST_LETTERS} characters."
    words = word_count(draft)
    if words > MOST_WORDS:
        errors["body"] = (
            f"A bulletin holds up to {MOST_WORDS} words, and this has {words}: more is too small "
            "to read. Make it two bulletins."
        )
    return errors | _missing_parts(draft)


def _missing_parts(draft: SlideDraft) -> dict[str, str]:
    """Return what the layout needs and the draft has not."""
    errors: dict[str, str] = {}
    if draft.layout in WITH_PICTURE and draft.picture is None:
        errors["picture"] = "Choose a picture of the library, or another layout."
    if draft.layout == "qr" and not draft.link.strip():
        errors["link"] = "Type the address that the code leads to: https://…"
    if wrong := webaddress.problem(draft.link.strip()):
        errors["link"] = wrong
    if draft.layout == "columns" and not draft.second.strip():
        errors["second"] = "Type the text of the right column, or choose another layout."
    if draft.layout == "events" and (wrong := _wrong_events(draft.body)):
        errors["body"] = wrong
    return errors


def _wrong_events(body: str) -> str:
    events = events_of(body)
    if not events:
        return "Give at least one event: what happens, and its date."
    if len(events) > MOST_EVENTS:
        return (
            f"A list holds up to {MOST_EVENTS} events, and this has {len(events)}. "
            "Make it two bulletins."
        )
    for number, event in enumerate(events, 1):
        if not event.what:
            return f"Event {number}: write what happens."
        if not (event.date or event.time):
            return f"Event {number}, “{event.what[:40]}”: write its date."
    return ""
