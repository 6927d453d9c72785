"""A decoder whose pictures a test brings itself, or leaves out."""

from config.names import HouseFormat
from playout.engine.format.framing import PictureBox
from playout.engine.vlc.decoder import Sink
from playout.engine.vlc.tracks import FileTracks

HOUSE = HouseFormat.parse("64x36@25")


class SilentDecoder:
    """A decoder that plays and brings nothing."""

    ended = failed = draining = False

    def open(self, path: str, still: bool) -> FileTracks:
        """Return that the file has a picture of the house's format."""
        return FileTracks(width=64, height=36, rate=HOUSE.rate, has_picture=True)

    def play(
        self, sink: Sink, box: PictureBox, start: float, interlaced: bool, stop: float | None = None
    ) -> None:
        """Keep the sink."""
        self.sink = sink

    def drain(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
