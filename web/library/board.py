"""The cards and the form of the bulletin board, between a slide and its template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playout.model.announced import AutomaticPage
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import ProposalId, SlideId
from scheduler.domain.model.people import Actor
from scheduler.domain.model.proposal import SlideProposal
from scheduler.domain.model.slide import (
    ALWAYS_UNTIL,
    AUTOMATIC_HEADINGS,
    Slide,
    SlideDraft,
    is_automatic,
)
from scheduler.reading.channels import zone_of
from web.kit import words
from web.kit.approvals import may_air
from web.library.forms import SlideForm

LAYOUT_WORDS = {
    "text": "text",
    "picture": "text beside a picture",
    "full": "picture with text below",
    "qr": "text and a QR code",
    "logo": "logo",
    "columns": "two columns",
    "events": "list of events",
}
AUTOMATIC_WORDS = {
    AutomaticPage.NEXT: "What is on now, and the next programs.",
    AutomaticPage.TONIGHT: "Today's meetings that are not over, with room and time.",
    AutomaticPage.WEEK: "The meetings of the next seven days.",
    AutomaticPage.CHANGES: "What was moved or canceled in the next seven days.",
}


@dataclass(frozen=True)
class AutomaticSwitch:
    """One automatic page on the list: switched on as a bulletin, or off."""

    kind: AutomaticPage
    name: str
    words: str
    on: bool


def switches(slides: Iterable[Slide]) -> tuple[AutomaticSwitch, ...]:
    """Return every automatic page, on where the board has it."""
    shown = {slide.draft.layout for slide in slides}
    return tuple(
        AutomaticSwitch(kind, AUTOMATIC_HEADINGS[kind], AUTOMATIC_WORDS[kind], kind.value in shown)
        for kind in AutomaticPage
    )


@dataclass(frozen=True)
class SlideCard:
    """One slide of the board."""

    id: SlideId
    version: int
    draft: SlideDraft
    where: str
    span: str
    may_air: bool
    """False where the reader can only propose a change of it."""
    asked: tuple[ProposalId, ...] = ()
    """Changes of it that wait for approval."""


def as_card(
    slide: Slide,
    channels: Sequence[Channel],
    now: datetime,
    actor: Actor,
    waiting: Iterable[SlideProposal] = (),
) -> SlideCard:
    """Return the card of a slide, with its channel and dates in words and the changes that wait."""
    tz = zone_of(channels)
    draft = slide.draft
    asked = tuple(one.id for one in waiting if one.slide == slide.id)
    mine, where = may_air(actor, draft.channel, channels), where_of(draft, channels)
    return SlideCard(slide.id, slide.version, draft, where, _span(draft, now, tz), mine, asked)


def where_of(draft: SlideDraft, channels: Sequence[Channel]) -> str:
    """Return the name of the channel that shows it, or `every channel`."""
    named = {channel.id: channel.name for channel in channels}
    return named.get(draft.channel, draft.channel) if draft.channel else "every channel"


def offer_choices(form: SlideForm, channels: Sequence[Channel], stills: Sequence[Asset]) -> None:
    """Offer each channel in the form, and all of them; the layouts; and the library's pictures.

    An automatic page keeps its layout.
    """
    form.choose("channel", [("", "every channel"), *((c.id, c.name) for c in channels)])
    chosen = str(form.layout.data or "")
    own = [(chosen, "automatic")] if is_automatic(chosen) else list(LAYOUT_WORDS.items())
    form.choose("layout", own)
    form.choose("picture", [("", "no picture"), *((one.id, one.title) for one in stills)])


def filled_form(draft: SlideDraft, version: int, tz: ZoneInfo) -> SlideForm:
    """Return the form filled from a slide; its days are whole days of `tz`."""
    last = None
    if draft.shown_until < ALWAYS_UNTIL:
        last = (draft.shown_until.astimezone(tz) - timedelta(seconds=1)).date()
    return SlideForm(
        formdata=None,
        heading=draft.heading,
        body=draft.body,
        channel=draft.channel or "",
        shown_from=draft.shown_from.astimezone(tz).date(),
        shown_until=last,
        seconds=draft.seconds,
        style=draft.style,
        layout=draft.layout,
        second=draft.second,
        link=draft.link,
        picture=draft.picture or "",
        version=str(version),
    )


def order_after(ids: list[SlideId], moved: SlideId, by: int) -> list[SlideId]:
    """Return the order after moving one slide by `by` places."""
    if moved not in ids:
        return ids
    place = max(0, min(len(ids) - 1, ids.index(moved) + by))
    rest = [one for one in ids if one != moved]
    return [*rest[:place], moved, *rest[place:]]


def _span(draft: SlideDraft, now: datetime, tz: ZoneInfo) -> str:
    today = now.astimezone(tz).date()
    if draft.shown_from > now:
        return f"from {words.day(draft.shown_from.astimezone(tz).date(), today)}"
    if draft.shown_until >= ALWAYS_UNTIL:
        return "until removed"
    last = (draft.shown_until.astimezone(tz) - timedelta(seconds=1)).date()
    return "over" if draft.shown_until <= now else f"until {words.day(last, today)}"
