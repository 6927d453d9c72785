"""Makes the house copy of a file that cannot air as it is (in the child only)."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import av.filter
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from config.names import SAMPLE_RATE
from media.asset import AssetFacts
from media.formats import Family
from media.headers import open_local, streams_of
from media.tonemap import write_cube

LARGEST = (1920, 1080)
HOUSE_RATES = (
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(50),
    Fraction(60000, 1001),
)
TURNS = {90: ("transpose=clock",), 180: ("hflip", "vflip"), 270: ("transpose=cclock",)}


def house_rate(rate: Fraction | None) -> Fraction:
    """The house rate nearest to a measured one."""
    wanted = rate or Fraction(30000, 1001)
    return min(HOUSE_RATES, key=lambda known: abs(known - wanted))


def house_size(width: int, height: int) -> tuple[int, int]:
    """The size it is copied at: its own shape, even, within 1920 by 1080."""
    share = min(1.0, LARGEST[0] / width, LARGEST[1] / height)
    return max(2, round(width * share / 2) * 2), max(2, round(height * share / 2) * 2)


def picture_steps(facts: AssetFacts, cube: Path | None) -> list[str]:
    """The filters that make a picture fit for air, in order."""
    width, height = house_size(facts.width, facts.height)
    steps = ["yadif"] if facts.interlaced else []
    steps += TURNS.get(facts.rotation, ())
    steps.append(f"fps=fps={house_rate(facts.rate)}:start_time=0")
    steps.append(f"scale={width}:{height}:flags=bicubic")
    if cube is not None:
        steps += ["format=gbrp10le", f"lut3d=file={cube.name}", "format=gbrp"]
        steps.append(f"scale={width}:{height}:out_color_matrix=bt709:out_range=tv")
    return [*steps, "setsar=1", "format=yuv420p"]


def _graph(source: VideoStream, steps: list[str]) -> av.filter.Graph:
    graph = av.filter.Graph()
    nodes = [graph.add_buffer(template=source)]
    for step in steps:
        name, _, words = step.partition("=")
        nodes.append(graph.add(name, words or None))
    graph.link_nodes(*nodes, graph.add("buffersink"))
    graph.configure()
    return graph


def _sound_graph(source: AudioStream) -> av.filter.Graph:
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_abuffer(template=source),
        graph.add("aresample", f"{SAMPLE_RATE}:async=1000:first_pts=0"),
        graph.add("aformat", "sample_fmts=fltp:channel_layouts=stereo"),
        graph.add("abuffersink"),
    )
    graph.configure()
    return graph


class _Lane:
    """One stream on its way from decoder through filters to encoder."""

    def __init__(
        self, graph: av.filter.Graph, encoder: VideoStream | AudioStream, out: OutputContainer
    ) -> None:
        self._graph, self._encoder, self._out = graph, encoder, out

    def push(self, frame: av.VideoFrame | av.AudioFrame | None) -> None:
        """Take a decoded frame (None at the end) and write what came out."""
        if frame is None:
            self._graph.push(None)
        elif isinstance(frame, av.VideoFrame):
            self._graph.vpush(frame)
        else:
            self._graph.push(frame)
        while True:
            try:
                ready = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break
            if isinstance(ready, av.VideoFrame):
                ready.pict_type = av.video.frame.PictureType.NONE
            self._out.mux(self._encoder.encode(ready))  # type: ignore[arg-type]
        if frame is None:
            self._out.mux(self._encoder.encode(None))


def _lanes(
    source: av.container.InputContainer, out: OutputContainer, facts: AssetFacts, cube: Path | None
) -> dict[int, _Lane]:
    streams, lanes = streams_of(source), {}
    if streams.picture is not None:
        rate = house_rate(facts.rate)
        encoder = out.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "19"})
        encoder.width, encoder.height = house_size(facts.width, facts.height)
        encoder.pix_fmt = "yuv420p"
        encoder.codec_context.gop_size = round(rate * 2)
        encoder.codec_context.time_base = 1 / rate
        encoder.codec_context.thread_count = 2
        steps = picture_steps(facts, cube)
        lanes[streams.picture.index] = _Lane(_graph(streams.picture, steps), encoder, out)
    if streams.sound is not None:
        track = out.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        track.bit_rate = 192_000
        lanes[streams.sound.index] = _Lane(_sound_graph(streams.sound), track, out)
    return lanes


def make_house_copy(
    path: Path, family: Family, facts: AssetFacts, to: Path, progress: Callable[[float], None]
) -> None:
    """Write `to`: constant-rate H.264 and stereo AAC in an MP4 whose index stands in front.

    The working folder must be that of `to`: a filter reads its table there by bare name.
    """
    cube = to.with_suffix(".cube") if facts.hdr else None
    if cube is not None:
        write_cube(cube, hlg=facts.hdr == "hlg")
    length, told = max(0.04, facts.length.total_seconds()), -1.0
    options = {"movflags": "+faststart"}
    try:
        with (
            open_local(path, family) as source,
            av.open(str(to), "w", format="mp4", options=options) as out,
        ):
            lanes = _lanes(source, out, facts, cube)
            begin = None
            for packet in source.demux([source.streams[index] for index in lanes]):
                at = packet.pts * packet.time_base if packet.pts is not None else None
                begin = at if begin is None else begin
                if at is not None and begin is not None and (at - begin) / length > told + 0.01:
                    told = float((at - begin) / length)
                    progress(min(1.0, told))
                _pass(packet, lanes[packet.stream.index])
            for lane in lanes.values():
                lane.push(None)
    finally:
        if cube is not None:
            cube.unlink(missing_ok=True)


def _pass(packet: "av.Packet[av.stream.Stream]", lane: _Lane) -> None:
    try:
        frames = packet.decode()
    except av.FFmpegError:
        return
    for frame in frames:
        if isinstance(frame, av.VideoFrame | av.AudioFrame):
            lane.push(frame)
