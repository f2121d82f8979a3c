"""A stand-in for Slack's Web API that takes its time: `python -m benchmarks.slack MILLISECONDS`."""

import asyncio
import json
import re
import sys
import time
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from benchmarks.people import NAMES, TRIAGE

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Slack:
    """Says yes to everything after `delay` seconds, and tells when it was sent messages."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._numbers = count(1)
        self.messages: list[float] = []  # when each arrived, as time.monotonic() tells

    async def serve(self) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            answer = json.dumps(await self._said(head.split(b" ", 2)[1].decode(), body)).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer)
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the bot was stopped meanwhile
        finally:
            writer.close()

    async def _said(self, path: str, body: bytes) -> dict[str, Any]:
        path, _, query = path.partition("?")
        method = path.rpartition("/")[2]
        if method == "messages":
            return {"messages": self.messages}
        if method == "chat.postMessage":
            self.messages.append(time.monotonic())
        if method == "auth.test":
            names = ("team_id", "TBENCH001"), ("user_id", "UGPBOT001"), ("bot_id", "BGPBOT001"), ("team", "Bench")
            return {"ok": True, **dict(names)}
        if method == "users.info":
            user_id = parse_qs(query or body.decode()).get("user", [""])[0]
            name = NAMES.get(user_id, user_id)
            profile = {"real_name": name, "display_name": name.split(maxsplit=1)[0], "title": ""}
            return {"ok": True, "user": {"id": user_id, "deleted": False, "is_bot": False, "profile": profile}}
        if method == "conversations.info":
            channel_id = parse_qs(query or body.decode()).get("channel", [""])[0]
            return {"ok": True, "channel": {"id": channel_id, "is_private": channel_id == TRIAGE, "is_member": True}}
        await asyncio.sleep(self._delay)
        number = next(self._numbers)
        return {"ok": True, "channel": f"D{number}", "ts": f"{time.time():.6f}", "view": {"id": f"V{number}"}}


if __name__ == "__main__":
    asyncio.run(Slack(float(sys.argv[1]) / 1000).serve())
