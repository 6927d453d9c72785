"""The house copy of a file that cannot air as it is (in the child only)."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import av.filter
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph
from av.video.stream import VideoStream

from config.names import SAMPLE_RATE
from media.asset import AssetFacts
from media.channels import in_order
from media.colour import say_house
from media.filtered import AnyFrame, Filtered, Form, picture_graph
from media.formats import Family
from media.headers import open_local, streams_of
from media.reshape import house_size, shape_steps
from media.shapes import shape_of
from media.tonemap import write_cube

HOUSE_RATES = (
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(50),
    Fraction(60000, 1001),
)


def house_rate(rate: Fraction | None) -> Fraction:
    """Return the house rate nearest to a measured one."""
    wanted = rate or Fraction(30000, 1001)
    return min(HOUSE_RATES, key=lambda known: abs(known - wanted))


def time_steps(facts: AssetFacts) -> list[str]:
    """Return the filters that time the pictures: the first starts at zero, the last fills to the
    end.

    So the copy is as long as the file, to the picture.
    """
    rate = house_rate(facts.rate)
    count = max(1, round(facts.length.total_seconds() * rate))
    return [
        f"fps=fps={rate}:start_time=0",
        "tpad=stop=-1:stop_mode=clone",
        f"trim=end_frame={count}",
    ]


def _sound_graph(frame: AnyFrame, done: int) -> Graph:
    """Make filters for sound after `done` samples: they fill gaps with silence and cut overlaps."""
    assert isinstance(frame, av.AudioFrame)
    graph = Graph()
    first = round(
        done * frame.sample_rate / SAMPLE_RATE
    )  # aresample counts in samples of its input
    graph.link_nodes(
        graph.add_abuffer(
            format=frame.format.name,
            layout=frame.layout.name,
            sample_rate=frame.sample_rate,
            time_base=frame.time_base,
        ),
        graph.add("aresample", f"{SAMPLE_RATE}:async=1000:first_pts={first}"),
        graph.add("aformat", "sample_fmts=fltp:channel_layouts=stereo"),
        graph.add("abuffersink"),
    )
    graph.configure()
    return graph


class TrackEncoder:
    """The last step of a track: encodes frames and counts the samples."""

    def __init__(self, stream: VideoStream | AudioStream, out: OutputContainer) -> None:
        self._stream, self._out = stream, out
        self.samples = 0

    def push(self, frame: AnyFrame) -> None:
        """Encode and write a frame."""
        if isinstance(frame, av.VideoFrame):
            frame.pict_type = av.video.frame.PictureType.NONE
        else:
            self.samples += frame.samples
        self._out.mux(self._stream.encode(frame))  # type: ignore[arg-type]

    def finish(self) -> None:
        """Write the packets the encoder still holds."""
        self._out.mux(self._stream.encode(None))


class TrackWay:
    """The steps of a track: its filters in order, then its encoder."""

    def __init__(self, encoder: TrackEncoder, *filters: Filtered) -> None:
        self._encoder, self._filters = encoder, filters

    def push(self, frame: AnyFrame) -> None:
        """Filter a frame, and write what is ready."""
        self._filters[0].push(frame)

    def finish(self) -> None:
        """Write what filters and encoder still hold, after the last frame."""
        for filtered in self._filters:
            filtered.finish()
        self._encoder.finish()


def _picture_way(
    source: VideoStream, out: OutputContainer, facts: AssetFacts, cube: Path | None
) -> TrackWay:
    rate = house_rate(facts.rate)
    stream = out.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "19"})
    stream.width, stream.height = house_size(facts.width, facts.height)
    stream.pix_fmt = "yuv420p"
    stream.codec_context.gop_size = round(rate * 2)
    stream.codec_context.time_base = 1 / rate
    stream.codec_context.thread_count = 2
    say_house(stream.codec_context)
    times = time_steps(facts)
    encoder = TrackEncoder(stream, out)
    timed = Filtered(lambda frame: picture_graph(frame, times), encoder.push)

    def form(frame: AnyFrame) -> Form:
        assert isinstance(frame, av.VideoFrame)
        sar = source.codec_context.sample_aspect_ratio or source.sample_aspect_ratio
        return shape_of(frame, sar), frame.format.name

    def shaped(frame: AnyFrame) -> Graph:
        assert isinstance(frame, av.VideoFrame)
        sar = source.codec_context.sample_aspect_ratio or source.sample_aspect_ratio
        return picture_graph(frame, shape_steps(facts, frame, sar, cube))

    return TrackWay(encoder, Filtered(shaped, timed.push, form), timed)


def sound_way(out: OutputContainer, bit_rate: int = 192_000) -> TrackWay:
    stream = out.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
    stream.bit_rate = bit_rate
    encoder = TrackEncoder(stream, out)
    sound = Filtered(lambda frame: _sound_graph(frame, encoder.samples), encoder.push)
    return TrackWay(encoder, sound)


def _ways(
    source: av.container.InputContainer, out: OutputContainer, facts: AssetFacts, cube: Path | None
) -> dict[int, TrackWay]:
    streams, ways = streams_of(source), {}
    if streams.picture is not None:
        ways[streams.picture.index] = _picture_way(streams.picture, out, facts, cube)
    if streams.sound is not None:
        ways[streams.sound.index] = sound_way(out)
    return ways


def make_house_copy(
    path: Path, family: Family, facts: AssetFacts, to: Path, progress: Callable[[float], None]
) -> None:
    """Write `to`: constant-rate H.264 and stereo AAC in an MP4 whose index is at the front.

    Time 0 of the copy is `facts.begin` of the file. The working folder must be that of `to`: a
    filter opens its colour table there by bare name.
    """
    cube = to.with_suffix(".cube") if facts.hdr else None
    if cube is not None:
        write_cube(cube, hlg=facts.hdr == "hlg")
    length, reported = max(0.04, facts.length.total_seconds()), -0.01
    begin = facts.begin.total_seconds()
    options = {"movflags": "+faststart"}
    try:
        with (
            open_local(path, family) as source,
            av.open(str(to), "w", format="mp4", options=options) as out,
        ):
            ways = _ways(source, out, facts, cube)
            for packet in source.demux([source.streams[index] for index in ways]):
                if packet.pts is not None and packet.time_base is not None:
                    share = (float(packet.pts * packet.time_base) - begin) / length
                    if share > reported + 0.01:
                        reported = share
                        progress(min(1.0, reported))
                _pass(packet, begin, ways[packet.stream.index])
            for way in ways.values():
                way.finish()
    finally:
        if cube is not None:
            cube.unlink(missing_ok=True)


def _pass(packet: "av.Packet[av.stream.Stream]", begin: float, way: TrackWay) -> None:
    try:
        frames = packet.decode()
    except av.FFmpegError:
        return
    for frame in frames:
        if isinstance(frame, av.VideoFrame | av.AudioFrame):
            if frame.pts is not None and frame.time_base is not None:
                frame.pts -= round(begin / float(frame.time_base))
            way.push(in_order(frame) if isinstance(frame, av.AudioFrame) else frame)
