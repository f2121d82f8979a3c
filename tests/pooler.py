"""The door of a connection pooler in front of PostgreSQL: like pgbouncer, it takes no options at the start."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url

PIECE = 65536
_WISHES = (80877103, 80877104)  # TLS and GSS encryption, asked for before anything else
_TAKEN = {"user", "database", "client_encoding", "application_name", "datestyle", "timezone"}
_PROTOCOL_VIOLATION = "08P01"


@contextmanager
def pooler(url: str) -> Iterator[str]:
    """The address at which the database of `url`, a server on a Unix socket, is reached through it."""
    parsed = make_url(url)
    behind = f"{parsed.query['host']}/.s.PGSQL.{parsed.port or 5432}"
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_serve, args=(door, behind), daemon=True).start()
        port = door.getsockname()[1]
        yield parsed.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
        door.shutdown(socket.SHUT_RDWR)


def _serve(door: socket.socket, behind: str) -> None:
    with suppress(OSError):
        while True:
            near, _ = door.accept()
            threading.Thread(target=_let_in, args=(near, behind), daemon=True).start()


def _let_in(near: socket.socket, behind: str) -> None:
    with near, suppress(OSError):
        packet = _read(near)
        while struct.unpack_from("!I", packet, 4)[0] in _WISHES:
            near.sendall(b"N")
            packet = _read(near)
        names = packet[8:].split(b"\0")[:-2:2]
        if unknown := [name.decode() for name in names if name.decode().lower() not in _TAKEN]:
            _refuse(near, f"unsupported startup parameter: {unknown[0]}")
            return
        with socket.socket(socket.AF_UNIX) as far:
            far.connect(behind)
            far.sendall(packet)
            threading.Thread(target=_pump, args=(far, near), daemon=True).start()
            _pump(near, far)


def _read(near: socket.socket) -> bytes:
    length = near.recv(4, socket.MSG_WAITALL)
    if not length:
        raise OSError
    return length + near.recv(struct.unpack("!I", length)[0] - 4, socket.MSG_WAITALL)


def _refuse(near: socket.socket, words: str) -> None:
    fields = f"SFATAL\0C{_PROTOCOL_VIOLATION}\0M{words}\0\0".encode()
    near.sendall(b"E" + struct.pack("!I", len(fields) + 4) + fields)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
