"""Pages in a web archive (.mht), which Excel and Word save as "single file web page"."""

import re

from transforms.extract.file_safety import UnreadableFile
from transforms.extract.text_table import decode_text

IS_WEB_ARCHIVE = re.compile(
    rb"(?:[A-Za-z-]+:.*\r?\n(?:[ \t].*\r?\n)*){0,20}Content-Type:\s*multipart/related(?:.*\r?\n)",
    re.IGNORECASE,
)


def html_of(content: bytes) -> str:
    """Return the pages of a web archive joined. Raises UnreadableFile where it has none."""
    from email import message_from_bytes  # costs 20 ms, and such files are rare

    pages: list[str] = []
    for part in message_from_bytes(content).walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(payload, bytes) and payload.strip():
            pages.append(decode_text(payload))
    if not pages:
        raise UnreadableFile("FILE-UNREADABLE", "web_page")
    return "\n".join(pages)
