"""Messages by any service that Apprise knows. It is an extra: `gavel[alerts]`."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from pydantic import SecretStr

from playout.notify.notifier import NotifyError, OutgoingMessage

NOT_INSTALLED = "Apprise is not installed: install the packages of requirements-alerts.lock."


class Services:
    """Apprise addresses, by their names in the settings."""

    def __init__(self, addresses: Mapping[str, SecretStr]) -> None:
        self._addresses = addresses

    def send(self, target: str, message: OutgoingMessage) -> None:
        """Send one message. Raises NotifyError."""
        address = self._addresses.get(target)
        if address is None:
            raise NotifyError(f"The settings hold no service named {target}.")
        if find_spec("apprise") is None:
            raise NotifyError(NOT_INSTALLED)
        apprise = import_module("apprise")
        sender = apprise.Apprise()
        if not sender.add(address.get_secret_value()):
            raise NotifyError(f"Apprise cannot read the address of {target} in the settings.")
        try:
            sent = sender.notify(title=message.subject, body=message.text)
        except Exception as error:  # noqa: BLE001 - a plugin of Apprise may raise anything
            raise NotifyError(f"{target} failed: {type(error).__name__}.") from None
        if not sent:
            raise NotifyError(f"{target} did not take the message.")
