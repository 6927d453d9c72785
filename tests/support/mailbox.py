"""A real SMTP server on this machine, with a mailbox, for tests of mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from support.ports import free_tcp_port

USER, PASSWORD = "gavel", "canary-password"


class Mailbox:
    """The mail that arrived, and what the server says to the next one."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, Message]] = []
        """Each as (recipient, mail)."""
        self.refusal = ""
        """Its reply to a recipient instead of accepting it; empty to accept."""
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails += [(to, message_from_bytes(content)) for to in envelope.rcpt_tos]
        return "250 Accepted"

    def texts(self) -> list[str]:
        """Return the text of every mail."""
        return [mail.get_payload(decode=True).decode() for _, mail in self.mails]  # type: ignore[union-attr]

    def subjects(self) -> list[str]:
        """Return the subject of every mail."""
        return [str(mail["Subject"]) for _, mail in self.mails]


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(tls: Any = None, *, must_sign_in: bool = False) -> Iterator[Mailbox]:
    """Serve a mailbox on a free port; `tls` is the context of STARTTLS."""
    mailbox = Mailbox()
    given = {"authenticator": _check, "auth_required": True} if must_sign_in else {}
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=free_tcp_port(), tls_context=tls,
        require_starttls=tls is not None, auth_require_tls=tls is not None, **given,
    )  # fmt: skip
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()
