"""Real servers on loopback that serve a folder: Samba, OpenSSH, WsgiDAV, an S3 server."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

USER, PASSWORD = "bao cao", "mật/khẩu@1#%"
QUOTED = "bao%20cao:m%E1%BA%ADt%2Fkh%E1%BA%A9u%401%23%25"
SMBD, SSHD = shutil.which("smbd", path="/usr/sbin"), shutil.which("sshd", path="/usr/sbin")


@dataclass(frozen=True)
class Served:
    """A folder served: the drive's URL with its credentials, one with a wrong password, one without server.

    `refuse(name, True)` takes the permission to read one folder away, `refuse(name, False)` gives it back.
    """

    url: str
    wrong: str
    missing: str
    settings: dict[str, str]
    refuse: Callable[[str, bool], None]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert time.monotonic() < deadline, "the server does not listen"
        time.sleep(0.05)


@contextmanager
def _process(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        # smbd ends its whole process group with itself: it needs one of its own.
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _given_to_a_user(folder: Path) -> str:
    """Make a user who is not allowed everything, as root is, the folder's owner; returns the name."""
    if os.geteuid():
        return getpass.getuser()
    user = "chitieutest"
    if subprocess.run(["id", user], capture_output=True, check=False).returncode:
        subprocess.run(["useradd", "--system", "--no-create-home", user], check=True)
    # No password, but not locked either: sshd lets nobody in who is locked.
    subprocess.run(["usermod", "--password", "*", user], check=True)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, user)
    return user


def _by_mode(folder: Path) -> Callable[[str, bool], None]:
    return lambda name, refused: (folder / name).chmod(0 if refused else 0o755)


def _by_rule(application: Any, refused: set[str]) -> Callable[..., Any]:
    """Wrap a WSGI application: what names a refused folder is answered with 403, as an access rule does it."""

    def ruled(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        asked = f"{environ['PATH_INFO']}/?{unquote(environ.get('QUERY_STRING', ''))}/"
        if not any(f"/{name}/" in asked for name in refused):
            return application(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/xml")])
        return [b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"]

    return ruled


def _set_member(refused: set[str]) -> Callable[[str, bool], None]:
    return lambda name, is_refused: refused.add(name) if is_refused else refused.discard(name)


@contextmanager
def samba(folder: Path, work: Path) -> Iterator[Served]:
    port, state = free_port(), work / "samba"
    state.mkdir(exist_ok=True)
    user = _given_to_a_user(folder)
    config = state / "smb.conf"
    config.write_text(
        f"""[global]
        server role = standalone server
        interfaces = 127.0.0.1
        bind interfaces only = yes
        smb ports = {port}
        private dir = {state}
        lock directory = {state}
        state directory = {state}
        cache directory = {state}
        pid directory = {state}
        ncalrpc dir = {state}/ncalrpc
        passdb backend = smbpasswd:{state}/smbpasswd
        disable netbios = yes
        load printers = no
        log level = 0
        [báo cáo]
        path = {folder}
        read only = no
        """,
        encoding="utf-8",
    )
    secret = "m@t/khau#1%"
    subprocess.run(
        ["smbpasswd", "-c", str(config), "-L", "-s", "-a", user],
        input=f"{secret}\n{secret}\n".encode(),
        check=True,
        capture_output=True,
    )
    assert SMBD
    with _process(
        [SMBD, "--foreground", "--no-process-group", f"--configfile={config}"], port, state / "log"
    ):
        at = f"127.0.0.1:{port}"
        yield Served(
            f"smb://{user}:m%40t%2Fkhau%231%25@{at}/báo cáo",
            f"smb://{user}:falsch@{at}/báo cáo",
            f"smb://{user}:m%40t%2Fkhau%231%25@{at}/no such share",
            {},
            _by_mode(folder),
        )


@contextmanager
def openssh(folder: Path, work: Path) -> Iterator[Served]:
    port, state, user = free_port(), work / "ssh", _given_to_a_user(folder)
    state.mkdir(exist_ok=True)
    (state / ".ssh").mkdir(exist_ok=True)
    for name in ("host", ".ssh/id_ed25519"):
        if not (state / name).exists():
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(state / name)], check=True
            )
    # sshd reads it as the user who logs in, for whom pytest's folders are closed.
    authorized = folder.with_name(f"{folder.name}.keys")
    authorized.write_text((state / ".ssh/id_ed25519.pub").read_text(encoding="utf-8"), encoding="utf-8")
    host_key = " ".join((state / "host.pub").read_text(encoding="utf-8").split()[:2])
    (state / ".ssh/known_hosts").write_text(f"[127.0.0.1]:* {host_key}\n", encoding="utf-8")
    (state / "sshd_config").write_text(
        f"""Port {port}
ListenAddress 127.0.0.1
HostKey {state}/host
PidFile {state}/pid
AuthorizedKeysFile {authorized}
StrictModes no
UsePAM no
PasswordAuthentication no
Subsystem sftp internal-sftp
""",
        encoding="utf-8",
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    assert SSHD
    with (
        _process([SSHD, "-D", "-e", "-f", str(state / "sshd_config")], port, state / "log"),
        contextlib.ExitStack() as ending,
    ):
        ending.callback(authorized.unlink)
        at = f"{user}@127.0.0.1:{port}"
        yield Served(
            f"sftp://{at}{folder}",
            f"sftp://no-such-user@127.0.0.1:{port}{folder}",
            f"sftp://{at}{folder}/no such folder",
            {"HOME": str(state)},
            _by_mode(folder),
        )


@contextmanager
def webdav(folder: Path, work: Path) -> Iterator[Served]:
    from cheroot import wsgi
    from wsgidav.wsgidav_app import WsgiDAVApp

    port = free_port()
    application = WsgiDAVApp(
        {
            "provider_mapping": {"/remote.php/dav": {"root": str(folder), "readonly": False}},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable_loggers": []},
            "dir_browser": {"enable": False},
        }
    )
    refused: set[str] = set()
    server = wsgi.Server(("127.0.0.1", port), _by_rule(application, refused))
    thread = threading.Thread(target=server.start, daemon=True)
    thread.start()
    try:
        wait_for(port)
        at = f"127.0.0.1:{port}/remote.php/dav"
        yield Served(
            f"webdav://{QUOTED}@{at}",
            f"webdav://{USER.replace(' ', '%20')}:falsch@{at}",
            f"webdav://{QUOTED}@{at}/no such folder",
            {},
            _set_member(refused),
        )
    finally:
        server.stop()
        thread.join(10)


@contextmanager
def s3(folder: Path, work: Path) -> Iterator[Served]:
    import boto3
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    port, refused = free_port(), set[str]()
    application = _by_rule(DomainDispatcherApplication(create_backend_app), refused)
    server = make_server("127.0.0.1", port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        wait_for(port)
        address = f"http://127.0.0.1:{port}"
        # What an earlier server of this process stored is there still.
        reset = urllib.request.Request(f"{address}/moto-api/reset", method="POST")
        urllib.request.urlopen(reset, timeout=20).close()
        settings = {
            "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": "geheim/geheim+geheim",
            "AWS_ENDPOINT_URL": address,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        client = boto3.client(
            "s3",
            endpoint_url=address,
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        client.create_bucket(Bucket="bao-cao")
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                client.upload_file(str(file), "bao-cao", f"drive/{file.relative_to(folder).as_posix()}")
        yield Served(
            "s3://bao-cao/drive",
            "s3://bao-cao/drive",
            "s3://no-such-bucket/drive",
            settings,
            _set_member(refused),
        )
    finally:
        server.shutdown()
        thread.join(10)


SERVERS: dict[str, Callable[[Path, Path], contextlib.AbstractContextManager[Served]]] = {
    "webdav": webdav,
    "s3": s3,
}
if os.geteuid() == 0 and SMBD:
    SERVERS["smb"] = samba
if SSHD:
    SERVERS["sftp"] = openssh
