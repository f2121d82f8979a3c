"""The practice workspace's address: the Web API, response URLs and Socket Mode, on this machine only."""

from __future__ import annotations

import asyncio
import json
import threading
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from aiohttp import web

from gpbot.practice import web_api
from gpbot.practice.state import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from aiohttp.typedefs import Handler

    from gpbot.practice.faults import CallFault
    from gpbot.practice.pages import Site
    from gpbot.practice.workspace import Workspace

HOST = "127.0.0.1"
MAX_BODY = 4 * 1024 * 1024


class Server:
    """Serves one workspace from a thread of its own, as a context manager or by `start` and `stop`.

    `site` are its pages for people, where there shall be any.
    """

    def __init__(self, workspace: Workspace, *, port: int = 0, site: Site | None = None) -> None:
        self.workspace = workspace
        self._port = port
        self._site = site
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="practice-server", daemon=True)
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._failure: OSError | None = None

    @property
    def api_url(self) -> str:
        """The `base_url` for a `WebClient`."""
        return f"{self.workspace.base_url}/api/"

    @property
    def port(self) -> int:
        """Where it listens, once it does."""
        return urlsplit(self.workspace.base_url).port or 0

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure
        self.workspace.courier.start()
        return self

    def stop(self) -> None:
        """Stop listening, end every connection, and wait for both threads."""
        self.workspace.courier.stop()
        if self._thread.is_alive() and self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/api/{method}", self._guarded(self._api))
        app.router.add_post("/response/{path:.+}", self._guarded(self._response_url))
        app.router.add_get("/link/", self._guarded(self.workspace.sockets.serve))
        if self._site is not None:
            self._site.add_to(app, self._guarded)
        app.router.add_route("*", "/{elsewhere:.*}", self._guarded(_nothing))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, self._port)
            await site.start()
            _, port = runner.addresses[0][:2]
            self.workspace.base_url = f"http://{HOST}:{port}"
        except OSError as error:
            self._failure = error
            self._started.set()
            await runner.cleanup()
            return
        self._started.set()
        await self._stopping.wait()
        if self._site is not None:
            self._site.close()
        await self.workspace.sockets.close()
        await runner.cleanup()

    # No middleware: aiohttp keeps what it made of one, and with it a thousand workspaces of the past.
    def _guarded(self, handler: Handler) -> Handler:
        return partial(self._on_this_machine, handler)

    async def _on_this_machine(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        """No page of another site, to which a name of its own leads here, may read or do anything."""
        try:
            host = urlsplit(f"//{request.host}")
            # The app may leave the port out (slack_sdk does, over WebSocket), or come through a relay.
            is_app_s = request.path.startswith(("/api/", "/response/", "/link/"))
            is_here = host.hostname in {HOST, "localhost"} and (host.port == self.port or is_app_s)
        except ValueError:  # a port that is none
            is_here = False
        if not is_here:
            raise web.HTTPForbidden(text="This is for this machine only: open it as 127.0.0.1.")
        return await handler(request)

    async def _api(self, http: web.Request) -> web.StreamResponse:
        request = await _read(http)
        reply = await self._reply(request, lambda: web_api.call(self.workspace, request))
        if reply is None:
            return _drop(http)
        date = format_datetime(self.workspace.clock.now(), usegmt=True)
        headers = {**reply.headers, "X-Slack-Req-Id": "practice", "Date": date}
        return web.json_response(reply.body, status=reply.status, headers=headers)

    async def _response_url(self, http: web.Request) -> web.StreamResponse:
        answer = await _json(http)
        request = web_api.Request(method="response_url", args=answer if isinstance(answer, dict) else {})
        path = http.match_info["path"]
        reply = await self._reply(request, lambda: _responded(self.workspace, path, answer))
        if reply is None:
            return _drop(http)
        text = "ok" if reply.status == web.HTTPOk.status_code else json.dumps(reply.body)
        return web.Response(status=reply.status, text=text, headers=reply.headers)

    async def _reply(self, request: web_api.Request, do: Callable[[], web_api.Reply]) -> web_api.Reply | None:
        """Do what a request asks for, as far as no fault is in the way, and note it. None breaks the connection."""
        workspace = self.workspace
        with workspace.lock:
            fault = workspace.faults.for_call(request.method, request.args)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        with workspace.acting(wait=False):
            reply = do() if fault is None or fault.takes_effect else None
            if fault is not None:
                reply = _spoilt(fault, reply)
            if reply is None:
                web_api.note(workspace, request, {"ok": False, "error": "(connection dropped)"}, 0)
            else:
                web_api.note(workspace, request, reply.body, reply.status)
        return reply


async def _nothing(_: web.Request) -> web.StreamResponse:
    raise web.HTTPNotFound


def _responded(workspace: Workspace, path: str, answer: Any) -> web_api.Reply:
    """What posting to a `response_url` gives."""
    try:
        if not isinstance(answer, dict):
            raise Refused("invalid_payload")
        workspace.messages.respond(path, answer)
    except Refused as refused:
        gone = refused.error in {"used_url", "expired_url", "no_active_hooks"}
        body = {"ok": False, "error": refused.error, **refused.more}
        return web_api.Reply(body=body, status=404 if gone else 400)
    return web_api.Reply(body={"ok": True})


async def _read(http: web.Request) -> web_api.Request:
    """A call's token and arguments, from wherever Slack takes them."""
    args: dict[str, Any] = dict(http.query)
    is_json = http.content_type == "application/json"
    if is_json:
        body = await _json(http)
        args |= body if isinstance(body, dict) else {}
    elif http.can_read_body:
        args |= {name: value for name, value in (await http.post()).items() if isinstance(value, str)}
    token = http.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return web_api.Request(
        method=http.match_info["method"],
        token=token or str(args.get("token", "")),
        args=args,
        is_json=is_json,
        charset_given=http.charset is not None,
    )


async def _json(http: web.Request) -> Any:
    try:
        return json.loads(await http.text() or "{}")
    except ValueError:
        return None


def _spoilt(fault: CallFault, reply: web_api.Reply | None) -> web_api.Reply | None:
    """What the bot gets to see of a call that went wrong; None where the connection breaks."""
    if fault.drop is not None:
        return None
    if fault.retry_after is not None:
        return web_api.rate_limited(fault.retry_after)
    if fault.error is not None:
        return web_api.Reply(body={"ok": False, "error": fault.error}, status=fault.status or 200)
    if fault.status is not None:
        return web_api.Reply(body={"ok": False, "error": "internal_error"}, status=fault.status)
    return reply


def _drop(http: web.Request) -> web.Response:
    """Break the connection without an answer."""
    if http.transport is not None:
        http.transport.abort()
    return web.Response()
