"""waitress's connections, bounded in number, in what they hold and in how long a request may take to arrive.

Somebody who cannot sign can then neither fill the memory nor keep Slack from being heard: what waits longest, or holds
most, has to make way. See docs/decisions/0050-strangers-make-way.md
"""

import errno
import logging
import resource
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]

from gpbot.web.seldom import Seldom

log = logging.getLogger(__name__)

MEBIBYTE: Final = 1024 * 1024
OTHER_FILES: Final = 200  # besides connections: the database, Slack, what is being read
FEWEST: Final = 20
REST_SECONDS: Final = 1.0
NO_FILES: Final = {errno.EMFILE, errno.ENFILE}
MORE: Final = 64  # waitress counts what is not a connection too; it must not be the one to stop listening


@dataclass(frozen=True)
class Limits:
    """Of all connections together, and of each."""

    body: int = 4 * MEBIBYTE  # bytes; a reported message of 40,000 emoji comes to half of it
    head: int = 32 * 1024
    held: int = 64 * MEBIBYTE  # bytes of requests that are not answered yet
    connections: int = 1000
    request_seconds: float = 10.0  # from its beginning, or that of the connection, to its last byte
    idle_seconds: float = 120.0  # between two requests


def most_connections(wanted: int) -> int:
    """As many as leave files for everything else; what the system allows is asked for first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    infinite = resource.RLIM_INFINITY
    if soft != infinite and soft < wanted + OTHER_FILES:
        raised = wanted + OTHER_FILES if hard == infinite else min(hard, wanted + OTHER_FILES)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
    return wanted if soft == infinite else min(wanted, max(FEWEST, soft - OTHER_FILES))


class Connection(HTTPChannel):  # type: ignore[misc]
    """One that knows since when it is waited for, and what it holds."""

    server: "Connections"

    def __init__(self, server: "Connections", sock: socket.socket, *more: Any, **settings: Any) -> None:
        self.since = time.monotonic()  # when its request began, or when the one before was answered
        self.has_begun = True  # a request; of a new connection one is expected
        self.held = 0  # bytes, as the server counted them last
        self._is_refused = False
        self._left_to_discard = -1  # bytes, once that is all that is done with them
        super().__init__(server, sock, *more, **settings)

    @property
    def is_waited_for(self) -> bool:
        return not self.requests

    @property
    def weight(self) -> int:
        """Bytes of requests that are not answered yet."""
        if not self.connected:
            return 0
        requests = [*self.requests, self.request]
        return sum(each.header_bytes_received + each.body_bytes_received for each in requests if each is not None)

    def received(self, data: bytes) -> bool:
        if self._left_to_discard >= 0:
            self._left_to_discard -= len(data)
            if self._left_to_discard < 0:
                self.cut()
            return False
        taken = bool(super().received(data))
        self._note(has_begun=self.request is not None)
        self.server.weigh(self)
        return taken

    def service(self) -> None:
        """On a thread for answers; meanwhile nothing more is read."""
        self._is_refused = self.requests[0].error is not None
        super().service()
        self.since = time.monotonic()
        self.server.count(self)

    def handle_close(self) -> None:
        if self._is_refused and self.connected and self._left_to_discard < 0:
            # A client that still sends a body that is too long would, cut off now, never read the answer that says so.
            self._left_to_discard = 2 * self.server.limits.body
            self.will_close = False
            self.since, self.has_begun = time.monotonic(), True
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_close()
        self.server.count(self)

    def handle_error(self) -> None:
        self.server.broken.note()
        self.cut()

    def cut(self) -> None:
        """At once. On the thread that reads."""
        self._left_to_discard = 0
        self.handle_close()

    def _note(self, *, has_begun: bool) -> None:
        if has_begun != self.has_begun:
            self.since, self.has_begun = time.monotonic(), has_begun


class Connections(TcpWSGIServer):  # type: ignore[misc]
    """Listens, and lets the connection that waits longest make way for a new one."""

    channel_class = Connection

    def __init__(
        self, application: Callable[..., Any], listening: socket.socket, limits: Limits, *, threads: int
    ) -> None:
        self.limits = limits
        self.held = 0
        self.broken = Seldom(log, "ended %d connections over which came what cannot be read")
        self._most = most_connections(limits.connections)
        self._lock = threading.Lock()
        self._resting_until = 0.0
        self._no_files = Seldom(log, "%d connections could not be taken: no file is left (ulimit -n)")
        super().__init__(
            application,
            map={},
            _sock=listening,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            bind_socket=False,
            threads=threads,
            connection_limit=limits.connections + MORE,
            max_request_header_size=limits.head,
            max_request_body_size=limits.body + 1,
            # In memory, or what people write would stand in a file for a while.
            inbuf_overflow=2 * limits.body,
            outbuf_overflow=2 * limits.held,
            recv_bytes=64 * 1024,
            log_socket_errors=False,
            asyncore_use_poll=True,
            ident=None,
        )

    def turn(self, timeout: float) -> None:
        """Read and write whatever there is to, or wait so many seconds for it; then end what takes too long."""
        self.asyncore.loop(timeout=timeout, use_poll=self.adj.asyncore_use_poll, map=self._map, count=1)
        now = time.monotonic()
        for each in self._waited_for():
            if now - each.since > (self.limits.request_seconds if each.has_begun else self.limits.idle_seconds):
                each.cut()

    def readable(self) -> bool:
        return bool(super().readable()) and time.monotonic() >= self._resting_until

    def handle_accept(self) -> None:
        if len(self.active_channels) >= self._most:
            self._make_way()
        super().handle_accept()

    def accept(self) -> Any:
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in NO_FILES:
                raise
            self._no_files.note()
            if not self._make_way():
                self._resting_until = time.monotonic() + REST_SECONDS
            return None

    def handle_error(self) -> None:
        self.broken.note()  # and goes on listening, as waitress would not

    def weigh(self, connection: Connection) -> None:
        """On the thread that reads: the one that holds most that is not whole makes way when it is too much in all."""
        self.count(connection)
        if self.held > self.limits.held:
            heaviest = max(self._waited_for(), key=lambda each: each.held, default=None)
            if heaviest is not None and heaviest.held:
                heaviest.cut()

    def count(self, connection: Connection) -> None:
        with self._lock:
            weight = connection.weight
            self.held += weight - connection.held
            connection.held = weight

    def _make_way(self) -> bool:
        """Whether there was one to end."""
        longest = min(self._waited_for(), key=lambda each: each.since, default=None)
        if longest is not None:
            longest.cut()
        return longest is not None

    def _waited_for(self) -> list[Connection]:
        return [each for each in self.active_channels.values() if each.is_waited_for]
