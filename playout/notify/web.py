"""Messages and heartbeats by HTTP. An address may hold a key, so no error repeats it."""

from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from playout.notify.notifier import NotifyError, OutgoingMessage

TIMEOUTS = httpx.Timeout(10.0, connect=5.0)


class Webhooks:
    """Addresses that take a JSON object by POST, by their names in the settings."""

    def __init__(
        self, addresses: Mapping[str, SecretStr], transport: httpx.BaseTransport | None = None
    ) -> None:
        self._addresses, self._transport = addresses, transport

    def send(self, target: str, message: OutgoingMessage) -> None:
        """Post one message. Raises NotifyError."""
        address = self._addresses.get(target)
        if address is None:
            raise NotifyError(f"The settings hold no webhook named {target}.")
        said = {
            "id": message.id,
            "subject": message.subject,
            # Chats read this field, and leave the others alone.
            "text": f"{message.subject}\n\n{message.text}",
            "sent": message.at.isoformat(),
            "acknowledge": message.link,
            "alerts": list(message.facts),
        }
        call("POST", address.get_secret_value(), said, self._transport)


def call(
    method: str,
    address: str,
    said: dict[str, Any] | None = None,
    transport: httpx.BaseTransport | None = None,
) -> None:
    """Make one request and require a 2xx answer, whose body is not read.

    Raises NotifyError, whose words do not hold the address.
    """
    try:
        with (
            httpx.Client(timeout=TIMEOUTS, follow_redirects=False, transport=transport) as client,
            client.stream(method, address, json=said) as answer,
        ):
            code = answer.status_code
    except httpx.TimeoutException:
        raise NotifyError("The address did not answer in time.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NotifyError(f"The address is not reached: {type(error).__name__}.") from None
    if not 200 <= code < 300:
        raise NotifyError(f"The address answered {code}.")
