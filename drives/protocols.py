"""Open the filesystem behind a drive's URL: who asks with which password stays between us and the server."""

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from fsspec.core import url_to_fs

TIMEOUT = 20  # seconds until a server that does not answer is given up


def readers_of(url: str) -> int:
    """How many threads may read from the drive at once.

    One from a Windows share: smbprotocol does not wait for the credits that the server gives it, and where a
    large file has used them up the reading of others would fail.
    """
    return 1 if url.lower().startswith("smb:") else 8


def known_protocols() -> frozenset[str]:
    """The protocols of URLs that can be opened."""
    from fsspec import available_protocols

    return frozenset(available_protocols()) | _OPENERS.keys()


def open_filesystem(url: str, userinfo: str) -> tuple[Any, str]:
    """The fsspec filesystem of a remote URL and the drive's root in it.

    `userinfo` is the part of the URL before its host, "user:password", special letters in them quoted.
    Raises what the protocol raises.
    """
    scheme = url.partition("://")[0].lower()
    opener = _OPENERS.get(scheme)
    if opener is None:
        # The flow tries again by itself; botocore's own five attempts would take a minute for each file.
        patience = {"connect_timeout": 5, "read_timeout": TIMEOUT, "retries": {"max_attempts": 1}}
        options = {"config_kwargs": patience} if scheme in ("s3", "s3a") else {}
        filesystem, root = url_to_fs(url, skip_instance_cache=True, **options)
        return filesystem, root
    # Parsed here and not by fsspec, which leaves quoted letters in passwords as they are.
    address = urlsplit(url.replace(f"://{userinfo}@", "://", 1) if userinfo else url)
    user, _, password = userinfo.partition(":")
    path = unquote(address.path)
    return opener(address.hostname or "", address.port, unquote(user), unquote(password), path)


def _smb(host: str, port: int | None, user: str, password: str, path: str) -> tuple[Any, str]:
    from fsspec.implementations.smb import SMBFileSystem
    from smbclient import reset_connection_cache

    # Sessions live as long as the process: after a restart of the server they are dead, and while one lives a
    # wrong password would do.
    reset_connection_cache(fail_on_error=False)
    # The timeout below is for connecting alone; this is the library's only way to bound what comes after, and
    # without it a server that falls silent inside a file is waited for twenty minutes.
    os.environ["SMB_EXPERIMENTAL_TRANSPORT_RECEIVE_TIMEOUT"] = str(TIMEOUT)
    filesystem = SMBFileSystem(
        host,
        port=port or 445,
        username=user or None,
        password=password or None,
        timeout=TIMEOUT,
        auto_mkdir=False,
        skip_instance_cache=True,
        register_session_retries=0,
    )
    return filesystem, path.rstrip("/")


def _sftp(host: str, port: int | None, user: str, password: str, path: str) -> tuple[Any, str]:
    from sshfs import SSHFileSystem

    # Keys and aliases are those of ~/.ssh. An empty tuple has the server's key checked against
    # ~/.ssh/known_hosts; without it sshfs would take any.
    # A reading has no timeout of its own: the server is asked twice within it whether it is still there.
    options: dict[str, Any] = {
        "known_hosts": (),
        "keepalive_interval": TIMEOUT / 2,
        "keepalive_count_max": 1,
    }
    if user:
        options["username"] = user
    if password:
        options["password"] = password
    filesystem = SSHFileSystem(
        host, port=port or 22, connect_timeout=TIMEOUT, skip_instance_cache=True, **options
    )
    return filesystem, path.rstrip("/") or "/"


def _webdav(scheme: str) -> Callable[[str, int | None, str, str, str], tuple[Any, str]]:
    def opener(host: str, port: int | None, user: str, password: str, path: str) -> tuple[Any, str]:
        from webdav4.fsspec import WebdavFileSystem

        class OneAttempt(WebdavFileSystem):  # type: ignore[misc]  # webdav4 has no types for it
            """Reads a file in one request: the library's stream begins again and again after a timeout."""

            def cat_file(self, path: str, start: int = 0, end: int | None = None, **_: Any) -> bytes:
                content = bytearray()
                with self.client.http.stream("GET", self.client.join_url(path)) as response:
                    response.raise_for_status()
                    for chunk in response.iter_bytes():
                        content += chunk
                        if end is not None and len(content) >= end:  # the file has grown since it was listed
                            break
                return bytes(content[start:end])

        at = f"{scheme}://{host}{f':{port}' if port else ''}{path}"
        auth = (user, password) if user else None
        # A redirect could lead to another server of the network: its answer is not the drive's.
        options = {"timeout": TIMEOUT, "max_redirects": 0, "retry": False, "skip_instance_cache": True}
        return OneAttempt(at, auth=auth, **options), ""

    return opener


_OPENERS: dict[str, Callable[[str, int | None, str, str, str], tuple[Any, str]]] = {
    "smb": _smb,
    "sftp": _sftp,
    "ssh": _sftp,
    "webdav": _webdav("http"),
    "webdavs": _webdav("https"),
}
