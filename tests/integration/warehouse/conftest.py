"""Servers on which a module may create and drop roles."""

from collections.abc import Iterator

import pytest

from tests.support.database_roles import separate_server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a server that the module has for itself."""
    yield from separate_server()


@pytest.fixture(scope="module")
def other_server() -> Iterator[str]:
    """The URL of one more."""
    yield from separate_server()
