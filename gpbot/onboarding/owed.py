"""The jobs arriving owes: ids alone."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from gpbot.onboarding.types import JOB_KIND, Chosen
from gpbot.outbox import Outbox
from gpbot.outbox.types import EDITS, INVITING, Job


class Task(StrEnum):
    BEGIN = "begin"  # the first message (0), and once more for whoever put it off (1)
    SHOW = "show"  # that message as things stand now
    RESULTS = "results"  # how joining went, told to whoever has no such message
    UNSEND = "unsend"  # an older one with the same steps
    JOIN = "join"
    WINDOW = "window"  # how joining went, in the window they chose in
    WEEK = "week"
    CARD = "card"
    FILL = "fill"  # the card as things stand now
    WELCOMED = "welcomed"
    FORGET = "forget"


class Owed:
    """Each method owes one thing in the caller's transaction; the same thing twice is once."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def begin(self, session: Session, person_id: int, spell: int, nth: int, run_at: datetime | None = None) -> None:
        key = f"{person_id}:{spell}:{nth}"
        self._owe(session, Task.BEGIN, key, {"person": person_id, "spell": spell, "nth": nth}, run_at=run_at)

    def do_not_begin_again(self, session: Session, person_id: int, spell: int) -> None:
        self._outbox.cancel(session, _key(Task.BEGIN, f"{person_id}:{spell}:1"))

    def show(self, session: Session, person_id: int) -> None:
        self._owe(session, Task.SHOW, str(person_id), {"person": person_id}, lane=EDITS, by_turns=True)

    def results(self, session: Session, person_id: int) -> None:
        self._owe(session, Task.RESULTS, str(person_id), {"person": person_id})

    def unsend(self, session: Session, person_id: int, channel_id: str, message_ts: str) -> None:
        payload: dict[str, str | int] = {"person": person_id, "channel": channel_id, "ts": message_ts}
        self._owe(session, Task.UNSEND, f"{channel_id}:{message_ts}", payload, lane=EDITS)

    def join(self, session: Session, chosen: Chosen) -> None:
        payload: dict[str, str | int] = {
            "person": chosen.person_id,
            "round": chosen.number,
            "channel": chosen.channel_id,
            "view": chosen.view_id,
        }
        # Slack counts how often people are added, whoever is added to whatever.
        key = f"{chosen.person_id}:{chosen.number}:{chosen.channel_id}"
        self._owe(session, Task.JOIN, key, payload, lane=INVITING)

    def window(self, session: Session, person_id: int, number: int, view_id: str) -> None:
        payload: dict[str, str | int] = {"person": person_id, "round": number, "view": view_id}
        self._owe(session, Task.WINDOW, f"{person_id}:{number}", payload, lane=f"view:{view_id}", by_turns=True)

    def week(self, session: Session, person_id: int, spell: int, run_at: datetime) -> None:
        payload: dict[str, str | int] = {"person": person_id, "spell": spell}
        self._owe(session, Task.WEEK, f"{person_id}:{spell}", payload, run_at=run_at)

    def card(self, session: Session, person_id: int) -> None:
        self._owe(session, Task.CARD, str(person_id), {"person": person_id}, lane="welcomes")

    def fill(self, session: Session, person_id: int) -> None:
        self._owe(session, Task.FILL, str(person_id), {"person": person_id}, lane=EDITS, by_turns=True)

    def welcomed(self, session: Session, person_id: int, welcomer_id: int) -> None:
        payload: dict[str, str | int] = {"person": person_id, "by": welcomer_id}
        self._owe(session, Task.WELCOMED, f"{person_id}:{welcomer_id}", payload)

    def forget(self, session: Session, person_id: int, run_at: datetime) -> None:
        key = f"{person_id}:{run_at:%Y%m%d%H%M%S}"
        self._owe(session, Task.FORGET, key, {"person": person_id}, run_at=run_at)

    def _owe(
        self,
        session: Session,
        task: Task,
        key: str,
        payload: dict[str, str | int],
        *,
        lane: str | None = None,
        run_at: datetime | None = None,
        by_turns: bool = False,
    ) -> None:
        job = Job(
            kind=JOB_KIND,
            key=_key(task, key),
            payload={"task": task.value, **payload},
            lane=lane,
            run_at=run_at,
            by_turns=by_turns,
        )
        self._outbox.owe(session, job)


def _key(task: Task, key: str) -> str:
    return f"{JOB_KIND}:{task}:{key}"
