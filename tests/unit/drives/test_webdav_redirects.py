"""A WebDAV server that redirects elsewhere: the other server is never asked."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from drives.listing import open_drive

ASKED: list[str] = []


class _Redirecting(BaseHTTPRequestHandler):
    def _redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")  # type: ignore[attr-defined]
        self.send_header("Content-Length", "0")
        self.end_headers()
        ASKED.append(f"{self.command} {self.path}")

    do_PROPFIND = do_GET = do_OPTIONS = do_HEAD = _redirect  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def server() -> Iterator[int]:
    ASKED.clear()
    one = ThreadingHTTPServer(("127.0.0.1", 0), _Redirecting)
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield one.server_port
    one.shutdown()
    thread.join()
    one.server_close()


def test_a_redirect_is_not_followed(server: int) -> None:
    filesystem = open_drive(f"webdav://127.0.0.1:{server}/reports").filesystem
    for action in (lambda: filesystem.ls("", detail=True), lambda: filesystem.cat_file("a.xlsx")):
        with pytest.raises(Exception, match=r"(?i)redirect"):
            action()
    assert ASKED
    assert all(path.split()[1].startswith("/reports") for path in ASKED)
