"""The embedded servers that run on this machine, found by their processes."""

import os
from dataclasses import dataclass
from pathlib import Path

from warehouse.embedded.server_user import server_user


@dataclass(frozen=True)
class RunningServer:
    """A running embedded server; `home` is None where its cluster lies outside of its home."""

    pid: int
    cluster: Path
    home: Path | None
    port: int


def running_servers(processes: Path = Path("/proc")) -> list[RunningServer]:
    """Return the embedded servers of this account by folder; none where there is no /proc."""
    found, owners = [], _owners()
    for folder in processes.glob("[0-9]*"):
        try:
            owner = folder.stat().st_uid
            command = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            data = (folder / "cwd").readlink()  # PostgreSQL works in its data folder
        except OSError:  # the process has ended
            continue
        server = _server(int(folder.name), command, data.parent) if owner in owners else None
        if server is not None:
            found.append(server)
    return sorted(found, key=lambda server: server.cluster)


def _owners() -> set[int]:
    user = server_user() if os.geteuid() == 0 else None
    return {os.geteuid()} | ({user.uid} if user else set())


def _server(pid: int, command: list[str], cluster: Path) -> RunningServer | None:
    """Return the server of a command line if it is PostgreSQL on this cluster, and the cluster is ours."""
    if not command[0].endswith("/postgres") or "-D" not in command[:-1] or "-p" not in command[:-1]:
        return None
    port = command[command.index("-p") + 1]
    try:
        is_ours = (cluster / "password").exists() and (cluster / "lock").exists() and port.isdigit()
    except OSError:
        return None
    if not is_ours:
        return None
    return RunningServer(pid, cluster, cluster.parent if cluster.name == "postgres" else None, int(port))
