"""The page of machines: which of a channel's two sends, how each is, and a button to change it."""

from datetime import datetime

from flask import Blueprint, Response, render_template, request, url_for

from config import bounded
from config.names import ChannelId
from playout.model.commands import Verb
from scheduler.actions import commands, pairs
from scheduler.actions.commands import Order
from scheduler.domain.air.pairs import LONGEST_QUIET, PairMachine
from scheduler.domain.model.ids import HostId
from scheduler.queries import grid, machines
from scheduler.refusals import Refused
from web.kit.context import actor, database, done, now, services

bp = Blueprint("machines", __name__, url_prefix="/settings/machines")
STATE_WORDS = {
    "sending": "sends",
    "standing by": "stands by",
    "stopped": "neither sends nor stands by",
}
USUAL_QUIET = 30


@bp.get("")
def home() -> str:
    """Show every channel with its machines."""
    return _page()


@bp.post("/<channel>")
def save(channel: str) -> Response | tuple[str, int]:
    """Set the two machines of a channel, or one."""
    form, of = request.form, ChannelId(channel)
    if not form.get("standby"):
        pairs.end_pair(database(), actor(), now(), of)
        return done(f"{grid.channel(database(), of).name} has one machine.", _home())
    try:
        pairs.set_pair(
            database(),
            actor(),
            now(),
            of,
            HostId(form.get("primary", "")),
            HostId(form.get("standby", "")),
            _quiet(),
        )
    except Refused as refused:
        return _page(of, refused), 422
    return done(f"{grid.channel(database(), of).name} has two machines.", _home())


@bp.post("/<channel>/move")
def move(channel: str) -> Response:
    """Let the other of a channel's two machines send from now on."""
    of, to = ChannelId(channel), HostId(request.form.get("to", ""))
    commands.give(database(), actor(), now(), of, Order(Verb.MOVE, to=to))
    name = grid.channel(database(), of).name
    return done(f"{name} moves within a few seconds. Viewers see no change.", _home())


def _quiet() -> int | None:
    """Return the minutes before a return by rule, None for only by hand. Raises Refused."""
    if request.form.get("returns") != "rule":
        return None
    minutes = bounded.whole(request.form.get("quiet", ""), 1, LONGEST_QUIET)
    if minutes is None:
        raise Refused({"quiet": pairs.QUIET_NEEDED})
    return minutes


def _home() -> str:
    return url_for("machines.home")


def _page(wrong: ChannelId | None = None, refused: Refused | None = None) -> str:
    """Show the page; with `refused`, what was typed for the channel `wrong`, and why not."""
    return render_template(
        "settings/machines.html",
        channels=machines.machines(database(), now(), services().needed_files),
        state_words=state_words,
        difference_words=difference_words,
        wrong=wrong,
        faults=_faults(refused),
        typed=request.form,
        usual_quiet=USUAL_QUIET,
    )


def _faults(refused: Refused | None) -> list[str]:
    if refused is None:
        return []
    return [*refused.field_errors.values()] or [str(refused)]


def state_words(one: PairMachine, at: datetime) -> str:
    """Say what a machine does; of a silent one, what it did when it was heard last."""
    if one.machine is None or one.status is None:
        return "never heard"
    if one.machine.is_silent(at):
        return "silent"
    if one.pair is None:
        return "on air"
    if one.pair.is_alone:
        return "sends, alone"
    return STATE_WORDS[one.pair.state]


def difference_words(one: PairMachine) -> str:
    """Say how far the clocks of the two machines are apart; empty while it is not known."""
    if one.pair is None or one.pair.clock_difference is None:
        return ""
    apart = abs(one.pair.clock_difference) * 1000
    return f"{apart:.1f} ms" if apart < 1000 else f"{apart / 1000:.1f} s"
