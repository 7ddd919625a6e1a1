"""Which failures a Prefect task tries again: retryable errors of ours, and nothing else."""

import pytest
from prefect import Flow
from prefect.states import exception_to_failed_state
from prefect.utilities.asyncutils import run_coro_as_sync

from drives.archive import ArchiveError
from drives.listing import DriveError, list_drive
from flows import dask_reader, prefect_flows
from flows.tasks import TIMEOUTS, as_task, may_succeed_later
from plans.errors import ChitieuError, SettingsError
from warehouse.database import DatabaseError, connect


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (ChitieuError("x", retryable=True), True),
        (DatabaseError("x", retryable=True), True),
        (ArchiveError("x"), False),
        (SettingsError("x"), False),
        (ZeroDivisionError(), False),
        (OSError(28, "x"), False),
    ],
)
def test_only_retryable_errors_are_tried_again(error: Exception, again: bool) -> None:
    state = run_coro_as_sync(exception_to_failed_state(error))
    assert state is not None
    task = as_task("x")(lambda: None)
    assert may_succeed_later(task, None, state) is again


def test_drives_and_databases_that_are_away_are_retryable() -> None:
    with pytest.raises(DriveError) as drive:
        list_drive("file:///no/such/drive")
    with pytest.raises(DatabaseError) as database:
        connect("postgresql://u:geheim@127.0.0.1:1/x")
    with pytest.raises(DatabaseError) as wrong:
        connect("mysql://x")
    errors: list[ChitieuError] = [drive.value, database.value, wrong.value]
    assert [error.retryable for error in errors] == [True, True, False]
    assert "geheim" not in str(database.value)


def test_every_flow_and_task_has_a_timeout() -> None:
    flows = [
        one
        for module in (prefect_flows, dask_reader)
        for one in vars(module).values()
        if isinstance(one, Flow)
    ]
    assert len(flows) >= 8
    assert [flow.name for flow in flows if not flow.timeout_seconds] == []
    longest_flow = max(float(flow.timeout_seconds or 0) for flow in flows)
    for name, seconds in TIMEOUTS.items():
        assert as_task(name)(lambda: None).timeout_seconds == seconds  # type: ignore[attr-defined]
        assert 0 < seconds < longest_flow


def test_a_title_with_braces_is_no_format_string() -> None:
    task = as_task("list drive", "drive smb://server/{reports}")(lambda: None)
    assert task.task_run_name.format() == "drive smb://server/{reports}"  # type: ignore[attr-defined]
