"""The names of flow runs, from what a run really reads."""

from collections.abc import Sequence

from prefect.runtime import flow_run

from drives.urls import public_url, split_source

_MOST_NAMES = 3  # of drives or periods in one name


def of_ingest(urls: Sequence[str]) -> str:
    """Return the name of an ingest of these drives, without credentials; none are known yet for a secret."""
    drives = [public_url(split_source(url)[0]) for url in urls]
    return f"ingest {_some(drives)}" if drives else "ingest the drives of the secret chitieu-sources"


def of_materialize() -> str:
    """Return the name of the present run, which has the parameter `periods`."""
    periods = (flow_run.parameters or {}).get("periods")
    return f"materialize {_some(periods)}" if periods else "materialize what is due"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
