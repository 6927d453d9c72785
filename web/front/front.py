"""The loop that reads requests without giving any caller a thread to wait in.

`Front` runs in one thread: it reads each request whole, hands it to the threads of its lane, and
sends the answer. A connection goes round through reading, working and writing, until it ends.
"""

import queue
import selectors
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from logging import getLogger
from typing import Any

from config.clock import Clock
from web.front.addresses import SESSION_COST, Addresses, counted_address, visitor_address
from web.front.answering import App, answer, refusal
from web.front.bounds import (
    ACCEPTED_AT_ONCE,
    DEADLINES_CHECKED_EVERY,
    HEAD_SECONDS,
    IDLE_SECONDS,
    LINGER_SECONDS,
    SLOWEST_BYTES_PER_SECOND,
    UNREAD_BYTES_HELD,
    FrontSettings,
)
from web.front.connection import RECEIVED_AT_ONCE, Connection, ConnectionStage
from web.front.lanes import WorkerLane
from web.front.reading import HeadRefused, RequestHead, head_of
from web.front.wake_pipe import WakePipe

log = getLogger(__name__)


class Front:
    """All connections of one process. Call `turn` again and again, from one thread."""

    def __init__(
        self,
        listeners: Iterable[socket.socket],
        app: App,
        settings: Any,
        clock: Clock,
        limits: FrontSettings,
        addresses: Addresses | None = None,
    ) -> None:
        settings.set("forwarder_headers", "")  # no caller may set the path the app is mounted at
        self._app, self._settings, self._clock, self._limits = app, settings, clock, limits
        self._addresses = addresses or Addresses()
        self._listeners = list(listeners)
        self._poller = selectors.DefaultSelector()
        self._pipe = WakePipe()
        self._poller.register(self._pipe.reader, selectors.EVENT_READ, self._collect_answers)
        self._done: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._all: dict[Connection, None] = {}
        self._reading: dict[Connection, None] = {}
        """Connections without a whole request, the longest-waiting first."""
        self._pools = {
            lane: ThreadPoolExecutor(lane.threads, f"{lane.name.lower()}-") for lane in WorkerLane
        }
        self._queued = dict.fromkeys(WorkerLane, 0)
        self._held_bytes = 0
        self._checked_at = 0.0
        self._open = True
        for listener in self._listeners:
            listener.setblocking(False)
            self._poller.register(listener, selectors.EVENT_READ, partial(self._accept, listener))

    def turn(self, seconds: float) -> None:
        """Handle what is ready within `seconds`; close connections past a deadline."""
        for key, _ in self._poller.select(seconds):
            key.data()
        now = self._now()
        if now - self._checked_at >= DEADLINES_CHECKED_EVERY:
            self._checked_at = now
            waiting = [one for one in self._all if one.stage is not ConnectionStage.WORKING]
            for caller in waiting:
                if caller.deadline < now:
                    self._past_deadline(caller)

    def refuse_more(self) -> None:
        """Accept no more connections; requests already begun are still answered."""
        self._open = False
        for listener in self._listeners:
            self._poller.unregister(listener)
        for caller in list(self._reading):
            self._close(caller)

    @property
    def busy(self) -> bool:
        """True while a caller still waits for an answer."""
        return any(caller.stage is not ConnectionStage.ENDING for caller in self._all)

    def close(self) -> None:
        """Close every connection and stop the threads."""
        for caller in list(self._all):
            self._close(caller)
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        self._poller.close()
        self._pipe.close()

    @property
    def open(self) -> int:
        """Return the number of open connections."""
        return len(self._all)

    def _now(self) -> float:
        return self._clock.monotonic() / 1e9

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                sock, client = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:  # too many open files, or gone again: retried in the next turn
                log.warning("a connection was not accepted: %s", error)
                self._close_longest_waiting()
                return
            peer = client[0] if isinstance(client, tuple) else ""
            address = "" if self._limits.proxies else counted_address(str(peer))
            if not self._addresses.enter(address):
                sock.close()
                continue
            if len(self._all) >= self._limits.most:
                self._close_longest_waiting()
            sock.setblocking(False)
            caller = Connection(sock, client, listener.getsockname(), address)
            self._all[caller] = None
            self._read(caller, HEAD_SECONDS)

    def _close_longest_waiting(self) -> None:
        first = next(iter(self._reading), None)
        if first is not None:
            self._close(first)

    def _read(self, caller: Connection, within: float) -> None:
        caller.stage, caller.deadline = ConnectionStage.READING, self._now() + within
        self._reading[caller] = None
        self._poller.register(caller.sock, selectors.EVENT_READ, partial(self._readable, caller))

    def _readable(self, caller: Connection) -> None:
        try:
            piece = caller.sock.recv(RECEIVED_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._close(caller)
            return
        if not caller.data:
            caller.deadline = self._now() + HEAD_SECONDS
        caller.data += piece
        self._held_bytes += len(piece)
        self._hand_on_if_whole(caller)
        while self._held_bytes > UNREAD_BYTES_HELD and self._reading:
            self._close_longest_waiting()

    def _hand_on_if_whole(self, caller: Connection) -> None:
        """Hand the request to its lane once it is whole."""
        try:
            if caller.request is None:
                head = head_of(caller, self._settings, self._limits.cookie, self._now)
                if head is None:
                    return
                self._admit(caller, head)
            if caller.lane is WorkerLane.BULK or len(caller.data) >= caller.whole:
                self._hand_on(caller)
        except HeadRefused as wrong:
            self._refuse(caller, wrong.code, wrong.said)
        except Exception:  # noqa: BLE001 - a request that breaks its reader ends, and no other
            log.exception("a request could not be read")
            self._refuse(caller, 500, "This request could not be read.")

    def _admit(self, caller: Connection, head: RequestHead) -> None:
        address = caller.address
        if self._limits.proxies:
            address = counted_address(visitor_address("", head.forwarded, self._limits.proxies))
        cost = SESSION_COST if head.has_session else 1.0
        if not self._addresses.ask(address, self._now(), cost):
            raise HeadRefused(429, "Too many requests from this address. Try again in a moment.")
        caller.deadline = self._now() + HEAD_SECONDS + head.length / SLOWEST_BYTES_PER_SECOND
        if head.expects and len(caller.data) < caller.whole:
            caller.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_on(self, caller: Connection) -> None:
        if self._queued[caller.lane] >= caller.lane.waiting:
            raise HeadRefused(503, "Too many are asking at once. Try again in a moment.")
        body = caller.body
        if body is None:
            raise HeadRefused(400, "This request has no head.")
        more = bytes(caller.data[caller.begun : caller.whole])
        if more:
            body.pieces.append(more)
        caller.rest = bytes(caller.data[caller.whole :])
        body.to_come, body.until = max(0, caller.whole - len(caller.data)), caller.deadline
        self._stop_reading(caller)
        caller.stage = ConnectionStage.WORKING
        self._queued[caller.lane] += 1
        self._pools[caller.lane].submit(self._work, caller)

    def _work(self, caller: Connection) -> None:
        """Answer in a thread of the lane, then wake the loop."""
        answer(self._app, self._settings, caller, last=not self._open)
        self._done.put(caller)
        self._pipe.wake()

    def _collect_answers(self) -> None:
        """Send the answers that the lane threads have finished."""
        self._pipe.drain()
        while True:
            try:
                caller = self._done.get_nowait()
            except queue.Empty:
                return
            self._queued[caller.lane] -= 1
            caller.deadline = (
                self._now() + HEAD_SECONDS + caller.outbox.waiting / SLOWEST_BYTES_PER_SECOND
            )
            self._send(caller)

    def _send(self, caller: Connection) -> None:
        """Send what waits; once all is sent, read the next request or end the connection."""
        try:
            sent = caller.outbox.push()
        except OSError:
            self._close(caller)
            return
        if not sent:
            if caller.stage is not ConnectionStage.WRITING:
                caller.stage = ConnectionStage.WRITING
                ready = partial(self._send, caller)
                self._poller.register(caller.sock, selectors.EVENT_WRITE, ready)
            return
        if caller.stage is ConnectionStage.WRITING:
            self._poller.unregister(caller.sock)
        if caller.keep and self._open:
            caller.begin(caller.rest)
            self._held_bytes += len(caller.data)
            self._read(caller, HEAD_SECONDS if caller.data else IDLE_SECONDS)
            if caller.data:
                self._hand_on_if_whole(caller)
        else:
            self._end(caller)

    def _refuse(self, caller: Connection, code: int, sentence: str) -> None:
        self._stop_reading(caller)
        caller.keep = False
        caller.stage, caller.deadline = ConnectionStage.WORKING, self._now() + LINGER_SECONDS
        caller.outbox.sendall(refusal(code, sentence))
        self._send(caller)

    def _past_deadline(self, caller: Connection) -> None:
        if caller.stage is ConnectionStage.READING and caller.data:
            self._refuse(caller, 408, "The request did not come in time.")
        else:
            self._close(caller)

    def _stop_reading(self, caller: Connection) -> None:
        if self._reading.pop(caller, caller) is None:
            self._held_bytes -= len(caller.data)
            self._poller.unregister(caller.sock)

    def _end(self, caller: Connection) -> None:
        """Close our side and drain what still comes, so that the caller can read the last answer.

        Closing at once with unread input would reset the connection and lose the answer (RFC 9112,
        9.6).
        """
        try:
            caller.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(caller)
            return
        caller.stage, caller.deadline = ConnectionStage.ENDING, self._now() + LINGER_SECONDS
        self._poller.register(caller.sock, selectors.EVENT_READ, partial(self._drain, caller))

    def _drain(self, caller: Connection) -> None:
        try:
            if caller.sock.recv(RECEIVED_AT_ONCE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(caller)

    def _close(self, caller: Connection) -> None:
        if self._all.pop(caller, caller) is not None:
            return
        self._stop_reading(caller)
        if caller.stage in (ConnectionStage.WRITING, ConnectionStage.ENDING):
            self._poller.unregister(caller.sock)
        self._addresses.leave(caller.address)
        caller.sock.close()
