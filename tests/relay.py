"""The line between gpbot and Slack: it can be cut, so that nobody answers, or swallow what is sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

PIECE = 65536


class Relay:
    """Hands bytes on between a port of its own and the practice workspace's."""

    def __init__(self, target: str) -> None:
        """`target` is a URL whose host and port are reached."""
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self._flowing = threading.Event()
        self._flowing.set()
        self._open: set[socket.socket] = set()
        self._is_closed = False
        self._lock = threading.Lock()
        self.swallowed = threading.Semaphore(0)  # released for each connection that nobody answers
        self._listening = self._listen(0)
        self.port = int(self._listening.getsockname()[1])
        self.url = f"http://{self._target[0]}:{self.port}"

    def cut(self) -> None:
        """A caller is refused, and what was open is broken."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._hang_up()

    def restore(self) -> None:
        """As before `cut` or `swallow`."""
        if self._listening.fileno() == -1:
            self._listening = self._listen(self.port)
        else:
            self._hang_up()  # what was swallowed came to nothing
        self._flowing.set()

    def swallow(self) -> None:
        """A caller is taken, and hears nothing."""
        self._flowing.clear()
        if self._listening.fileno() == -1:
            self._listening = self._listen(self.port)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
        with suppress(OSError):
            self.cut()
        self._hang_up()
        self._flowing.set()

    def _listen(self, port: int) -> socket.socket:
        listening = socket.create_server((self._target[0], port))
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                if self._keep(near):
                    threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        if not self._flowing.is_set():
            self.swallowed.release()
            return
        try:
            far = socket.create_connection(self._target)
        except OSError:
            near.close()
            return
        if not self._keep(far):
            return
        threading.Thread(target=self._pump, args=(far, near), daemon=True).start()
        self._pump(near, far)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._flowing.wait()
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _keep(self, end: socket.socket) -> bool:
        """False when everything has been closed meanwhile."""
        with self._lock:
            if not self._is_closed:
                self._open.add(end)
                return True
        end.close()
        return False

    def _hang_up(self) -> None:
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def relay(target: str) -> Iterator[Relay]:
    line = Relay(target)
    try:
        yield line
    finally:
        line.close()
