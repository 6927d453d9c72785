"""One endless libVLC input that calls this process for every frame and block of sound (imem)."""

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

from config.names import HouseFormat
from playout.engine.links.fed import FedLine
from playout.engine.links.ring import Picture
from playout.engine.outputs.weave import FrameFeed
from playout.engine.priority import ask_for_realtime
from playout.engine.vlc.instance import VlcError, has_stopped, new_instance
from playout.engine.vlc.threads import CallingThreads

_Get = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_int64),
    ctypes.POINTER(ctypes.c_int64),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_size_t),
    ctypes.POINTER(ctypes.c_void_p),
)
_Release = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p
)
_PICTURE = b"v"
Over = Callable[[int, Picture, bytes], Picture]
"""A function of a picture's stamp in microseconds, the picture, and its captions. It returns the
picture to show, and leaves the one that it got as it is."""
CACHING_MS = 500


class VlcFeed:
    """Feeds libVLC from a feed of frames until the process ends."""

    def __init__(
        self,
        feed: FrameFeed,
        house: HouseFormat,
        sout: str,
        display: str = "",
        window: int = 0,
        line: FedLine | None = None,
        over: Over | None = None,
    ) -> None:
        """Make a libVLC that is fed. `line` is told of every picture before libVLC has it; `over`
        draws what only this output shows.
        """
        self._feed, self._house, self._line, self._over = feed, house, line, over
        screen = ("--x11-display=" + display,) if display else ()
        self._vlc = new_instance(("--sout-mux-caching=200", *screen))
        self._player = self._vlc.media_player_new()
        if window:
            self._player.set_xwindow(window)
            self._player.video_set_mouse_input(0)
            self._player.video_set_key_input(0)
        self._next = {_PICTURE: 0, b"a": 0}
        self._threads = CallingThreads()
        self._lent: dict[bytes, Any] = {}
        self._get, self._release = _Get(self._give), _Release(lambda *_: 0)
        self._sout = sout
        self.taken = 0
        """The last tick whose picture libVLC took."""

    def start(self) -> None:
        """Start libVLC. Raises VlcError when it does not start."""
        house, rate = self._house, f"{self._feed.rate.numerator}/{self._feed.rate.denominator}"
        media = self._vlc.media_new(
            f"imem://cat=2:codec=I420:width={house.width}:height={house.height}"
            f":dar={house.width}/{house.height}:fps={rate}:cookie=v:id=1:group=1"
        )
        sound = "imem://cat=1:codec=s16l:channels=2:samplerate=48000:cookie=a:id=2:group=1"
        media.add_option(f":input-slave={sound}")
        for name, function in (("get", self._get), ("release", self._release)):
            where = ctypes.cast(function, ctypes.c_void_p).value
            media.add_option(f":imem-{name}={where}")
        media.add_option(f":imem-caching={CACHING_MS}")
        if self._sout:
            media.add_option(f":sout={self._sout}")
            media.add_option(":sout-keep")
        self._player.set_media(media)
        if self._player.play() != 0:
            raise VlcError("libVLC would not start the output")

    @property
    def stopped(self) -> bool:
        """Tell whether libVLC has ended, which it never does in good order."""
        return has_stopped(self._player)

    def _give(
        self, _data: Any, cookie: bytes, dts: Any, pts: Any, _flags: Any, size: Any, out: Any
    ) -> int:
        if self._threads.enter():
            ask_for_realtime()
        number = self._next[cookie]
        self._next[cookie] = number + 1
        fed = self._feed.at(number)
        if cookie == _PICTURE:
            lent = fed.picture
            self.taken = fed.tick
            self._feed.forget_picture(number)
            stamp = self._feed.microseconds(number)
            if self._line is not None:
                self._line.feed(stamp, fed.captions, fed.tick)
            if self._over is not None:
                lent = self._over(stamp, lent, fed.captions)
        else:
            lent = np.ascontiguousarray(fed.sound)
        self._lent[cookie] = lent
        dts[0] = pts[0] = self._feed.microseconds(number)
        size[0] = lent.nbytes
        out[0] = lent.ctypes.data
        return 0
