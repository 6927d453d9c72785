"""The process of one target: its address from the settings, its bytes from the relay."""

import os
from dataclasses import replace
from pathlib import Path

from config.child import beat
from config.clock import Clock, SystemClock
from config.names import displayed_width
from config.settings import ChannelSettings, load_settings
from config.targetaddress import FileTarget, HlsTarget, NotATarget, RtmpTarget, SrtTarget, Target
from config.targetgrammar import read
from playout.engine.format.ticks import NS
from playout.engine.links.gate import Gate
from playout.engine.links.target_state import read_state, state_file
from playout.engine.targets.file import FileSender
from playout.engine.targets.pipe import ChunkPipe
from playout.engine.targets.sender import TargetSender
from playout.engine.targets.srt import SrtCaller, SrtListener
from playout.engine.targets.state_writer import StateWriter
from playout.engine.targets.target_run import TargetRun

WAIT_SECONDS = 0.5
"""Longest wait for a chunk. A target without chunks beats all the same: the relay is not its
fault."""
TOLD_EVERY = 1.0
"""Seconds between two states on disk."""


def run_target(
    handle: int, channel: str, number: int, folder: Path, gate: Gate | None = None
) -> None:
    """Run the target that stands at place `number` of the channel's outputs, from 0, until it is
    killed. `handle` is the end of the pipe from which it reads; its state goes into `folder`. Where
    two machines may send the channel, `gate` says whether this one may.

    Raises NotATarget and SettingsError where the settings cannot be used.
    """
    settings = load_settings().channels[channel]
    target = read(settings.outputs[number])
    clock, pipe, path = SystemClock(), ChunkPipe(handle), state_file(folder, number)
    name = f"{os.getppid()}-{os.fstat(handle).st_ino}"
    before = read_state(path)
    resumes = before is not None and before.run == name
    sender = sender_for(target, settings, clock, resumes)
    run = TargetRun(sender, target.shown, clock, pipe.drain, before if resumes else None)
    carry(pipe, run, StateWriter(path), name, clock, gate)


def sender_for(
    target: Target, settings: ChannelSettings, clock: Clock, resumes: bool
) -> TargetSender:
    """Return what reaches a target. With `resumes` it goes on with what a process before this one
    began. Raises NotATarget for one that needs no process of its own.
    """
    if isinstance(target, FileTarget):
        return FileSender(target.path, resumes)
    if isinstance(target, SrtTarget):
        return SrtListener(target) if target.listens else SrtCaller(target)
    if isinstance(target, HlsTarget):
        from playout.engine.targets.hls import HlsSender

        return HlsSender(
            target,
            settings.house,
            settings.video_kbps,
            clock,
            settings.language,
            displayed_width(settings.house) if settings.coded_width else 0,
        )
    if isinstance(target, RtmpTarget):
        from playout.engine.targets.rtmp import RtmpSender

        return RtmpSender(target, settings.house, settings.video_kbps, clock, settings.coded_width)
    raise NotATarget(f"No process of its own sends to {target.shown}.")


def carry(
    pipe: ChunkPipe,
    run: TargetRun,
    writer: StateWriter,
    name: str,
    clock: Clock,
    gate: Gate | None = None,
) -> None:
    """Carry chunks from the pipe to the target until no one can write into the pipe any more."""
    told = clock.monotonic() - round(TOLD_EVERY * NS)
    while not pipe.has_ended:
        chunks = pipe.read(WAIT_SECONDS)
        # What waited in the pipe while this process stood still may belong to a time that is over.
        if gate is None or gate.is_open(clock.monotonic()):
            run.take(chunks)
        else:
            run.rest()
        beat()
        if clock.monotonic() - told >= TOLD_EVERY * NS:
            told = clock.monotonic()
            writer.write(replace(run.state, run=name))
    run.close()
