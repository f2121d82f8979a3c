"""Where a word that somebody wrote in confidence could come out: each scanner says where it found one."""

import base64
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Self

from sqlalchemy import inspect, text

from gpbot.practice.state import Call
from tests.databases import another_program
from tests.promises.worlds import CAST, CHAMPIONS, World

OPENED_BY_A_READER = frozenset({"views.open", "views.push", "views.update", "views.publish"})
GPBOT = Path(sys.modules["gpbot"].__file__ or "").parent


class Found(list[str]):
    """Where canaries were found; empty when nowhere."""


def may_see(world: World, canary: str, name: str) -> bool:
    words, oracle = world.words, world.oracle
    if canary in words.in_questions and name in oracle.could_answer:
        return True
    if canary in words.in_welcomes and name in CHAMPIONS:
        return True
    if canary in words.in_concerns and name in oracle.could_read_concern:
        return True
    return name in words.made[canary] or (words.for_readers[canary] and name in oracle.could_read)


def canaries_in(world: World, text: str) -> list[str]:
    folded = text.casefold()
    return [canary for canary in world.words.made if canary.casefold() in folded]


def in_what_people_saw(world: World) -> Found:
    """Somebody saw what only its writer, its reporter or its readers may see."""
    found = Found()
    for name in world.c.people:
        for sight in world.person(name).seen:
            text = f"{sight.text}\n{json.dumps(sight.raw, default=str, ensure_ascii=False)}"
            found += [
                f"{name} saw {canary} at {sight.where}"
                for canary in canaries_in(world, text)
                if not may_see(world, canary, name)
            ]
    return found


def in_calls_to_slack(world: World) -> Found:
    """A call carried words for anybody but one who may see them, or otherwise than in a modal or App Home."""
    owners = _owners_of_views(world)
    found = Found()
    for call in world.c.workspace.calls:
        for canary in canaries_in(world, json.dumps([call.args, call.response], default=str, ensure_ascii=False)):
            name = _recipient(world, call, owners)
            if _is_a_card(world, call) and canary in world.words.in_questions | world.words.in_welcomes:
                continue
            if call.method not in OPENED_BY_A_READER:
                found.append(f"{call.method} carries {canary}")
            elif name is None or not may_see(world, canary, name):
                found.append(f"{call.method} carries {canary} to {name}")
    return found


def _is_a_card(world: World, call: Call) -> bool:
    """Changed, never posted: a message that holds words is one that gpbot can find again.

    And only while the channel is as it has to be: otherwise people who are no champions may read it there.
    """
    is_there = call.method == "chat.update" and call.args.get("channel") == world.c.triage.id
    return is_there and not world.was_unfit(call.at)


def _owners_of_views(world: World) -> dict[str, str]:
    return {
        sight.raw["id"]: name
        for name in world.c.people
        for sight in world.person(name).seen
        if sight.where in {"modal", "home"}
    }


def _recipient(world: World, call: Call, owners: Mapping[str, str]) -> str | None:
    names = {person.id: name for name, person in world.c.people.items()}
    if "user_id" in call.args:
        return names.get(str(call.args["user_id"]))
    if "trigger_id" in call.args:
        trigger = world.c.workspace.views.triggers.get(str(call.args["trigger_id"]))
        return names.get(trigger.user_id) if trigger else None
    return owners.get(str(call.args.get("view_id")))


@cache
def disguises(word: str) -> list[bytes]:
    """The bytes of a word as they stand, and in the coats in which bytes are kept."""
    plain = word.encode()
    coats = [plain, word.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode()]
    for shift in range(3):  # wherever in a longer text the word begins
        wrapped = base64.b64encode(b"\0" * shift + plain)
        first, last = -(-shift * 8 // 6), len(plain + b"\0" * shift) * 8 // 6
        coats += [wrapped[first:last], wrapped[first:last].translate(bytes.maketrans(b"+/", b"-_"))]
    return coats


def in_files(contents: Mapping[str, bytes], words: Iterable[str]) -> Found:
    """The raw bytes of files, by name."""
    either = {name: (content, content.lower()) for name, content in contents.items()}
    return Found(f"{name} holds {word}" for name, each in either.items() for word in words if _holds(each, word))


def in_columns(url: str, words: Iterable[str], *, but: Iterable[str] = (), jobs_but: str = "") -> Found:
    """Every column of every table, read as text, the tables in `but` aside: compressed or not, it comes out whole.

    `jobs_but` is the kind of job that is left out.
    """
    words = list(words)
    found = Found()
    with another_program(url) as connection:
        for table in sorted(set(inspect(connection).get_table_names()) - set(but)):
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608  (a name from the database itself)
            values = [
                (column, value if isinstance(value, bytes) else str(value).encode())
                for row in rows
                if table != "job" or row.kind != jobs_but
                for column, value in row._mapping.items()
            ]
            together = b"\n".join(value for _, value in values)  # what is not in all of it is in no value
            if suspected := [word for word in words if _holds((together, together.lower()), word)]:
                found += [
                    f"{table}.{column} holds {word}"
                    for column, value in values
                    for word in suspected
                    if _holds((value, value.lower()), word)
                ]
    return found


def _holds(either: tuple[bytes, bytes], word: str) -> bool:
    return any(coat in content for coat in disguises(word) for content in either)


# --- logs --------------------------------------------------------------------------------------------------------


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        whole = self.format(record)
        extra = {name: value for name, value in vars(record).items() if name not in {"msg", "args"}}
        self.lines.append(f"{whole} {record.args!r} {extra!r}")


@contextmanager
def listening() -> Iterator[list[str]]:
    """Every line any logger writes when the operator asks for DEBUG before gpbot starts, SQL included."""
    handler, root, sql = _Lines(), logging.getLogger(), logging.getLogger("sqlalchemy")
    levels, handlers = (root.level, sql.level), root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    sql.setLevel(logging.DEBUG)
    try:
        yield handler.lines
    finally:
        root.handlers[:] = handlers
        root.setLevel(levels[0])
        sql.setLevel(levels[1])


def in_lines(lines: Iterable[str], words: Iterable[str]) -> Found:
    words = [word.casefold() for word in words]
    folded = ((line, line.casefold()) for line in lines)
    return Found(f"“{line[:200]}” holds {word}" for line, small in folded for word in words if word in small)


# --- repr and exceptions -----------------------------------------------------------------------------------------


class Eavesdropper:
    """Looks at everything gpbot's functions hold when they end, and at every exception that passes through them.

    Only what has a `repr` of gpbot's own making is asked for it: words in a plain str are the words themselves.
    """

    def __init__(self, is_secret: Callable[[str], Iterable[str]]) -> None:
        self._is_secret = is_secret
        self.found = Found()
        self._met: set[str] = set()

    def __enter__(self) -> Self:
        self._before = sys.gettrace(), threading.gettrace()
        threading.settrace(self._call)
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before[0])
        threading.settrace(self._before[1])

    def _call(self, frame: FrameType, event: str, _: Any) -> Any:  # noqa: ARG002
        if not _is_gpbots(frame.f_code.co_filename):
            return None
        frame.f_trace_lines = False
        return self._inside

    def _inside(self, frame: FrameType, event: str, value: Any) -> Any:
        if event == "exception":
            self._look_at_error(_place(frame), value[1])
        elif event == "return":
            for each in [*frame.f_locals.values(), value]:
                self._look_at(frame, each)
        return self._inside

    def _look_at(self, frame: FrameType, value: Any) -> None:
        several = value.values() if isinstance(value, dict) else value
        for each in several if isinstance(several, list | tuple | set | frozenset) else [value]:
            if _is_gpbots_kind(type(each)):
                self._ask(f"repr of {type(each).__name__} in {_place(frame)}", repr(each))

    def _look_at_error(self, place: str, error: BaseException | None) -> None:
        while error is not None:
            text = f"{error} {error!r} {getattr(error, '__notes__', '')}"
            self._ask(f"{type(error).__name__} in {place}", text)
            error = error.__cause__ or error.__context__

    def _ask(self, where: str, text: str) -> None:
        if where not in self._met and self._is_secret(text):
            self._met.add(where)
            self.found.append(where)


@cache
def _is_gpbots(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(GPBOT) and "practice" not in path.parts


def _is_gpbots_kind(kind: type[Any]) -> bool:
    """Ours, and with a repr that may say more than its type and address; a str that is an enum's has none."""
    if kind not in _KINDS:
        ours = kind.__module__.startswith("gpbot.") and not kind.__module__.startswith("gpbot.practice")
        own_repr = any("__repr__" in vars(each) for each in kind.__mro__ if each is not object)
        _KINDS[kind] = ours and own_repr and not issubclass(kind, str)
    return _KINDS[kind]


_KINDS: dict[type[Any], bool] = {}


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_code.co_name}"


def slack_ids(world: World) -> list[str]:
    """Of everybody in the story, and of their direct messages with gpbot."""
    return [world.person(name).id for name in CAST] + direct_messages(world)


def direct_messages(world: World) -> list[str]:
    """The ids of everybody's conversation with gpbot."""
    return [world.c.workspace.dm(world.person(name).id).id for name in CAST]


def people_in_columns(world: World) -> Found:
    """Slack ids of people anywhere but in their own table.

    Where the messages stand that everybody gets who joins is kept beside the person, and in the jobs that change them.
    """
    url, conversations = world.c.settings.database_url, direct_messages(world)
    people = [each for each in slack_ids(world) if each not in conversations]
    found = in_columns(url, people, but=["person"])
    joining = ["person", "guidelines_message", "arrival"]
    return Found(found + in_columns(url, conversations, but=joining, jobs_but="guidelines"))
