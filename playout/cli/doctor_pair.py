"""The doctor's look at a channel that two machines may send."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from config.finding import MachineFinding
from config.settings import ChannelSettings, Settings
from config.targetaddress import NotATarget
from config.targetgrammar import read
from playout.engine.watching.places import is_watchable
from playout.host.control_socket import ControlError, ask_agent

SILENT_AFTER = 3.0
"""Seconds without a word of the other machine or the witness from which something is wrong."""
NOT_READY = (
    "Wait while it starts or fetches files. If that stays, see Settings, Machines, for both."
)
"""What to do about a machine that says why it could not send."""
Asked = Callable[[Path], dict[str, Any]]


def pair_findings(settings: Settings, ask: Asked | None = None) -> list[MachineFinding]:
    """Return what is wrong with the second machine of each channel that has one. `ask` returns the
    status of the channel in a folder, and raises ControlError where its agent does not answer.
    """
    findings: list[MachineFinding] = []
    for name, channel in settings.channels.items():
        if channel.pair is not None:
            findings += _of_settings(name, channel)
            findings += _of_status(name, settings.channel_dir(name), ask or _status)
    return findings


def _status(folder: Path) -> dict[str, Any]:
    return ask_agent(folder, verb="status")


def _of_settings(name: str, channel: ChannelSettings) -> Iterator[MachineFinding]:
    pair = channel.pair
    assert pair is not None
    try:
        pair.secret()
    except ValueError as error:
        fix = "Write the same one on both machines: openssl rand -hex 32"
        yield MachineFinding("wrong", f"{name}: {error}.", fix)
    if pair.listen == pair.peer:
        fix = f"Write the other machine's address as peer under [channels.{name}.pair]"
        yield MachineFinding("wrong", f"{name}: both machines have one address.", fix)
    if pair.when_alone == "continue":
        text = f"{name}: this machine continues when it is alone, so both may send together."
        fix = 'Set when_alone = "stop" once the other machine is back.'
        yield MachineFinding("note", text, fix)
    if not channel.watch_output:
        text = (
            f"{name}: no watcher looks at what leaves, so the standby cannot see the output fail."
        )
        fix = f"Leave watch_output out of [channels.{name}] on both machines."
        yield MachineFinding("note", text, fix)
    elif not any(map(_is_watchable, channel.outputs)):
        text = f"{name}: no output is a multicast, so the standby sees nothing of what is sent."
        fix = (
            "Add a multicast under outputs on both machines. Without one the standby knows the "
            "other machine's heartbeat and its own word alone."
        )
        yield MachineFinding("note", text, fix)


def _is_watchable(output: str) -> bool:
    """Return whether the other machine can receive an output; one that cannot be read is found
    elsewhere.
    """
    try:
        return is_watchable(read(output))
    except NotATarget:
        return True


def _of_status(name: str, folder: Path, ask: Asked) -> Iterator[MachineFinding]:
    try:
        told = ask(folder)
    except ControlError:
        text = f"{name}: the other machine is not known while this channel is off."
        yield MachineFinding("note", text, f"Start it: systemctl start gavel-playout@{name}")
        return
    said = told.get("status", told)
    pair = said.get("pair") if isinstance(said, dict) else None
    if not isinstance(pair, dict):
        fix = f"Look for `peer link` in the log: journalctl -u gavel-playout@{name}"
        yield MachineFinding("wrong", f"{name}: the link to the other machine does not run.", fix)
        return
    yield MachineFinding("good", f"{name}: this machine is {pair['state']}. {pair['why']}")
    yield from _of_voters(name, pair)
    for reason in pair["not_ready"]:
        text = f"{name}: it is not ready for a change. {reason}"
        yield MachineFinding("wrong", text, NOT_READY)


def _of_voters(name: str, pair: dict[str, Any]) -> Iterator[MachineFinding]:
    if not 0 <= pair["peer_heard"] < SILENT_AFTER:
        fix = (
            "Compare listen, peer and key on both, open that UDP port, and see that the other "
            "machine's channel runs."
        )
        yield MachineFinding("wrong", f"{name}: the other machine is not heard.", fix)
    if not 0 <= pair["witness_heard"] < SILENT_AFTER:
        text = f"{name}: the server does not vote. If the other machine fails too, nothing sends."
        fix = "Check server_url and host_key, and that the server's web pages answer."
        yield MachineFinding("wrong", text, fix)
    difference = pair["clock_difference"]
    if difference is not None:
        text = f"{name}: the two machines' clocks differ by {1000 * abs(difference):.1f} ms."
        yield MachineFinding("good", text)
