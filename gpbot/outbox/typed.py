"""Jobs as frozen dataclasses: what each holds, under which key, in which lane, written and read in this one place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, ClassVar, Generic, Protocol, TypeVar, dataclass_transform, get_args, get_type_hints
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.outbox.types import ForANewerProcess, Handler, Job, Outgoing, Priority, Receipt, Withdraw

Payload = dict[str, str | int]

LEFT_OUT = MappingProxyType({"left_out": True})  # of a field: not written while it is its default


def none_as(word: str) -> dict[str, str]:
    """Of a field: how None is written."""
    return {"none": word}


class UnreadableJob(Exception):
    """A payload does not hold what its type says. Names fields, never what stands in them."""


class SameTask(Exception):
    """Two jobs of one kind have the same task."""


# See docs/decisions/0047-typed-jobs.md
@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class TypedJob:
    """One thing to be done later. Each subclass is a frozen dataclass: its fields are the payload, ids alone.

    A kind has a base class, and a subclass for each of its tasks; kinds, tasks, names of fields, keys and lanes stand
    in rows of earlier releases, and never change. A field that an earlier release did not write has a default.
    """

    KIND: ClassVar[str]
    TASK: ClassVar[str] = ""  # "" where the kind has one task only
    LANE: ClassVar[str | None] = None
    PRIORITY: ClassVar[Priority] = Priority.NORMAL
    BY_TURNS: ClassVar[bool] = False
    SUBJECT: ClassVar[str] = ""  # the field with the id of the case it is about

    def __init_subclass__(
        cls,
        *,
        kind: str | None = None,
        task: str | None = None,
        lane: str | None = None,
        priority: Priority | None = None,
        by_turns: bool = False,
        subject: str | None = None,
    ) -> None:
        given = {"KIND": kind, "TASK": task, "LANE": lane, "PRIORITY": priority, "BY_TURNS": by_turns or None}
        given["SUBJECT"] = subject
        for name, value in given.items():
            if value is not None:
                setattr(cls, name, value)
        dataclass(frozen=True, kw_only=True, repr=False)(cls)  # no repr: it says whom a job concerns

    @classmethod
    def key_for(cls, about: object) -> str:
        """`about` tells it from others of its task."""
        return ":".join(str(each) for each in (cls.KIND, cls.TASK, about) if each != "")

    def key(self) -> str:
        """The same key twice is once. All that it holds, where nothing else is said."""
        return self.key_for(":".join(str(value) for value in self._content().values()))

    def lane(self) -> str | None:
        """Jobs of one lane go one after the other."""
        return self.LANE

    def priority(self) -> Priority:
        return self.PRIORITY

    def subject(self) -> UUID | None:
        """The case it is about: when that is erased, so is this."""
        return getattr(self, self.SUBJECT) if self.SUBJECT else None

    def payload(self) -> Payload:
        return ({"task": self.TASK} if self.TASK else {}) | self._content()

    def queued(
        self,
        *,
        key: str | None = None,
        lane: str | None = None,
        run_at: datetime | None = None,
        campaign_id: int | None = None,
    ) -> Job:
        """As it is written down. `key` and `lane` where its fields do not tell them."""
        return Job(
            kind=self.KIND,
            key=key or self.key(),
            payload=self.payload(),
            lane=lane or self.lane(),
            priority=self.priority(),
            run_at=run_at,
            campaign_id=campaign_id,
            by_turns=self.BY_TURNS,
            subject=self.subject(),
        )

    def _content(self) -> Payload:
        found = ((each, getattr(self, each.name)) for each in _fields(type(self)))
        return {
            each.name: _written(each, value)
            for each, value in found
            if not (each.metadata.get("left_out") and value == each.default)
        }


J = TypeVar("J", bound=TypedJob)
J_contra = TypeVar("J_contra", bound=TypedJob, contravariant=True)


class Sends(Protocol[J_contra]):
    """What carries out the jobs of one kind: a Handler (see there) that is given typed jobs."""

    def prepare(self, job: J_contra) -> Outgoing | Withdraw | None: ...

    def record(self, session: Session, job: J_contra, receipt: Receipt) -> None: ...

    def gave_up(self, session: Session, job: J_contra, code: str) -> None: ...


class TypedHandler(Generic[J]):
    """The Handler of a kind of typed jobs: `jobs` is the class of all of them."""

    def __init__(self, jobs: type[J], sends: Sends[J]) -> None:
        self._tasks = tasks_of(jobs)
        self._sends = sends

    def prepare(self, payload: dict[str, Any]) -> Outgoing | Withdraw | None:
        return self._sends.prepare(self._job(payload))

    def record(self, session: Session, payload: dict[str, Any], receipt: Receipt) -> None:
        self._sends.record(session, self._job(payload), receipt)

    def gave_up(self, session: Session, payload: dict[str, Any], code: str) -> None:
        self._sends.gave_up(session, self._job(payload), code)

    def _job(self, payload: dict[str, Any]) -> J:
        if payload.get("task", "") not in self._tasks:
            raise ForANewerProcess  # as a kind that nobody here knows would be left to it
        return _read(self._tasks, payload)


def handler_of(jobs: type[J], sends: Sends[J]) -> dict[str, Handler]:
    """By kind, as a courier takes them."""
    return {jobs.KIND: TypedHandler(jobs, sends)}


def read(jobs: type[J], payload: Mapping[str, Any]) -> J:
    """The job that wrote this payload, one of `jobs`. Raises UnreadableJob."""
    return _read(tasks_of(jobs), payload)


def tasks_of(jobs: type[J]) -> dict[str, type[J]]:
    """Every job of this class that can be enqueued, by task. Raises SameTask."""
    found: dict[str, type[J]] = {}
    for each in leaves(jobs):
        if found.setdefault(each.TASK, each) is not each:
            raise SameTask(f"{each.__name__} and {found[each.TASK].__name__}")
    return found


def leaves(jobs: type[J]) -> Iterator[type[J]]:
    """Every job below this class that can be enqueued."""
    below = jobs.__subclasses__()
    if not below:
        yield jobs
    for each in below:
        yield from leaves(each)


def _read(tasks: Mapping[str, type[J]], payload: Mapping[str, Any]) -> J:
    job = tasks.get(payload.get("task", ""))
    if job is None:
        raise UnreadableJob(f"an unknown task of {next(iter(tasks.values())).KIND}")
    content = {name: value for name, value in payload.items() if name != "task"}
    known = {each.name: each for each in _fields(job)}
    if unknown := content.keys() - known.keys():
        raise UnreadableJob(f"{job.__name__} has no {', '.join(sorted(unknown))}")
    needed = {name for name, each in known.items() if each.default is MISSING}
    if missing := needed - content.keys():
        raise UnreadableJob(f"{job.__name__} without {', '.join(sorted(missing))}")
    hints = _hints(job)  # type: ignore[arg-type]  # a class can be hashed
    return job(**{name: _value(job, known[name], hints[name], value) for name, value in content.items()})


def _fields(job: type[TypedJob]) -> tuple[Field[Any], ...]:
    return fields(job)  # type: ignore[arg-type]  # made one in __init_subclass__


@cache
def _hints(job: type[TypedJob]) -> dict[str, Any]:
    return get_type_hints(job)


def _written(each: Field[Any], value: object) -> str | int:
    match value:
        case None:
            return str(each.metadata["none"])
        case int():
            return int(value)  # True is 1
        case Enum():
            return str(value.value)
        case datetime():
            return value.isoformat()
    return str(value)


def _value(job: type[TypedJob], each: Field[Any], hint: Any, value: Any) -> Any:
    if isinstance(hint, UnionType):
        if value == each.metadata.get("none"):
            return None
        (hint,) = (kind for kind in get_args(hint) if kind is not NoneType)
    try:
        return _READ.get(hint, _an_enum(hint))(value)
    except (TypeError, ValueError):
        raise UnreadableJob(f"{each.name} of {job.__name__} is no {hint.__name__}") from None


def _an_int(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _a_str(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _a_bool(value: Any) -> bool:
    if _an_int(value) not in {0, 1}:
        raise ValueError
    return bool(value)


def _a_uuid(value: Any) -> UUID:
    return UUID(_a_str(value))


def _a_moment(value: Any) -> datetime:
    return datetime.fromisoformat(_a_str(value))


def _an_enum(hint: Any) -> Callable[[Any], Any]:
    return lambda value: hint(_a_str(value))


_READ: dict[Any, Callable[[Any], Any]] = {
    int: _an_int,
    str: _a_str,
    bool: _a_bool,
    UUID: _a_uuid,
    datetime: _a_moment,
}
