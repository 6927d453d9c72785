"""An emergency message as viewers will see it, and its state on each channel."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from PIL import Image

from media.slides.draw import bulletin
from media.strips import strip, strip_rows
from playout.model.commands import Verb
from playout.model.events import MessagePlacement
from scheduler.queries.onair import CommandStatus, OnAir
from web.kit import words

STYLE = "urgent"
BENEATH_GREY = (64, 68, 74)
"""Grey that stands for the picture beneath a strip, since nobody knows what will be on."""
SHOWN_WITHIN_SECONDS = 10.0
"""Seconds a machine has to show a message before it is reported as not shown."""


@dataclass(frozen=True)
class MessageState:
    """The state of emergency messages on a channel: a word, and the rest in a sentence."""

    state: str
    """`red` on air, `amber` needs a person, `selected` on its way, empty for no message."""
    word: str
    said: str = ""
    text: str = ""
    """The message in force."""


def message_state(on: OnAir, now: datetime) -> MessageState:
    """Return the state of the channel's newest message, as its broadcast machine reports it."""
    message = on.status.message if on.status else None
    in_force = message is not None and message.until > now
    command = _newest(on)
    if command is not None and command.verb == Verb.EMERGENCY and command.answer != "accepted":
        return _sent(command, _silence(on))
    if on.state != "on air":
        held = message.text if message is not None and in_force else ""
        was_shown = held and on.status is not None and on.status.message_shown
        word = "on air at its last report" if was_shown else "machine silent"
        return MessageState("amber", word, _silence(on), held)
    if on.status is None or message is None or not in_force:
        return MessageState("", "no message")
    since, until = (words.clock(at, on.channel.tz) for at in (message.at, message.until))
    text = f"Ends automatically at {until}. Sent by {message.by}."
    if command is not None and command.verb == Verb.CLEAR and command.answer == "waiting":
        return MessageState("red", "being taken down", text, message.text)
    if on.status.message_shown:
        return MessageState("red", f"on air since {since}", text, message.text)
    if (now - message.at).total_seconds() <= SHOWN_WITHIN_SECONDS:
        return MessageState("selected", "sending", f"The machine has it. {text}", message.text)
    why = "The machine has it but does not show it. Check the On air page."
    return MessageState("amber", "not shown", f"{why} {text}", message.text)


def _newest(on: OnAir) -> CommandStatus | None:
    return next((one for one in on.commands if one.verb in (Verb.EMERGENCY, Verb.CLEAR)), None)


def _silence(on: OnAir) -> str:
    """Say since when the broadcast machine has been silent; empty while it reports."""
    if on.state == "on air":
        return ""
    if on.heard_at is None:
        return "Its broadcast machine has never reported, so a message would not reach it."
    at = words.clock(on.heard_at, on.channel.tz)
    return f"Its broadcast machine has been silent since {at}, so a message would not reach it."


def _sent(command: CommandStatus, silence: str) -> MessageState:
    """Return the state of a message that was sent and is not known to be in force."""
    if command.answer == "waiting":
        return MessageState("selected", "sending", silence or "Waiting for the broadcast machine.")
    if command.answer == "refused":
        return MessageState(
            "amber", "not shown", f"The broadcast machine refused it. {command.reason}"
        )
    return MessageState(
        "amber", "no answer", silence or "The broadcast machine did not answer. Send it again."
    )


def preview(text: str, placement: MessagePlacement, width: int, height: int, station: str) -> bytes:
    """Draw the message as a PNG of the channel's size, with the code that draws it on air."""
    if placement is MessagePlacement.FULL:
        canvas = bulletin("", text, STYLE, width, height, station)
    else:
        canvas = Image.new("RGB", (width, height), BENEATH_GREY)
        canvas.paste(strip(text, STYLE, width, height), (0, height - strip_rows(height)))
    out = BytesIO()
    canvas.save(out, "PNG", compress_level=1)
    return out.getvalue()
