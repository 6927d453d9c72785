"""Forms for a source put on air by hand and for an emergency message."""

from datetime import datetime, timedelta

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional

from playout.commands.limits import MOST_MESSAGE_CHARACTERS
from playout.model.events import MessagePlacement
from web.kit.bounds import line, lines
from web.kit.forms import REQUIRED, DeskForm, offered

MESSAGE_TOO_LONG = f"Use up to {MOST_MESSAGE_CHARACTERS} characters: viewers cannot read more."
DURATIONS = (
    ("15", "15 minutes"),
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
)
PLACEMENTS = (
    (MessagePlacement.STRIP.value, "a strip over the picture"),
    (MessagePlacement.FULL.value, "the full screen, without sound"),
)


class OverrideForm(DeskForm):
    """A source to put on air now, and when the schedule resumes."""

    source = SelectField("Source", validators=[InputRequired(REQUIRED)])
    text = line("Title, as viewers see it", 200, [Optional()])
    minutes = SelectField("Back to the schedule after", choices=offered(DURATIONS), default="30")


class EmergencyForm(DeskForm):
    """A message over whatever is on air, on chosen channels, with an end time."""

    text = lines(
        "Message",
        [InputRequired(REQUIRED), Length(max=MOST_MESSAGE_CHARACTERS, message=MESSAGE_TOO_LONG)],
    )
    placement = SelectField(
        "Shown as", choices=offered(PLACEMENTS), default=MessagePlacement.STRIP.value
    )
    channels = SelectMultipleField("On", validators=[InputRequired("Choose a channel.")])
    minutes = SelectField("Ends after", choices=offered(DURATIONS), default="60")


def until(minutes: str, now: datetime) -> datetime:
    """Return the instant so many minutes from now, to the second."""
    return (now + timedelta(minutes=int(minutes))).replace(microsecond=0)
