"""The HTTP client with which a broadcast machine asks the server."""

import httpx

from playout.host.answers import with_total_timeout
from playout.model.identity import MACHINE_HEADER, MachineIdentity
from playout.model.wire import READS, READS_HEADER

TIMEOUTS = httpx.Timeout(5.0, connect=2.0)


def make_client(
    server: str, channel: str, key: str, identity: MachineIdentity | None = None
) -> httpx.Client:
    """Return a client for one channel's API on the server.

    `identity` is the agent's; a caller that never reports has none.
    """
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        READS_HEADER: str(READS),
    }
    if identity is not None:
        headers[MACHINE_HEADER] = str(identity)
    client = httpx.Client(
        base_url=f"{server}/api/v1/host/{channel}/", headers=headers, timeout=TIMEOUTS
    )
    return with_total_timeout(client)
