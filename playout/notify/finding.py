"""The doctors' look at the settings of alerts: what keeps a message from leaving this machine.

Only their form is judged. A test from the page of contacts asks the far end.
"""

import os
import re
from collections.abc import Iterator

from config.alert_settings import AlertSettings, MailSettings
from config.finding import MachineFinding
from config.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+\]?")
"""A name of a machine or an address of it, without scheme and port."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def alert_findings(settings: Settings) -> list[MachineFinding]:
    """Check the ways by which alerts leave, and whom `tell` names; one good finding when all is
    complete.
    """
    given = settings.alerts
    if not (given.mail.host or given.webhooks or given.services or given.tell):
        mend = "Write host under [alerts.mail] into gavel.toml, then check: gavel doctor"
        return [MachineFinding("note", "Alerts do not leave this machine by any way.", mend)]
    wrong = [*_mail(given.mail, settings.domain), *_told(given)]
    return wrong or [MachineFinding("good", "The settings of alerts are complete.")]


def _mail(mail: MailSettings, domain: str) -> Iterator[MachineFinding]:
    if not mail.host:
        return
    if not _HOST.fullmatch(mail.host):
        mend = 'Write it without scheme and port: host = "smtp.example.gov", port = 587'
        # It is not repeated: an address with a scheme may hold a password.
        yield MachineFinding("wrong", "alerts.mail.host is no name of a machine.", mend)
    sender = mail.sender or f"gavel@{domain}"
    if not _ADDRESS.fullmatch(sender) or sender.endswith("@gavel.invalid"):
        mend = 'Write under [alerts.mail]: sender = "gavel@example.gov"'
        yield MachineFinding("wrong", f"Mail would come from {sender}, which is refused.", mend)
    if mail.user and mail.security == "none":
        mend = 'Write under [alerts.mail]: security = "starttls"'
        yield MachineFinding("wrong", "A mail password is never sent without encryption.", mend)
    yield from _password(mail)


def _password(mail: MailSettings) -> Iterator[MachineFinding]:
    if not mail.user or mail.password.get_secret_value():
        return
    file = mail.password_file
    if file is None:
        mend = 'Write under [alerts.mail]: password_file = "/etc/gavel/mail-password"'
        yield MachineFinding("wrong", "alerts.mail has a user and no password.", mend)
    elif not os.access(file, os.R_OK) or not file.is_file():
        mend = f"Let the service read it: chown gavel {file} && chmod 600 {file}"
        yield MachineFinding("wrong", f"The mail password in {file} cannot be read.", mend)
    elif not file.stat().st_size:
        mend = f"Write the password into it: nano {file}"
        yield MachineFinding("wrong", f"The mail password in {file} is empty.", mend)


def _told(given: AlertSettings) -> Iterator[MachineFinding]:
    for target in given.tell:
        way, _, name = target.partition(":")
        fault = target_fault(given, way, name)
        if fault is not None:
            yield MachineFinding("wrong", f"tell names {target}, {fault[0]}.", fault[1])


def target_fault(given: AlertSettings, way: str, name: str) -> tuple[str, str] | None:
    """Return why the settings let no message reach a target, as the end of a sentence, and what to
    do; None if they do.
    """
    if way == "mail" and not given.mail.host:
        return "and no mail server is set", 'Write under [alerts.mail]: host = "smtp.example.gov"'
    if way == "mail" and not _ADDRESS.fullmatch(name):
        return "which is no mail address", "Write it like: mail:tv@example.gov"
    named = {"webhook": given.webhooks, "service": given.services}
    if way in named and name not in named[way]:
        return "and there is none", f'Write under [alerts.{way}s]: {name} = "ADDRESS"'
    return None
