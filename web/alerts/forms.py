"""The form of a contact."""

from datetime import time, timedelta

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from playout.alerts.conditions import Severity
from scheduler.domain.model.alerts import ContactDraft, KnownContact, Way
from scheduler.domain.series.patterns import WEEKDAY_NAMES
from web.kit.bounds import WholeField, line
from web.kit.forms import REQUIRED, ClockField, DeskForm, offered, picked

WAYS = (
    (Way.MAIL.value, "mail"),
    (Way.WEBHOOK.value, "webhook"),
    (Way.SERVICE.value, "another service (Apprise)"),
)
SEVERITIES = (
    (Severity.URGENT.value, "urgent only: viewers see it now"),
    (Severity.IMPORTANT.value, "urgent and important"),
    (Severity.NOTICE.value, "everything"),
)
MINUTE = timedelta(minutes=1)


class ContactForm(DeskForm):
    """The fields of a contact: its address, and of which alerts it is told when."""

    name = line("Name", 80, [InputRequired(REQUIRED)])
    way = SelectField("Told by", choices=offered(WAYS), default=Way.MAIL.value)
    target = line("Address", 254, [InputRequired(REQUIRED)])
    channels = SelectMultipleField("Channels", validators=[Optional()])
    least = SelectField("Told of", choices=offered(SEVERITIES), default=Severity.IMPORTANT.value)
    after = WholeField("Minutes without an acknowledgement first", default=0)
    remind = WholeField("Remind every so many minutes", validators=[Optional()])
    days = SelectMultipleField(
        "Days", choices=offered((str(number), name) for number, name in enumerate(WEEKDAY_NAMES))
    )
    starts = ClockField("From", validators=[Optional()])
    until = ClockField("Until", validators=[Optional()])
    urgent_any_time = BooleanField("Urgent alerts at any hour", default=True)
    version = HiddenField()

    def draft(self) -> ContactDraft:
        """Return what was typed."""
        chosen = frozenset(picked(self.channels))
        remind = self.remind.data
        return ContactDraft(
            name=(self.name.data or "").strip(),
            way=Way(self.way.data),
            target=(self.target.data or "").strip(),
            channels=chosen or None,
            least=Severity(self.least.data),
            after=(self.after.data or 0) * MINUTE,
            remind=None if remind is None else remind * MINUTE,
            days=frozenset(map(int, picked(self.days))),
            starts=self.starts.data or time(0),
            until=self.until.data or time(0),
            urgent_any_time=bool(self.urgent_any_time.data),
        )


def filled(contact: KnownContact) -> ContactForm:
    """Return the form of a contact as saved."""
    draft = contact.draft
    return ContactForm(
        formdata=None,
        name=draft.name,
        way=draft.way.value,
        target=draft.target,
        channels=sorted(draft.channels or ()),
        least=draft.least.value,
        after=draft.after // MINUTE,
        remind=None if draft.remind is None else draft.remind // MINUTE,
        days=[str(day) for day in sorted(draft.days)],
        starts=draft.starts,
        until=draft.until,
        urgent_any_time=draft.urgent_any_time,
        version=str(contact.version),
    )


def empty() -> ContactForm:
    """Return the form of a new contact: every day, all day."""
    days = [str(day) for day in range(7)]
    return ContactForm(formdata=None, days=days, starts=time(0), until=time(0))
