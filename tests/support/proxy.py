"""A network that fails: a TCP relay that cuts or stalls each connection when the server has sent so much."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def failing_proxy(port: int, after: int, stalls: bool) -> Iterator[tuple[int, list[int]]]:
    """Relay to a port of this machine; yields its own port and the list of faults so far.

    When `after` bytes have come from the server over a connection, it ends for both sides; or, if it
    `stalls`, stays open and says nothing any more until the proxy ends.
    """
    faults: list[int] = []
    over = threading.Event()
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
                    faults.append(sent)
                    if stalls:
                        over.wait()
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], faults
    finally:
        over.set()
        listener.close()
