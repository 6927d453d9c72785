"""The captioner process: it hears the live on air, and ends when no live is to be heard."""

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from config.child import beat
from config.clock import Clock
from media.speech.whisper import WhisperRecognizer
from media.speech.words import SPEECH_RATE, Speech, SpeechError
from playout.engine.captioner.hearing import ProgramSound
from playout.engine.captioner.writer import LiveCaptions
from playout.engine.links.caption_names import KnownNames
from playout.engine.links.ring import Ring
from playout.engine.links.spoken import SpokenLine, live_to_hear

log = logging.getLogger(__name__)
LISTENS_EVERY = 0.1
"""Seconds between two looks at the program ring, which holds about one."""
MOST_BEHIND = 20.0
"""Seconds of sound that may wait: a machine that is slower leaves the oldest out."""
IDLE_FOR = 60.0
"""Seconds without a live after which the process ends and gives back its memory."""


class SoundQueue:
    """Sound of the live on air between the thread that reads the ring and the one that hears it."""

    def __init__(self, ring: Ring, clock: Clock) -> None:
        self._ring, self._clock = ring, clock
        self._blocks: deque[tuple[int, Speech]] = deque()
        self._lock = threading.Lock()
        self.skipped = 0.0
        """Seconds of sound left out because the machine was too slow."""

    def listen(self) -> None:
        """Read the ring until the process ends."""
        sound = ProgramSound(self._ring)
        while True:
            live, block = live_to_hear(self._ring), sound.new()
            with self._lock:
                if live and len(block):
                    self._blocks.append((live, block))
                while self._held() > MOST_BEHIND:
                    self.skipped += len(self._blocks.popleft()[1]) / SPEECH_RATE
            self._clock.wait(LISTENS_EVERY)

    def take(self) -> list[tuple[int, Speech]]:
        """Return the blocks that wait, each with the number of its live."""
        with self._lock:
            blocks = list(self._blocks)
            self._blocks.clear()
        return blocks

    def _held(self) -> float:
        return sum(len(block) for _, block in self._blocks) / SPEECH_RATE


def run_captioner(program: int, line: int, model: Path, folder: Path, clock: Clock) -> None:
    """Write captions of lives until none was to be heard for IDLE_FOR seconds; `folder` is the
    channel's.
    """
    os.nice(10)
    ring = Ring(program)
    queue = SoundQueue(ring, clock)
    threading.Thread(target=queue.listen, name="sound", daemon=True).start()
    try:
        recognizer = WhisperRecognizer(model)
    except SpeechError as error:
        log.error("%s", error)
        clock.wait(IDLE_FOR)
        return

    def begin() -> LiveCaptions:
        return LiveCaptions(recognizer, names.now)

    names = KnownNames(folder)
    write_captions(ring, queue, SpokenLine(line), begin, clock)


def write_captions(
    ring: Ring,
    queue: SoundQueue,
    line: SpokenLine,
    begin: Callable[[], LiveCaptions],
    clock: Clock,
) -> None:
    """Hear what the queue holds, and hand over captions, until there is no live any more. Each live
    has captions that `begin` makes.
    """
    live, captions, idle = 0, begin(), 0.0
    said = 0.0
    while idle < IDLE_FOR:
        for number, block in queue.take():
            if number != live:
                live, captions = number, begin()
            try:
                line.say(live, captions.hear(block))
            except SpeechError as error:
                log.error("%s It begins anew.", error)
                captions = begin()
            beat()
        if queue.skipped > said + MOST_BEHIND:
            said = queue.skipped
            log.warning("%.0f s of speech were left out: this machine is too slow", said)
        idle = 0.0 if live_to_hear(ring) else idle + LISTENS_EVERY
        beat()
        clock.wait(LISTENS_EVERY)
