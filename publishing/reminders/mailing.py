"""Send messages by e-mail, over a server that a URL names: smtp://user:password@host:587?from=address."""

import hashlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from plans.errors import ChitieuError

TIMEOUT = 20  # seconds for a server that does not answer
_URL = "smtp://user:password@host:587?from=address (smtps:// where the server speaks TLS from the start)"


class MailError(ChitieuError):
    """Nothing could be sent: one sentence for the operator, without credentials."""


def send(url: str, subject: str, messages: Sequence[tuple[str, str]], now: datetime) -> list[str]:
    """Send each (address, text); returns sentences about those that were refused. Raises MailError.

    The same message of the same day bears the same Message-ID: mail systems show a repeated one once.
    """
    asked = urlsplit(url)
    sender = parse_qs(asked.query).get("from", [""])[0]
    if asked.scheme not in ("smtp", "smtps") or not asked.hostname or "@" not in sender:
        raise MailError(f"CHITIEU_SMTP_URL must be such as {_URL}.")
    problems: list[str] = []
    try:
        with _server(url) as server:
            for address, text in messages:
                try:
                    server.send_message(_message(sender, address, subject, text, now))
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
                    problems.append(f"The message to {address} was refused ({type(error).__name__}).")
    except (OSError, smtplib.SMTPException) as error:  # what the server says may quote the account
        raise MailError(
            f"The mail server {asked.hostname} cannot be used ({type(error).__name__}): check address, port,"
            " account and password in CHITIEU_SMTP_URL."
        ) from None
    return problems


@contextmanager
def _server(url: str) -> Iterator[smtplib.SMTP]:
    asked = urlsplit(url)
    host, context = asked.hostname or "", ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, asked.port or 465, timeout=TIMEOUT, context=context)
        if asked.scheme == "smtps"
        else smtplib.SMTP(host, asked.port or 587, timeout=TIMEOUT)
    )
    with server:
        server.ehlo()
        if asked.scheme == "smtp" and (server.has_extn("starttls") or asked.username):
            server.starttls(context=context)  # a password never goes in the clear
            server.ehlo()
        if asked.username:
            server.login(unquote(asked.username), unquote(asked.password or ""))
        yield server


def _message(sender: str, address: str, subject: str, text: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, address, subject
    message["Date"] = format_datetime(now)
    digest = hashlib.sha256(f"{address}\n{now:%Y-%m-%d}\n{text}".encode()).hexdigest()
    message["Message-ID"] = f"<{digest[:32]}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(text)
    return message
