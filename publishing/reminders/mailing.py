"""Send messages by e-mail over the server of a URL: smtp://user:password@host:587?from=address."""

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

TIMEOUT = 20  # seconds
_URL = "smtp://user:password@host:587?from=address (smtps:// for a server that uses TLS from the start)"


class MailError(ChitieuError):
    """No message could be sent; the text is for the operator and contains no credentials."""


def send(url: str, subject: str, messages: Sequence[tuple[str, str]], now: datetime) -> list[str]:
    """Send each (address, text); return a sentence for each rejected message. Raises MailError.

    The same message on the same day has the same Message-ID, so mail systems show it once.
    """
    server_url = urlsplit(url)
    sender = parse_qs(server_url.query).get("from", [""])[0]
    if server_url.scheme not in ("smtp", "smtps") or not server_url.hostname or "@" not in sender:
        raise MailError(f"CHITIEU_SMTP_URL must be such as {_URL}.")
    problems: list[str] = []
    try:
        with _server(url) as server:
            for address, text in messages:
                try:
                    server.send_message(_message(sender, address, subject, text, now))
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
                    problems.append(f"The message to {address} was rejected ({type(error).__name__}).")
    except (OSError, smtplib.SMTPException) as error:  # the server's text may contain the account
        raise MailError(
            f"The mail server {server_url.hostname} cannot be used ({type(error).__name__}): check address,"
            " port, account and password in CHITIEU_SMTP_URL."
        ) from None
    return problems


@contextmanager
def _server(url: str) -> Iterator[smtplib.SMTP]:
    server_url = urlsplit(url)
    host, context = server_url.hostname or "", ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, server_url.port or 465, timeout=TIMEOUT, context=context)
        if server_url.scheme == "smtps"
        else smtplib.SMTP(host, server_url.port or 587, timeout=TIMEOUT)
    )
    with server:
        server.ehlo()
        if server_url.scheme == "smtp" and (server.has_extn("starttls") or server_url.username):
            server.starttls(context=context)  # never send a password unencrypted
            server.ehlo()
        if server_url.username:
            server.login(unquote(server_url.username), unquote(server_url.password or ""))
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
