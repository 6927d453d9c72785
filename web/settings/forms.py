"""Forms of channels and broadcast machines, and the words for roles."""

from datetime import timedelta

from wtforms.fields import HiddenField
from wtforms.validators import InputRequired

from scheduler.domain.model.channel import ChannelDraft
from web.kit.bounds import WholeField, line
from web.kit.forms import REQUIRED, DeskForm

"""What each role may do, in the words of the people page."""


class ChannelForm(DeskForm):
    """The settings of a channel."""

    slug = line("Short name in addresses", 32, [InputRequired(REQUIRED)])
    name = line("Name", 80, [InputRequired(REQUIRED)])
    numbers = line("Channel numbers by provider", 200)
    zone = line("Time zone", 64, [InputRequired(REQUIRED)])
    format = line("House format", 40, [InputRequired(REQUIRED)])
    station = line("Station name on the slate", 80)
    slate_text = line("Slate text", 200)
    watch = line("Watch on the web", 400)
    repeat_minutes = WholeField("Minutes before filler repeats", default=60)
    version = HiddenField()

    def draft(self) -> ChannelDraft:
        """Return what was typed."""
        text = {
            name: (self[name].data or "").strip()
            for name in (
                "slug",
                "name",
                "numbers",
                "zone",
                "format",
                "station",
                "slate_text",
                "watch",
            )
        }
        again = timedelta(minutes=self.repeat_minutes.data or 0)
        return ChannelDraft(filler_no_repeat=again, **text)


class HostForm(DeskForm):
    """The name of a broadcast machine."""

    name = line("Name of the machine", 120, [InputRequired(REQUIRED)])
