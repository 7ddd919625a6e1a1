"""URLs of drives: which part may be shown, and the province that a source names."""

import re
from collections.abc import Sequence

_LOCAL_SCHEMES = {"file", "local"}
_USERINFO_OF_URL = re.compile(r"^([^/]*://)[^/\s]*@")  # "://" may be in a path as well


def split_source(source: str) -> tuple[str, str | None]:
    """Return the URL of a drive, and the code of its province where the source names it: `75=file:///srv/a`."""
    province, separator, url = source.partition("=")
    return (url, province) if separator and province.isdecimal() else (source, None)


def provinces_of(sources: Sequence[str]) -> dict[str, str]:
    """Return the province of each drive whose source names it, by the drive's public URL."""
    split = [split_source(source) for source in sources]
    return {public_url(url): province for url, province in split if province}


def public_url(url: str) -> str:
    """Return ``url`` without user, password and query (which may hold a token); a local path as it is."""
    if is_local(url):
        return url
    secret = userinfo_of(url)
    if secret:
        url = url.replace(f"://{secret}@", "://", 1)
    return _USERINFO_OF_URL.sub(r"\1", url).partition("?")[0]


def userinfo_of(url: str) -> str:
    """Return the ``user:password`` of a URL, also where the password holds an "@" or an unquoted "/"."""
    rest = url.partition("://")[2]
    authority = rest.partition("/")[0]
    if "@" in authority:
        return authority.rpartition("@")[0]
    _, colon, port = authority.rpartition(":")
    if colon and not port.isdigit() and not authority.startswith("["):  # no port and no IPv6 address
        return rest.rpartition("@")[0]
    return ""


def is_local(url: str) -> bool:
    """Return whether a URL, or a path, is one of this machine's file system."""
    scheme, separator, _ = url.partition("://")
    return not separator or scheme in _LOCAL_SCHEMES
