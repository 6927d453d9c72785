"""The server as the third voter, asked over HTTP by a thread that may wait."""

import logging
import queue
from collections.abc import Callable
from typing import Protocol

import httpx
from pydantic import TypeAdapter, ValidationError

from config.clock import Clock
from playout.lease.messages import VoteAnswer, VoteRequest

log = logging.getLogger(__name__)

WITHIN = 0.3
"""Seconds that an answer may take: a promise lasts half a second."""
LARGEST_ANSWER = 4096
_REQUEST, _ANSWER = TypeAdapter(VoteRequest), TypeAdapter(VoteAnswer)


class WitnessError(Exception):
    """The witness did not answer, or not in words that we know."""


class Witness(Protocol):
    """A voter on a third machine."""

    def ask(self, request: VoteRequest) -> VoteAnswer:
        """Return its answer. Raises WitnessError."""


class ServerWitness:
    """The witness of a channel at the server."""

    def __init__(
        self, server: str, channel: str, key: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Ask this server; `transport` is another way to it than the network."""
        self._client = httpx.Client(
            base_url=f"{server}/api/v1/host/{channel}/",
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            timeout=httpx.Timeout(WITHIN),
            transport=transport,
        )

    def ask(self, request: VoteRequest) -> VoteAnswer:
        """Ask the server. Raises WitnessError."""
        try:
            answer = self._client.post("vote", content=_REQUEST.dump_json(request))
            answer.raise_for_status()
            return _ANSWER.validate_json(answer.content[:LARGEST_ANSWER])
        except (httpx.HTTPError, ValidationError) as error:
            raise WitnessError(type(error).__name__) from None


Asked = tuple[int, VoteRequest]
Answered = tuple[int, VoteAnswer]


class WitnessLine:
    """Questions to the witness and its answers, each way the newest only."""

    def __init__(self, witness: Witness, clock: Clock, wake: Callable[[], None]) -> None:
        self._witness, self._clock, self._wake = witness, clock, wake
        self._questions: queue.Queue[Asked] = queue.Queue(1)
        self.answers: queue.SimpleQueue[Answered] = queue.SimpleQueue()

    def ask(self, question: Asked) -> None:
        """Ask, unless the last question still waits."""
        if self._questions.empty():
            self._questions.put_nowait(question)

    def run(self) -> None:
        """Carry questions and answers for ever."""
        while True:
            self.turn()

    def turn(self) -> None:
        """Carry one question and its answer."""
        number, request = self._questions.get()
        try:
            answer = self._witness.ask(request)
        except WitnessError:
            return
        self.answers.put((number, answer))
        self._wake()
