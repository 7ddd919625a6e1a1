"""Drives behind TLS whose certificate is not accepted: the sentence says why, and what to do."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from drives.listing import DriveError, list_drive

ADVICE = (
    "have the server's certificate renewed, or name the file of the authority that signed it in SSL_CERT_FILE"
)


@contextmanager
def https_server(folder: Path, name: str, last_day: datetime) -> Iterator[str]:
    """Serve HTTPS on loopback with a certificate that signs itself; yields the drive's URL."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(last_day - timedelta(days=90)).not_valid_after(last_day)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(certificate)
    (folder / "server.pem").write_bytes(private + certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"webdavs://user:secret@localhost:{server.server_port}/reports"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("name", "days", "is_known", "reason"),
    [
        ("localhost", -1, True, "certificate has expired"),
        ("localhost", 30, False, "self-signed certificate"),
        ("elsewhere", 30, True, "Hostname mismatch"),
    ],
    ids=["expired", "unknown authority", "another name"],
)
def test_a_certificate_that_is_not_accepted(
    name: str, days: int, is_known: bool, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with https_server(tmp_path, name, datetime.now(UTC) + timedelta(days=days)) as url:
        if is_known:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        with pytest.raises(DriveError, match=reason) as refused:
            list_drive(url)
    assert str(refused.value).endswith(f"{ADVICE}.")
    assert "secret" not in str(refused.value)


def test_a_certificate_that_is_accepted_gets_as_far_as_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with https_server(tmp_path, "localhost", datetime.now(UTC) + timedelta(days=30)) as url:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        with pytest.raises(DriveError) as refused:
            list_drive(url)  # the server is no WebDAV server
    assert "certificate" not in str(refused.value)
