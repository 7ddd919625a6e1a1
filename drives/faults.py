"""What a failure of a drive means, and what to do about it; never with the credentials of its URL."""

import re
from urllib.parse import unquote

from drives.patience import NoAnswerError
from drives.urls import public_url, userinfo_of

# How protocols that raise no PermissionError word it.
_DENIED = re.compile("permission denied|forbidden|access_?denied", re.IGNORECASE)
_USERINFO = re.compile(r"(?<=://)[^/\s]*@")
_REACH = (
    "check that its address is right, that it is mounted or its server can be reached, and that this account "
    "may read it"
)
# Words of the protocols' libraries, and what to do; the first that matches counts.
_CERTIFICATE = (
    "have the server's certificate renewed, or name the file of the authority that signed it in SSL_CERT_FILE"
)
_HOST_KEY = "compare the server's key with its owner, then add it with ssh-keyscan to ~/.ssh/known_hosts"
_USER = "check user and password in its URL or in the environment; @ and / in them are written %40 and %2F"
_NO_KEYS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, for this account"
_NAME = "check the name of the server in its address, and the name service of this machine"
_ADVICE = {
    "certificate": _CERTIFICATE,
    "host key|known_hosts": _HOST_KEY,
    "logon_failure|wrong_password|password_expired|account_|permission denied for user": _USER,
    r"unauthorized|\b401\b|invalidaccesskeyid|signaturedoesnotmatch": _USER,
    "unable to locate credentials|nocredentials": _NO_KEYS,
    "name or service not known|name resolution|no address associated|getaddrinfo": _NAME,
}


def explain(error: Exception, url: str) -> str:
    """Describe in a few words what ``error`` means, without the credentials that ``url`` may hold."""
    if isinstance(error, FileNotFoundError):
        return "it is not there"
    if isinstance(error, NoAnswerError):
        return str(error)
    if isinstance(error, PermissionError) or _DENIED.search(str(error)):
        return "permission denied"
    text = _USERINFO.sub("", str(error).replace(url, public_url(url)))
    password = userinfo_of(url).partition(":")[2]
    # A password that was not quoted is split at these letters, and messages contain the parts.
    secrets = {password, unquote(password), *re.split("[/?#@:]", password)} - {""}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return f"{type(error).__name__}: {' '.join(text.split())}".rstrip(": .")


def advice_on(error: Exception) -> str:
    """Return what to do about a failure of a drive, by the words of its protocol's library."""
    text = f"{type(error).__name__} {error} {error.__cause__ or ''}".lower()
    return next((advice for words, advice in _ADVICE.items() if re.search(words, text)), _REACH)
