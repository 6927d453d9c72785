"""The witness's door: the server's vote on which of a channel's two machines may send.

Two machines ask five times a second each, and one of them stops sending if too few voters answer.
So this door waits for nothing: no row, no disk.
"""

from flask import Blueprint, Response, make_response, request

from config.names import ChannelId
from playout.lease.messages import VoteRequest
from playout.model.wire import WireError, decode, encode
from web.host_api.views import REFUSAL_LOGGED_EVERY, bearer, refused
from web.kit.context import services
from web.kit.errors import address, log_refusal
from web.kit.witness import votes

bp = Blueprint("witness", __name__, url_prefix="/api/v1/host/<channel>")

LARGEST_REQUEST = 2000
NOT_KNOWN = "The keys are not known yet. Ask again."
NO_WITNESS = (
    "This server does not vote. Name the one that does in server_url; exactly one of the servers "
    "that share a database needs witness = true."
)
NO_VOTE = "Another process of this server votes. Ask again once it has ended."


@bp.post("/vote")
def vote(channel: str) -> Response:
    """Answer one machine's wish to send; at once, whatever else the server does."""
    if not votes(services().settings):
        return refused(404, NO_WITNESS)
    witness = services().witness
    keys = witness.keys()
    if keys is None:
        return refused(503, NOT_KNOWN)
    name = ChannelId(channel)
    host = keys.host_of(bearer(request.headers.get("Authorization", "")), name)
    if host is None:
        sentence = "This address needs the key of a machine of this channel."
        if services().log_throttle.due(f"vote {address()}", REFUSAL_LOGGED_EVERY):
            log_refusal("no vote for this key", address())
        return refused(401, sentence)
    try:
        wish = decode(VoteRequest, request.get_data()[:LARGEST_REQUEST])
    except WireError as error:
        return refused(422, str(error))
    answer = witness.answer(name, wish)
    if answer is None:
        return refused(503, NO_VOTE)
    said = make_response(encode(answer))
    said.mimetype = "application/json"
    return said
