"""The doctor's look at the outputs of a channel: as they are written, and how the stream fares."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from config.clock import machine_zone
from config.disk import existing_folder
from config.finding import MachineFinding
from config.sizes import bytes_words
from config.targetaddress import (
    FileTarget,
    HlsTarget,
    NotATarget,
    RtmpTarget,
    ScreenTarget,
    SrtTarget,
    Target,
    secret_of,
)
from config.times import stamped
from playout.engine.libsrt import MISSING, is_installed
from playout.engine.links.target_state import TargetState, read_state, state_file
from playout.engine.outputs.window import ScreenError, ScreenWindow
from playout.processes.outputs import checked_targets

NEWS_FOR = timedelta(minutes=1)
"""Age up to which the state of a target is that of a running channel."""


def output_finding(
    channel: str, number: int, text: str, display: str, folder: Path, now: datetime
) -> MachineFinding:
    """Judge one output. `number` is its place among the channel's outputs, from 0; `folder` holds
    the channel's state.
    """
    where = f"{channel}, output {number + 1}"
    fix = f"Fix outputs under [channels.{channel}]"
    try:
        target = checked_targets([text])[0]
        if isinstance(target, ScreenTarget):
            ScreenWindow.look(display)
        if isinstance(target, SrtTarget):
            secret_of(target.passphrase, target.passphrase_file)
        if isinstance(target, RtmpTarget):
            secret_of(target.key, target.key_file)
    except NotATarget as error:
        return MachineFinding("wrong", f"{where}: {error}", fix)
    except ScreenError as error:
        fix = (
            "Start its X server: systemctl start gavel-screen (docs/install.md). Or name another: "
            f"display under [channels.{channel}]"
        )
        return MachineFinding("wrong", f"{where}: {error}.", fix)
    if isinstance(target, SrtTarget) and not is_installed():
        fix = "Install it: apt install libsrt1.5-gnutls"
        return MachineFinding("wrong", f"{where}: {MISSING}", fix)
    lacking = _folder_lacking(target)
    if lacking is not None:
        fix = f"Create it, and let the service's user write there: mkdir -p {lacking}"
        return MachineFinding("wrong", f"{where}: the folder {lacking} cannot be written.", fix)
    return _running(where, target, _newest(folder, number, now))


def _folder_lacking(target: Target) -> Path | None:
    """Return the folder that a target would write to but cannot."""
    if isinstance(target, FileTarget) and not os.access(target.path.parent, os.W_OK):
        return target.path.parent
    if isinstance(target, HlsTarget) and not os.access(existing_folder(target.folder), os.W_OK):
        return target.folder
    return None


def _newest(folder: Path, number: int, now: datetime) -> TargetState | None:
    path = state_file(folder, number)
    try:
        is_new = now.timestamp() - path.stat().st_mtime < NEWS_FOR.total_seconds()
    except OSError:
        return None
    return read_state(path) if is_new else None


def _running(where: str, target: Target, state: TargetState | None) -> MachineFinding:
    if state is not None and state.shown == target.shown and state.problem:
        fix = "It is tried again by itself; check the other side and the network."
        return MachineFinding("wrong", f"{where}: {state.problem}{_lasting(state)}", fix)
    note = f" {state.note}" if state is not None and state.note else ""
    return MachineFinding("good", f"{where} goes to {target.shown}.{note}")


def _lasting(state: TargetState) -> str:
    """Return since when a target has failed, and what was dropped for it; empty if unknown."""
    if state.failing_since is None:
        return ""
    since = stamped(state.failing_since, machine_zone())
    return f" That began at {since}. Dropped so far: {bytes_words(state.dropped)}."
