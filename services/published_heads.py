"""Heads of the audit chain that are kept outside the database: each publication notes the one it shows.

The chain cannot show that its end was cut off. A line of `published-heads.jsonl` in CHITIEU_HOME, and the
file `chain-head.json` beside the published pages, name an event with its hash, signed where a key is set.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from services.context import AppContext
from services.settings import Settings
from services.signing import is_signed, sign, signed_text
from warehouse.models.audit_tables import EVENT

PAGES_FILE = "chain-head.json"
_LOG = "published-heads.jsonl"


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """An event of the chain with its hash in hex, when it was published, and the signature or nothing."""

    event_id: int
    hash: str
    published_at: str
    signature: str = ""


def note_head(context: AppContext, out: Path) -> None:
    """Write the head that the pages in a folder show beside them and, if it is new, into CHITIEU_HOME.

    It is that of the last event that is no publication. Raises SettingsError for a key that cannot sign.
    """
    columns = EVENT.c
    query = select(columns.event_id, func.encode(columns.hash, "hex")).where(columns.kind != "publish")
    with context.engine.connect() as connection:
        row = connection.execute(query.order_by(columns.event_id.desc()).limit(1)).one_or_none()
    if row is None:
        return
    key = context.settings.signing_key
    signature = sign(key, signed_text(*row)) if key else ""
    head = PublishedHead(row[0], row[1], context.now.isoformat(), signature)
    log = context.settings.home / _LOG
    known = list(_lines(log))[-1:]
    if not known or _identity(_parse(known[0])) != _identity(head):
        context.settings.home.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(head)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        making = out / f".{PAGES_FILE}"
        making.write_text(json.dumps(asdict(head), indent=1) + "\n", encoding="utf-8")
        making.chmod(0o640)
        making.replace(out / PAGES_FILE)


def verify_heads(connection: Connection | None, settings: Settings) -> Iterator[str]:
    """Yield what is wrong with the noted heads: not in the chain, malformed, or not signed by the key.

    Without a connection there is no chain. Only the last head needs the signature: a key may be set later,
    and may be replaced.
    """
    for path in (settings.home / _LOG, settings.home / "published" / PAGES_FILE):
        lines = list(_lines(path))
        heads = [_parse(line) for line in lines]
        hashes, last = _chain(connection, [head.event_id for head in heads if head])
        for number, head in enumerate(heads, 1):
            if head is None:
                yield f"Line {number} of {path.name} is malformed."
            elif hashes.get(head.event_id) != head.hash:
                yield _not_in_chain(head, last, path)
        if settings.signing_key and heads and heads[-1]:
            head = heads[-1]
            if not is_signed(settings.signing_key, signed_text(head.event_id, head.hash), head.signature):
                yield f"The head of event {head.event_id} in {path.name} is not signed by the key."


def _not_in_chain(head: PublishedHead, last: int, path: Path) -> str:
    what = f"event {head.event_id}, published at {head.published_at} (in {path.name})"
    if head.event_id > last:
        return f"The chain ends at event {last} and lacks {what}: events were cut off."
    return f"The chain has another {what}: it was rewritten."


def _chain(connection: Connection | None, numbers: list[int]) -> tuple[dict[int, str], int]:
    """Return the hashes of some events, and the number of the last event."""
    if connection is None:
        return {}, 0
    columns = EVENT.c
    query = select(columns.event_id, func.encode(columns.hash, "hex")).where(columns.event_id.in_(numbers))
    last = connection.scalar(select(func.max(columns.event_id))) or 0
    return dict(connection.execute(query).tuples().all()), last


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a log, or the content of the file beside the pages as one line."""
    if path.exists():
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from [text] if path.suffix == ".json" else text.splitlines()


def _parse(line: str) -> PublishedHead | None:
    try:
        head = PublishedHead(**json.loads(line))
        return head if isinstance(head.event_id, int) and head.hash.isascii() else None
    except (ValueError, TypeError, AttributeError):
        return None


def _identity(head: PublishedHead | None) -> tuple[int, str, str] | None:
    return (head.event_id, head.hash, head.signature) if head else None
