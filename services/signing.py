"""Sign and check heads of the audit chain with an Ed25519 key, read from a PEM file."""

from pathlib import Path
from typing import TYPE_CHECKING

from services.settings import SettingsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_SETTING = "CHITIEU_SIGNING_KEY"


def signed_text(event_id: int, digest: str) -> bytes:
    """Return the bytes that a signature covers: the number of the head's event and its hash in hex."""
    return f"chitieu {event_id} {digest}\n".encode("ascii")


def sign(key_file: Path, content: bytes) -> str:
    """Return the signature in hex. Raises SettingsError where the file holds no private Ed25519 key."""
    private, _ = _read(key_file)
    if private is None:
        raise SettingsError(f"{_SETTING}: {key_file} has a public key; publishing needs the private one.")
    return private.sign(content).hex()


def is_signed(key_file: Path, content: bytes, signature: str) -> bool:
    """Return whether a signature in hex is that of the key. Raises SettingsError where there is no key."""
    from cryptography.exceptions import InvalidSignature

    _, public = _read(key_file)
    try:
        public.verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(key_file: Path) -> "tuple[Ed25519PrivateKey | None, Ed25519PublicKey]":
    """Return the private key, if the file has one, and the public key."""
    # Imported here: only an office that signs needs it.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

    try:
        content = key_file.read_bytes()
        is_public = b"PUBLIC KEY" in content
        key = load_pem_public_key(content) if is_public else load_pem_private_key(content, password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(f"{_SETTING}: the key {key_file} cannot be read: {error}.") from error
    if isinstance(key, Ed25519PrivateKey):
        return key, key.public_key()
    if isinstance(key, Ed25519PublicKey):
        return None, key
    raise SettingsError(f"{_SETTING}: {key_file} has a key of another kind than Ed25519.")
