"""Messages by mail, with the standard library alone."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from config.alert_settings import MailSettings
from playout.notify.notifier import NotifyError, OutgoingMessage

LONGEST_REPLY = 200


class Mail:
    """A mail server, asked anew for each message."""

    def __init__(
        self, settings: MailSettings, domain: str, trust: ssl.SSLContext | None = None
    ) -> None:
        self._settings, self._domain, self._trust = settings, domain, trust
        self._sender = settings.sender or f"gavel@{domain}"

    def send(self, target: str, message: OutgoingMessage) -> None:
        """Send one mail. Raises NotifyError."""
        if not self._settings.host:
            raise NotifyError("No mail server is set: write alerts.mail.host into the settings.")
        mail, password = self._mail(target, message), self._password()
        try:
            self._deliver(mail, password)
        except smtplib.SMTPRecipientsRefused as error:
            replies = list(error.recipients.values())
            raise NotifyError(f"The mail server refuses {target}: {_reply(*replies[0])}") from None
        except smtplib.SMTPAuthenticationError:
            # Its reply may repeat what was sent, so it is not shown.
            raise NotifyError("The mail server refuses the user name or password.") from None
        except smtplib.SMTPNotSupportedError as error:
            raise NotifyError(f"The mail server cannot do what is set: {error}") from None
        except smtplib.SMTPResponseException as error:
            reply = _reply(error.smtp_code, error.smtp_error)
            raise NotifyError(f"The mail server refuses the message: {reply}") from None
        except ssl.SSLError as error:
            raise NotifyError(f"No secure connection to the mail server: {error.reason}") from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            said = str(error) or type(error).__name__
            raise NotifyError(f"The mail server is not reached: {said[:LONGEST_REPLY]}") from None

    def _deliver(self, mail: EmailMessage, password: str) -> None:
        given, context = self._settings, self._trust or ssl.create_default_context()
        if given.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                given.host, given.port, timeout=given.timeout, context=context
            )
        else:
            server = smtplib.SMTP(given.host, given.port, timeout=given.timeout)
        with server:
            if given.security == "starttls":
                server.starttls(context=context)
            if given.user:
                if given.security == "none":
                    raise NotifyError("A password is sent over starttls or tls only.")
                server.login(given.user, password)
            server.send_message(mail)

    def _mail(self, target: str, message: OutgoingMessage) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = " ".join(message.subject.split())
        mail["From"], mail["To"] = self._sender, target
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<{message.id}@{self._domain}>"
        # So that no holiday notice answers, and no list spreads it (RFC 3834).
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail

    def _password(self) -> str:
        given = self._settings
        if given.password.get_secret_value() or given.password_file is None:
            return given.password.get_secret_value()
        try:
            return given.password_file.read_text().strip()
        except (OSError, UnicodeDecodeError):
            raise NotifyError("The file of alerts.mail.password_file cannot be read.") from None


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:LONGEST_REPLY]
