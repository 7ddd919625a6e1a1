"""A network that fails: a TCP relay that cuts each connection when the server has sent so much over it."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cutting_proxy(port: int, after: int) -> Iterator[tuple[int, list[int]]]:
    """Relay to a port of this machine; yields its own port and the list of cuts so far.

    A connection ends for both sides when `after` bytes have come from the server.
    """
    cuts: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", port))
                for source, target, most in ((client, server, None), (server, client, after)):
                    threading.Thread(target=relay, args=(source, target, most), daemon=True).start()

    def relay(source: socket.socket, target: socket.socket, most: int | None) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sent += len(data)
                if most is not None and sent > most:
                    cuts.append(sent)
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], cuts
    finally:
        listener.close()
