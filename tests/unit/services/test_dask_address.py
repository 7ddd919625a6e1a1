"""A Dask cluster that cannot be reached is reported at once, in one sentence."""

import re
import socket

import pytest

from flows.dask_reader import DaskError, read_on


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    with pytest.raises(DaskError) as caught:
        read_on("tcp://127.0.0.1:9")
    assert re.fullmatch(r"No Dask scheduler answers at tcp://127\.0\.0\.1:9 .*refused\.", str(caught.value))
    assert caught.value.retryable


def test_one_that_answers_and_a_number_of_workers_are_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as scheduler:
        assert callable(read_on(f"tcp://127.0.0.1:{scheduler.getsockname()[1]}"))
    assert callable(read_on("2"))
