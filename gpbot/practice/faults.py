"""Trouble on order: failing calls, lost answers, repeated and late deliveries, broken sockets."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

Condition = Callable[[Mapping[str, Any]], bool]
Fault = TypeVar("Fault", "CallFault", "DeliveryFault")


@dataclass(slots=True, kw_only=True)
class CallFault:
    """What goes wrong with a call to one Web API method.

    `drop="after"`, and `after=True` with a status or an error, let the call take effect first: the bot
    cannot know. `times=None` lasts until `Faults.clear`.
    """

    method: str = "*"
    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    delay: float = 0.0
    drop: Literal["before", "after"] | None = None
    after: bool = False
    where: Condition | None = None
    times: int | None = 1

    @property
    def takes_effect(self) -> bool:
        """Whether Slack does what was asked before, or in spite of, going wrong."""
        if self.drop == "after" or self.after:
            return True
        return not (self.drop or self.status or self.error or self.retry_after is not None)


@dataclass(slots=True, kw_only=True)
class DeliveryFault:
    """What goes wrong on the way to the bot, for events, commands and interactions alike.

    `delay` holds an event back by the workspace's clock and anything else by the wall clock, in seconds.
    `lose_ack` lets the bot receive and answer, but the answer gets lost. `disconnect_socket` breaks the
    connection once the envelope is on it.
    """

    duplicate: bool = False
    delay: float = 0.0
    lose_ack: bool = False
    disconnect_socket: bool = False
    where: Condition | None = None
    times: int | None = 1


@dataclass(slots=True)
class Faults:
    """The trouble that has been ordered and not yet used up. Safe to use from several threads."""

    _calls: list[CallFault] = field(default_factory=list)
    _deliveries: list[DeliveryFault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        *,
        method: str = "*",
        status: int | None = None,
        error: str | None = None,
        retry_after: int | None = None,
        delay: float = 0.0,
        drop: Literal["before", "after"] | None = None,
        after: bool = False,
        where: Condition | None = None,
        times: int | None = 1,
    ) -> None:
        """Let the next calls of a method go wrong; `where` looks at the call's arguments."""
        self._calls.append(
            CallFault(
                method=method,
                status=status,
                error=error,
                retry_after=retry_after,
                delay=delay,
                drop=drop,
                after=after,
                where=where,
                times=times,
            )
        )

    def deliveries(
        self,
        *,
        duplicate: bool = False,
        delay: float = 0.0,
        lose_ack: bool = False,
        disconnect_socket: bool = False,
        where: Condition | None = None,
        times: int | None = 1,
    ) -> None:
        """Let the next deliveries to the bot go wrong; `where` looks at the payload."""
        self._deliveries.append(
            DeliveryFault(
                duplicate=duplicate,
                delay=delay,
                lose_ack=lose_ack,
                disconnect_socket=disconnect_socket,
                where=where,
                times=times,
            )
        )

    def clear(self) -> None:
        """From now on everything goes well."""
        with self._lock:
            self._calls.clear()
            self._deliveries.clear()

    def for_call(self, method: str, args: Mapping[str, Any]) -> CallFault | None:
        """The trouble meant for this call, which is used up by it."""
        with self._lock:
            return _take(self._calls, lambda fault: fault.method in {"*", method}, args)

    def for_delivery(self, payload: Mapping[str, Any]) -> DeliveryFault:
        """The trouble meant for this delivery, which is used up by it; none is a harmless one."""
        with self._lock:
            return _take(self._deliveries, lambda _: True, payload) or DeliveryFault()


def _take(faults: list[Fault], fits: Callable[[Fault], bool], about: Mapping[str, Any]) -> Fault | None:
    for fault in faults:
        if fits(fault) and (fault.where is None or fault.where(about)):
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    faults.remove(fault)
            return fault
    return None
