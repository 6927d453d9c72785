"""The decoder of files: the only code that plays anything through libVLC on a deck."""

import ctypes
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import vlc

from config.clock import Clock
from playout.engine.format.framing import PictureBox
from playout.engine.links.ring import Picture, Sound
from playout.engine.vlc.callbacks import (
    Canvas,
    Cleanup,
    Display,
    Format,
    Lock,
    Play,
    Unlock,
    new_canvas,
    pitches_of,
)
from playout.engine.vlc.file_options import JOIN_DEMUXERS, demux_options, family_of, track_options
from playout.engine.vlc.instance import RESAMPLER, VlcError, new_instance
from playout.engine.vlc.media_tracks import tracks_of
from playout.engine.vlc.threads import CallingThreads
from playout.engine.vlc.tracks import FileTracks, merge_tracks, read_tracks

DECK_OPTIONS = ("--avcodec-hw=none", "--codec=avcodec,any", "--no-avcodec-hurry-up", RESAMPLER)
"""libVLC's own decoder of MPEG sound is 48 ms late, so libav's comes first. Hurrying up loses
pictures: after eleven late ones libVLC drops some, and the rest would be out of place for good."""
HURRY = ":avcodec-hurry-up"
"""Allowed for a join in progress only: without it libVLC skips every B picture for good after a
seek."""
ONE_THREAD, ONE_THREAD_UP_TO = ":avcodec-threads=1", 1920 * 1080 * 30
"""libVLC's word for a decoder without threads of its own, and the pixels a second up to which it
keeps up with ease. It takes a tenth less of the processor and 20 MB less in 720p. A join in
progress has them, because it must decode many pictures before its first."""
PAUSE_AT_END = ":play-and-pause"
"""Pause a file at its end, so that `drain` can step out its last picture, which is often lost
otherwise."""
STOP_TIME = ":stop-time"
"""Stop with the picture: an MP4 whose sound goes on keeps its last pictures back until that
ends."""
DRAIN_STEP_NS = 50_000_000
"""Nanoseconds that one step of the drain may take to bring a picture."""
DRY_STEPS = 3
"""Steps without a new picture after which libVLC holds no more."""
DEINTERLACER = "x"
"""The deinterlacer that neither repeats its first picture nor delivers a picture late."""
PARSE_MS = 2000
REDISPLAY_AFTER_US = 50_000
"""Microseconds after which an equal picture may be a repetition: libVLC shows its last one again,
undated, some 80 ms after it when no other came; sooner by the time that drawing takes on a busy
machine."""
DOUBLED_WITHIN_US = 10_000
"""Microseconds within which libVLC sometimes shows the first picture twice, while it sets up its
filters."""
SHARP_WAIT_US = 1_000
"""Microseconds between drawing and showing a picture that prove it was in time: libVLC waited
(measured: 4 ms and more)."""
_POOL = 4
"""Pictures that libVLC keeps between its filters and ours."""


class Sink(Protocol):
    """The receiver of decoded pictures and sound. libVLC's threads call it."""

    def lend(self, shown: Canvas | None) -> Canvas | None:
        """Return memory to draw the next picture into, which is not that of `shown`; None where the
        decoder should take its own.
        """

    def picture(self, source: Sequence[Picture], date: int, sharp: bool) -> None: ...

    def sound(self, block: Sound, date: int) -> None: ...


class VlcDecoder:
    """One media player, reused for every file. Pictures arrive at about their time.

    One player, because memory grows by 26 MB in a thousand files with a new player for each, and by
    1.6 MB with one.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._threads = clock, CallingThreads()
        self._vlc = new_instance(DECK_OPTIONS)
        self._player = self._vlc.media_player_new()
        self._media: Any = None
        self._sink: Sink | None = None
        self._box = PictureBox(0, 0, 2, 2)
        self._canvases: list[Canvas] = []
        """Two, drawn into in turn: the picture before is still needed, to compare."""
        self._drawn: Canvas | None = None
        """What libVLC draws into, or drew into last: one of these, or memory of the sink."""
        self._still = self._is_small = False
        """Whether it is a still, and whether one thread decodes it in time."""
        self._joining = ""
        """The demultiplexer option for joining the file in progress, where that needs another
        one."""
        self._shown: Canvas | None = None
        self._shown_at = self._drawn_at = 0
        self._count = 0
        self._asked, self._asked_count, self._dry = 0, 0, 0
        self._busy = self._resting = False
        """Whether the sink has a picture just now, and whether the last two shown were equal."""
        self._joined = False
        """Whether playback began with a seek. Then the first picture may be the key frame it
        started from."""
        self.ended = False
        """Whether the file played to its end, or to where it broke."""
        self.failed = False
        """Whether libVLC could not open it."""
        self._callbacks = self._set_callbacks()
        events = self._player.event_manager()
        events.event_attach(vlc.EventType.MediaPlayerEndReached, self._on_end)
        events.event_attach(vlc.EventType.MediaPlayerEncounteredError, self._on_error)

    def _on_end(self, _event: object) -> None:
        self.ended = True

    def _on_error(self, _event: object) -> None:
        self.failed = True

    def open(self, path: str, still: bool) -> FileTracks:
        """Open a file and return its tracks. Nothing plays yet. Raises VlcError when it cannot be
        read.
        """
        self.close()
        self._still = still
        self._media = vlc.libvlc_media_new_path(self._vlc, path.encode())
        if self._media is None:
            raise VlcError(f"{path} cannot be opened")
        if still:
            self._media.add_option(":image-duration=2")
        family = family_of(path)
        if family is None:
            raise VlcError(f"{path} is not a kind of file Gavel can read")
        self._joining = JOIN_DEMUXERS.get(family.name, "")
        self._add(*demux_options(family))
        self._media.parse_with_options(vlc.MediaParseFlag.local, PARSE_MS)
        deadline = self._clock.monotonic() + PARSE_MS * 1_000_000
        while self._media.get_parsed_status() == 0 and self._clock.monotonic() < deadline:
            self._clock.wait(0.003)
        if self._media.get_parsed_status() == vlc.MediaParsedStatus.skipped:
            raise VlcError(f"{path} is not a kind of file libVLC can read")
        seen = FileTracks() if self._still else read_tracks(path, family)
        self._add(*track_options(seen))
        tracks = merge_tracks(tracks_of(self._media), seen)
        rate = tracks.rate or 0
        self._is_small = 0 < tracks.width * tracks.height * rate <= ONE_THREAD_UP_TO
        return tracks

    def _add(self, *options: str) -> None:
        for option in options:
            self._media.add_option(option)

    def play(
        self, sink: Sink, box: PictureBox, start: float, interlaced: bool, stop: float | None = None
    ) -> None:
        """Decode into `sink` from `start` to `stop` seconds, with pictures scaled to fit `box`."""
        self._sink, self._box = sink, box
        self.ended = self.failed = False
        self._shown = self._drawn = None
        self._count, self._joined = 0, start > 0
        self._asked, self._asked_count, self._dry = 0, 0, 0
        self._resting = False
        if not self._still:
            self._media.add_option(PAUSE_AT_END)
        if stop is not None:
            self._media.add_option(f"{STOP_TIME}={stop:.6f}")
        if not start and self._is_small:
            self._add(ONE_THREAD)
        if start > 0:
            own = (self._joining,) if self._joining else ()
            self._add(f":start-time={start:.6f}", HURRY, *own)
        self._player.set_media(self._media)
        self._player.video_set_deinterlace(DEINTERLACER if interlaced else None)
        if self._player.play() != 0:
            raise VlcError("libVLC would not play it")

    @property
    def draining(self) -> bool:
        """Tell whether its last pictures are being stepped out."""
        return bool(self._asked)

    def drain(self) -> None:
        """At the end of a file, step out the pictures that libVLC still holds. Call it often.

        `ended` becomes true when there are no more.
        """
        if self.ended or self._sink is None or self._player.get_state() != vlc.State.Paused:
            return
        now = self._clock.monotonic()
        if self._busy or now - self._asked < DRAIN_STEP_NS:
            return
        self._dry = self._dry + 1 if self._asked and self._count == self._asked_count else 0
        if self._dry >= DRY_STEPS:
            self.ended = True
            return
        self._asked, self._asked_count = now, self._count
        self._player.next_frame()

    def close(self) -> None:
        """Stop and release the file. The sink must not block any more."""
        if self._media is not None:
            self._player.stop()
            self._media.release()
            self._threads.forget_ended()
        self._media, self._sink = None, None

    def _set_callbacks(self) -> tuple[object, ...]:
        player, library = self._player, vlc.dll
        video = (Lock(self._lock), Unlock(self._unlock), Display(self._display))
        shape = (Format(self._format), Cleanup(lambda *_: None))
        sound = Play(self._play)
        nothing = ctypes.c_void_p(None)
        handle = player._as_parameter_
        library.libvlc_video_set_callbacks(handle, *video, nothing)
        library.libvlc_video_set_format_callbacks(handle, *shape)
        library.libvlc_audio_set_callbacks(
            handle, sound, nothing, nothing, nothing, nothing, nothing
        )
        player.audio_set_format("S16N", 48000, 2)
        return video, shape, sound

    def _format(self, _o: Any, chroma: Any, width: Any, height: Any, pitch: Any, rows: Any) -> int:
        chroma.contents[:] = b"I420"
        across, down = self._box.width, self._box.height
        width[0], height[0] = across, down
        pitches = pitches_of(across)
        lines = [down + down % 2, (down + 1) // 2, (down + 1) // 2]
        for index in range(3):
            pitch[index], rows[index] = pitches[index], lines[index]
        self._canvases = [new_canvas(pitches, lines) for _ in range(2)]
        return _POOL

    def _lock(self, _opaque: Any, out: Any) -> int:
        """Lend libVLC memory for its next picture: never that of the one shown last."""
        self._threads.enter()
        sink, which = self._sink, 1 if self._shown is self._canvases[0] else 0
        lent = sink.lend(self._shown) if sink is not None else None
        self._drawn = drawn = lent or self._canvases[which]
        for index, start in enumerate(drawn.starts):
            out[index] = start
        return 1

    def _unlock(self, *_: object) -> None:
        self._drawn_at = self._clock.monotonic() // 1000

    def _display(self, *_: object) -> None:
        sink, shown, before = self._sink, self._drawn, self._shown
        if sink is None or shown is None:
            return
        date = self._clock.monotonic() // 1000
        gap, self._shown_at = date - self._shown_at, date
        same = before is not None and shown.is_like(before)
        sharp = date - self._drawn_at > SHARP_WAIT_US
        if same and not sharp and self._is_again(gap):
            return
        self._shown = shown
        self._resting = same and not self._asked
        self._count += 1
        if self._joined and self._count == 1:
            return
        self._busy = True
        sink.picture(shown.planes, date, sharp)
        self._busy = False

    def _is_again(self, gap: int) -> bool:
        """Return whether a picture equal to the one before it is that one, shown again."""
        if self._asked:
            self._resting, held = False, self._resting
            return not held
        return gap > REDISPLAY_AFTER_US or (self._count == 1 and gap < DOUBLED_WITHIN_US)

    def _play(self, _opaque: Any, samples: int, count: int, date: int) -> None:
        self._threads.enter()
        sink = self._sink
        if sink is not None:
            raw = memoryview((ctypes.c_uint8 * (count * 4)).from_address(samples))
            block: Sound = np.ndarray((count, 2), dtype=np.int16, buffer=raw)
            sink.sound(block, date)
