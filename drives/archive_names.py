"""The names of contents in an archive, of either kind."""

import re
from collections.abc import Iterable
from hashlib import sha256 as hash_of

from plans.errors import ChitieuError

WITHHELD = ".withheld"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ArchiveError(ChitieuError):
    """Content that is not in the archive, or does not have the hash in its name."""


def name_of(sha256: str) -> str:
    """Return the name of a content below the archive's root. Raises ArchiveError for what is no sha256."""
    if not _SHA256.fullmatch(sha256):
        raise ArchiveError(f"{sha256!r} is no sha256: 64 lower-case hexadecimal digits are.")
    return f"{sha256[:2]}/{sha256[2:]}"


def hashes_of(names: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hashes of names that have content, and those that have a mark that it is withheld."""
    hashes = {name.replace("/", "") for name in names}
    noted = {name.removesuffix(WITHHELD) for name in hashes if name.endswith(WITHHELD)}
    return frozenset(filter(_SHA256.fullmatch, hashes)), frozenset(filter(_SHA256.fullmatch, noted))


def check_before_storing(sha256: str, content: bytes) -> None:
    """Raise ArchiveError where the hash is not the content's."""
    if hash_of(content).hexdigest() != sha256:
        raise ArchiveError(f"The content to archive as {sha256} has another sha256.")


def check_loaded(sha256: str, content: bytes) -> bytes:
    """Return the content. Raises ArchiveError where the hash is not its own."""
    if hash_of(content).hexdigest() != sha256:
        raise ArchiveError(f"The archive's content for {sha256} is damaged: it has another sha256.")
    return content


def absent(sha256: str) -> ArchiveError:
    """Return the error for a content that is not there."""
    return ArchiveError(f"The archive has no content for {sha256}.")


def not_kept(sha256: str) -> ArchiveError:
    """Return the error for a content of which only the hash is kept."""
    return ArchiveError(f"The content of {sha256} is withheld: the archive keeps only its hash.")
