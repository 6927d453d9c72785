"""A pipe by which the lane threads wake the front's loop."""

import os


class WakePipe:
    """The loop polls `reader`; any thread may call `wake`."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def wake(self) -> None:
        """Make the poll of the loop return."""
        try:
            os.write(self._writer, b"\0")
        except OSError:  # full of earlier calls, which wake the loop as well; or already closed
            return

    def drain(self) -> None:
        """Forget the calls made so far."""
        try:
            os.read(self.reader, 4096)
        except BlockingIOError:
            return

    def close(self) -> None:
        """Close both ends."""
        os.close(self.reader)
        os.close(self._writer)
