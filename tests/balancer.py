"""A proxy in front of several servers: each connection goes to the next of them."""

import itertools
import socket
import socketserver
import threading
from contextlib import closing, contextmanager, suppress


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        address = next(self.server.backends)
        with closing(socket.create_connection(address)) as backend:
            answers = threading.Thread(target=_pass, args=(backend, self.request))
            answers.start()
            _pass(self.request, backend)
            answers.join()


def _pass(source, target):
    """Pass on what comes until one end has had enough."""
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def balanced(backends):
    """Port on loopback that hands connections to the backends in turn.

    :param list backends: (host, port), may grow while the block lasts
    """

    def turns():
        for number in itertools.count():
            yield backends[number % len(backends)]

    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.backends = turns()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
