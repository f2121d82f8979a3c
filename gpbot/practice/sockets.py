"""Socket Mode: single-use addresses, up to ten connections, each envelope to one of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from gpbot.practice import ids
from gpbot.practice.state import Json, Refused

if TYPE_CHECKING:
    from gpbot.practice.workspace import Workspace

MOST: Final = 10
HOST: Final = "applink-practice"
APPROXIMATE_CONNECTION_SECONDS: Final = 18_060
LINGER_SECONDS: Final = 5.0


@dataclass(slots=True, eq=False)
class _Socket:
    ws: web.WebSocketResponse
    loop: asyncio.AbstractEventLoop
    leaving: bool = False  # it was told to make way, and is still delivered to
    closing: bool = False
    awaited: dict[str, Future[Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Sockets:
    """The app's open connections, and the envelopes whose acknowledgement is awaited."""

    workspace: Workspace = field(repr=False)
    is_on: bool = True  # the switch on the app's page
    linger_seconds: float = LINGER_SECONDS  # for which a connection that was told to make way is delivered to
    _tickets: set[str] = field(default_factory=set)
    _sockets: deque[_Socket] = field(default_factory=deque)
    _given_up: set[str] = field(default_factory=set)

    @property
    def live(self) -> int:
        """How many connections there are that were not told to make way."""
        with self.workspace.lock:
            return sum(not socket.leaving for socket in self._sockets)

    @property
    def open(self) -> int:
        """How many connections are delivered to, those included that were told to make way."""
        with self.workspace.lock:
            return sum(not socket.closing for socket in self._sockets)

    def open_url(self) -> str:
        """A WebSocket address that works once."""
        ticket = ids.digest("ticket", self.workspace.team_id, self.workspace.count("tickets"))
        self._tickets.add(ticket)
        base = self.workspace.base_url.replace("http://", "ws://")
        return f"{base}/link/?ticket={ticket}&app_id={self.workspace.app.app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its ticket to its end."""
        with self.workspace.lock:
            ticket = request.query.get("ticket", "")
            if ticket not in self._tickets:
                return web.Response(status=404, text="This WebSocket URL has been used, or never was one.")
            self._tickets.remove(ticket)
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        socket = _Socket(ws, asyncio.get_running_loop())
        if refusal := self._refusal():
            await ws.send_str(self._goodbye(refusal))
            await ws.close()
            return ws
        with self.workspace.lock:
            self._sockets.append(socket)
            self.workspace.touch()
        try:
            await ws.send_str(self._hello())  # before any envelope: other threads put those on this loop
            async for message in ws:
                if message.type == WSMsgType.TEXT:
                    self._received(socket, message.data)
        finally:
            with self.workspace.lock:
                self._sockets.remove(socket)
                lost = list(socket.awaited.values())
                self.workspace.touch()
            for awaited in lost:
                if not awaited.done():
                    awaited.set_exception(Refused("connection_failed"))
        return ws

    def _refusal(self) -> str:
        """What another connection hears instead of hello, if anything."""
        if not self.is_on:
            return "link_disabled"
        return "too_many_websockets" if len(self._sockets) >= MOST else ""

    async def _retire(self, socket: _Socket) -> None:
        """Close a connection that was told to make way, some seconds later: as many as it is still delivered to."""
        await asyncio.sleep(self.linger_seconds)
        with self.workspace.lock:  # another thread that puts something on it has done so, or takes another
            socket.closing = True
        while socket.awaited:  # noqa: ASYNC110 - answers are taken off it in other threads
            await asyncio.sleep(0.02)
        await socket.ws.close()

    def send(self, envelope: Json, *, timeout: float, then_break: bool = False) -> Json:
        """Put an envelope on one connection and wait for its acknowledgement, which is returned.

        Refuses with `connection_failed` where nothing is connected, or the connection ends, and with
        `http_timeout` when nothing came back.
        """
        envelope_id = envelope["envelope_id"]
        with self.workspace.lock:
            socket = next((one for one in self._sockets if not one.closing), None)
            if socket is None:
                raise Refused("connection_failed")
            self._sockets.rotate(-1)
            awaited: Future[Json] = Future()
            socket.awaited[envelope_id] = awaited
        try:
            asyncio.run_coroutine_threadsafe(self._put(socket, envelope, then_break=then_break), socket.loop)
            return awaited.result(timeout)
        except FutureTimeoutError:
            raise Refused("http_timeout") from None
        finally:
            with self.workspace.lock:
                del socket.awaited[envelope_id]
                self._given_up.add(envelope_id)

    def switch(self, *, on: bool) -> None:
        """Turn Socket Mode on or off, as on the app's page."""
        self.is_on = on
        if not on:
            self.disconnect("link_disabled")

    def disconnect(self, reason: str) -> None:
        """Announce the end to every connection; it comes some seconds later, whether another took its place or not."""
        with self.workspace.lock:
            leaving = [socket for socket in self._sockets if not socket.leaving]
            for socket in leaving:
                socket.leaving = reason != "warning"
        for socket in leaving:
            goodbye = socket.ws.send_str(self._goodbye(reason))
            with contextlib.suppress(ConnectionError):  # it is gone already
                asyncio.run_coroutine_threadsafe(goodbye, socket.loop).result(self.workspace.ack_seconds)
            if socket.leaving:
                asyncio.run_coroutine_threadsafe(self._retire(socket), socket.loop)

    def break_off(self) -> None:
        """End every connection without a word, as a network does."""
        with self.workspace.lock:
            breaking = list(self._sockets)
        for socket in breaking:
            asyncio.run_coroutine_threadsafe(socket.ws.close(), socket.loop).result(self.workspace.ack_seconds)

    async def close(self) -> None:
        """End every connection, when the server stops."""
        for socket in list(self._sockets):
            await socket.ws.close()

    async def _put(self, socket: _Socket, envelope: Json, *, then_break: bool) -> None:
        try:
            await socket.ws.send_str(json.dumps(envelope))
        except ConnectionError:
            return
        if then_break:
            socket.closing = True
            await socket.ws.close()

    def _received(self, socket: _Socket, text: str) -> None:
        trouble = self.workspace.trouble
        try:
            ack: Any = json.loads(text)
            envelope_id = ack["envelope_id"]
        except (ValueError, KeyError, TypeError):
            trouble(f"Over Socket Mode came what is no acknowledgement: {text[:200]}")
            return
        with self.workspace.lock:
            awaited = socket.awaited.get(envelope_id)
            elsewhere = any(envelope_id in other.awaited for other in self._sockets)
        if awaited is None and elsewhere:
            trouble(f"The envelope {envelope_id} was acknowledged on another connection than it came over.")
        elif awaited is not None and not awaited.done():
            awaited.set_result(ack)
        elif envelope_id in self._given_up or awaited is not None:
            trouble(f"The envelope {envelope_id} was acknowledged late, or twice.")
        else:
            trouble(f"An envelope was acknowledged that was never sent: {envelope_id}")

    def _hello(self) -> str:
        return json.dumps(
            {
                "type": "hello",
                "num_connections": self.live,
                "debug_info": {
                    "host": HOST,
                    "build_number": 1,
                    "approximate_connection_time": APPROXIMATE_CONNECTION_SECONDS,
                },
                "connection_info": {"app_id": self.workspace.app.app_id},
            }
        )

    def _goodbye(self, reason: str) -> str:
        return json.dumps(
            {
                "type": "disconnect",
                "reason": reason,
                "num_connections": self.live,
                "debug_info": {"host": HOST},
                "connection_info": {"app_id": self.workspace.app.app_id},
            }
        )
