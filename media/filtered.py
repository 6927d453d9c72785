"""Frames passed through libav's filters, which are made again when the form of the frames changes
(in the child only).
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import av
import av.filter
from av.filter import Graph

AnyFrame: TypeAlias = av.VideoFrame | av.AudioFrame
Form: TypeAlias = tuple[object, ...]


class Filtered:
    """Filters for frames of one form, replaced when the form changes: libav's filters refuse that.

    Frames that the old filters still hold go to `then` first, and only then are the new filters
    made, so `make` may depend on what came out. `form` returns whatever the filters of a frame
    depend on.
    """

    def __init__(
        self,
        make: Callable[[AnyFrame], Graph],
        then: Callable[[AnyFrame], None],
        form: Callable[[AnyFrame], Form] | None = None,
    ) -> None:
        self._make, self._then, self._form_of = make, then, form or form_of
        self._graph: Graph | None = None
        self._form: Form = ()

    def push(self, frame: AnyFrame) -> None:
        """Filter a frame, and pass on the frames that are ready."""
        form = self._form_of(frame)
        if self._graph is None or form != self._form:
            self.finish()
            self._graph, self._form = self._make(frame), form
        self._graph.push(frame)
        self._pass(self._graph)

    def finish(self) -> None:
        """Pass on the frames the filters still hold; the next frame gets new filters."""
        if self._graph is not None:
            self._graph.push(None)
            self._pass(self._graph)
            self._graph = None

    def _pass(self, graph: Graph) -> None:
        while True:
            try:
                ready = graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(ready, av.VideoFrame | av.AudioFrame)
            self._then(ready)


def form_of(frame: AnyFrame) -> Form:
    """Return what every filter must know before its first frame."""
    if isinstance(frame, av.VideoFrame):
        return frame.width, frame.height, frame.format.name
    return frame.format.name, frame.layout.name, frame.sample_rate


def picture_graph(frame: AnyFrame, steps: Sequence[str]) -> Graph:
    """Chain the filters `name=arguments` in this order, for pictures in the form of this one."""
    assert isinstance(frame, av.VideoFrame)
    graph = Graph()
    nodes = [
        graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=frame.time_base,
        )
    ]
    for step in steps:
        name, _, words = step.partition("=")
        nodes.append(graph.add(name, words or None))
    graph.link_nodes(*nodes, graph.add("buffersink"))
    graph.configure()
    return graph
