"""The watcher of one place: its own stalls are no faults of the stream."""

from support.leaving import Coding, leaving
from support.meeting import Meeting, Scene

from playout.engine.links.placed import Placed
from playout.engine.watching.sources import Batch
from playout.engine.watching.watcher import PlaceWatcher
from playout.model.leaving import Fault

NS = 1_000_000_000


class Given:
    """A source that gives what it is told."""

    where = "here"

    def __init__(self) -> None:
        self.batch = Batch()

    def read(self) -> Batch:
        batch, self.batch = self.batch, Batch()
        return batch

    def close(self) -> None:
        """Do nothing."""


def test_a_machine_that_stood_still_is_no_stream_that_stopped() -> None:
    source = Given()
    watcher = PlaceWatcher(source)
    stream = leaving(Meeting([Scene("card", 9)], 320, 180), 3, coding=Coding(kbps=400))
    first = stream.chunks[0][0]
    for second in range(3):
        source.batch = Batch(
            tuple(one for one in stream.chunks if second <= (one[0] - first) / NS < second + 1)
        )
        watcher.look(first + (second + 1) * NS, Placed())
    woken = first + 20 * NS
    watcher.look(woken, Placed())
    just_woken = watcher.findings(woken)
    for second in range(1, 5):
        watcher.look(woken + second * NS, Placed())

    assert just_woken == ()
    later = watcher.findings(woken + 4 * NS)
    assert [finding.fault for finding in later] == [Fault.NO_STREAM]
