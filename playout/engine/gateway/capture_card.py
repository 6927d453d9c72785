"""A capture card in this machine as a live source: picture from V4L2, sound from ALSA."""

import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import av
from av.container import InputContainer

from config.clock import Clock
from playout.engine.gateway.address import SourceOpening
from playout.engine.gateway.encode import Encoder, encoder_of
from playout.engine.gateway.source import OPEN_SECONDS, READ_SECONDS, SourceError
from playout.engine.links.packets import CodedPacket, StreamFormat


class DeviceSource:
    """A capture card: its picture from V4L2 and, if the address names a sound card, its sound from
    ALSA.
    """

    def __init__(self, how: SourceOpening, clock: Clock) -> None:
        self._clock = clock
        limits = (OPEN_SECONDS, READ_SECONDS)
        self._picture = av.open(how.url, format="v4l2", options=how.options, timeout=limits)
        self._sound = None
        if "audio" in how.query:
            self._sound = av.open(how.query["audio"], format="alsa", timeout=limits)
        self._video = encoder_of(self._picture.streams.video[0], 0)
        self._audio = Encoder.sound(1)
        self._over = threading.Event()
        self._pumps: list[threading.Thread] = []

    @property
    def format(self) -> StreamFormat:
        """The tracks of its packets."""
        sound = (self._audio.track,) if self._sound is not None else ()
        return StreamFormat((self._video.track, *sound))

    def packs(self) -> Iterator[CodedPacket]:
        """Yield packets as they arrive. Raises SourceError when the card is gone."""
        waiting: queue.Queue[list[CodedPacket] | Exception] = queue.Queue(400)
        lanes = [(self._picture, self._video)]
        if self._sound is not None:
            lanes.append((self._sound, self._audio))
        for lane in lanes:
            pump = threading.Thread(target=self._pump, args=(*lane, waiting), daemon=True)
            self._pumps.append(pump)
            pump.start()
        while True:
            try:
                got = waiting.get(timeout=READ_SECONDS)
            except queue.Empty:
                raise SourceError("Nothing arrives from the capture card.") from None
            if isinstance(got, Exception):
                raise SourceError("The capture card broke off.") from got
            yield from got

    def _pump(self, container: InputContainer, encoder: Encoder, waiting: Any) -> None:
        with suppress(queue.Full):
            try:
                for frame in container.decode(container.streams[0]):
                    if self._over.is_set():
                        return
                    if isinstance(frame, av.VideoFrame | av.AudioFrame) and frame.pts is not None:
                        waiting.put_nowait(encoder.encode(frame, self._clock.monotonic()))
                waiting.put_nowait(SourceError("ended"))
            except (av.FFmpegError, OSError, ValueError) as error:
                waiting.put_nowait(error)

    def close(self) -> None:
        """Close the card when its reading threads have ended: libav crashes during a read."""
        self._over.set()
        for pump in self._pumps:
            pump.join()
        self._picture.close()
        if self._sound is not None:
            self._sound.close()
