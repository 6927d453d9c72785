"""The forms of programs and bulletins."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    HiddenField,
    SelectField,
)
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.slide import ALWAYS_UNTIL, MOST_EVENTS, SLIDE_STYLES, SlideDraft
from scheduler.domain.model.slide_events import SlideEvent, body_of, events_of
from scheduler.domain.series.wall_time import instant
from web.kit.bounds import DayField, NumberField, line, lines
from web.kit.forms import REQUIRED, DeskForm, offered


class ProgramForm(DeskForm):
    """The fields of a program."""

    title = line("Title", 200, [InputRequired(REQUIRED)])
    summary = lines("Summary for viewers")
    category = line("Category", 80)
    body = line("Public body that meets", 120)
    link = line("Agenda or details on the web", 400)
    asset = SelectField("Plays", validators=[Optional()], default="")
    notes = lines("Notes for staff")
    version = HiddenField()

    def draft(self) -> ProgramDraft:
        """Return the program as typed."""
        text = {
            name: (self[name].data or "").strip()
            for name in ("title", "summary", "category", "body", "link", "notes")
        }
        return ProgramDraft(asset=AssetId(self.asset.data) if self.asset.data else None, **text)


EVENT_FIELDS = ("date", "time", "what", "where")
"""Names of the fields of each row of events, behind `event-`."""
MOST_ROWS = 2 * MOST_EVENTS
"""Rows that are read, so that a list which is too long is refused in words."""


class SlideForm(DeskForm):
    """The fields of a slide of the bulletin board."""

    heading = line("Heading", 120, [InputRequired(REQUIRED)])
    body = lines("Text")
    channel = SelectField("On", validators=[Optional()], default="")
    shown_from = DayField("From", validators=[InputRequired(REQUIRED)])
    shown_until = DayField("Last day (leave empty: until removed)", validators=[Optional()])
    seconds = NumberField("Seconds on screen", default=10.0)
    style = SelectField(
        "Look", choices=offered((style, style) for style in SLIDE_STYLES), default="plain"
    )
    layout = SelectField("Layout", default="text")
    second = lines("Second text")
    link = line("Address that the code leads to", 400)
    picture = SelectField("Picture", validators=[Optional()], default="")
    version = HiddenField()

    def process(self, formdata: Any = None, *args: Any, **filled: Any) -> None:
        """Read the fields; rows of events, where they were shown or typed, are the text of their
        layout.
        """
        super().process(formdata, *args, **filled)
        sent = self.meta.wrap_formdata(self, formdata)
        if sent is None or self.layout.data != "events":
            return
        columns = [sent.getlist(f"event-{name}")[:MOST_ROWS] for name in EVENT_FIELDS]
        rows = [SlideEvent(*map(str.strip, row)) for row in zip(*columns, strict=False)]
        typed = body_of(rows)
        if typed or sent.get("event-rows"):
            self.body.data = typed

    def events(self) -> list[SlideEvent]:
        """Return the rows of events to fill in: those of the text, and empty ones up to the most
        that a list holds.
        """
        known = list(events_of(str(self.body.data or ""))) if self.layout.data == "events" else []
        return known + [SlideEvent()] * (MOST_EVENTS - len(known))

    def draft(self, zone: ZoneInfo) -> SlideDraft:
        """Return the slide as typed; its days are whole days of `zone`."""
        last: date | None = self.shown_until.data
        until = ALWAYS_UNTIL
        if last is not None:
            until = instant(datetime.combine(last + timedelta(days=1), time()), zone)
        return SlideDraft(
            heading=self.heading.data.strip(),
            body=(self.body.data or "").strip(),
            channel=ChannelId(self.channel.data) if self.channel.data else None,
            shown_from=instant(datetime.combine(self.shown_from.data, time()), zone),
            shown_until=until,
            seconds=self.seconds.data or 0.0,
            style=self.style.data,
            layout=self.layout.data,
            second=(self.second.data or "").strip(),
            link=(self.link.data or "").strip(),
            picture=AssetId(self.picture.data) if self.picture.data else None,
        )
