"""A community kept in files: its database, its keys and its practice workspace, written down and brought back."""

import json
import lzma
import sqlite3
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import make_url

from gpbot.practice import App, Workspace
from gpbot.practice.person import Person
from gpbot.practice.state import Channel, Clock, Json, Message, User, View
from gpbot.settings import Settings
from tests.databases import Kind

KEPT = Path(__file__).parent / "kept"  # a folder for each release
RELEASES = sorted(path.name for path in KEPT.iterdir()) if KEPT.is_dir() else []
_DATABASE = {"sqlite": "sqlite.db.xz", "postgresql": "postgresql.sql.xz"}
_OF_THIS_MACHINE = ("slack_api_url", "database_url")
_STRONGEST = 9 | lzma.PRESET_EXTREME

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What stands in the files beside the database."""

    at: datetime  # when everything stopped
    settings: Json
    workspace: Json
    people: dict[str, str]  # name → Slack id
    places: dict[str, str]  # triage, general, proposals → channel id
    things: dict[str, dict[str, str]]  # reports, questions, … → what it is → its id

    def ids(self, kind: str) -> dict[str, UUID]:
        return {name: UUID(each) for name, each in self.things[kind].items()}

    def settings_for(self, **more: Any) -> Settings:
        """As they were, as far as there still are such settings."""
        return made(Settings, {name: _frozen(value) for name, value in self.settings.items()}, **more)


def files(release: str, kind: Kind) -> tuple[Path, Path]:
    """Of the database, and of everything else."""
    return KEPT / release / _DATABASE[kind], KEPT / release / f"{kind}.json.xz"


def read(release: str, kind: Kind) -> Kept:
    content = json.loads(lzma.decompress(files(release, kind)[1].read_bytes()))
    return Kept(**(content | {"at": datetime.fromisoformat(content["at"])}))


def write(release: str, kind: Kind, kept: Kept, database_url: str, pg_dump: Path | None = None) -> None:
    database, beside = files(release, kind)
    database.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(asdict(kept) | {"at": kept.at.isoformat()}, separators=(",", ":"), sort_keys=True)
    beside.write_bytes(lzma.compress(content.encode(), preset=_STRONGEST))
    raw = _sql(database_url, pg_dump) if pg_dump else _sqlite(database_url)
    database.write_bytes(lzma.compress(raw, preset=_STRONGEST))


def bring_back(release: str, kind: Kind, url: str) -> None:
    """Fill an empty database, exactly as it was kept."""
    raw = lzma.decompress(files(release, kind)[0].read_bytes())
    if kind == "sqlite":
        Path(make_url(url).database or "").write_bytes(raw)
        return
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(raw)


def _sqlite(url: str) -> bytes:
    path = Path(make_url(url).database or "")
    smallest = path.with_suffix(".smallest")
    connection = sqlite3.connect(path)
    connection.execute("VACUUM INTO ?", [str(smallest)])
    connection.close()
    return smallest.read_bytes()


def _sql(url: str, pg_dump: Path) -> bytes:
    """Plain statements that any connection can play, and any PostgreSQL from 14 on understands."""
    at = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    how = ["--inserts", "--rows-per-insert=500", "--no-owner", "--no-privileges", "--no-comments"]
    found = subprocess.run([pg_dump, *how, at], capture_output=True, check=True, text=True)  # noqa: S603  (our own)
    left_out = ("--", "\\", "SET ")
    return "\n".join(line for line in found.stdout.splitlines() if line and not line.startswith(left_out)).encode()


def settings_to_keep(settings: Settings) -> Json:
    return {name: value for name, value in asdict(settings).items() if name not in _OF_THIS_MACHINE}


# --- the practice workspace -------------------------------------------------------------------------------------------


def workspace_to_keep(workspace: Workspace) -> Json:
    """Who and what is in it and on people's screens, and what its ids are counted from; not what was seen before."""
    views = workspace.views
    return {
        "name": workspace.name,
        "app": asdict(workspace.app),
        "manifest": workspace.manifest,
        "users": [asdict(user) for user in workspace.users.values()],
        "people": list(workspace.people),
        "names": workspace.names,
        "channels": [_channel(place) for place in workspace.channels.values()],
        "stacks": {user_id: [_view(view) for view in stack] for user_id, stack in views.stacks.items() if stack},
        "homes": [_view(view) for view in views.homes.values()],
        "counts": dict(workspace._counts),
        "last_second": dict(workspace._last_second),
    }


def workspace_again(kept: Json, clock: Clock) -> Workspace:
    workspace = Workspace(kept["name"], clock=clock)
    with workspace.lock:
        workspace.users = {user["id"]: made(User, user) for user in kept["users"]}
        workspace.people = {
            user_id: Person(workspace, workspace.users[user_id]) for user_id in kept["people"]
        }  # fmt: skip
        workspace.names = kept["names"]
        workspace.manifest = kept["manifest"]
        workspace._app = made(App, kept["app"])
        for place in kept["channels"]:
            workspace.channels[place["id"]] = _channel_again(workspace, place)
        workspace.views.stacks.update(
            {user_id: [_view_again(view) for view in stack] for user_id, stack in kept["stacks"].items()}
        )
        workspace.views.homes = {view["user_id"]: _view_again(view) for view in kept["homes"]}
        workspace._counts.update(kept["counts"])
        workspace._last_second.update(kept["last_second"])
    return workspace


def made(kind: type[T], content: Mapping[str, Any], **more: Any) -> T:
    """One of these, from what was kept: what it no longer has is left out, what it has since is as it begins."""
    known = {field.name for field in fields(kind) if field.init}  # type: ignore[arg-type]
    return kind(**({name: value for name, value in content.items() if name in known} | more))


def _without(thing: Any, *left_out: str) -> Json:
    return {each.name: getattr(thing, each.name) for each in fields(thing) if each.name not in left_out}


def _channel(place: Channel) -> Json:
    messages = [_message(said) for said in place.messages.values()]
    ephemerals = [_message(said) for said in place.ephemerals]
    return _without(place, "workspace") | {"messages": messages, "ephemerals": ephemerals}


def _message(said: Message) -> Json:
    return _without(said) | {"user": said.user.id}


def _view(view: View) -> Json:
    return _without(view) | {"filled": [[*key, value] for key, value in view.filled.items()]}


def _channel_again(workspace: Workspace, kept: Json) -> Channel:
    messages = [_message_again(workspace, said) for said in kept["messages"]]
    ephemerals = [_message_again(workspace, said) for said in kept["ephemerals"]]
    return made(
        Channel, kept, workspace=workspace, messages={said.ts: said for said in messages}, ephemerals=ephemerals
    )


def _message_again(workspace: Workspace, kept: Json) -> Message:
    return made(Message, kept, user=workspace.users[kept["user"]])


def _view_again(kept: Json) -> View:
    return made(View, kept, filled={(block, action): value for block, action, value in kept["filled"]})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
