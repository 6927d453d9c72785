"""Reads requests without giving any caller a thread to wait in, and shares them out to lanes."""

import os
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
        settings.set("forwarder_headers", "")  # no caller may name the path the app stands under
        self._app, self._settings, self._clock, self._limits = app, settings, clock, limits
        self._addresses = addresses or Addresses()
        self._listeners = list(listeners)
        self._poller = selectors.DefaultSelector()
        self._ears, self._mouth = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._poller.register(self._ears, selectors.EVENT_READ, self._hear)
        self._done: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._all: dict[Connection, None] = {}
        self._reading: dict[Connection, None] = {}
        """Those without a whole request; who has waited longest stands first."""
        self._pools = {
            lane: ThreadPoolExecutor(lane.threads, f"{lane.name.lower()}-") for lane in WorkerLane
        }
        self._waiting = dict.fromkeys(WorkerLane, 0)
        self._held = 0
        self._looked = 0.0
        self._open = True
        for listener in self._listeners:
            listener.setblocking(False)
            self._poller.register(listener, selectors.EVENT_READ, partial(self._accept, listener))

    def turn(self, seconds: float) -> None:
        """Do what there is to do, waiting at most so long for it."""
        for key, _ in self._poller.select(seconds):
            key.data()
        now = self._now()
        if now - self._looked >= DEADLINES_CHECKED_EVERY:
            self._looked = now
            for one in [one for one in self._all if one.stage is not ConnectionStage.WORKING]:
                if one.deadline < now:
                    self._late(one)

    def refuse_more(self) -> None:
        """Accept nobody any more; what was begun is still answered."""
        self._open = False
        for listener in self._listeners:
            self._poller.unregister(listener)
        for one in list(self._reading):
            self._close(one)

    @property
    def busy(self) -> bool:
        """Whether somebody still waits for an answer."""
        return any(one.stage is not ConnectionStage.ENDING for one in self._all)

    def close(self) -> None:
        """Let go of every connection and thread."""
        for one in list(self._all):
            self._close(one)
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        self._poller.close()
        os.close(self._ears)
        os.close(self._mouth)

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
            except OSError as error:  # too many open files, or gone again: the next turn tries
                log.warning("a connection was not accepted: %s", error)
                self._give_way()
                return
            peer = client[0] if isinstance(client, tuple) else ""
            address = "" if self._limits.proxies else counted_address(str(peer))
            if not self._addresses.enter(address):
                sock.close()
                continue
            if len(self._all) >= self._limits.most:
                self._give_way()
            sock.setblocking(False)
            one = Connection(sock, client, listener.getsockname(), address)
            self._all[one] = None
            self._read(one, HEAD_SECONDS)

    def _give_way(self) -> None:
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
        self._held += len(piece)
        self._look(one)
        while self._held > UNREAD_BYTES_HELD and self._reading:
            self._give_way()

    def _look(self, one: Connection) -> None:
        """See whether what is here is a whole request, and hand it on."""
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
        if self._waiting[one.lane] >= one.lane.waiting:
            raise HeadRefused(503, "Too many are asking at once. Try again in a moment.")
        body = one.body
        if body is None:
            raise HeadRefused(400, "This request has no head.")
        more = bytes(one.data[one.begun : one.whole])
        if more:
            body.pieces.append(more)
        one.rest = bytes(one.data[one.whole :])
        body.to_come, body.until = max(0, one.whole - len(one.data)), one.deadline
        self._unread(one)
        one.stage = ConnectionStage.WORKING
        self._waiting[one.lane] += 1
        self._pools[one.lane].submit(self._work, one)

    def _work(self, one: Connection) -> None:
        """In a thread of the lane."""
        answer(self._app, self._settings, one, last=not self._open)
        self._done.put(one)
        try:
            os.write(self._mouth, b"\0")
        except OSError:  # full of earlier calls, which wake the loop as well; or it is over
            return

    def _hear(self) -> None:
        try:
            os.read(self._ears, 4096)
        except BlockingIOError:
            return
        while True:
            try:
                one = self._done.get_nowait()
            except queue.Empty:
                return
            self._waiting[one.lane] -= 1
            one.deadline = (
                self._now() + HEAD_SECONDS + one.outbox.waiting / SLOWEST_BYTES_PER_SECOND
            )
            self._send(one)

    def _send(self, one: Connection) -> None:
        """Send what waits; once all is sent, the next request or the end."""
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
            self._held += len(one.data)
            self._read(one, HEAD_SECONDS if one.data else IDLE_SECONDS)
            if one.data:
                self._look(one)
        else:
            self._end(one)

    def _refuse(self, one: Connection, code: int, said: str) -> None:
        self._unread(one)
        one.keep = False
        one.stage, one.deadline = ConnectionStage.WORKING, self._now() + LINGER_SECONDS
        one.outbox.sendall(refusal(code, said))
        self._send(one)

    def _late(self, one: Connection) -> None:
        if one.stage is ConnectionStage.READING and one.data:
            self._refuse(one, 408, "The request did not come in time.")
        else:
            self._close(one)

    def _unread(self, one: Connection) -> None:
        if self._reading.pop(one, one) is None:
            self._held -= len(one.data)
            self._poller.unregister(one.sock)

    def _end(self, one: Connection) -> None:
        """Hang up so that the caller still reads the last answer (RFC 9112, 9.6)."""
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
        self._unread(one)
        if one.stage in (ConnectionStage.WRITING, ConnectionStage.ENDING):
            self._poller.unregister(one.sock)
        self._addresses.leave(one.address)
        one.sock.close()
