"""Failures of Prefect's server as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from httpx import HTTPError
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL

from drives.urls import public_url
from plans.errors import ChitieuError

_UNREACHABLE = "Failed to reach API"  # the start of the RuntimeError with which Prefect's client gives up


class PrefectServerError(ChitieuError):
    """Prefect's server does not answer, or refuses a request."""


@contextmanager
def server_errors() -> Iterator[None]:
    """Raise PrefectServerError where the server fails; other errors pass."""
    try:
        yield
    except PrefectHTTPStatusError as error:
        status = error.response.status_code
        hint = "Set PREFECT_API_AUTH_STRING as on the server." if status in (401, 403) else _hint()
        raise PrefectServerError(f"Prefect's server refused a request with status {status}.", hint) from error
    except HTTPError as error:
        raise _unreachable(str(error) or type(error).__name__) from error
    except RuntimeError as error:
        if not str(error).startswith(_UNREACHABLE):
            raise
        raise _unreachable(str(error.__cause__ or "no answer")) from error


def _unreachable(reason: str) -> PrefectServerError:
    url = public_url(PREFECT_API_URL.value() or "")
    message = f"Prefect's server at {url} does not answer: {reason.rstrip('.')}."
    return PrefectServerError(message, _hint(), retryable=True)


def _hint() -> str:
    return "chitieu doctor examines it; unset PREFECT_API_URL to run the command without Prefect."
