"""A witness as a program of its own, for machines in network namespaces: its vote alone."""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import TypeAdapter

from playout.lease.messages import VoteAnswer, VoteRequest
from playout.lease.voter import Voter

_REQUEST, _ANSWER = TypeAdapter(VoteRequest), TypeAdapter(VoteAnswer)


class Door(BaseHTTPRequestHandler):
    """Answers votes; anything else of the server is away."""

    protocol_version = "HTTP/1.1"
    voter = Voter(time.monotonic_ns())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.endswith("/vote"):
            self._answer(503, b"")
            return
        answer = self.voter.answer(_REQUEST.validate_json(body), time.monotonic_ns())
        self._answer(200, _ANSWER.dump_json(answer))

    def do_GET(self) -> None:
        self._answer(503, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Door).serve_forever()
