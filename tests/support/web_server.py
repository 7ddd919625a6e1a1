"""A web server on loopback that hands each request to a function."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def web_server(note: Callable[[str, bytes], None]) -> Iterator[str]:
    """Yield the address of a server that notes path and body; a path with "broken" gets the status 500."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            note(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.send_response(500 if "broken" in self.path else 200)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
