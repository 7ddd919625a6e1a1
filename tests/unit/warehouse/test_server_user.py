"""Creating a system user for the embedded server is announced before it happens."""

import logging
import os
import pwd
import subprocess
from typing import Any

import pytest

from warehouse.embedded import server_user as module


@pytest.mark.parametrize("works", [True, False])
def test_the_announcement_comes_first(
    works: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    announced: list[str] = []
    users: set[str] = {"nobody"}

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        announced.extend(record.getMessage() for record in caplog.records)
        if works:
            users.add(command[-1])
        return subprocess.CompletedProcess(command, 0 if works else 1, "", "no room")

    class Entry:
        def __init__(self, name: str) -> None:
            self.pw_uid, self.pw_gid = (7, 7) if name == "chitieu" else (65534, 65534)

    def getpwnam(name: str) -> Entry:
        if name not in users:
            raise KeyError(name)
        return Entry(name)

    monkeypatch.setattr(logging.getLogger("chitieu"), "propagate", True)
    caplog.set_level(logging.INFO, logger="chitieu")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(pwd, "getpwnam", getpwnam)
    user = module.server_user()
    assert len(set(announced)) == 1  # the handler may be attached at two levels
    assert announced[0].startswith("Creating the system user chitieu on this host")
    assert user == ((7, 7) if works else (65534, 65534))
    assert ("could not be created: no room" in caplog.text) is not works
