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
        """Handle what is ready, waiting at most `seconds` for it, and close connections past a
        deadline.
        """
        for key, _ in self._poller.select(seconds):
            key.data()
        now = self._now()
        if now - self._checked_at >= DEADLINES_CHECKED_EVERY:
            self._checked_at = now
            for one in [one for one in self._all if one.stage is not ConnectionStage.WORKING]:
                if one.deadline < now:
                    self._past_deadline(one)

    def refuse_more(self) -> None:
        """Accept no more connections; requests already begun are still answered."""
        self._open = False
        for listener in self._listeners:
            self._poller.unregister(listener)
        for one in list(self._reading):
            self._close(one)

    @property
    def busy(self) -> bool:
        """True while a caller still waits for an answer."""
        return any(one.stage is not ConnectionStage.ENDING for one in self._all)

    def close(self) -> None:
        """Close every connection and stop the threads."""
        for one in list(self._all):
            self._close(one)
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        self._poller.close()
        self._pipe.close()

    @property
    def open(self) -> int:
        """How many connections there are."""
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
            one = Connection(sock, client, listener.getsockname(), address)
            self._all[one] = None
            self._read(one, HEAD_SECONDS)

    def _close_longest_waiting(self) -> None:
        first = next(iter(self._reading), None)
        if first is not None:
            self._close(first)

    def _read(self, one: Connection, within: float) -> None:
        one.stage, one.deadline = ConnectionStage.READING, self._now() + within
        self._reading[one] = None
        self._poller.register(one.sock, selectors.EVENT_READ, partial(self._readable, one))

    def _readable(self, one: Connection) -> None:
        try:
            piece = one.sock.recv(RECEIVED_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._close(one)
            return
        if not one.data:
            one.deadline = self._now() + HEAD_SECONDS
        one.data += piece
        self._held_bytes += len(piece)
        self._hand_on_if_whole(one)
        while self._held_bytes > UNREAD_BYTES_HELD and self._reading:
            self._close_longest_waiting()

    def _hand_on_if_whole(self, one: Connection) -> None:
        """Hand the request to its lane once it is whole."""
        try:
            if one.request is None:
                asked = head_of(one, self._settings, self._limits.cookie, self._now)
                if asked is None:
                    return
                self._admit(one, asked)
            if one.lane is WorkerLane.BULK or len(one.data) >= one.whole:
                self._hand_on(one)
        except HeadRefused as wrong:
            self._refuse(one, wrong.code, wrong.said)
        except Exception:  # noqa: BLE001 - a request that breaks its reader ends, and no other
            log.exception("a request could not be read")
            self._refuse(one, 500, "This request could not be read.")

    def _admit(self, one: Connection, asked: RequestHead) -> None:
        address = one.address
        if self._limits.proxies:
            address = counted_address(visitor_address("", asked.forwarded, self._limits.proxies))
        cost = SESSION_COST if asked.has_session else 1.0
        if not self._addresses.ask(address, self._now(), cost):
            raise HeadRefused(429, "Too many requests from this address. Try again in a moment.")
        one.deadline = self._now() + HEAD_SECONDS + asked.length / SLOWEST_BYTES_PER_SECOND
        if asked.expects and len(one.data) < one.whole:
            one.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_on(self, one: Connection) -> None:
        if self._queued[one.lane] >= one.lane.waiting:
            raise HeadRefused(503, "Too many are asking at once. Try again in a moment.")
        body = one.body
        if body is None:
            raise HeadRefused(400, "This request has no head.")
        more = bytes(one.data[one.begun : one.whole])
        if more:
            body.pieces.append(more)
        one.rest = bytes(one.data[one.whole :])
        body.to_come, body.until = max(0, one.whole - len(one.data)), one.deadline
        self._stop_reading(one)
        one.stage = ConnectionStage.WORKING
        self._queued[one.lane] += 1
        self._pools[one.lane].submit(self._work, one)

    def _work(self, one: Connection) -> None:
        """Answer in a thread of the lane, then wake the loop."""
        answer(self._app, self._settings, one, last=not self._open)
        self._done.put(one)
        self._pipe.wake()

    def _collect_answers(self) -> None:
        """Send the answers that the lane threads have finished."""
        self._pipe.drain()
        while True:
            try:
                one = self._done.get_nowait()
            except queue.Empty:
                return
            self._queued[one.lane] -= 1
            one.deadline = (
                self._now() + HEAD_SECONDS + one.outbox.waiting / SLOWEST_BYTES_PER_SECOND
            )
            self._send(one)

    def _send(self, one: Connection) -> None:
        """Send what waits; once all is sent, read the next request or end the connection."""
        try:
            sent = one.outbox.push()
        except OSError:
            self._close(one)
            return
        if not sent:
            if one.stage is not ConnectionStage.WRITING:
                one.stage = ConnectionStage.WRITING
                self._poller.register(one.sock, selectors.EVENT_WRITE, partial(self._send, one))
            return
        if one.stage is ConnectionStage.WRITING:
            self._poller.unregister(one.sock)
        if one.keep and self._open:
            one.begin(one.rest)
            self._held_bytes += len(one.data)
            self._read(one, HEAD_SECONDS if one.data else IDLE_SECONDS)
            if one.data:
                self._hand_on_if_whole(one)
        else:
            self._end(one)

    def _refuse(self, one: Connection, code: int, said: str) -> None:
        self._stop_reading(one)
        one.keep = False
        one.stage, one.deadline = ConnectionStage.WORKING, self._now() + LINGER_SECONDS
        one.outbox.sendall(refusal(code, said))
        self._send(one)

    def _past_deadline(self, one: Connection) -> None:
        if one.stage is ConnectionStage.READING and one.data:
            self._refuse(one, 408, "The request did not come in time.")
        else:
            self._close(one)

    def _stop_reading(self, one: Connection) -> None:
        if self._reading.pop(one, one) is None:
            self._held_bytes -= len(one.data)
            self._poller.unregister(one.sock)

    def _end(self, one: Connection) -> None:
        """Close our side and drain what still comes, so that the caller can read the last answer.

        Closing at once with unread input would reset the connection and lose the answer (RFC 9112,
        9.6).
        """
        try:
            one.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(one)
            return
        one.stage, one.deadline = ConnectionStage.ENDING, self._now() + LINGER_SECONDS
        self._poller.register(one.sock, selectors.EVENT_READ, partial(self._drain, one))

    def _drain(self, one: Connection) -> None:
        try:
            if one.sock.recv(RECEIVED_AT_ONCE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(one)

    def _close(self, one: Connection) -> None:
        if self._all.pop(one, one) is not None:
            return
        self._stop_reading(one)
        if one.stage in (ConnectionStage.WRITING, ConnectionStage.ENDING):
            self._poller.unregister(one.sock)
        self._addresses.leave(one.address)
        one.sock.close()
