"""What reports send later: neutral words and a button, rendered at delivery for one recipient."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gpbot.crypto import DoesNotOpen
from gpbot.db import Database
from gpbot.home import doors
from gpbot.home.notices import SOMETHING, something
from gpbot.home.screens import Screens
from gpbot.outbox.types import Outgoing, Post, Receipt, Withdraw
from gpbot.refusals import NotAvailable
from gpbot.reports import ids
from gpbot.reports.changes import NOT_REACHED, Changes
from gpbot.reports.filing import Filing
from gpbot.reports.owed import Task
from gpbot.reports.store import Standing, Store
from gpbot.reports.timers import Timers
from gpbot.reports.types import EntryKind, State
from gpbot.sealed.jobs import SealedJob
from gpbot.slack.blocks import Block, actions, button, confirm, section

NOT_SENT_YET = "You have not sent this yet."
STAYS_IN_SLACK = (
    "What you write here stays in Slack, and nobody is told about it. Was it a concern, a question, or neither? "
    "To tell the champions something in confidence, use the form. A question has a form of its own."
)


def stub_blocks(report_id: UUID) -> list[Block]:
    sure = confirm(
        "Leave this to others?",
        "You will not see it again, and nobody is told why. You do not need to have opened it.",
        "Leave it",
        "Go back",
    )
    return [
        section(SOMETHING),
        actions(
            button("Open", ids.OPEN, str(report_id), style="primary"),
            button("I should not handle this", ids.STEP_BACK, str(report_id), confirm=sure),
        ),
    ]


def draft_blocks(draft_id: UUID) -> list[Block]:
    return [
        section(NOT_SENT_YET),
        actions(
            button("Continue", ids.CONTINUE, str(draft_id), style="primary"),
            button("Delete", ids.DISCARD, str(draft_id)),
        ),
    ]


class ReportMessages:
    """Sends what reports owe. Who may get it is asked again, here, at the moment of sending."""

    def __init__(
        self,
        database: Database,
        store: Store,
        *,
        filing: Filing,
        timers: Timers,
        changes: Changes,
        screens: Screens,
        learn: Callable[[Collection[str]], None],
    ) -> None:
        """`learn(user_ids)` asks Slack for their names. Raises SendingEnded when Slack does not answer."""
        self._database = database
        self._store = store
        self._filing = filing
        self._timers = timers
        self._changes = changes
        self._screens = screens
        self._learn = learn

    def prepare(self, job: SealedJob) -> Outgoing | Withdraw | None:
        about = job.about
        match task := Task(job.task):
            case Task.STUB | Task.NEWS:
                return self._something(task, UUID(about["report"]), about["to"])
            case Task.DRAFT_LEFT:
                return self._draft_left(about["to"], UUID(about["draft"]))
            case Task.ANSWER_IN_DM:
                form = button("Open the form", ids.OPEN_FORM, style="primary")
                blocks = [section(STAYS_IN_SLACK), actions(form, doors.ask())]
                return Post(to=about["to"], text=STAYS_IN_SLACK, blocks=blocks)
            case _:
                self._time_has_come(task, about)
                return None

    def record(self, session: Session, job: SealedJob, receipt: Receipt) -> None:
        task, about = Task(job.task), job.about
        if receipt.channel_id is None or receipt.message_ts is None:
            return
        if task is Task.DRAFT_LEFT:
            notice = (receipt.channel_id, receipt.message_ts)
            self._filing.note_reminder(session, about["to"], UUID(about["draft"]), notice)
        if task not in {Task.STUB, Task.NEWS}:
            return
        report_id, to = UUID(about["report"]), about["to"]
        standing = self._store.open_as_caretaker(session, report_id, to_write=True)
        if standing is None or not _is_owed(task, standing, to):
            self._screens.unsend(session, receipt.channel_id, receipt.message_ts)
            return
        self._store.note_sent(
            session,
            standing,
            to=to,
            channel_id=receipt.channel_id,
            message_ts=receipt.message_ts,
            is_stub=task is Task.STUB,
            at=self._database.clock.now(),
        )

    def gave_up(self, session: Session, job: SealedJob, code: str) -> None:  # noqa: ARG002
        """Whoever else may read it is told.

        What has not reached the reporter is noted for the readers who see their name: for others it would tell whose
        account was closed. To them it is what nobody has opened yet.
        """
        task, about = Task(job.task), job.about
        if task not in {Task.STUB, Task.NEWS}:
            return
        try:
            standing = self._store.open_as_caretaker(session, UUID(about["report"]), to_write=True)
        except DoesNotOpen:
            return  # without its key nobody knows who else may read it; health says that a key is missing
        if standing is None or standing.state is not State.OPEN:
            return
        now = self._database.clock.now()
        if task is Task.NEWS:
            if standing.show_name:
                self._store.write(session, standing, EntryKind.NOTE, at=now, text=NOT_REACHED)
                self._changes.notify_readers(session, standing, about=f"unreached:{now.isoformat()}", at=now)
        elif _is_owed(task, standing, about["to"]):  # claimed meanwhile, it is in hand: nobody else need be asked
            self._changes.pass_over(session, standing, about["to"], now)

    def _something(self, task: Task, report_id: UUID, to: str) -> Post | Withdraw:
        standing = self._timers.up_to_date(report_id)
        if standing is None or not _is_owed(task, standing, to):
            return Withdraw(to=to)
        blocks = stub_blocks(report_id) if task is Task.STUB else something(ids.OPEN, str(report_id))
        return Post(to=to, text=SOMETHING, blocks=blocks)

    def _draft_left(self, to: str, draft_id: UUID) -> Post | Withdraw | None:
        try:
            draft = self._filing.draft(to, draft_id)
        except NotAvailable:
            return Withdraw(to=to)
        if not draft.reviewed or draft.notice:
            return None
        return Post(to=to, text=NOT_SENT_YET, blocks=draft_blocks(draft_id))

    def _time_has_come(self, task: Task, about: Mapping[str, str]) -> None:
        match task:
            case Task.DRAFT_OVER:
                self._filing.expire(about["to"], UUID(about["draft"]), about["saved_at"])
            case Task.STUBS_OVER:
                self._timers.stubs_over(UUID(about["report"]))
            case Task.UNCLAIMED:
                self._timers.unclaimed(UUID(about["report"]), about["since"])
            case Task.REMIND:
                self._timers.remind(UUID(about["report"]), about["since"])
            case Task.ROSTER_CHANGED:
                who = about["who"].split(",")
                self._learn(who)
                self._timers.roster_changed(who)
            case Task.COMPARE:
                after = (int(about["compared"]), UUID(about["report"])) if about["report"] else None
                self._timers.compare(about["who"].split(","), after)
            case Task.FORGET:
                looked_at = about.get("looked_at")
                self._timers.forget(UUID(about["report"]), datetime.fromisoformat(looked_at) if looked_at else None)


def _is_owed(task: Task, standing: Standing, to: str) -> bool:
    if task is Task.NEWS:
        return to == standing.reporter
    is_theirs = standing.claimer in {None, to}
    return to in standing.reader_ids and is_theirs and standing.state is State.OPEN
