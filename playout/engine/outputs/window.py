"""The screen of a broadcast machine: one bare window that covers it, with or without a desktop."""

import ctypes
import logging
from typing import Any

log = logging.getLogger(__name__)
_OVERRIDE = 1 << 9
"""CWOverrideRedirect: no window manager frames, moves or hides the window."""


class ScreenError(Exception):
    """A screen that cannot be used, because there is no such X display; the text names it."""


class _Attributes(ctypes.Structure):
    """XSetWindowAttributes."""

    _fields_ = (
        ("background_pixmap", ctypes.c_ulong),
        ("background_pixel", ctypes.c_ulong),
        ("border_pixmap", ctypes.c_ulong),
        ("border_pixel", ctypes.c_ulong),
        ("bit_gravity", ctypes.c_int),
        ("win_gravity", ctypes.c_int),
        ("backing_store", ctypes.c_int),
        ("backing_planes", ctypes.c_ulong),
        ("backing_pixel", ctypes.c_ulong),
        ("save_under", ctypes.c_int),
        ("event_mask", ctypes.c_long),
        ("do_not_propagate_mask", ctypes.c_long),
        ("override_redirect", ctypes.c_int),
        ("colormap", ctypes.c_ulong),
        ("cursor", ctypes.c_ulong),
    )


class _Colour(ctypes.Structure):
    """XColor."""

    _fields_ = (
        ("pixel", ctypes.c_ulong),
        ("red", ctypes.c_ushort),
        ("green", ctypes.c_ushort),
        ("blue", ctypes.c_ushort),
        ("flags", ctypes.c_char),
        ("pad", ctypes.c_char),
    )


class ScreenWindow:
    """A black window as large as the screen, above all others, without title or pointer.

    Raises ScreenError when the display cannot be opened. It lives as long as the process.
    """

    def __init__(self, display: str) -> None:
        x11 = _library()
        self._display = _opened(x11, display)
        self._x11, self._screen = x11, x11.XDefaultScreen(self._display)
        root = x11.XRootWindow(self._display, self._screen)
        self._outer = self._make(root)
        self._hide_pointer()
        self.handle = self._make(self._outer)
        """X's number of the window to draw in, which lies in another one: libVLC resets the pointer
        of the window it is given, and then the outer window's pointer applies, which is none."""
        self._stay_awake()
        x11.XMapRaised(self._display, self.handle)
        x11.XMapRaised(self._display, self._outer)
        x11.XSync(self._display, 0)

    @staticmethod
    def look(display: str) -> None:
        """Check that the display can be opened, without showing anything. Raises ScreenError."""
        x11 = _library()
        opened = _opened(x11, display)
        x11.XCloseDisplay(opened)

    def _make(self, parent: int) -> int:
        x11, display, screen = self._x11, self._display, self._screen
        black = x11.XBlackPixel(display, screen)
        size = (x11.XDisplayWidth(display, screen), x11.XDisplayHeight(display, screen))
        window: int = x11.XCreateSimpleWindow(display, parent, 0, 0, *size, 0, black, black)
        wanted = _Attributes(override_redirect=1)
        x11.XChangeWindowAttributes(display, window, _OVERRIDE, ctypes.byref(wanted))
        x11.XStoreName(display, window, b"")
        return window

    def _hide_pointer(self) -> None:
        x11, display = self._x11, self._display
        dot = x11.XCreateBitmapFromData(display, self._outer, bytes(8), 8, 8)
        none = _Colour()
        colour = ctypes.byref(none)
        pointer = x11.XCreatePixmapCursor(display, dot, dot, colour, colour, 0, 0)
        x11.XDefineCursor(display, self._outer, pointer)

    def _stay_awake(self) -> None:
        """Keep screen saver and monitor power saving from blanking the program."""
        self._x11.XSetScreenSaver(self._display, 0, 0, 0, 0)
        try:
            power = ctypes.CDLL("libXext.so.6")
        except OSError:
            log.warning("libXext is missing: turn off the power saving of the screen by hand")
            return
        power.DPMSQueryExtension.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
        power.DPMSDisable.argtypes = [ctypes.c_void_p]
        unused = (ctypes.c_int * 2)()
        if power.DPMSQueryExtension(self._display, ctypes.byref(unused), ctypes.byref(unused, 4)):
            power.DPMSDisable(self._display)


def _opened(x11: Any, display: str) -> int:
    opened: int | None = x11.XOpenDisplay(display.encode() if display else None)
    if not opened:
        name = f"X display {display}" if display else "X display of this session"
        raise ScreenError(f"the {name} cannot be opened")
    return opened


def _library() -> Any:
    """Load libX11 with the signatures of the calls used here; ctypes takes everything else for an
    int.
    """
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError as error:
        raise ScreenError("libX11 is not installed (package libx11-6)") from error
    pointer, number, long = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong
    x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = [ctypes.c_char_p], pointer
    shapes: dict[str, tuple[Any, list[Any]]] = {
        "XCloseDisplay": (number, []),
        "XDefaultScreen": (number, []),
        "XRootWindow": (long, [number]),
        "XBlackPixel": (long, [number]),
        "XDisplayWidth": (number, [number]),
        "XDisplayHeight": (number, [number]),
        "XCreateSimpleWindow": (long, [long, *[number] * 2, *[ctypes.c_uint] * 3, long, long]),
        "XChangeWindowAttributes": (number, [long, long, pointer]),
        "XStoreName": (number, [long, ctypes.c_char_p]),
        "XCreateBitmapFromData": (long, [long, ctypes.c_char_p, ctypes.c_uint, ctypes.c_uint]),
        "XCreatePixmapCursor": (long, [long, long, pointer, pointer, *[ctypes.c_uint] * 2]),
        "XDefineCursor": (number, [long, long]),
        "XSetScreenSaver": (number, [number] * 4),
        "XMapRaised": (number, [long]),
        "XSync": (number, [number]),
    }
    for name, (result, rest) in shapes.items():
        call = getattr(x11, name)
        call.restype, call.argtypes = result, [pointer, *rest]
    return x11
