"""The notifiers of this machine, by way, as its settings make them."""

from collections.abc import Mapping

from config.settings import Settings
from playout.notify.mail import Mail
from playout.notify.notifier import Notifier, NotifyError, OutgoingMessage
from playout.notify.service import Services
from playout.notify.web import Webhooks


def notifiers(settings: Settings) -> dict[str, Notifier]:
    """Return the notifier of each way: mail, webhook and service."""
    given = settings.alerts
    return {
        "mail": Mail(given.mail, settings.domain),
        "webhook": Webhooks(given.webhooks),
        "service": Services(given.services),
    }


def send_by(ways: Mapping[str, Notifier], way: str, target: str, message: OutgoingMessage) -> str:
    """Send one message and return why it failed, in words, or an empty text."""
    notifier = ways.get(way)
    if notifier is None:
        return f"There is no way {way}."
    try:
        notifier.send(target, message)
    except NotifyError as error:
        return str(error)[:400]
    return ""
